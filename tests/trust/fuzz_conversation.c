/* fuzz_conversation.c
 * libFuzzer target over the reader, the analysis, the report and the stories: bytes become the frames of a conversation.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The input is a row of records of 6 bytes and the message that follows (seeds.py writes the same):
 *
 *   0  bits 0-1 client, 2-3 server, 4-6 transport, 7 sent by the server
 *   1  bits 0-4 the TCP flags FIN SYN RST - ACK, 5 beginning seen, 6-7 opener
 *   2  bits 0-2 connection, 3-4 kind (message, message and segment, segment, unreadable TLS),
 *      5 in the frame before, 6 gap before, 7 cut by the capture
 *   3  bits 0-3 time since the frame before (see `steps`), 4 IPv6
 *   4  length of the message, 16 bits
 *
 * Each message stands in memory of its own that is freed behind the call, so that the sanitizer sees bytes read
 * beyond it or later. Built with DNSRCODE_SMALL_TABLES (limits.h), a few messages make the tables forget.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "finding/dso_finding.h"
#include "knowledge/rules.h"
#include "knowledge/text.h"
#include "statistics/inside.h"
#include "stories/html.h"
#include "stories/mask.h"

enum { RECORD = 6, FRAMES_MAX = 4096 };
enum { KIND_MESSAGE, KIND_MESSAGE_AND_SEGMENT, KIND_SEGMENT, KIND_UNREADABLE };

#define MS INT64_C(1000000)
static const int64_t steps[16] = {
    0,          1000,       MS,         20 * MS,     300 * MS,     1000 * MS, 3000 * MS,  6000 * MS,
    11000 * MS, 16000 * MS, 31000 * MS, 121000 * MS, 3700000 * MS, -500 * MS, -5000 * MS, INT64_C(9000000) * 1000 * MS,
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- bytes to frames ---- */

typedef struct {
    const uint8_t *data;
    size_t left;
    dns_packet packet;
    dns_finding *findings[FRAMES_MAX];
    dns_packet packets[FRAMES_MAX]; /* of each finding */
    unsigned count;
    GArray *segments; /* tcp_segment */
    dns_analysis *analysis;
} conversation;

static dns_endpoint endpoint(bool server, unsigned which, bool v6, dns_transport transport)
{
    dns_endpoint e = {.port = server ? (transport == TRANSPORT_TLS || transport == TRANSPORT_QUIC ? 853 : 53) : 40000};
    e.address.length = v6 ? 16 : 4;
    e.address.bytes[0] = server ? 192 : 10;
    e.address.bytes[3] = (uint8_t)(which + 1);
    if (which == 3) /* a port that tells nobody apart */
        e.port = 5300;
    return e;
}

static void read_packet(dns_packet *p, const uint8_t *control)
{
    bool v6 = control[3] & 0x10, from_server = control[0] & 0x80;
    dns_transport transport = (dns_transport)((control[0] >> 4 & 7) % (TRANSPORT_QUIC + 1));
    dns_endpoint client = endpoint(false, control[0] & 3, v6, transport);
    dns_endpoint server = endpoint(true, control[0] >> 2 & 3, v6, transport);
    if (!(control[2] & 0x20) || !p->frame) {
        p->frame++;
        p->time += steps[control[3] & 15];
    }
    p->source = from_server ? server : client;
    p->destination = from_server ? client : server;
    p->transport = transport;
    p->connection = dns_transport_is_datagram(transport) ? 0 : control[2] & 7u;
    p->opener = (dns_opener)((control[1] >> 6) % 3);
    p->beginning_seen = control[1] & 0x20;
    p->gap_before = control[2] & 0x40;
}

static void keep(conversation *c, dns_finding *finding)
{
    if (!finding)
        return;
    c->packets[c->count] = c->packet;
    c->findings[c->count++] = finding;
}

static void keep_segment(conversation *c, uint8_t flags)
{
    const dns_packet *p = &c->packet;
    tcp_segment s = {p->time, p->frame, p->connection, p->source.port, p->destination.port, flags};
    g_array_append_val(c->segments, s);
}

static dns_finding *analyse_message(conversation *c, size_t length, bool cut)
{
    uint8_t *copy = (uint8_t *)malloc(length ? length : 1);
    memcpy(copy, c->data, length);
    dns_message message;
    dns_message_read(&message, length ? copy : NULL, (uint32_t)length, (uint32_t)length + (cut ? 13 : 0));
    dns_finding *finding = dns_analysis_message(c->analysis, &c->packet, &message);
    free(copy);
    return finding;
}

static bool next_frame(conversation *c)
{
    if (c->left < RECORD || c->count + 2 > FRAMES_MAX)
        return false;
    const uint8_t *control = c->data;
    size_t length = (size_t)control[4] << 8 | control[5];
    unsigned kind = control[2] >> 3 & 3;
    read_packet(&c->packet, control);
    c->data += RECORD;
    c->left -= RECORD;
    if (length > c->left)
        length = c->left;
    bool stream = dns_transport_is_stream(c->packet.transport);
    dns_analysis_frame(c->analysis, c->packet.frame, c->packet.time, stream ? &c->packet : NULL);
    if (kind == KIND_MESSAGE || kind == KIND_MESSAGE_AND_SEGMENT)
        keep(c, analyse_message(c, length, control[2] & 0x80));
    if (kind == KIND_UNREADABLE)
        keep(c, dns_analysis_encrypted(c->analysis, &c->packet, &(dns_tls_records){{control[1], control[0]}, 2}));
    else if (kind != KIND_MESSAGE && stream) {
        keep_segment(c, control[1] & 0x1f);
        keep(c, dns_analysis_tcp(c->analysis, &c->packet, control[1] & 0x1f));
    }
    c->data += length;
    c->left -= length;
    return true;
}

/* ---- everything that display would read ---- */

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void render(const char *text, const dns_facts *facts)
{
    char to[4096];
    check(text != NULL);
    size_t length = dns_text_render(to, sizeof to, text, facts);
    check(strlen(to) == (length < sizeof to ? length : sizeof to - 1));
    char little[7]; /* no room: cut, and ended */
    dns_text_render(little, sizeof little, text, facts);
    check(strlen(little) < sizeof little);
}

static void walk_diagnosis(const dns_diagnosis *d, int64_t last_time)
{
    const dns_cause_row *row = dns_cause_find(d->cause);
    for (int complete = 0; complete < 2; complete++) {
        dns_so_far so_far = {last_time, complete};
        dns_outcome outcome = dns_diagnosis_outcome(d, &so_far);
        check(outcome < OUTCOME_COUNT && dns_diagnosis_severity(d, outcome, &so_far) < DNS_SEVERITY_COUNT);
        if (d->episode) {
            dns_facts facts = {.frame = d->episode->end_frame, .n = d->episode->count};
            render(dns_outcome_find(outcome)->text, &facts);
        }
    }
    render(row->summary, &d->facts);
    render(row->text, &d->facts);
    check(dns_confidence_name(d->confidence) != NULL);
    for (const dns_evidence *e = d->evidence; e; e = e->next)
        render(dns_evidence_text(e->kind), &e->facts);
}

static volatile uint32_t sink;

static void walk_dso(const dns_dso *dso)
{
    if (dso->session)
        sink += dso->session->index + dso->session->ended_in;
    const dns_dso_message *m = dso->message;
    if (!m)
        return;
    check(m->tlv_count <= DSO_TLVS_KEPT && m->tlv_count <= m->tlv_total && m->link_count <= DSO_LINKS_KEPT);
    for (unsigned i = 0; i < m->tlv_count; i++)
        sink += m->tlvs[i].offset;
    for (unsigned i = 0; i < m->link_count; i++)
        sink += m->subscribed_in[i];
    unsigned items = 0;
    for (const dns_dso_item *i = m->items; i; i = i->next, items++)
        sink += (uint32_t)(strlen(i->name) + (i->rdata ? strlen(i->rdata) : 0));
    check(items <= DSO_ITEMS_KEPT && items <= m->item_total);
}

static void walk(const dns_finding *f, int64_t last_time)
{
    if (f->rcode_state != RCODE_ABSENT)
        check(dns_rcode_find(f->rcode, f->tsig) != NULL);
    const dns_cookie *cookie = dns_finding_cookie(f);
    for (unsigned i = 0; cookie && i < dns_cookie_kept(cookie->length); i++)
        sink += cookie->bytes[i];
    if (f->transaction)
        sink += f->transaction->retried_in;
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next)
        walk_diagnosis(d, last_time);
    for (const dns_violation *v = f->more->violations; v; v = v->next) {
        check(v->severity < DNS_SEVERITY_COUNT);
        render(dns_rule_find(v->rule)->summary, &v->facts);
    }
    if (f->more->dso)
        walk_dso(f->more->dso);
}

/* ---- report and stories ---- */

static int64_t last_time;

static dns_so_far so_far(void)
{
    return (dns_so_far){last_time, true};
}

static void check_stories(const story_book *book)
{
    for (unsigned i = 0; i < book->stories->len; i++) {
        const story *s = (const story *)g_ptr_array_index(book->stories, i);
        unsigned deciding = 0;
        check(s->lines->len >= 1 && s->lines->len <= LINES_MAX && s->clients->len && s->servers->len);
        for (unsigned j = 0; j < s->lines->len; j++)
            deciding += g_array_index(s->lines, story_line, j).decides;
        check(deciding == 1);
        char *filter = story_filter(s);
        check(strlen(filter) < 2000);
        g_free(filter);
    }
}

static void check_text(char *text, bool page)
{
    check(g_utf8_validate(text, -1, NULL) && !strstr(text, "frame 0 "));
    check(!page || !strstr(text, "<script"));
    g_free(text);
}

static void tell(const conversation *c)
{
    listening l;
    listening_init(&l, true);
    g_array_append_vals(l.segments, c->segments->data, c->segments->len);
    for (unsigned i = 0; i < c->count; i++) {
        const dns_packet *p = &c->packets[i];
        bool datagram = dns_transport_is_datagram(p->transport);
        moment m = {p->time, datagram ? NO_STREAM : p->connection, p->source.port, p->destination.port};
        collection_add_one(&l.messages, c->findings[i], &p->source, &p->destination);
        g_array_append_val(l.moments, m);
    }
    mask *other_names = mask_new(&l.messages);
    story_view v = {&l, book_make(&l), c->count % 2 ? mask_texts(other_names) : NULL};
    check_stories(v.book);
    check_text(stories_text(&v), false);
    check_text(stories_html(&v), true);
    book_free((story_book *)(uintptr_t)v.book);
    mask_free(other_names);
    listening_free(&l);
}

/* ---- libFuzzer's two doors ---- */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    wmem_init();
    statistics_set_clock(so_far);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static conversation c;
    static const dns_secret secret = {.secret = "0123456789abcde"};
    static const dns_secrets secrets = {&secret, 1};
    /* One malloc per allocation: what lies beside it is the sanitizer's. */
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    c.data = data;
    c.left = size;
    c.count = 0;
    c.segments = g_array_new(FALSE, FALSE, sizeof(tcp_segment));
    memset(&c.packet, 0, sizeof c.packet);
    c.packet.time = INT64_C(1700000000) * 1000 * MS;
    c.analysis = dns_analysis_new(scope, &secrets);
    while (next_frame(&c))
        ;
    for (unsigned i = 0; i < c.count; i++)
        walk(c.findings[i], dns_analysis_last_time(c.analysis));
    last_time = dns_analysis_last_time(c.analysis);
    tell(&c);
    statistics_end_capture();
    g_array_free(c.segments, TRUE);
    wmem_destroy_allocator(scope);
    return 0;
}
