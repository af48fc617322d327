/* read.c
 * Reading DSO messages and the Push TLVs in them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "read.h"

#include <stdio.h>

#include <wsutil/inet_addr.h>

#include "../../knowledge/types.h"
#include "../hash.h"

enum { TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_PTR = 12, TYPE_TXT = 16, TYPE_AAAA = 28, TYPE_SRV = 33 };
enum { SRV_FIXED = 6, RECORD_FIXED = 10 };
static const uint32_t ttl_remove = 0xffffffffu, ttl_remove_collective = 0xfffffffeu, ttl_max = 0x7fffffffu;

static void count_tlv(dso_view *v, const dso_tlv *tlv)
{
    if (v->tlvs++ == 0)
        v->first = *tlv;
    if (tlv->type == DSO_KEEPALIVE && v->keepalives++ == 0)
        v->keepalive = *tlv;
    if (tlv->type == DSO_RETRY_DELAY && v->retry_delays++ == 0)
        v->retry_delay = *tlv;
    v->paddings += tlv->type == DSO_PADDING;
    v->subscribes += tlv->type == DSO_SUBSCRIBE;
    dso_range range = dso_type_find(tlv->type)->range;
    if (range == DSO_RANGE_RESERVED && !v->reserved) {
        v->reserved = true;
        v->reserved_type = tlv->type;
    }
    if ((range == DSO_RANGE_UNASSIGNED || range == DSO_RANGE_PRIVATE) && v->tlvs > 1 && !v->unknown) {
        v->unknown = true;
        v->unknown_type = tlv->type;
    }
}

void dso_view_read(dso_view *v, const dns_message *m)
{
    memset(v, 0, sizeof *v);
    v->counts_zero = dns_message_is_dso(m);
    v->kind = dns_message_is_response(m) ? DSO_RESPONSE
              : m->id || !v->counts_zero ? DSO_REQUEST /* with counts it is no DSO message: 0 is an ID like others */
                                         : DSO_UNIDIRECTIONAL;
    v->end = DSO_TLV_END;
    if (!v->counts_zero)
        return;
    uint32_t offset = DNS_HEADER_LENGTH;
    dso_tlv tlv;
    do {
        v->end = dso_tlv_next(m, &offset, &tlv);
        if (tlv.data)
            count_tlv(v, &tlv);
    } while (v->end == DSO_TLV_OK);
}

/* Where the TLV's captured data ends in the message. */
static uint32_t tlv_end(const dso_tlv *tlv)
{
    return tlv->offset + DSO_TLV_HEADER_LENGTH + tlv->available;
}

/* What does not fit was cut by the capture, or is wrong. A TLV that runs past its message counts as wrong. */
static dso_body_state bad_or_cut(const dns_message *m, const dso_tlv *tlv)
{
    bool cut = !dso_tlv_whole(tlv) && m->length < m->reported;
    return cut ? DSO_BODY_CUT : DSO_BODY_BAD;
}

/* NAME, TYPE, CLASS. Returns the offset behind them, 0 when they do not fit. */
static uint32_t read_owner(const dns_message *m, uint32_t end, uint32_t offset, bool compressed, dso_item *item)
{
    item->offset = offset;
    uint32_t after = dns_name_read(m->data, end, offset, compressed, item->name);
    if (!after || end - after < 4)
        return 0;
    item->type = read_u16(m->data + after);
    item->class = read_u16(m->data + after + 2);
    return after + 4;
}

/* What SUBSCRIBE and RECONFIRM begin with: name, type and class. Where it ends; 0 when it does not fit. */
static uint32_t read_question(const dns_message *m, const dso_tlv *tlv, dso_item *item)
{
    memset(item, 0, sizeof *item);
    uint32_t after = read_owner(m, tlv_end(tlv), tlv->offset + DSO_TLV_HEADER_LENGTH, false, item);
    return dso_tlv_whole(tlv) ? after : 0;
}

dso_body_state dso_subscribe_read(const dns_message *m, const dso_tlv *tlv, dso_item *item)
{
    uint32_t end = tlv_end(tlv);
    uint32_t after = read_question(m, tlv, item);
    if (!after)
        return bad_or_cut(m, tlv);
    item->length = after - item->offset;
    return after == end ? DSO_BODY_OK : DSO_BODY_BAD;
}

static bool rdata_names_fit(const dns_message *m, const dso_item *item);

dso_body_state dso_reconfirm_read(const dns_message *m, const dso_tlv *tlv, dso_item *item)
{
    uint32_t end = tlv_end(tlv);
    uint32_t after = read_question(m, tlv, item);
    if (!after)
        return bad_or_cut(m, tlv);
    item->rdata = after;
    item->rdlength = (uint16_t)(end - after);
    item->length = end - item->offset;
    return rdata_names_fit(m, item) ? DSO_BODY_OK : DSO_BODY_BAD;
}

static dso_change change_of(const dso_item *item)
{
    if (item->ttl <= ttl_max)
        return DSO_CHANGE_ADD;
    if (item->ttl == ttl_remove)
        return DSO_CHANGE_REMOVE;
    if (item->ttl != ttl_remove_collective)
        return DSO_CHANGE_IGNORED;
    if (item->class == DNS_CLASS_ANY)
        return DSO_CHANGE_REMOVE_NAME;
    return item->type == DNS_TYPE_ANY ? DSO_CHANGE_REMOVE_NAME_IN_CLASS : DSO_CHANGE_REMOVE_RRSET;
}

dso_body_state dso_push_next(const dns_message *m, const dso_tlv *tlv, uint32_t *offset, dso_item *item)
{
    memset(item, 0, sizeof *item);
    uint32_t end = tlv_end(tlv);
    if (*offset >= end)
        return dso_tlv_whole(tlv) ? DSO_BODY_END : bad_or_cut(m, tlv);
    uint32_t after = read_owner(m, end, *offset, true, item);
    if (!after || end - after < RECORD_FIXED - 4)
        return bad_or_cut(m, tlv);
    item->ttl = read_u32(m->data + after);
    item->rdlength = read_u16(m->data + after + 4);
    item->rdata = after + 6;
    item->change = change_of(item);
    if (item->rdlength > end - item->rdata)
        return bad_or_cut(m, tlv);
    item->length = item->rdata + item->rdlength - item->offset;
    *offset = item->rdata + item->rdlength;
    bool collective = item->ttl == ttl_remove_collective;
    return collective || rdata_names_fit(m, item) ? DSO_BODY_OK : DSO_BODY_BAD;
}

/* Whether an rdata of a type that is known here parses. Empty rdata is left alone: it may be meant so. */
static bool rdata_names_fit(const dns_message *m, const dso_item *item)
{
    char name[DNS_NAME_TEXT_MAX];
    uint32_t end = item->rdata + item->rdlength;
    if (!item->rdlength)
        return true;
    switch (item->type) {
    case TYPE_A:
        return item->rdlength == 4;
    case TYPE_AAAA:
        return item->rdlength == 16;
    case TYPE_NS:
    case TYPE_CNAME:
    case TYPE_PTR:
        return dns_name_read(m->data, end, item->rdata, true, name) == end;
    case TYPE_SRV:
        return item->rdlength > SRV_FIXED && dns_name_read(m->data, end, item->rdata + SRV_FIXED, true, name) == end;
    case TYPE_TXT:
        for (uint32_t at = item->rdata; at < end; at += 1u + m->data[at])
            if (m->data[at] >= end - at)
                return false;
        return true;
    default:
        return true;
    }
}

static size_t hex_text(char *to, size_t size, const uint8_t *bytes, uint32_t length)
{
    size_t at = 0;
    uint32_t shown = length < DSO_RDATA_HEX_MAX ? length : DSO_RDATA_HEX_MAX;
    *to = '\0';
    for (uint32_t i = 0; i < shown && at + 3 < size; i++)
        at += (size_t)snprintf(to + at, size - at, "%02x", bytes[i]);
    if (shown < length && at + 4 < size)
        at += (size_t)snprintf(to + at, size - at, "...");
    return at;
}

/* Character strings in quotes, escaped as in master files (RFC 1035 section 5.1). */
static size_t txt_text(char *to, size_t size, const uint8_t *bytes, uint32_t length)
{
    size_t at = 0;
    for (uint32_t i = 0; i < length && at + 8 < size; i += 1u + bytes[i]) {
        at += (size_t)snprintf(to + at, size - at, "%s\"", i ? " " : "");
        for (uint32_t k = 1; k <= bytes[i] && at + 8 < size; k++) {
            uint8_t c = bytes[i + k];
            const char *format = c < ' ' || c >= 0x7f ? "\\%03u" : c == '"' || c == '\\' ? "\\%c" : "%c";
            at += (size_t)snprintf(to + at, size - at, format, c);
        }
        at += (size_t)snprintf(to + at, size - at, "\"");
    }
    return at;
}

size_t dso_rdata_text(char *to, size_t size, const dns_message *m, const dso_item *item)
{
    const uint8_t *bytes = m->data + item->rdata;
    uint32_t end = item->rdata + item->rdlength;
    char name[DNS_NAME_TEXT_MAX];
    *to = '\0';
    if (!item->rdlength)
        return 0;
    if (!rdata_names_fit(m, item))
        return hex_text(to, size, bytes, item->rdlength);
    switch (item->type) {
    case TYPE_A:
    case TYPE_AAAA:
        (item->type == TYPE_A ? ws_inet_ntop4 : ws_inet_ntop6)(bytes, to, size);
        return strlen(to);
    case TYPE_NS:
    case TYPE_CNAME:
    case TYPE_PTR:
        dns_name_read(m->data, end, item->rdata, true, name);
        return (size_t)snprintf(to, size, "%s", name);
    case TYPE_SRV:
        dns_name_read(m->data, end, item->rdata + SRV_FIXED, true, name);
        return (size_t)snprintf(to, size, "%u %u %u %s", read_u16(bytes), read_u16(bytes + 2), read_u16(bytes + 4),
                                name);
    case TYPE_TXT:
        return txt_text(to, size, bytes, item->rdlength);
    default:
        return hex_text(to, size, bytes, item->rdlength);
    }
}

uint64_t dso_body_hash(const dns_message *m)
{
    if (m->length <= DNS_HEADER_LENGTH)
        return 0;
    return dns_hash_bytes(m->reported, m->data + DNS_HEADER_LENGTH, m->length - DNS_HEADER_LENGTH);
}

uint32_t dso_name_hash(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (uint8_t)(*name >= 'A' && *name <= 'Z' ? *name | 0x20 : *name)) * 16777619u;
    return hash;
}

bool dso_change_matches(dso_change change, uint16_t type, uint16_t class, uint16_t wanted_type, uint16_t wanted_class)
{
    bool class_fits = wanted_class == DNS_CLASS_ANY || class == wanted_class || class == DNS_CLASS_ANY;
    if (change == DSO_CHANGE_REMOVE_NAME)
        return true;
    if (change == DSO_CHANGE_REMOVE_NAME_IN_CLASS)
        return class_fits;
    return class_fits && (wanted_type == DNS_TYPE_ANY || type == wanted_type || type == TYPE_CNAME);
}
