/* option.h
 * The inside of a COOKIE option: form, server cookie format, age, hash. Pure functions.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sources: RFC 7873 section 4 (lengths), RFC 9018 section 4 (server cookie version 1).
 */
#ifndef DNSRCODE_COOKIE_OPTION_H
#define DNSRCODE_COOKIE_OPTION_H

#include "../../finding/finding.h"
#include "../secrets.h"

typedef enum { COOKIE_CLIENT_ONLY, COOKIE_CLIENT_AND_SERVER, COOKIE_MALFORMED } cookie_form;

/* 8 bytes, 16 to 40 bytes, anything else (RFC 7873 section 4). */
cookie_form dns_cookie_form(uint16_t length);

/* How a server cookie is made, as far as its bytes tell. */
typedef enum {
    COOKIE_FORMAT_RFC9018,    /* 16 bytes, version 1 */
    COOKIE_FORMAT_OTHER_TIME, /* 16 bytes, not version 1, a plausible time where BIND's aes has it */
    COOKIE_FORMAT_OTHER,
} cookie_format;

/* `now` in nanoseconds since the epoch serves to tell a plausible time (within a day of it). */
cookie_format dns_cookie_format(const uint8_t *server, uint8_t length, int64_t now);

enum {
    COOKIE_RFC9018_LENGTH = 16,
    COOKIE_MAX_AGE = 3600,  /* seconds back, RFC 9018 section 4.3 */
    COOKIE_MAX_AHEAD = 300, /* seconds ahead */
};

/* RFC 9018 timestamp of a 16-byte server cookie: seconds, 32 bits, serial arithmetic. */
uint32_t dns_cookie_timestamp(const uint8_t *server);

/* Frame time minus timestamp in seconds, in serial arithmetic (RFC 1982): right within 68
 * years around `now`, also where the timestamp has wrapped (2106). Negative: the future. */
int32_t dns_cookie_age(uint32_t timestamp, int64_t now);

/* The timestamp as seconds since the epoch, in the era nearest to `now`. */
int64_t dns_cookie_time(uint32_t timestamp, int64_t now);

typedef enum { COOKIE_FRESH, COOKIE_STALE, COOKIE_FUTURE } cookie_age_verdict;
cookie_age_verdict dns_cookie_age_verdict(int32_t age);

/* Non-zero reserved bytes (RFC 9018 section 4.2). */
static inline bool dns_cookie_has_reserved(const uint8_t *server)
{
    return server[1] || server[2] || server[3];
}

/* SipHash-2-4(client cookie | version | reserved | timestamp | client address, secret) equals the
 * hash in the server cookie. Both cookies as in the option; `server` has 16 bytes. */
bool dns_cookie_verify(const uint8_t *client_cookie, const uint8_t *server, const dns_address *client,
                       const uint8_t *secret);

typedef enum { COOKIE_NO_SECRET, COOKIE_FITS, COOKIE_FITS_NOT } cookie_check;

/* Checks against every secret that is configured for this server (or for any). */
cookie_check dns_cookie_check(const dns_secrets *secrets, const dns_address *server_address,
                              const uint8_t *client_cookie, const uint8_t *server, const dns_address *client);

/* The same cookie but for a few changed bytes, or cut short, or extended. */
bool dns_cookie_altered(const uint8_t *a, uint8_t a_length, const uint8_t *b, uint8_t b_length);

/* Access to the parts of a kept option. */
static inline const uint8_t *dns_cookie_server(const dns_cookie *c)
{
    return c->bytes + 8;
}

static inline uint8_t dns_cookie_server_length(const dns_cookie *c)
{
    return c->length >= 16 && c->length <= 40 ? (uint8_t)(c->length - 8) : 0;
}

#endif
