/* option.c
 * The inside of a COOKIE option.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "option.h"

#ifdef DNSRCODE_LIBSODIUM
#include <sodium/crypto_shorthash.h>
#endif

#include "../../message/message.h"

enum { HASH_LENGTH = 8, HASH_OFFSET = 8, TIMESTAMP_OFFSET = 4, DAY = 86400 };

cookie_form dns_cookie_form(uint16_t length)
{
    if (length == COOKIE_CLIENT_LENGTH)
        return COOKIE_CLIENT_ONLY;
    bool legal =
        length >= COOKIE_CLIENT_LENGTH + COOKIE_SERVER_MIN && length <= COOKIE_CLIENT_LENGTH + COOKIE_SERVER_MAX;
    return legal ? COOKIE_CLIENT_AND_SERVER : COOKIE_MALFORMED;
}

uint32_t dns_cookie_timestamp(const uint8_t *server)
{
    return read_u32(server + TIMESTAMP_OFFSET);
}

static int64_t seconds_of(int64_t now)
{
    int64_t seconds = now / 1000000000;
    return now % 1000000000 < 0 ? seconds - 1 : seconds;
}

int32_t dns_cookie_age(uint32_t timestamp, int64_t now)
{
    return (int32_t)((uint32_t)seconds_of(now) - timestamp);
}

int64_t dns_cookie_time(uint32_t timestamp, int64_t now)
{
    return seconds_of(now) - dns_cookie_age(timestamp, now);
}

cookie_age_verdict dns_cookie_age_verdict(int32_t age)
{
    if (age > COOKIE_MAX_AGE)
        return COOKIE_STALE;
    return age < -COOKIE_MAX_AHEAD ? COOKIE_FUTURE : COOKIE_FRESH;
}

cookie_format dns_cookie_format(const uint8_t *server, uint8_t length, int64_t now)
{
    if (length != COOKIE_RFC9018_LENGTH)
        return COOKIE_FORMAT_OTHER;
    if (server[0] == 1)
        return COOKIE_FORMAT_RFC9018;
    int32_t age = dns_cookie_age(dns_cookie_timestamp(server), now);
    return age > -DAY && age < DAY ? COOKIE_FORMAT_OTHER_TIME : COOKIE_FORMAT_OTHER;
}

#ifdef DNSRCODE_LIBSODIUM
_Static_assert(crypto_shorthash_BYTES == HASH_LENGTH, "SipHash-2-4 gives 8 bytes");
_Static_assert(crypto_shorthash_KEYBYTES == COOKIE_SECRET_LENGTH, "SipHash-2-4 takes a key of 16 bytes");

bool dns_cookie_verify(const uint8_t *client_cookie, const uint8_t *server, const dns_address *client,
                       const uint8_t *secret)
{
    uint8_t input[COOKIE_CLIENT_LENGTH + HASH_OFFSET + 16], hash[HASH_LENGTH];
    memcpy(input, client_cookie, COOKIE_CLIENT_LENGTH);
    memcpy(input + COOKIE_CLIENT_LENGTH, server, HASH_OFFSET);
    memcpy(input + COOKIE_CLIENT_LENGTH + HASH_OFFSET, client->bytes, client->length);
    crypto_shorthash(hash, input, COOKIE_CLIENT_LENGTH + HASH_OFFSET + client->length, secret);
    return memcmp(hash, server + HASH_OFFSET, HASH_LENGTH) == 0;
}
#else
bool dns_cookie_verify(const uint8_t *client_cookie _U_, const uint8_t *server _U_, const dns_address *client _U_,
                       const uint8_t *secret _U_)
{
    return false;
}
#endif

cookie_check dns_cookie_check(const dns_secrets *secrets, const dns_address *server_address,
                              const uint8_t *client_cookie, const uint8_t *server, const dns_address *client)
{
    cookie_check result = COOKIE_NO_SECRET;
    for (unsigned i = 0; COOKIE_HASHES && secrets && i < secrets->count; i++) {
        const dns_secret *s = &secrets->items[i];
        if (!dns_secret_applies(s, server_address))
            continue;
        if (dns_cookie_verify(client_cookie, server, client, s->secret))
            return COOKIE_FITS;
        result = COOKIE_FITS_NOT;
    }
    return result;
}

bool dns_cookie_altered(const uint8_t *a, uint8_t a_length, const uint8_t *b, uint8_t b_length)
{
    /* Cookies of one client made in one second differ in their 8 hash bytes at least, by chance in
     * nearly all of them: up to 4 changed bytes of 16 are no coincidence (below 2^-32). */
    enum { FEW = 4 };
    uint8_t common = a_length < b_length ? a_length : b_length;
    unsigned changed = 0;
    for (uint8_t i = 0; i < common; i++)
        changed += a[i] != b[i];
    if (a_length != b_length)
        return changed == 0 && common >= COOKIE_SERVER_MIN;
    return changed > 0 && changed <= FEW;
}
