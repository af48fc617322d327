/* hash.c
 * The seed of this process's hash tables.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "hash.h"

#include <sodium/randombytes.h>

uint64_t dns_hash_seed(void)
{
    static uint64_t seed;
    while (!seed)
        randombytes_buf(&seed, sizeof seed);
    return seed;
}
