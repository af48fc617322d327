/* hash.c
 * The seed of this process's hash tables.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "hash.h"

#include <glib.h>

uint64_t dns_hash_seed(void)
{
    static uint64_t seed;
    while (!seed)
        seed = (uint64_t)g_random_int() << 32 | g_random_int(); /* GLib draws its own seed from the system */
    return seed;
}
