/* record.c
 * What each server has been seen to do.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "record.h"

#include "../hash.h"
#include "../table.h"

struct dns_records {
    wmem_allocator_t *scope;
    dns_table servers;       /* dns_server_record by endpoint */
    dns_list by_use;         /* least recently used first */
    dns_server_record *last; /* asked for last: most captures have few servers */
    unsigned generation;
};

static bool is_server(const void *record, const void *endpoint)
{
    return dns_endpoint_equal(&((const dns_server_record *)record)->endpoint, (const dns_endpoint *)endpoint);
}

dns_records *dns_records_new(wmem_allocator_t *scope)
{
    dns_records *r = wmem_new0(scope, dns_records);
    r->scope = scope;
    dns_table_init(&r->servers, scope);
    return r;
}

unsigned dns_records_generation(const dns_records *r)
{
    return r->generation;
}

/* ---- servers ---- */

static void forget_questions(dns_records *r, dns_server_record *s)
{
    for (unsigned i = 0; i < s->question_room; i++)
        wmem_free(r->scope, s->questions[i].waiting);
    wmem_free(r->scope, s->questions);
    s->questions = s->heard_last = NULL;
    s->question_room = 0;
}

static void forget_oldest(dns_records *r)
{
    enum { TRIED_MAX = 16 };
    for (int tried = 0; tried < TRIED_MAX && r->by_use.count > SERVERS_MAX; tried++) {
        dns_server_record *oldest = DNS_LIST_ITEM(r->by_use.first, dns_server_record, by_use);
        if (oldest != r->last)
            forget_questions(r, oldest);
        if (oldest == r->last || oldest->cookies || oldest->claims) { /* somebody points to it */
            dns_list_to_end(&r->by_use, &oldest->by_use);
            continue;
        }
        dns_list_remove(&r->by_use, &oldest->by_use);
        dns_table_remove(&r->servers, dns_hash_endpoint(&oldest->endpoint), oldest);
        wmem_free(r->scope, oldest);
        r->generation++;
    }
}

void dns_record_stray(dns_records *r, const dns_endpoint *server, const dns_finding *finding, int64_t time)
{
    dns_endpoint endpoint = dns_server_identity(server);
    dns_server_record *s =
        (dns_server_record *)dns_table_find(&r->servers, dns_hash_endpoint(&endpoint), is_server, &endpoint);
    if (!s)
        return;
    s->stray = (dns_seen){finding->frame, time};
    if (dns_finding_cookie(finding))
        s->stray_cookie = s->stray;
}

dns_server_record *dns_records_server(dns_records *r, const dns_endpoint *server)
{
    dns_endpoint endpoint = dns_server_identity(server);
    if (r->last && is_server(r->last, &endpoint))
        return r->last;
    unsigned hash = dns_hash_endpoint(&endpoint);
    dns_server_record *found = (dns_server_record *)dns_table_find(&r->servers, hash, is_server, &endpoint);
    if (found) {
        dns_list_to_end(&r->by_use, &found->by_use);
        return r->last = found;
    }
    found = wmem_new0(r->scope, dns_server_record);
    found->endpoint = endpoint;
    dns_table_add(&r->servers, hash, found);
    dns_list_append(&r->by_use, &found->by_use);
    r->last = found; /* the newest is not forgotten */
    forget_oldest(r);
    return found;
}

/* ---- kinds ---- */

dns_query_kind dns_query_kind_of(const dns_message *m)
{
    if (m->problems || m->opt_count > 1 || m->opt_misplaced)
        return KIND_OTHER;
    if (!m->has_opt)
        return KIND_PLAIN;
    if (m->edns_version || m->cookie.count > 1)
        return KIND_OTHER;
    if (!m->cookie.count)
        return m->other_options ? KIND_OPTIONS : KIND_EDNS;
    if (m->cookie.length == COOKIE_CLIENT_LENGTH)
        return KIND_CLIENT_ONLY;
    bool legal = m->cookie.length >= COOKIE_CLIENT_LENGTH + COOKIE_SERVER_MIN &&
                 m->cookie.length <= COOKIE_CLIENT_LENGTH + COOKIE_SERVER_MAX;
    return legal ? KIND_SERVER_COOKIE : KIND_OTHER;
}

static dns_asked_sort sort_of(dns_query_kind kind)
{
    static const dns_asked_sort sorts[QUERY_KINDS] = {
        [KIND_PLAIN] = ASKED_PLAIN,          [KIND_EDNS] = ASKED_EDNS,
        [KIND_OPTIONS] = ASKED_EDNS,         [KIND_CLIENT_ONLY] = ASKED_COOKIE,
        [KIND_SERVER_COOKIE] = ASKED_COOKIE, [KIND_OTHER] = ASKED_SORTS,
    };
    return sorts[kind];
}

/* ---- questions: a table by hash, in which a newer question takes the place of the one not heard of for longest ---- */

/* Where this question stands, or else the place that it takes: a free one, or that of the question not heard of for longest
 * among the few where it may stand. */
static dns_question_record *place_of(const dns_server_record *s, uint32_t question_hash)
{
    if (s->heard_last && s->heard_last->question_hash == question_hash) /* a response behind its query */
        return s->heard_last;
    uint32_t home = (question_hash ^ question_hash >> 15) >> 1; /* the lowest bit is always set */
    dns_question_record *taken = NULL;
    for (uint32_t i = 0; i < QUESTION_PLACES; i++) {
        dns_question_record *q = &s->questions[(home + i) & (s->question_room - 1)];
        if (q->question_hash == question_hash || !q->question_hash)
            return q;
        if (!taken || q->heard < taken->heard)
            taken = q;
    }
    return taken;
}

dns_question_record *dns_record_question(const dns_server_record *s, uint32_t question_hash)
{
    dns_question_record *q = s->question_room && question_hash ? place_of(s, question_hash) : NULL;
    return q && q->question_hash == question_hash ? q : NULL;
}

static void grow(dns_records *r, dns_server_record *s)
{
    unsigned old_room = s->question_room;
    dns_question_record *old = s->questions;
    s->question_room = old_room ? 2 * old_room : QUESTIONS_MIN;
    s->questions = wmem_alloc0_array(r->scope, dns_question_record, s->question_room);
    s->question_losses = 0;
    s->heard_last = NULL;
    for (unsigned i = 0; i < old_room; i++) {
        if (!old[i].question_hash)
            continue;
        dns_question_record *to = place_of(s, old[i].question_hash);
        dns_waiting_query *lost = to->waiting;
        *to = old[i];
        wmem_free(r->scope, lost);
    }
    wmem_free(r->scope, old);
}

static dns_question_record *make_question(dns_records *r, dns_server_record *s, uint32_t question_hash)
{
    if (!s->question_room)
        grow(r, s);
    dns_question_record *q = place_of(s, question_hash);
    bool lost = q->question_hash && q->question_hash != question_hash;
    if (lost && 2 * ++s->question_losses > s->question_room && s->question_room < QUESTIONS_MAX) {
        grow(r, s);
        q = place_of(s, question_hash);
    }
    if (q->question_hash != question_hash) {
        /* The memory serves again. */
        *q = (dns_question_record){
            .question_hash = question_hash, .waiting = q->waiting, .waiting_room = q->waiting_room};
    }
    q->heard = ++s->questions_heard;
    s->heard_last = q;
    return q;
}

/* ---- reports ---- */

uint32_t dns_record_client(const dns_address *client)
{
    return (uint32_t)dns_hash_address(0, client);
}

/* Most questions are asked once or twice, and a resolver asks thousands of servers. */
static void make_room(dns_records *r, dns_question_record *q)
{
    if (q->waiting_count < q->waiting_room || q->waiting_room == WAITING_MAX)
        return;
    unsigned room = q->waiting_room ? MIN(2u * q->waiting_room, WAITING_MAX) : 1;
    q->waiting = (dns_waiting_query *)wmem_realloc(r->scope, q->waiting, room * sizeof *q->waiting);
    q->waiting_room = room & 0xf;
}

static void note_waiting(dns_records *r, dns_server_record *s, dns_query_kind kind, uint32_t question_hash,
                         dns_finding *finding, int64_t time, uint32_t client, bool again)
{
    dns_question_record *q = make_question(r, s, question_hash);
    make_room(r, q);
    q->waiting[q->waiting_count++ % WAITING_MAX] = (dns_waiting_query){
        finding, time, client, (uint8_t)kind, again, s->others_asked, s->others_answered, s->others_answer_frame};
}

void dns_record_query(dns_records *r, dns_server_record *s, dns_query_kind kind, const dns_message *m,
                      dns_finding *finding, int64_t time, const dns_address *client, bool again)
{
    if (dns_kind_has_cookie(kind) && m->question_hash)
        note_waiting(r, s, kind, m->question_hash, finding, time, dns_record_client(client), again);
    s->kinds[kind].asked += !again;
    s->others_asked += !again && kind <= KIND_OPTIONS;
    if (!s->kinds[kind].first_asked.frame)
        s->kinds[kind].first_asked = (dns_seen){finding->frame, time};
}

static void note_answer(dns_records *r, dns_server_record *s, dns_query_kind kind, const dns_message *m,
                        const dns_finding *f, const dns_address *client)
{
    dns_asked_sort sort = sort_of(kind);
    if (sort == ASKED_SORTS || !m->question_hash || !m->rcode_known || f->opcode != DNS_OPCODE_QUERY)
        return;
    dns_question_record *q = make_question(r, s, m->question_hash);
    q->answers[sort] = (dns_answer_seen){
        .frame = f->frame, .client = dns_record_client(client), .rcode = f->rcode, .empty = m->counts[1] == 0};
}

void dns_record_answer(dns_records *r, dns_server_record *s, dns_query_kind kind, const dns_message *m,
                       const dns_finding *f, int64_t time, const dns_address *client)
{
    dns_seen seen = {f->frame, time};
    dns_kind_record *k = &s->kinds[kind];
    if (m->has_opt)
        s->opt = seen;
    if (m->rcode_known && f->rcode == RCODE_BADCOOKIE)
        s->demands_cookie = seen;
    if (f->rcode == RCODE_REFUSED && m->has_cookie_ede)
        s->demands_cookie = seen;
    k->answered++;
    if (kind <= KIND_OPTIONS) {
        s->others_answered++;
        s->others_answer_frame = f->rcode == RCODE_FORMERR ? s->others_answer_frame : f->frame;
    }
    if (f->rcode == RCODE_FORMERR) {
        k->formerr = seen;
    } else {
        k->last_answer = seen;
    }
    note_answer(r, s, kind, m, f, client);
}

static int older_first(const void *a, const void *b)
{
    const dns_waiting_query *x = *(const dns_waiting_query *const *)a, *y = *(const dns_waiting_query *const *)b;
    return x->finding->frame < y->finding->frame ? -1 : x->finding->frame > y->finding->frame;
}

void dns_record_unanswered(const dns_server_record *s, dns_waiting_function take, void *data)
{
    dns_waiting_query *found[QUESTIONS_MAX * WAITING_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < s->question_room; i++)
        for (unsigned k = 0; k < dns_waiting_known(&s->questions[i]); k++) {
            dns_waiting_query *w = &s->questions[i].waiting[k];
            if (!w->finding->transaction->response_frame)
                found[count++] = w;
        }
    /* cppcheck-suppress uninitvar ; as many as are counted were filled */
    qsort(found, count, sizeof *found, older_first);
    for (unsigned i = 0; i < count; i++)
        take(found[i], data);
}
