/* formerr.c
 * A FORMERR to a query with a well-formed COOKIE: is COOKIE to blame, or EDNS, or any option, or the question?
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rows of the table below are tried in turn; the first that holds is the ruling. RFC 6891 section 7: a server without
 * EDNS answers FORMERR without an OPT record; section 6.1.2: unknown options are ignored.
 */
#include "claims.h"

/* What the rows ask. */
typedef struct {
    const cookie_formerr_case *one;
    const dns_server_record *server;
    const dns_question_record *question; /* NULL: nothing is known of it */
} formerr_view;

static uint16_t rcode_of(const formerr_view *v, dns_asked_sort sort)
{
    const dns_answer_seen *a = v->question ? &v->question->answers[sort] : NULL;
    return a && a->frame ? a->rcode : UINT16_MAX;
}

static uint32_t frame_of(const formerr_view *v, dns_asked_sort sort)
{
    return v->question ? v->question->answers[sort].frame : 0;
}

static bool worked(const formerr_view *v, dns_asked_sort sort)
{
    uint16_t rcode = rcode_of(v, sort);
    return rcode != UINT16_MAX && rcode != RCODE_FORMERR;
}

static const dns_kind_record *kind(const formerr_view *v, dns_query_kind k)
{
    return &v->server->kinds[k];
}

/* The server answered with an OPT record: it knows EDNS. */
static bool knows_edns(const formerr_view *v)
{
    return v->one->opt || v->server->opt.frame;
}

/* ---- the rows: true when they hold; what they leave in the ruling is it ---- */

static bool the_question(const formerr_view *v, dns_ruling *r)
{
    (void)r;
    if (rcode_of(v, ASKED_PLAIN) == RCODE_FORMERR)
        return true;
    return rcode_of(v, ASKED_EDNS) == RCODE_FORMERR && knows_edns(v) && !kind(v, KIND_OPTIONS)->formerr.frame;
}

static bool any_option(const formerr_view *v, dns_ruling *r)
{
    const dns_kind_record *options = kind(v, KIND_OPTIONS), *bare = kind(v, KIND_EDNS);
    if (!options->formerr.frame || options->last_answer.frame || !(bare->last_answer.frame || knows_edns(v)))
        return false;
    r->cause = CAUSE_EDNS_OPTIONS_REFUSED;
    r->confidence = bare->last_answer.frame ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    dns_ruling_frame(r, EVIDENCE_OPTIONS_FORMERR, options->formerr.frame);
    dns_ruling_frame(r, EVIDENCE_EDNS_ANSWERED, bare->last_answer.frame);
    return true;
}

static bool any_edns(const formerr_view *v, dns_ruling *r)
{
    const dns_kind_record *bare = kind(v, KIND_EDNS), *options = kind(v, KIND_OPTIONS);
    uint32_t other = MAX(bare->formerr.frame, options->formerr.frame);
    if (!other || bare->last_answer.frame || options->last_answer.frame || knows_edns(v))
        return false;
    r->cause = CAUSE_NO_EDNS;
    r->confidence = CONFIDENCE_OBSERVED;
    dns_ruling_frame(r, EVIDENCE_EDNS_FORMERR, other);
    dns_ruling_frame(r, EVIDENCE_PLAIN_WORKED, kind(v, KIND_PLAIN)->last_answer.frame);
    return true;
}

/* Queries of the same kind are answered: the COOKIE as such is taken. */
static bool cookie_is_taken(const formerr_view *v, dns_ruling *r)
{
    (void)r;
    return kind(v, (dns_query_kind)v->one->kind)->last_answer.frame != 0;
}

static bool the_cookie(const formerr_view *v, dns_ruling *r)
{
    uint32_t same = worked(v, ASKED_EDNS) ? frame_of(v, ASKED_EDNS) : 0;
    uint32_t any = MAX(kind(v, KIND_EDNS)->last_answer.frame, kind(v, KIND_OPTIONS)->last_answer.frame);
    if (!same && !any)
        return false;
    r->cause = CAUSE_FORMERR_ON_COOKIE;
    r->confidence = same ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    r->open = !same;
    dns_ruling_frame(r, same ? EVIDENCE_WORKED_PLAIN : EVIDENCE_EDNS_ANSWERED, same ? same : any);
    return true;
}

/* Nothing that is like it, but for the COOKIE, is known: the OPT record decides what is likelier. */
static bool by_the_mark(const formerr_view *v, dns_ruling *r)
{
    r->open = true;
    r->confidence = CONFIDENCE_INFERRED;
    r->cause = knows_edns(v) ? CAUSE_FORMERR_ON_COOKIE : CAUSE_NO_EDNS;
    if (!knows_edns(v))
        dns_ruling_frame(r, EVIDENCE_FORMERR_WITHOUT_OPT, v->one->response);
    dns_ruling_frame(r, EVIDENCE_PLAIN_WORKED, kind(v, KIND_PLAIN)->last_answer.frame);
    return true;
}

static bool (*const rows[])(const formerr_view *v, dns_ruling *r) = {
    the_question, any_option, any_edns, cookie_is_taken, the_cookie, by_the_mark,
};

void cookie_judge_formerr(cookie_formerr_case *one, const dns_server_record *server)
{
    formerr_view v = {one, server, dns_record_question(server, one->question_hash)};
    dns_ruling ruling = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i](&v, &ruling))
            break;
    dns_claim_rule(&one->claim, &ruling);
}

/* ---- making the claim ---- */

static cookie_formerr_case *find_case(cookie_claims *c, const cookie_response *r)
{
    for (unsigned i = 0; i < c->formerr_count; i++)
        if (c->formerr[i].question_hash == r->query->question_hash && c->formerr[i].kind == r->query->kind)
            return &c->formerr[i];
    if (c->formerr_count == FORMERR_CASES_MAX)
        return NULL;
    cookie_formerr_case *one = &c->formerr[c->formerr_count++];
    one->question_hash = r->query->question_hash;
    one->kind = r->query->kind;
    one->options = r->query->options;
    one->opt = r->message->has_opt;
    one->response = r->finding->frame;
    return one;
}

/* What FORMERR cannot be about: a query that the reader could not read, one without a question (RFC 7873 section 5.4), one
 * whose server cookie the server understood, since it brings one itself. */
static bool concerns_cookie(const cookie_response *r)
{
    if (r->finding->rcode != RCODE_FORMERR || !dns_kind_has_cookie((dns_query_kind)r->query->kind))
        return false;
    if (!r->query->question_hash || !dns_transport_is_datagram(r->packet->transport))
        return false;
    return !(r->answered && !r->mismatch && dns_cookie_server_length(r->answered));
}

void cookie_claim_formerr(cookie_response *r)
{
    cookie_claims *c = concerns_cookie(r) ? cookie_claims_of(r->engine, r->server, true) : NULL;
    cookie_formerr_case *one = c ? find_case(c, r) : NULL;
    if (!one)
        return;
    dns_facts facts = {.frame = cookie_query_frame(r), .n = r->asked->length, .address = r->query->server};
    dns_claim_evidence own = {EVIDENCE_FORMERR, facts};
    dns_diagnosis *d = dns_claim_join(&one->claim, r->finding, facts, &own, 1);
    d->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
}
