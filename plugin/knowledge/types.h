/* types.h
 * DSO-TYPEs (IANA "DSO Type Codes", RFC 8490 section 10.3, RFC 8765 section 8) and their ranges.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_TYPES_H
#define DNSRCODE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DSO_KEEPALIVE = 0x0001,
    DSO_RETRY_DELAY = 0x0002,
    DSO_PADDING = 0x0003,
    DSO_SUBSCRIBE = 0x0040,
    DSO_PUSH = 0x0041,
    DSO_UNSUBSCRIBE = 0x0042,
    DSO_RECONFIRM = 0x0043,
};

typedef enum { DSO_RANGE_ASSIGNED, DSO_RANGE_RESERVED, DSO_RANGE_UNASSIGNED, DSO_RANGE_PRIVATE } dso_range;

/* As an additional TLV, by RFC 8490 section 8.2 and RFC 8765 section 7; nothing is known of other types. */
typedef enum { DSO_ADDITIONAL_ANYWHERE, DSO_ADDITIONAL_IN_RESPONSES, DSO_ADDITIONAL_NEVER } dso_additional;

typedef struct {
    uint16_t first, last;
    const char *name;
    dso_range range;
    dso_additional additional;
} dso_type_row;

/* Never NULL: every 16-bit value is in some row. */
const dso_type_row *dso_type_find(uint16_t type);
const dso_type_row *dso_type_rows(size_t *count);

/* Always a unidirectional message (RFC 8490 section 7.2.1, RFC 8765 sections 6.3 to 6.5): nobody may ask for it. */
static inline bool dso_type_is_unidirectional(uint16_t type)
{
    return type == DSO_RETRY_DELAY || type == DSO_PUSH || type == DSO_UNSUBSCRIBE || type == DSO_RECONFIRM;
}

/* "SUBSCRIBE" for an assigned type, "0xF801 (experimental or local)" for others. */
size_t dso_type_text(char *to, size_t size, uint16_t type);

/* Room for any of the two texts below. */
enum { RRTYPE_TEXT_MAX = 16 };

/* "PTR" for a common RR type, "TYPE65280" (RFC 3597 section 5) for others. */
size_t dns_rrtype_text(char *to, size_t size, uint16_t type);

/* "IN", "ANY", "CLASS7". */
size_t dns_class_text(char *to, size_t size, uint16_t class_);

#endif
