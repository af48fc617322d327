/* name.c
 * Domain names: passed over, and read with compression (RFC 1035 section 4.1.4).
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "message.h"

enum { LABEL_MAX = 63 };

uint32_t dns_name_skip(const uint8_t *data, uint32_t length, uint32_t offset)
{
    uint32_t end = offset < length && length - offset > DNS_NAME_MAX ? offset + DNS_NAME_MAX : length;
    while (offset < end) {
        uint8_t label = data[offset];
        if (label > LABEL_MAX) /* a pointer, or a reserved type */
            return (label & 0xc0) == 0xc0 && length - offset >= 2 ? offset + 2 : 0;
        offset += 1u + label;
        if (label == 0)
            return offset;
    }
    return 0;
}

dns_name_flaw_kind dns_name_flaw(const uint8_t *data, uint32_t length, uint32_t offset, uint32_t *after)
{
    *after = 0;
    while (offset < length) {
        uint8_t label = data[offset];
        if (label > LABEL_MAX && (label & 0xc0) != 0xc0)
            return DNS_NAME_RESERVED_LABEL;
        if ((label & 0xc0) == 0xc0 && length - offset < 2)
            return DNS_NAME_RUNS_OUT;
        offset += (label & 0xc0) == 0xc0 ? 2u : 1u + label;
        if (label == 0 || label > LABEL_MAX) {
            *after = offset;
            return DNS_NAME_TOO_LONG;
        }
    }
    return DNS_NAME_RUNS_OUT;
}

/* Master-file escapes (RFC 1035 section 5.1), so that no byte of a packet reaches a terminal as itself. */
static char *append_escaped(char *to, uint8_t byte)
{
    if (byte == '.' || byte == '\\') {
        *to++ = '\\';
        *to++ = (char)byte;
    } else if (byte <= ' ' || byte >= 0x7f) {
        *to++ = '\\';
        *to++ = (char)('0' + byte / 100);
        *to++ = (char)('0' + byte / 10 % 10);
        *to++ = (char)('0' + byte % 10);
    } else {
        *to++ = (char)byte;
    }
    return to;
}

uint32_t dns_name_read(const uint8_t *data, uint32_t length, uint32_t offset, bool compressed, char *text)
{
    char *to = text;
    uint32_t behind = 0;     /* where reading goes on behind the name: fixed by the first pointer */
    uint32_t limit = offset; /* pointers must point before this: each jump goes back, so loops end */
    uint32_t size = 0;
    *text = '\0';
    for (;;) {
        if (offset >= length)
            break;
        uint8_t label = data[offset];
        if ((label & 0xc0) == 0xc0) {
            if (!compressed || length - offset < 2)
                break;
            uint32_t target = read_u16(data + offset) & 0x3fffu;
            if (target >= limit)
                break;
            if (!behind)
                behind = offset + 2;
            offset = limit = target;
            continue;
        }
        size += 1u + label;
        if (label > LABEL_MAX || size > DNS_NAME_MAX || label >= length - offset)
            break;
        offset++;
        if (label == 0) {
            if (to == text)
                *to++ = '.';
            *to = '\0';
            return behind ? behind : offset;
        }
        if (to != text)
            *to++ = '.';
        for (uint8_t i = 0; i < label; i++)
            to = append_escaped(to, data[offset + i]);
        offset += label;
    }
    *text = '\0';
    return 0;
}
