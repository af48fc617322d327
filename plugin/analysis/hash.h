/* hash.h
 * Hashing bytes, eight at a time.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * For hash tables whose keys come from packets: the seed is drawn per process, so that nobody can
 * choose keys that all fall together. Not stable between runs; no cryptography.
 */
#ifndef DNSRCODE_HASH_H
#define DNSRCODE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../knowledge/facts.h"
#include "../message/mix.h"

uint64_t dns_hash_seed(void);

static inline uint64_t dns_hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const uint8_t *p = (const uint8_t *)bytes;
    uint64_t word;
    for (; length >= sizeof word; p += sizeof word, length -= sizeof word) {
        memcpy(&word, p, sizeof word);
        hash = dns_hash_mix(hash, word);
    }
    word = length;
    if (length >= sizeof(uint32_t)) { /* an IPv4 address, for one */
        uint32_t half;
        memcpy(&half, p, sizeof half);
        word = word << 32 | half;
        p += sizeof half;
        length -= sizeof half;
    }
    for (size_t i = 0; i < length; i++)
        word = word << 8 | p[i];
    return dns_hash_mix(hash, word);
}

static inline uint64_t dns_hash_address(uint64_t hash, const dns_address *a)
{
    uint64_t words[2];
    memcpy(words, a->bytes, sizeof words);
    hash = dns_hash_mix(hash + a->length, words[0]);
    return a->length > sizeof *words ? dns_hash_mix(hash, words[1]) : hash;
}

static inline unsigned dns_hash_endpoint(const dns_endpoint *e)
{
    return (unsigned)dns_hash_address(dns_hash_seed() + e->port, &e->address);
}

#endif
