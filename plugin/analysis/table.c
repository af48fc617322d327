/* table.c
 * Hash tables of a memory scope.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "table.h"

#include "../compat.h"

static ws_bool destroy(wmem_allocator_t *scope, wmem_cb_event_t event, void *table)
{
    (void)scope;
    (void)event;
    g_hash_table_destroy((GHashTable *)table);
    return FALSE; /* once: a table made in a scope that is only emptied is gone as well */
}

dns_table *dns_table_new(wmem_allocator_t *scope, GHashFunc hash, GEqualFunc equal)
{
    GHashTable *table = g_hash_table_new(hash, equal);
    wmem_register_callback(scope, destroy, table);
    return table;
}
