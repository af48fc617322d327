/* mix.h
 * Mixing a word into a hash.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_MIX_H
#define DNSRCODE_MIX_H

#include <stdint.h>

static inline uint64_t dns_hash_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

#endif
