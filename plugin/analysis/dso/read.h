/* read.h
 * Reading DSO messages: which TLVs there are, and what Push TLVs say. Pure functions.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Nothing here allocates or keeps state; views point into the message's bytes.
 * RFC 8490 sections 5.4 and 7, RFC 8765 sections 6.2 to 6.5.
 */
#ifndef DNSRCODE_DSO_READ_H
#define DNSRCODE_DSO_READ_H

#include "../../finding/dso_finding.h"
#include "../../message/message.h"

/* What stands in a message of opcode 6. */
typedef struct {
    dso_kind kind;
    bool counts_zero;  /* else there are no TLVs to speak of */
    dso_tlv_state end; /* how the list of TLVs ended: DSO_TLV_END, _OVERRUN or _CUT */
    unsigned tlvs;     /* all, a broken last one included */
    dso_tlv first;     /* valid when tlvs > 0 */
    unsigned keepalives, retry_delays, paddings, subscribes;
    dso_tlv keepalive, retry_delay; /* the first of each, valid when counted */
    bool reserved;                  /* a TLV of reserved type is there ... */
    uint16_t reserved_type;
    bool unknown; /* an additional TLV is there whose type has no meaning in any standard ... */
    uint16_t unknown_type;
} dso_view;

void dso_view_read(dso_view *view, const dns_message *message);

/* The data of a TLV is all there, neither cut nor running past the message's end. */
static inline bool dso_tlv_whole(const dso_tlv *tlv)
{
    return tlv->data && tlv->available == tlv->length;
}

/* A subscription or record in a Push TLV. */
typedef struct {
    char name[DNS_NAME_TEXT_MAX];
    uint16_t type, class;
    uint32_t ttl;
    dso_change change;
    uint32_t offset, length; /* of the whole item in the message */
    uint32_t rdata;          /* offset in the message */
    uint16_t rdlength;
} dso_item;

typedef enum {
    DSO_BODY_OK,
    DSO_BODY_END, /* no further record */
    DSO_BODY_BAD, /* does not parse, or bytes are left over */
    DSO_BODY_CUT, /* the capture ends inside */
} dso_body_state;

/* The subscription of a SUBSCRIBE TLV. */
dso_body_state dso_subscribe_read(const dns_message *message, const dso_tlv *tlv, dso_item *item);
/* The record of a RECONFIRM TLV. */
dso_body_state dso_reconfirm_read(const dns_message *message, const dso_tlv *tlv, dso_item *item);
/* The next record of a PUSH TLV; *offset is in the message and starts with tlv->offset + 4. */
dso_body_state dso_push_next(const dns_message *message, const dso_tlv *tlv, uint32_t *offset, dso_item *item);

/* The rdata in presentation form (A, AAAA, NS, CNAME, PTR, TXT, SRV), in hex for other types or where it does not
 * parse; empty without rdata. Returns the text's length. */
size_t dso_rdata_text(char *to, size_t size, const dns_message *message, const dso_item *item);

/* Hash of what stands behind the header, to find it again when it is sent back. */
uint64_t dso_body_hash(const dns_message *message);

/* FNV-1a over the name without regard to the case of ASCII letters. */
uint32_t dso_name_hash(const char *name);

/* A record of a PUSH concerns a subscription (RFC 8765 section 6.3.1); the names are compared by the caller. */
bool dso_change_matches(dso_change change, uint16_t type, uint16_t class, uint16_t wanted_type, uint16_t wanted_class);

#endif
