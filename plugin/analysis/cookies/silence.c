/* silence.c
 * Queries with COOKIE that stay unanswered: because of COOKIE, of EDNS, of any option, or of an outage?
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Silent are the unanswered queries of a kind (client cookie only, or with a server cookie) that were sent after the last
 * answer to that kind: an answer takes all earlier ones back. What makes silence a claim is a control: the same question
 * without COOKIE, or over TCP, that was answered later. What speaks against it: queries without COOKIE that stayed
 * unanswered meanwhile (an outage), or too little to tell it from lost packets.
 */
#include "claims.h"

enum { SILENT_MIN = 2 };

/* The silent queries of a server. */
typedef struct {
    cookie_silence *silence;
    const dns_server_record *server;
    const dns_waiting_query *first, *last;
    unsigned tries; /* without the copies of a packet */
    unsigned kinds; /* of them, as bits */
} silent_view;

static uint32_t last_answer_to(const silent_view *v, uint8_t kind)
{
    if (kind == KIND_SERVER_COOKIE) /* a cookie issued since is no proof that old ones are taken */
        return v->silence->old_cookie_answered;
    return v->server->kinds[kind].last_answer.frame;
}

static bool is_silent(const silent_view *v, const dns_waiting_query *w)
{
    if (cookie_is_one_clients(v->server->claims, w)) /* see one_client.c */
        return false;
    return !w->finding->transaction->response_frame && w->finding->frame > last_answer_to(v, w->kind);
}

/* The capture lacks queries of this time: it may lack answers as well. */
static bool has_strays(const silent_view *v, const dns_seen *stray)
{
    return stray->frame > v->first->finding->frame;
}

static void add(dns_waiting_query *w, void *data)
{
    const silent_view *v = (const silent_view *)data;
    cookie_silence *s = v->silence;
    bool known = s->count && w->finding->frame <= s->queries[s->count - 1].finding->frame;
    if (!known && s->count < SILENT_MAX && is_silent(v, w))
        s->queries[s->count++] = *w;
}

/* What was silent before may have been answered since, and more may have fallen silent. The record forgets questions, the
 * claim does not. */
static void gather(cookie_engine *engine, silent_view *v)
{
    cookie_silence *s = v->silence;
    unsigned kept = 0;
    if (!s->queries)
        s->queries = wmem_alloc_array(engine->scope, dns_waiting_query, SILENT_MAX);
    for (unsigned i = 0; i < s->count; i++)
        if (is_silent(v, &s->queries[i]))
            s->queries[kept++] = s->queries[i];
    s->count = kept;
    dns_record_unanswered(v->server, add, v);
    for (unsigned i = 0; i < s->count; i++) {
        const dns_waiting_query *w = &s->queries[i];
        bool copy = w->again && i && w->time - s->queries[i - 1].time < DNS_TIMEOUT_MIN;
        v->tries += !copy;
        v->kinds |= 1U << w->kind;
    }
    v->first = s->count ? &s->queries[0] : NULL;
    v->last = s->count ? &s->queries[s->count - 1] : NULL;
}

/* Queries without COOKIE that were sent since the first silent one, and not answered. */
static bool outage(const silent_view *v)
{
    uint32_t asked = v->server->others_asked - v->first->others_asked;
    uint32_t answered = v->server->others_answered - v->first->others_answered;
    return asked > answered;
}

/* Between two silent queries, one without COOKIE was answered: the server was there all the time. */
static bool interleaved(const silent_view *v)
{
    return v->last->others_answer_frame > v->first->finding->frame;
}

static const dns_kind_record *kind(const silent_view *v, dns_query_kind k)
{
    return &v->server->kinds[k];
}

static bool never_answered(const silent_view *v, dns_query_kind k)
{
    return kind(v, k)->asked && !kind(v, k)->answered;
}

static bool client_only_meanwhile(const silent_view *v)
{
    return kind(v, KIND_CLIENT_ONLY)->last_answer.frame > v->first->finding->frame;
}

/* ---- the rows ---- */

static bool any_edns(const silent_view *v, dns_ruling *r)
{
    bool never = never_answered(v, KIND_EDNS) || never_answered(v, KIND_OPTIONS);
    bool answered = kind(v, KIND_EDNS)->answered || kind(v, KIND_OPTIONS)->answered;
    if (!never || answered || !kind(v, KIND_PLAIN)->answered || v->server->opt.frame)
        return false;
    bool often = kind(v, KIND_EDNS)->asked + kind(v, KIND_OPTIONS)->asked >= SILENT_MIN;
    uint32_t other =
        kind(v, KIND_EDNS)->asked ? kind(v, KIND_EDNS)->first_asked.frame : kind(v, KIND_OPTIONS)->first_asked.frame;
    r->cause = CAUSE_NO_EDNS;
    r->confidence = often ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    r->open = !often;
    dns_ruling_frame(r, EVIDENCE_EDNS_UNANSWERED, other);
    dns_ruling_frame(r, EVIDENCE_PLAIN_WORKED, kind(v, KIND_PLAIN)->last_answer.frame);
    return true;
}

static bool any_option(const silent_view *v, dns_ruling *r)
{
    if (!never_answered(v, KIND_OPTIONS) || !kind(v, KIND_EDNS)->answered)
        return false;
    r->cause = CAUSE_EDNS_OPTIONS_REFUSED;
    r->confidence = CONFIDENCE_INFERRED;
    r->open = true;
    dns_ruling_frame(r, EVIDENCE_OPTIONS_UNANSWERED, kind(v, KIND_OPTIONS)->first_asked.frame);
    dns_ruling_frame(r, EVIDENCE_EDNS_ANSWERED, kind(v, KIND_EDNS)->last_answer.frame);
    return true;
}

static bool an_outage(const silent_view *v, dns_ruling *r)
{
    (void)r;
    if (outage(v) || has_strays(v, &v->server->stray_cookie)) /* one that was asked with COOKIE was answered */
        return true;
    /* Over TCP only: perhaps UDP fails as a whole. */
    return v->silence->over_tcp && !v->silence->control_edns && !v->server->others_answered;
}

/* The kind was answered before: then only something that shows that the server was there tells silence from an outage. */
static bool perhaps_lost(const silent_view *v, dns_ruling *r)
{
    (void)r;
    bool before = false;
    for (int k = KIND_CLIENT_ONLY; k <= KIND_SERVER_COOKIE; k++)
        before |= (v->kinds & 1U << k) && kind(v, (dns_query_kind)k)->answered;
    if (!before || interleaved(v))
        return false;
    bool only_server_cookies = v->kinds == 1U << KIND_SERVER_COOKIE;
    return !(only_server_cookies && client_only_meanwhile(v));
}

static bool the_cookie(const silent_view *v, dns_ruling *r)
{
    bool like = v->silence->control_edns != 0;
    r->cause = CAUSE_SILENCE_ON_COOKIE;
    bool sure = like && interleaved(v) && !has_strays(v, &v->server->stray);
    r->confidence = sure ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    r->open = r->confidence == CONFIDENCE_INFERRED;
    dns_ruling_frame(r, v->silence->over_tcp ? EVIDENCE_ANSWERED_TCP : EVIDENCE_ANSWERED_PLAIN, v->silence->control);
    if (v->kinds == 1U << KIND_SERVER_COOKIE && client_only_meanwhile(v))
        dns_ruling_frame(r, EVIDENCE_CLIENT_ONLY_ANSWERED, kind(v, KIND_CLIENT_ONLY)->last_answer.frame);
    if (!kind(v, KIND_EDNS)->asked && !kind(v, KIND_OPTIONS)->asked && !v->server->opt.frame)
        dns_ruling_evidence(r, EVIDENCE_EDNS_NOT_ASKED, (dns_facts){0});
    return true;
}

static bool (*const rows[])(const silent_view *v, dns_ruling *r) = {
    any_edns, any_option, an_outage, perhaps_lost, the_cookie,
};

static bool is_member(const cookie_silence *s, const dns_finding *finding)
{
    for (unsigned i = 0; i < s->claim.count; i++)
        if (s->claim.members[i].finding == finding)
            return true;
    return false;
}

static bool still_silent(const cookie_silence *s, const dns_finding *finding)
{
    for (unsigned i = 0; i < s->count; i++)
        if (s->queries[i].finding == finding)
            return true;
    return false;
}

/* Members are what is silent now, and the control while it stands. */
static void renew_members(cookie_silence *s, const silent_view *v)
{
    for (unsigned i = s->claim.count; i-- > 0;)
        if (!s->claim.members[i].finding->response && !still_silent(s, s->claim.members[i].finding))
            dns_claim_leave(&s->claim, s->claim.members[i].finding);
    for (unsigned i = 0; i < s->count; i++) {
        dns_finding *f = s->queries[i].finding;
        dns_facts facts = {.frame = f->frame, .other = s->control, .n = v->tries, .address = v->server->endpoint};
        dns_claim_evidence own = {EVIDENCE_UNANSWERED, {.frame = f->frame}};
        if (!is_member(s, f))
            dns_claim_join(&s->claim, f, facts, &own, 1);
    }
}

void cookie_judge_silence(cookie_engine *engine, cookie_silence *s, const dns_server_record *server)
{
    silent_view v = {.silence = s, .server = server};
    gather(engine, &v);
    dns_ruling ruling = {0};
    bool enough = v.tries >= SILENT_MIN;
    for (size_t i = 0; enough && i < sizeof rows / sizeof *rows; i++)
        if (rows[i](&v, &ruling))
            break;
    if (ruling.cause)
        ruling.other = s->control;
    if (ruling.cause || s->claim.count)
        renew_members(s, &v);
    dns_claim_rule(&s->claim, &ruling);
}

/* ---- making the claim ---- */

static bool waits(const dns_question_record *q)
{
    for (unsigned k = 0; q && k < dns_waiting_known(q); k++)
        if (!q->waiting[k].finding->transaction->response_frame)
            return true;
    return false;
}

static void note_old_cookie(cookie_response *r, cookie_silence *s)
{
    bool datagram = dns_transport_is_datagram(r->packet->transport);
    if (!datagram || r->query->kind != KIND_SERVER_COOKIE || r->finding->rcode == RCODE_FORMERR)
        return;
    /* One that was issued after others had fallen silent says nothing of them. */
    uint32_t learned = r->asked->learned_in;
    bool issued_since = s->count && learned > s->queries[0].finding->frame;
    if (!issued_since)
        s->old_cookie_answered = r->finding->frame;
}

void cookie_claim_silence(cookie_response *r)
{
    bool datagram = dns_transport_is_datagram(r->packet->transport);
    bool control = !datagram || !dns_kind_has_cookie((dns_query_kind)r->query->kind);
    control &= !(r->message->flags & DNS_FLAG_TC); /* it is not what was asked for */
    bool trouble = control && r->query->kind != KIND_OTHER && r->finding->rcode != RCODE_FORMERR &&
                   waits(dns_record_question(r->server, r->query->question_hash));
    cookie_claims *c = cookie_claims_of(r->engine, r->server, trouble);
    if (!c)
        return;
    cookie_silence *s = &c->silence;
    if (r->asked)
        note_old_cookie(r, s);
    if (!trouble)
        return;
    if (!s->active) /* what was answered before the first control was seen */
        s->old_cookie_answered = r->server->kinds[KIND_SERVER_COOKIE].last_answer.frame;
    s->active = true;
    s->control = r->finding->frame;
    s->over_tcp = !datagram;
    if (datagram && r->query->kind != KIND_PLAIN)
        s->control_edns = r->finding->frame;
    cookie_judge_silence(r->engine, s, r->server);
    if (!s->claim.ruling.cause || is_member(s, r->finding))
        return;
    /* Tools that read a capture once have passed the silent queries: this is where they can learn of it. */
    dns_facts facts = {.frame = s->claim.members[0].finding->frame,
                       .other = r->finding->frame,
                       .n = s->claim.count,
                       .address = r->server->endpoint};
    dns_claim_join(&s->claim, r->finding, facts, NULL, 0)->first_pass_only = true;
}
