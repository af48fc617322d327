/* secrets.h
 * Server secrets that the user configured (RFC 9018 section 4.4).
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_SECRETS_H
#define DNSRCODE_SECRETS_H

#include "../knowledge/facts.h"

enum { COOKIE_SECRET_LENGTH = 16 };

/* A build without libsodium computes no hashes: to it a cookie is never proven, nor refuted. */
#ifdef DNSRCODE_LIBSODIUM
enum { COOKIE_HASHES = 1 };
#else
enum { COOKIE_HASHES = 0 };
#endif

typedef struct {
    dns_address server; /* length 0: any server */
    uint8_t host_bits;  /* of a network: the last bits of the address, which do not count */
    uint8_t secret[COOKIE_SECRET_LENGTH];
} dns_secret;

/* True when it may be the secret of this server. */
static inline bool dns_secret_applies(const dns_secret *secret, const dns_address *server)
{
    if (!secret->server.length)
        return true;
    if (secret->server.length != server->length)
        return false;
    unsigned bits = 8u * server->length - secret->host_bits, bytes = bits / 8, rest = bits % 8;
    if (memcmp(secret->server.bytes, server->bytes, bytes) != 0)
        return false;
    return !rest || (secret->server.bytes[bytes] ^ server->bytes[bytes]) >> (8 - rest) == 0;
}

/* Owned by the preferences, which change it only when the capture is dissected anew. */
typedef struct {
    const dns_secret *items;
    unsigned count;
} dns_secrets;

#endif
