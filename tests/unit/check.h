/* check.h
 * What the unit tests share: checks that fire in every build type, and bytes from hex.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_CHECK_H
#define DNSRCODE_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static int failures;

static inline bool check_at(bool holds, const char *file, int line, const char *format, ...)
{
    if (holds)
        return true;
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    va_end(args);
    failures++;
    return false;
}

/* CHECK(condition, "what was expected", values...) */
#define CHECK(condition, ...) check_at((condition), __FILE__, __LINE__, __VA_ARGS__)

static inline int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Bytes of hex digits with spaces between; 'text' stands for the characters of text. */
static inline uint32_t from_hex(uint8_t *to, const char *hex)
{
    uint32_t n = 0;
    while (*hex) {
        if (*hex == '\'') {
            for (hex++; *hex && *hex != '\''; hex++)
                to[n++] = (uint8_t)*hex;
            hex++;
        } else if (hex_digit(*hex) < 0) {
            hex++;
        } else {
            to[n++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
            hex += 2;
        }
    }
    return n;
}

static inline int check_result(const char *name)
{
    printf("%s: %s\n", name, failures ? "FAILED" : "passed");
    return failures != 0;
}

#endif
