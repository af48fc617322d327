/* test_cookie_option.c
 * The inside of a COOKIE option: lengths, ages, the hash against the vectors of RFC 9018 Appendix A.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "analysis/cookies/option.h"
#include "check.h"

#define SECONDS INT64_C(1000000000)

/* RFC 7873 section 4: 8 bytes, or 16 to 40. */
static void test_form(void)
{
    for (uint16_t length = 0; length <= 48; length++) {
        cookie_form wanted = length == 8 ? COOKIE_CLIENT_ONLY
                             : length >= 16 && length <= 40 ? COOKIE_CLIENT_AND_SERVER : COOKIE_MALFORMED;
        CHECK(dns_cookie_form(length) == wanted, "a COOKIE option of %u bytes", length);
    }
    CHECK(dns_cookie_form(UINT16_MAX) == COOKIE_MALFORMED, "a COOKIE option of 65535 bytes");
}

static void check_verdict(int32_t age, cookie_age_verdict wanted)
{
    CHECK(dns_cookie_age_verdict(age) == wanted, "a cookie that is %d s old", age);
}

/* RFC 9018 section 4.3: an hour back, five minutes ahead. */
static void test_verdicts(void)
{
    check_verdict(0, COOKIE_FRESH);
    check_verdict(3600, COOKIE_FRESH);
    check_verdict(3601, COOKIE_STALE);
    check_verdict(-300, COOKIE_FRESH);
    check_verdict(-301, COOKIE_FUTURE);
    check_verdict(INT32_MAX, COOKIE_STALE);
    check_verdict(INT32_MIN, COOKIE_FUTURE);
}

static void check_age(uint32_t timestamp, int64_t seconds, int32_t age)
{
    int32_t said = dns_cookie_age(timestamp, seconds * SECONDS);
    CHECK(said == age, "timestamp %u at %lld: age %d, not %d", timestamp, (long long)seconds, said, age);
    int64_t time = dns_cookie_time(timestamp, seconds * SECONDS);
    CHECK(time == seconds - age, "timestamp %u at %lld stands for %lld", timestamp, (long long)seconds, (long long)time);
}

/* RFC 1982: right on both sides of 2^32 s (7 February 2106) and of 2^31 s (2038). */
static void test_ages(void)
{
    const int64_t era = INT64_C(1) << 32;
    check_age(1559731985, 1559731985, 0);
    check_age(1559731985, 1559731985 + 3601, 3601);
    check_age(1559731985, 1559731985 - 301, -301);
    check_age(0x7fffffff, 0x7fffffffLL + 2, 2);
    check_age(UINT32_MAX, era - 1, 0);
    check_age(UINT32_MAX, era + 9, 10);
    check_age(5, era - 5, -10);
    check_age(0, era, 0);
    check_age(UINT32_MAX - 3599, era, 3600);
    check_age(UINT32_MAX - 3600, era, 3601);
}

/* Before 1970 and between seconds: whole seconds downwards. */
static void test_odd_times(void)
{
    CHECK(dns_cookie_age(100, 100 * SECONDS + 999999999) == 0, "0.999999999 s old is 0 s old");
    CHECK(dns_cookie_age(0, -1) == -1, "a nanosecond before 1970 is in the second before it");
    CHECK(dns_cookie_age(0, -SECONDS) == -1, "a second before 1970");
}

/* ---- formats ---- */

static void test_formats(void)
{
    uint8_t server[16] = {1, 0, 0, 0, 0x5c, 0xf7, 0x9f, 0x11};
    const int64_t now = 1559731985 * SECONDS;
    CHECK(dns_cookie_timestamp(server) == 1559731985, "timestamp");
    CHECK(dns_cookie_format(server, 16, now) == COOKIE_FORMAT_RFC9018, "version 1");
    CHECK(dns_cookie_format(server, 8, now) == COOKIE_FORMAT_OTHER, "8 bytes are not version 1");
    CHECK(dns_cookie_format(server, 32, now) == COOKIE_FORMAT_OTHER, "32 bytes are not version 1");
    CHECK(!dns_cookie_has_reserved(server), "no reserved bytes");
    server[3] = 1;
    CHECK(dns_cookie_has_reserved(server), "reserved bytes");
    server[0] = 0x8a;
    CHECK(dns_cookie_format(server, 16, now) == COOKIE_FORMAT_OTHER_TIME, "another format with a time");
    CHECK(dns_cookie_format(server, 16, now + 2 * 86400 * SECONDS) == COOKIE_FORMAT_OTHER, "no plausible time");
}

/* ---- RFC 9018 Appendix A ---- */

static const char secret_a[] = "e5e973e5a6b2a43f48e7dc849e37bfcf", old_secret[] = "dd3bdf9344b678b185a6f5cb60fca715",
                  new_secret[] = "445536bcd2513298075a5d379663c962";
static const char ipv4_100[] = "c6336464" /* 198.51.100.100 */, ipv4_203[] = "cb0071cb" /* 203.0.113.203 */,
                  ipv6[] = "20010db8 02200001 59ded0f4 876982b8";

static const struct {
    const char *section, *option, *address, *secret;
} vectors[] = {
    {"A.1", "2464c4abcf10c957 010000005cf79f111f8130c3eee29480", ipv4_100, secret_a},
    {"A.2", "2464c4abcf10c957 010000005cf7a871d4a564a1442aca77", ipv4_100, secret_a},
    {"A.3 query, reserved bytes set", "fc93fc62807ddb86 01abcdef5cf78f71a314227b6679ebf5", ipv4_203, secret_a},
    {"A.3 response", "fc93fc62807ddb86 010000005cf7a9acf73a7810aca2381e", ipv4_203, secret_a},
    {"A.4 query, old secret", "22681ab97d52c298 010000005cf7c57926556bd0934c72f8", ipv6, old_secret},
    {"A.4 response, new secret", "22681ab97d52c298 010000005cf7c609a6bb79d16625507a", ipv6, new_secret},
};

static dns_address address_of(const char *hex)
{
    dns_address address = {0};
    address.length = (uint8_t)from_hex(address.bytes, hex);
    return address;
}

static void test_vectors(void)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        uint8_t option[24] = {0}, secret[16] = {0};
        CHECK(from_hex(option, vectors[i].option) == 24 && from_hex(secret, vectors[i].secret) == 16, "the vector is whole");
        dns_address client = address_of(vectors[i].address);
        CHECK(dns_cookie_verify(option, option + 8, &client, secret), "RFC 9018 %s does not verify", vectors[i].section);
        for (unsigned bit = 0; bit < 24 * 8; bit++) { /* every bit counts, the reserved ones too */
            option[bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK(!dns_cookie_verify(option, option + 8, &client, secret), "%s verifies with bit %u changed",
                  vectors[i].section, bit);
            option[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        client.bytes[client.length - 1] ^= 1;
        CHECK(!dns_cookie_verify(option, option + 8, &client, secret), "%s verifies for another client", vectors[i].section);
    }
}

static dns_secret secret_of(const char *server, const char *hex)
{
    dns_secret secret = {.server = address_of(server)};
    from_hex(secret.secret, hex);
    return secret;
}

/* Rolling over: the old and the new secret stand side by side (RFC 9018 section 5). */
static void test_check(void)
{
    const char *server_hex = "20010db8 008f0000 00000000 00000053";
    const dns_secret items[] = {secret_of(server_hex, new_secret), secret_of(server_hex, old_secret)};
    const dns_secret any[] = {secret_of("", old_secret)}, elsewhere[] = {secret_of(ipv4_100, old_secret)};
    const dns_secrets both = {items, 2}, only_new = {items, 1}, for_any = {any, 1}, for_other = {elsewhere, 1}, none = {NULL, 0};
    const dns_address server = address_of(server_hex), client = address_of(ipv6);
    uint8_t o[24] = {0};
    from_hex(o, vectors[4].option);
    CHECK(dns_cookie_check(&both, &server, o, o + 8, &client) == COOKIE_FITS, "the old secret is tried too");
    CHECK(dns_cookie_check(&only_new, &server, o, o + 8, &client) == COOKIE_FITS_NOT, "the new secret alone does not fit");
    CHECK(dns_cookie_check(&for_any, &server, o, o + 8, &client) == COOKIE_FITS, "a secret for any server");
    CHECK(dns_cookie_check(&for_other, &server, o, o + 8, &client) == COOKIE_NO_SECRET, "a secret of another server");
    CHECK(dns_cookie_check(&none, &server, o, o + 8, &client) == COOKIE_NO_SECRET, "no secrets");
    CHECK(dns_cookie_check(NULL, &server, o, o + 8, &client) == COOKIE_NO_SECRET, "no table of secrets");
}

static void test_altered(void)
{
    uint8_t a[16] = {0}, b[16] = {0};
    from_hex(a, "010000005cf79f111f8130c3eee29480");
    memcpy(b, a, 16);
    CHECK(!dns_cookie_altered(a, 16, b, 16), "the same cookie is not altered");
    b[15] ^= 1;
    CHECK(dns_cookie_altered(a, 16, b, 16), "one byte changed");
    from_hex(b, "010000005cf79f11d4a564a1442aca77");
    CHECK(!dns_cookie_altered(a, 16, b, 16), "two cookies of one second differ by chance");
    CHECK(dns_cookie_altered(a, 16, a, 8), "cut short");
}

int main(void)
{
    test_form();
    test_verdicts();
    test_ages();
    test_odd_times();
    test_formats();
    if (COOKIE_HASHES) {
        test_vectors();
        test_check();
    }
    test_altered();
    return check_result("cookie_option");
}
