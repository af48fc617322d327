/* message.h
 * The message room: a bounds-safe view of one DNS message.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The view points into the caller's bytes, copies nothing and allocates nothing; it is
 * valid as long as those bytes are. Reading never fails: bytes that do not fit are a
 * state of the view (see `problems`), since a broken message is what users want
 * explained. Lengths are in bytes, integers in host order.
 *
 * Sources: RFC 1035 section 4 (header, names), RFC 6891 section 6.1 (OPT, extended
 * RCODE), RFC 7873 section 4 (COOKIE), RFC 8490 section 5.4 (DSO), RFC 8765 (Push).
 */
#ifndef DNSRCODE_MESSAGE_H
#define DNSRCODE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/* Sizes fixed by the RFCs. */
enum {
    DNS_HEADER_LENGTH = 12,
    DNS_NAME_MAX = 255,       /* RFC 1035 section 2.3.4, on the wire */
    DNS_NAME_TEXT_MAX = 1024, /* 255 bytes escaped as \DDD, and the final NUL */
    COOKIE_CLIENT_LENGTH = 8,
    COOKIE_SERVER_MIN = 8,
    COOKIE_SERVER_MAX = 32,
    DSO_TLV_HEADER_LENGTH = 4,
};

/* Opcodes this plugin cares about (RFC 1035, 2136, 8490). */
enum { DNS_OPCODE_QUERY = 0, DNS_OPCODE_UPDATE = 5, DNS_OPCODE_DSO = 6 };

/* Header flag bits (RFC 1035 section 4.1.1; the Z bits of DSO are RFC 8490 section 5.4.1). */
enum { DNS_FLAG_QR = 0x8000, DNS_FLAG_TC = 0x0200, DNS_FLAGS_DSO_Z = 0x07f0 };

/* Types and classes with a meaning of their own here. */
enum {
    DNS_TYPE_OPT = 41,
    DNS_TYPE_TKEY = 249,
    DNS_TYPE_TSIG = 250,
    DNS_TYPE_ANY = 255,
    DNS_CLASS_ANY = 255,
};

/* What did not fit. More than one may be set. */
typedef enum {
    MESSAGE_CUT_BY_CAPTURE = 1 << 0, /* captured bytes end before the message does (snap length) */
    MESSAGE_SHORT_HEADER = 1 << 1,   /* fewer than 12 bytes were sent */
    MESSAGE_BAD_NAME = 1 << 2,       /* a name runs out of the message */
    MESSAGE_OVERRUN = 1 << 3,        /* a record or option runs past the end of the message */
    MESSAGE_NAME_TOO_LONG = 1 << 4, /* a name of more than 255 octets (RFC 1035 section 2.3.4); what follows was read */
    MESSAGE_RESERVED_LABEL = 1 << 5, /* a label of type 0x40 or 0x80 (RFC 6891 section 5): nothing behind it was read */
} message_problem;

/* The COOKIE options of the message (RFC 7873 section 4). By the RFC only the first counts; some servers take the last. */
typedef struct {
    unsigned count;      /* how many COOKIE options there are */
    const uint8_t *data; /* the first one's bytes, NULL when count is 0 */
    uint16_t length;     /* its length as announced; all of it was captured */
    const uint8_t *last; /* the bytes of the last one: the first again when there is one */
    uint16_t last_length;
    bool cut;            /* the capture ends inside of an option of the message, and none came before: ... */
    uint16_t cut_length; /* ... its length as announced */
} message_cookie;

typedef struct {
    const uint8_t *data; /* first byte of the DNS header */
    uint32_t length;     /* captured bytes */
    uint32_t reported;   /* bytes that were sent; >= length */
    uint32_t problems;   /* message_problem bits */

    bool has_flags;  /* the fields below up to the header's RCODE are valid: they need 4 bytes */
    bool has_header; /* all 12 bytes are there, and so are the counts */
    uint16_t id;
    uint16_t flags;
    uint8_t opcode;
    uint8_t header_rcode; /* the 4 low bits */
    uint16_t counts[4];   /* QDCOUNT, ANCOUNT, NSCOUNT, ARCOUNT */

    bool has_question;     /* the first question was read */
    uint32_t qname_offset; /* of the first question's name */
    uint16_t qtype, qclass;
    uint32_t question_hash; /* of name (case folded), type and class; 0 without a question */

    bool has_opt;
    uint8_t opt_count;             /* OPT records in the additional section; the first is the one that was read */
    uint8_t extended_rcode;        /* the 8 upper bits, from OPT */
    uint8_t second_extended_rcode; /* of another OPT record, when opt_count > 1 */
    bool opt_misplaced;            /* an OPT record stands in another section */
    uint8_t edns_version;
    uint16_t udp_size;      /* of OPT: what its sender takes */
    uint16_t other_options; /* options but COOKIE */
    uint32_t left_over;     /* bytes behind the last record of a message that was read to its end */
    message_cookie cookie;
    bool has_tcp_keepalive; /* edns-tcp-keepalive, RFC 7828 */
    bool has_cookie_ede;    /* an Extended DNS Error whose text speaks of cookies (RFC 8914) */
    bool has_tsig;
    uint16_t tsig_error; /* 0 without TSIG */
    uint32_t opt_offset; /* of the OPT record's first byte, 0 without */
    uint32_t end;        /* offset behind the last record read */

    /* DSO has no OPT record: the 4 bits are the whole RCODE. Else false when the OPT record may lie in bytes that were not captured or not readable:
     * then the upper 8 bits of the RCODE are unknown, and nothing may be claimed of them. */
    bool rcode_known;
} dns_message;

/* Read `captured` bytes at `data`, of a message of `reported` bytes. Never fails. */
void dns_message_read(dns_message *message, const uint8_t *data, uint32_t captured, uint32_t reported);

/* The joined 12-bit RCODE (RFC 6891 section 6.1.3); only the header's bits when !rcode_known. */
uint16_t dns_message_rcode(const dns_message *message);

static inline bool dns_message_is_response(const dns_message *message)
{
    return (message->flags & DNS_FLAG_QR) != 0;
}

/* Opcode 6 with all counts zero, as far as they were captured: RFC 8490 section 5.4. */
bool dns_message_is_dso(const dns_message *message);

/* A name in presentation form, escaped, without the final dot except for the root.
 * `text` holds DNS_NAME_TEXT_MAX bytes. Returns the offset behind the name, 0 when it
 * cannot be read (text is then empty). With `compressed` false a compression pointer
 * is an error, as in DSO TLVs (RFC 8765 section 6.2.1). `data` need not be a whole message. */
uint32_t dns_name_read(const uint8_t *data, uint32_t length, uint32_t offset, bool compressed, char *text);

/* Offset behind the name at `offset`, 0 when it does not fit. Pointers end a name and are not followed. */
uint32_t dns_name_skip(const uint8_t *data, uint32_t length, uint32_t offset);

/* Why dns_name_skip() gave up. */
typedef enum {
    DNS_NAME_RUNS_OUT,
    DNS_NAME_TOO_LONG, /* over 255 octets, but it ends inside: *after is the offset behind it */
    DNS_NAME_RESERVED_LABEL,
} dns_name_flaw_kind;

dns_name_flaw_kind dns_name_flaw(const uint8_t *data, uint32_t length, uint32_t offset, uint32_t *after);

/* One DSO TLV. */
typedef struct {
    uint16_t type;
    uint16_t length;     /* as announced */
    const uint8_t *data; /* its data; `available` bytes of it were captured and lie in the message */
    uint16_t available;
    uint32_t offset; /* of the TLV's header in the message */
} dso_tlv;

typedef enum {
    DSO_TLV_OK,
    DSO_TLV_END,     /* nothing left: the message ended where a TLV would begin */
    DSO_TLV_OVERRUN, /* 1..3 bytes left, or data past the message's end (RFC 8490 section 5.4.4) */
    DSO_TLV_CUT,     /* the capture ends inside: nothing can be said */
} dso_tlv_state;

/* Read the TLV at *offset (start with DNS_HEADER_LENGTH) and advance *offset behind it.
 * On DSO_TLV_OVERRUN and DSO_TLV_CUT `tlv` still describes what is there, if its header is. */
dso_tlv_state dso_tlv_next(const dns_message *message, uint32_t *offset, dso_tlv *tlv);

#endif
