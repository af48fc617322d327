/* facts.h
 * The values that a sentence about a finding may name.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_FACTS_H
#define DNSRCODE_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* An IP address as it stands in packets and in the hash of RFC 9018: 4 or 16 bytes. Those behind its length are 0, so that
 * addresses are compared as a whole. */
typedef struct {
    uint8_t length; /* 0 = none, 4, 16 */
    uint8_t bytes[16];
} dns_address;

typedef struct {
    dns_address address;
    uint16_t port; /* 0 = not of interest */
} dns_endpoint;

static inline bool dns_address_equal(const dns_address *a, const dns_address *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static inline bool dns_endpoint_equal(const dns_endpoint *a, const dns_endpoint *b)
{
    return a->port == b->port && dns_address_equal(&a->address, &b->address);
}

/* See text.h for the slot that shows each of these. Zero where a text does not use it. */
typedef struct {
    uint32_t frame, other;
    uint32_t n, m;
    int64_t age;    /* seconds */
    int64_t waited; /* milliseconds */
    uint32_t timer; /* milliseconds, as in DSO TLVs */
    uint16_t type, rcode;
    bool untyped; /* there was no TLV to read a type from, or it was cut */
    dns_endpoint address;
    const char *name;   /* memory of the finding, may be NULL */
    const uint8_t *hex; /* memory of the finding */
    uint8_t hex_length;
} dns_facts;

#endif
