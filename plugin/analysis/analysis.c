/* analysis.c
 * The analysis room's door: one message in, one finding out.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis.h"

#include "../knowledge/types.h"
#include "arena.h"
#include "cookies/engine.h"
#include "edns_rules.h"
#include "dso/engine.h"

enum { PORT_TLS = 853 };

/* Captures put together from several may be out of order by a little: that is no clock that was set. */
static const int64_t clock_tolerance = INT64_C(2) * 1000000000;

/* A connection to the port of DNS over TLS. */
typedef struct {
    unsigned client_data;   /* records of application data of the client, all unread */
    bool changed, finished; /* the client changed the cipher, and sent its Finished as handshake: TLS 1.2 */
    bool readable;          /* a message was read */
    dns_finding *told;      /* where it was said that it cannot be read */
    dns_diagnosis *saying;  /* ... and how */
} encrypted_connection;

struct dns_analysis {
    wmem_allocator_t *scope;
    dns_arena findings;
    dns_transactions *transactions;
    dns_records *records;
    dns_strays *strays;
    cookie_engine cookies;
    dso_engine *dso;
    wmem_map_t *encrypted; /* TCP connection -> encrypted_connection */
    int64_t last_time;
};

dns_analysis *dns_analysis_new(wmem_allocator_t *scope, const dns_secrets *secrets)
{
    dns_analysis *a = wmem_new0(scope, dns_analysis);
    a->scope = scope;
    a->findings.scope = scope;
    a->transactions = dns_transactions_new(scope);
    a->records = dns_records_new(scope);
    a->strays = dns_strays_new(scope);
    cookie_engine_init(&a->cookies, scope, secrets, a->records, a->strays);
    a->dso = dso_engine_new(scope);
    a->encrypted = wmem_map_new(scope, g_direct_hash, g_direct_equal);
    return a;
}

void dns_analysis_frame(dns_analysis *a, uint32_t frame, int64_t time, const dns_packet *segment)
{
    if (time < a->last_time - clock_tolerance)
        a->cookies.clock_stepped = frame;
    a->last_time = time;
    if (segment && segment->gap_before && dns_transport_is_stream(segment->transport))
        dso_engine_gap(a->dso, segment);
    dso_engine_clock(a->dso, time);
}

int64_t dns_analysis_last_time(const dns_analysis *a)
{
    return a->last_time;
}

/* `room`: bytes behind the finding, for its cookie. */
static dns_finding *new_finding(dns_analysis *a, const dns_packet *p, size_t room)
{
    dns_finding *f = (dns_finding *)dns_arena_alloc0(&a->findings, sizeof(dns_finding) + room);
    f->frame = p->frame;
    f->transport = (uint8_t)p->transport;
    f->more = &dns_finding_nothing;
    return f;
}

static void note_rcode(dns_finding *f, const dns_message *m)
{
    f->tsig = m->has_tsig;
    f->tsig_error = m->tsig_error;
    if (!f->response)
        return;
    f->rcode = dns_message_rcode(m);
    f->rcode_state = m->rcode_known ? RCODE_JOINED : RCODE_HEADER_ONLY;
}

/* ---- what is no DNS message at all ---- */

/* The least that the announced records take: a root name and the fixed part of each. */
static bool counts_fit(const dns_message *m)
{
    enum { QUESTION_MIN = 5, RECORD_MIN = 11 };
    uint32_t records = (uint32_t)m->counts[1] + m->counts[2] + m->counts[3];
    return DNS_HEADER_LENGTH + QUESTION_MIN * (uint32_t)m->counts[0] + RECORD_MIN * records <= m->reported;
}

static bool is_dns_port(uint16_t port)
{
    return port == 53 || port == 853;
}

/* Where DNS is at home, a message with a readable question is one, however broken behind it; elsewhere Wireshark may have
 * guessed, and only a message that is well-formed from end to end is taken for DNS. */
static bool is_dns(const dns_analysis *a, const dns_packet *p, const dns_message *m)
{
    if (!m->has_header) /* cut by the capture, or the beginning of an answer that somebody waits for */
        return m->length < m->reported ||
               (m->length >= 2 && dns_transactions_awaits(a->transactions, p, read_u16(m->data)));
    if (dns_message_is_dso(m))
        return true;
    bool stream = !dns_transport_is_datagram(p->transport);
    if (m->opcode == DNS_OPCODE_DSO && stream) /* a DSO message with counts that are not 0 is one with a fault */
        return true;
    bool cut = (m->problems & MESSAGE_CUT_BY_CAPTURE) != 0;
    bool at_home = stream || is_dns_port(p->source.port) || is_dns_port(p->destination.port);
    if (!at_home)
        return counts_fit(m) && (m->problems & ~MESSAGE_CUT_BY_CAPTURE) == 0 && !m->left_over;
    return counts_fit(m) && (m->has_question || !m->counts[0] || cut || (m->problems & MESSAGE_RESERVED_LABEL));
}

/* Stories name the question; healthy messages, of which there are many, need none. */
static void note_question(dns_analysis *a, dns_finding *f, const dns_message *m)
{
    if (!m->has_question || (!f->more->diagnoses && !f->more->violations))
        return;
    char name[DNS_NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
    if (!dns_name_read(m->data, m->length, m->qname_offset, true, name))
        return;
    dns_rrtype_text(type, sizeof type, m->qtype);
    dns_finding_extend(a->scope, f)->question = wmem_strdup_printf(a->scope, "%s %s", name, type);
}

/* What the reader could not read, where it matters to the user. */
static void note_problems(dns_analysis *a, const dns_packet *p, dns_finding *f, const dns_message *m)
{
    if (!m->problems)
        return;
    dns_facts facts = {.frame = f->frame, .n = m->length, .m = m->reported};
    bool tlvs = m->has_flags && m->opcode == DNS_OPCODE_DSO; /* no records follow, whatever the counts say */
    /* Of a stream of which bytes are missing, it may be the middle of a message. */
    bool middle = dns_transport_is_stream(p->transport) && (p->gap_before || !p->beginning_seen);
    if (!tlvs && !middle && (m->problems & (MESSAGE_SHORT_HEADER | MESSAGE_BAD_NAME | MESSAGE_OVERRUN)))
        dns_diagnose(a->scope, f, CAUSE_MESSAGE_BROKEN, CONFIDENCE_PROVEN, facts);
    else if (m->problems & MESSAGE_CUT_BY_CAPTURE)
        dns_diagnose(a->scope, f, CAUSE_MESSAGE_CUT, CONFIDENCE_PROVEN, facts)->repetition = true;
    bool ambiguous = f->rcode_state == RCODE_HEADER_ONLY && f->opcode == DNS_OPCODE_QUERY && f->rcode == RCODE_YXRRSET;
    if (ambiguous && (m->problems & MESSAGE_CUT_BY_CAPTURE))
        dns_diagnose(a->scope, f, CAUSE_RCODE_UNKNOWN, CONFIDENCE_PROVEN, facts);
}

/* The same broken packet once more, unless its transaction has told so. */
static void join_broken_copy(dns_analysis *a, const dns_packet *p, const dns_message *m, dns_finding *f)
{
    const dns_diagnosis *d = dns_find_diagnosis(f, CAUSE_MESSAGE_BROKEN);
    dns_finding *original = d && d->frame == f->frame ? dns_strays_original(a->strays, p, m, f) : NULL;
    if (original)
        dns_note_copy(a->scope, f, original);
}

/* Nothing else is concluded, and nothing of what Wireshark shows is touched. */
static void not_dns(dns_analysis *a, dns_finding *f, const dns_message *m)
{
    f->rcode_state = RCODE_ABSENT;
    f->opcode = 0;
    f->empty_dso = false;
    dns_diagnose(a->scope, f, CAUSE_NOT_DNS, CONFIDENCE_INFERRED, (dns_facts){.frame = f->frame, .n = m->reported})
        ->repetition = true;
}

static void ordinary_message(dns_analysis *a, const dns_packet *p, const dns_message *m, dns_finding *f)
{
    if (!f->response) {
        dns_query *original;
        dns_query *query = dns_transactions_query(a->transactions, p, m, f, &original);
        if (!query) {
            cookie_engine_copy(&a->cookies, m, f, original);
            return;
        }
        dns_check_message(a->scope, p, m, NULL, f);
        cookie_engine_query(&a->cookies, p, m, query, original);
    } else {
        dns_response_kind kind;
        dns_query *query = dns_transactions_response(a->transactions, p, m, f, &kind);
        if (kind != RESPONSE_COPY)
            dns_check_message(a->scope, p, m, query, f);
        cookie_engine_response(&a->cookies, p, m, f, query, kind);
    }
}

static encrypted_connection *connection_of(dns_analysis *a, const dns_packet *p)
{
    void *key = GUINT_TO_POINTER(p->connection + 1);
    encrypted_connection *c = (encrypted_connection *)wmem_map_lookup(a->encrypted, key);
    if (!c) {
        c = wmem_new0(a->scope, encrypted_connection);
        wmem_map_insert(a->encrypted, key, c);
    }
    return c;
}

static void note_readable(encrypted_connection *c)
{
    if (c->told)
        dns_take_back(c->told, c->saying);
    c->told = NULL;
    c->readable = true;
}

static void weigh_message(dns_analysis *a, const dns_packet *p, const dns_message *m, dns_finding *f)
{
    if (m->has_flags)
        note_rcode(f, m);
    note_problems(a, p, f, m);
    if (!m->has_header && f->opcode != DNS_OPCODE_DSO)
        return;
    if (p->transport == TRANSPORT_TLS)
        note_readable(connection_of(a, p));
    if (f->opcode != DNS_OPCODE_DSO)
        ordinary_message(a, p, m, f);
    dso_engine_message(a->dso, p, m, f);
    note_question(a, f, m);
}

dns_finding *dns_analysis_message(dns_analysis *a, const dns_packet *p, const dns_message *m)
{
    size_t room = m->cookie.count ? sizeof(dns_cookie) + dns_cookie_kept(m->cookie.length) : 0;
    dns_finding *f = new_finding(a, p, room);
    f->message = true;
    f->id = m->id;
    f->opcode = m->opcode;
    f->response = dns_message_is_response(m);
    f->empty_dso = m->has_header && m->reported == DNS_HEADER_LENGTH && dns_message_is_dso(m);
    f->unread = !m->has_flags;
    f->truncated = (m->flags & DNS_FLAG_TC) != 0; /* all zero where they were not captured */
    if (!is_dns(a, p, m)) {
        not_dns(a, f, m);
        return f;
    }
    weigh_message(a, p, m, f);
    join_broken_copy(a, p, m, f);
    return f;
}

dns_finding *dns_analysis_tcp(dns_analysis *a, const dns_packet *p, uint8_t flags)
{
    return dso_engine_tcp(a->dso, p, flags);
}

/* The client's application data behind the handshake. TLS 1.3 sends the handshake's last message, Finished, as
 * application data, too; TLS 1.2 as a handshake record behind the change of the cipher. */
static bool client_sent_data(const encrypted_connection *c)
{
    return c->client_data > (c->finished ? 0U : 1U);
}

static void note_client_record(encrypted_connection *c, uint8_t type)
{
    c->changed |= type == TLS_CHANGE_CIPHER_SPEC;
    c->finished |= c->changed && type == TLS_HANDSHAKE;
    c->client_data += type == TLS_APPLICATION_DATA;
}

/* The server's data behind it: a message that is decrypted would have been read by then. */
static bool unreadable(encrypted_connection *c, const dns_packet *p, const dns_tls_records *records)
{
    bool from_server = p->source.port == PORT_TLS, data = false;
    for (unsigned i = 0; i < records->count; i++) {
        if (!from_server)
            note_client_record(c, records->types[i]);
        data |= from_server && records->types[i] == TLS_APPLICATION_DATA;
    }
    return data && client_sent_data(c) && !c->told && !c->readable;
}

dns_finding *dns_analysis_encrypted(dns_analysis *a, const dns_packet *p, const dns_tls_records *records)
{
    encrypted_connection *c = connection_of(a, p);
    dso_engine_unread(a->dso, p);
    if (!unreadable(c, p, records))
        return NULL;
    c->told = new_finding(a, p, 0);
    c->saying =
        dns_diagnose(a->scope, c->told, CAUSE_ENCRYPTED_DNS, CONFIDENCE_OBSERVED, (dns_facts){.frame = p->frame});
    return c->told;
}
