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

/* The last eight bytes are a word of their own, whichever of them were in the one before. */
static inline uint64_t dns_hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const uint8_t *p = (const uint8_t *)bytes;
    uint64_t word = 0;
    hash += length;
    if (length < sizeof word) {
        for (size_t i = 0; i < length; i++)
            word = word << 8 | p[i];
        return dns_hash_mix(hash, word);
    }
    for (const uint8_t *last = p + length - sizeof word; p < last; p += sizeof word) {
        memcpy(&word, p, sizeof word);
        hash = dns_hash_mix(hash, word);
    }
    memcpy(&word, (const uint8_t *)bytes + length - sizeof word, sizeof word);
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
