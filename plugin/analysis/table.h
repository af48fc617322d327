/* table.h
 * Hash tables of a memory scope, for what every message looks up.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * GLib's tables with open addressing, which compare stored hashes before they follow a pointer: where each message comes from
 * another client, what costs is waiting for memory, and wmem's tables walk chains. The table goes with its scope; keys and
 * values are the caller's. As with wmem_map, an entry keeps the key that it was given first.
 */
#ifndef DNSRCODE_TABLE_H
#define DNSRCODE_TABLE_H

#include "memory.h"

typedef GHashTable dns_table;

dns_table *dns_table_new(wmem_allocator_t *scope, GHashFunc hash, GEqualFunc equal);

static inline void *dns_table_lookup(dns_table *table, const void *key)
{
    return g_hash_table_lookup(table, key);
}

static inline void dns_table_insert(dns_table *table, void *key, void *value)
{
    g_hash_table_insert(table, key, value);
}

/* The value that was there, or NULL. */
static inline void *dns_table_remove(dns_table *table, const void *key)
{
    gpointer value = NULL;
    g_hash_table_steal_extended(table, key, NULL, &value);
    return value;
}

static inline unsigned dns_table_size(dns_table *table)
{
    return g_hash_table_size(table);
}

#endif
