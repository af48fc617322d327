/* message.c
 * Reading a DNS message: header, first question, OPT and its options.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "message.h"

#include <string.h>

#include "mix.h"

enum { OPTION_COOKIE = 10, OPTION_TCP_KEEPALIVE = 11, OPTION_EDE = 15 };
enum { RR_FIXED_LENGTH = 10 }; /* type, class, TTL, RDLENGTH */

/* Capital letters, eight at a time, as small ones. In each byte the highest bit serves for the comparisons. */
static uint64_t fold_case(uint64_t word)
{
    const uint64_t each = UINT64_C(0x0101010101010101), high = 0x80 * each;
    uint64_t low = word & ~high;
    uint64_t from_a = low + (0x80 - 'A') * each, behind_z = low + (0x80 - 'Z' - 1) * each;
    return word | (from_a & ~behind_z & ~word & high) >> 2;
}

/* The last eight bytes are a word of their own, whichever of them were in the one before. */
static uint32_t hash_question(const uint8_t *name, uint32_t length, const uint8_t *type_and_class)
{
    uint64_t hash = length, word = 0;
    if (length < sizeof word) {
        for (uint32_t i = 0; i < length; i++)
            word = word << 8 | name[i];
    } else {
        const uint8_t *last = name + length - sizeof word;
        for (; name < last; name += sizeof word) {
            memcpy(&word, name, sizeof word);
            hash = dns_hash_mix(hash, fold_case(word));
        }
        memcpy(&word, last, sizeof word);
    }
    hash = dns_hash_mix(hash, fold_case(word));
    return (uint32_t)dns_hash_mix(hash, read_u32(type_and_class)) | 1u; /* 0: no question */
}

/* Running out of bytes means one thing when the capture was cut and another when the sender lied. */
static void ran_out(dns_message *m)
{
    m->problems |= m->length < m->reported ? MESSAGE_CUT_BY_CAPTURE : MESSAGE_OVERRUN;
}

/* Offset behind the name at `offset`, 0 when reading cannot go on. */
static uint32_t pass_name(dns_message *m, uint32_t offset)
{
    uint32_t after = dns_name_skip(m->data, m->length, offset);
    if (after)
        return after;
    switch (dns_name_flaw(m->data, m->length, offset, &after)) {
    case DNS_NAME_TOO_LONG:
        m->problems |= MESSAGE_NAME_TOO_LONG;
        return after;
    case DNS_NAME_RESERVED_LABEL:
        m->problems |= MESSAGE_RESERVED_LABEL;
        return 0;
    case DNS_NAME_RUNS_OUT:
        break;
    }
    m->problems |= m->length < m->reported ? MESSAGE_CUT_BY_CAPTURE : MESSAGE_BAD_NAME;
    return 0;
}

static void read_flags(dns_message *m)
{
    enum { LENGTH = 4 };
    if (m->length < LENGTH)
        return;
    m->has_flags = true;
    m->id = read_u16(m->data);
    m->flags = read_u16(m->data + 2);
    m->opcode = (m->flags >> 11) & 0x0f;
    m->header_rcode = m->flags & 0x0f;
}

static void read_header(dns_message *m)
{
    const uint8_t *p = m->data;
    read_flags(m);
    m->has_header = true;
    for (int i = 0; i < 4; i++)
        m->counts[i] = read_u16(p + 4 + 2 * i);
}

/* All questions are passed over, the first one is kept. */
static bool read_questions(dns_message *m)
{
    for (unsigned i = 0; i < m->counts[0]; i++) {
        uint32_t start = m->end;
        uint32_t after = pass_name(m, start);
        if (!after)
            return false;
        if (m->length - after < 4) {
            ran_out(m);
            return false;
        }
        m->end = after + 4;
        if (i == 0) {
            m->has_question = true;
            m->qname_offset = start;
            m->qtype = read_u16(m->data + after);
            m->qclass = read_u16(m->data + after + 2);
            m->question_hash = hash_question(m->data + start, after - start, m->data + after);
        }
    }
    return true;
}

/* Servers explain a missing cookie in an Extended DNS Error's text (RFC 8914 section 2). */
static bool mentions_cookie(const uint8_t *text, uint32_t length)
{
    static const char word[] = "cookie";
    const uint32_t n = sizeof word - 1;
    for (uint32_t i = 0; i + n <= length; i++) {
        uint32_t k = 0;
        while (k < n && (text[i + k] | 0x20) == word[k])
            k++;
        if (k == n)
            return true;
    }
    return false;
}

static void read_option(dns_message *m, uint16_t code, const uint8_t *data, uint16_t length)
{
    m->other_options += code != OPTION_COOKIE;
    switch (code) {
    case OPTION_COOKIE:
        if (m->cookie.count++ == 0) {
            m->cookie.data = data;
            m->cookie.length = length;
        }
        m->cookie.last = data;
        m->cookie.last_length = length;
        break;
    case OPTION_TCP_KEEPALIVE:
        m->has_tcp_keepalive = true;
        break;
    case OPTION_EDE:
        if (length > 2 && mentions_cookie(data + 2, length - 2u))
            m->has_cookie_ede = true;
        break;
    default:
        break;
    }
}

static void read_opt(dns_message *m, uint32_t offset, const uint8_t *fixed, uint32_t rdlength, uint32_t available)
{
    m->has_opt = true;
    m->opt_offset = offset;
    m->udp_size = read_u16(fixed + 2);
    m->extended_rcode = fixed[4];
    m->edns_version = fixed[5];
    const uint8_t *data = fixed + RR_FIXED_LENGTH;
    uint32_t at = 0;
    while (at < rdlength) {
        if (available < at + 4) {
            ran_out(m);
            return;
        }
        uint16_t code = read_u16(data + at), length = read_u16(data + at + 2);
        at += 4;
        if (length > rdlength - at) { /* runs past the OPT record, whatever was captured */
            m->problems |= MESSAGE_OVERRUN;
            return;
        }
        if (length > available - at) {
            uint32_t begins = (uint32_t)(data - m->data) + at;
            m->cookie.cut = code == OPTION_COOKIE && !m->cookie.count && begins + length <= m->reported;
            m->cookie.cut_length = m->cookie.cut ? length : 0;
            ran_out(m);
            return;
        }
        read_option(m, code, data + at, length);
        at += length;
    }
}

/* TSIG's error field stands behind algorithm name, time, fudge, MAC and original ID (RFC 8945 section 4.2). */
static void read_tsig(dns_message *m, uint32_t rdata, uint32_t rdlength)
{
    m->has_tsig = true;
    uint32_t at = dns_name_skip(m->data, m->length, rdata), end = rdata + rdlength;
    if (!at || at + 10 > end)
        return;
    at += 10u + read_u16(m->data + at + 8);
    if (at + 4 <= end)
        m->tsig_error = read_u16(m->data + at + 2);
}

/* The upper bits of the RCODE stand in front: they may be there where the rest of the OPT record was not captured. */
static void read_cut_opt(dns_message *m, uint32_t start, uint32_t after)
{
    enum { UP_TO_EXTENDED_RCODE = 5, UP_TO_VERSION };
    uint32_t available = m->length - after;
    const uint8_t *fixed = m->data + after;
    if (available < UP_TO_EXTENDED_RCODE || read_u16(fixed) != DNS_TYPE_OPT || m->has_opt)
        return;
    m->has_opt = true;
    m->opt_count = 1;
    m->opt_offset = start;
    m->udp_size = read_u16(fixed + 2);
    m->extended_rcode = fixed[4];
    m->edns_version = available >= UP_TO_VERSION ? fixed[5] : 0;
}

static void note_opt(dns_message *m, bool additional, uint32_t start, const uint8_t *fixed, uint32_t available)
{
    if (!additional) {
        m->opt_misplaced = true;
        return;
    }
    if (m->opt_count < UINT8_MAX)
        m->opt_count++;
    if (!m->has_opt)
        read_opt(m, start, fixed, read_u16(fixed + 8), available);
    else if (m->opt_count == 2)
        m->second_extended_rcode = fixed[4];
}

static bool read_record(dns_message *m, bool additional)
{
    uint32_t start = m->end;
    uint32_t after = pass_name(m, start);
    if (!after)
        return false;
    if (m->length - after < RR_FIXED_LENGTH) {
        if (additional && m->length < m->reported)
            read_cut_opt(m, start, after);
        ran_out(m);
        return false;
    }
    const uint8_t *fixed = m->data + after;
    uint16_t type = read_u16(fixed), rdlength = read_u16(fixed + 8);
    uint32_t rdata = after + RR_FIXED_LENGTH;
    uint32_t available = m->length - rdata;
    bool fits = rdlength <= available;
    if (type == DNS_TYPE_OPT)
        note_opt(m, additional, start, fixed, fits ? rdlength : available);
    if (!fits) {
        ran_out(m);
        return false;
    }
    if (additional && type == DNS_TYPE_TSIG)
        read_tsig(m, rdata, rdlength);
    m->end = rdata + rdlength;
    return true;
}

static bool read_records(dns_message *m)
{
    for (int section = 1; section <= 3; section++)
        for (unsigned i = 0; i < m->counts[section]; i++)
            if (!read_record(m, section == 3))
                return false;
    return true;
}

bool dns_message_is_dso(const dns_message *m)
{
    return m->has_flags && m->opcode == DNS_OPCODE_DSO && !m->counts[0] && !m->counts[1] && !m->counts[2] &&
           !m->counts[3];
}

void dns_message_read(dns_message *m, const uint8_t *data, uint32_t captured, uint32_t reported)
{
    memset(m, 0, sizeof *m);
    m->data = data;
    m->length = captured;
    m->reported = reported > captured ? reported : captured;
    if (m->length < m->reported)
        m->problems |= MESSAGE_CUT_BY_CAPTURE;
    if (m->length < DNS_HEADER_LENGTH) {
        if (m->reported < DNS_HEADER_LENGTH)
            m->problems |= MESSAGE_SHORT_HEADER;
        else
            read_flags(m);
        m->rcode_known = m->has_flags && m->opcode == DNS_OPCODE_DSO;
        return;
    }
    read_header(m);
    m->end = DNS_HEADER_LENGTH;
    bool whole = m->opcode == DNS_OPCODE_DSO && dns_message_is_dso(m) ? true : read_questions(m) && read_records(m);
    if (whole && !dns_message_is_dso(m) && m->length == m->reported)
        m->left_over = m->length - m->end;
    m->rcode_known = whole || m->has_opt || m->counts[3] == 0;
}

uint16_t dns_message_rcode(const dns_message *m)
{
    return (uint16_t)(((m->has_opt ? m->extended_rcode : 0) << 4) | m->header_rcode);
}

dso_tlv_state dso_tlv_next(const dns_message *m, uint32_t *offset, dso_tlv *tlv)
{
    memset(tlv, 0, sizeof *tlv);
    tlv->offset = *offset;
    if (*offset >= m->reported)
        return DSO_TLV_END;
    if (m->reported - *offset < DSO_TLV_HEADER_LENGTH)
        return DSO_TLV_OVERRUN;
    if (*offset >= m->length || m->length - *offset < DSO_TLV_HEADER_LENGTH)
        return DSO_TLV_CUT;
    const uint8_t *p = m->data + *offset;
    tlv->type = read_u16(p);
    tlv->length = read_u16(p + 2);
    tlv->data = p + DSO_TLV_HEADER_LENGTH;
    uint32_t start = *offset + DSO_TLV_HEADER_LENGTH;
    uint32_t captured = m->length - start;
    tlv->available = tlv->length < captured ? tlv->length : (uint16_t)captured;
    *offset = start + tlv->length;
    if (tlv->length > m->reported - start)
        return DSO_TLV_OVERRUN;
    return tlv->available < tlv->length ? DSO_TLV_CUT : DSO_TLV_OK;
}
