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
    const cookie_formerr_client *client; /* likewise */
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

/* The last answer of another code to a query of the same kind, whoever asked. Who takes a server cookie takes a client cookie
 * alone, too. */
static uint32_t last_taken(const dns_server_record *server, uint8_t kind)
{
    uint32_t server_cookie = server->kinds[KIND_SERVER_COOKIE].last_answer.frame;
    return kind == KIND_SERVER_COOKIE ? server_cookie
                                      : MAX(server_cookie, server->kinds[KIND_CLIENT_ONLY].last_answer.frame);
}

/* An answer to the same question with EDNS and no COOKIE. The record may have forgotten the question. */
static uint32_t same_without_cookie(const formerr_view *v)
{
    return worked(v, ASKED_EDNS) ? frame_of(v, ASKED_EDNS) : v->one->edns;
}

/* With COOKIE this client gets nothing but FORMERR, without it answers; others get answers with COOKIE. */
static bool on_its_path(const formerr_view *v, dns_ruling *r)
{
    enum { RUN_MIN = 2, RUN_SURE = 3 };
    const cookie_formerr_client *c = v->client;
    bool edns = v->one->edns != 0, plain = v->one->plain && !kind(v, KIND_EDNS)->formerr.frame;
    if (!c || c->answered || c->run < RUN_MIN || !c->taken_meanwhile || !(edns || plain))
        return false;
    r->cause = CAUSE_FORMERR_ON_COOKIE_ONE_CLIENT;
    r->confidence = edns && c->run >= RUN_SURE ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    r->open = true;
    dns_ruling_frame(r, EVIDENCE_WORKED_PLAIN, edns ? v->one->edns : v->one->plain);
    dns_ruling_frame(r, EVIDENCE_OTHER_CLIENT_ANSWERED, c->taken_meanwhile);
    if (!edns)
        dns_ruling_evidence(r, EVIDENCE_CLIENT_EDNS_NOT_ASKED, (dns_facts){0});
    return true;
}

/* FORMERR without OPT and answers take turns, also to one question: somebody there has no EDNS, and somebody has. */
static bool some_nodes(const formerr_view *v, dns_ruling *r)
{
    enum { RUNS_MIN = 2 };
    const cookie_formerr_client *c = v->client;
    uint32_t question = MAX(v->one->cookie, MAX(v->one->edns, v->one->plain));
    if (!c || c->runs < RUNS_MIN || !c->taken || !question || v->one->opt)
        return false;
    r->cause = CAUSE_NO_EDNS_ON_SOME_NODES;
    r->confidence = CONFIDENCE_INFERRED;
    r->open = true;
    dns_ruling_frame(r, EVIDENCE_FORMERR_WITHOUT_OPT, v->one->response);
    dns_ruling_frame(r, EVIDENCE_LIKE_IT_ANSWERED, c->taken);
    dns_ruling_frame(r, EVIDENCE_QUESTION_ANSWERED, question);
    return true;
}

/* It was taken until a certain moment, and by nobody since. */
static bool was_taken_once(const formerr_view *v)
{
    enum { RUN_MIN = 3 };
    const cookie_formerr_client *c = v->client;
    return c && c->run >= RUN_MIN && last_taken(v->server, v->one->kind) < c->first && v->one->response >= c->first &&
           same_without_cookie(v);
}

/* Queries of the same kind are answered: the COOKIE as such is taken. */
static bool cookie_is_taken(const formerr_view *v, dns_ruling *r)
{
    (void)r;
    return last_taken(v->server, v->one->kind) && !was_taken_once(v);
}

static bool the_cookie(const formerr_view *v, dns_ruling *r)
{
    uint32_t same = same_without_cookie(v);
    uint32_t any = MAX(kind(v, KIND_EDNS)->last_answer.frame, kind(v, KIND_OPTIONS)->last_answer.frame);
    if (!same && !any)
        return false;
    r->cause = CAUSE_FORMERR_ON_COOKIE;
    r->confidence = same ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    r->open = !same;
    dns_ruling_frame(r, same ? EVIDENCE_WORKED_PLAIN : EVIDENCE_EDNS_ANSWERED, same ? same : any);
    dns_ruling_frame(r, EVIDENCE_COOKIE_TAKEN_UNTIL, last_taken(v->server, v->one->kind));
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
    the_question, any_option, any_edns, on_its_path, some_nodes, cookie_is_taken, the_cookie, by_the_mark,
};

static cookie_formerr_client *find_client(cookie_claims *c, uint32_t client, uint8_t kind)
{
    for (unsigned i = 0; c && i < c->formerr_client_count; i++)
        if (c->formerr_clients[i].client == client && c->formerr_clients[i].kind == kind)
            return &c->formerr_clients[i];
    return NULL;
}

void cookie_judge_formerr(cookie_formerr_case *one, const dns_server_record *server)
{
    formerr_view v = {one, server, dns_record_question(server, one->question_hash),
                      find_client(server->claims, one->client, one->kind)};
    dns_ruling ruling = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i](&v, &ruling))
            break;
    dns_claim_rule(&one->claim, &ruling);
}

/* ---- making the claim ---- */

static cookie_formerr_case *find_case(cookie_claims *c, const cookie_response *r)
{
    uint32_t client = dns_record_client(&r->query->client.address);
    const dns_question_record *q = dns_record_question(r->server, r->query->question_hash);
    for (unsigned i = 0; i < c->formerr_count; i++)
        if (c->formerr[i].question_hash == r->query->question_hash && c->formerr[i].client == client &&
            c->formerr[i].kind == r->query->kind)
            return &c->formerr[i];
    if (c->formerr_count == FORMERR_CASES_MAX)
        return NULL;
    cookie_formerr_case *one = &c->formerr[c->formerr_count++];
    one->question_hash = r->query->question_hash;
    one->client = client;
    one->kind = r->query->kind;
    one->options = r->query->options;
    one->opt = r->message->has_opt;
    one->response = r->finding->frame;
    for (const dns_answer_seen *a = q ? q->answers : NULL; a && a < q->answers + ASKED_COOKIE; a++)
        if (a->frame && a->client == client && a->rcode != RCODE_FORMERR)
            *(a == &q->answers[ASKED_PLAIN] ? &one->plain : &one->edns) = a->frame;
    return one;
}

/* Before the first FORMERR, what a client was answered stands with its pair. */
static cookie_formerr_client *make_client(cookie_claims *c, const cookie_response *r, uint32_t client)
{
    if (c->formerr_client_count == FORMERR_CLIENTS_MAX)
        return NULL;
    cookie_formerr_client *one = &c->formerr_clients[c->formerr_client_count++];
    const cookie_pair *pair = r->exchange ? r->exchange->pair : NULL;
    *one = (cookie_formerr_client){
        .client = client, .kind = r->query->kind, .answered = pair && (pair->answered || pair->cookie_frame)};
    return one;
}

static void note_formerr(cookie_claims *c, const cookie_response *r)
{
    uint32_t client = dns_record_client(&r->query->client.address);
    cookie_formerr_client *one = find_client(c, client, r->query->kind);
    if (!one)
        one = make_client(c, r, client);
    if (!one)
        return;
    uint32_t taken = last_taken(r->server, r->query->kind);
    one->runs += !one->run;
    if (!one->run++)
        one->first = r->finding->frame;
    else if (taken > one->first)
        one->taken_meanwhile = taken;
}

static void note_answered(cookie_claims *c, const cookie_response *r)
{
    uint32_t client = dns_record_client(&r->query->client.address);
    for (unsigned i = 0; i < c->formerr_client_count; i++) {
        cookie_formerr_client *one = &c->formerr_clients[i];
        if (one->client != client)
            continue;
        one->answered = true;
        if (one->kind != r->query->kind)
            continue;
        one->run = 0;
        one->taken = r->finding->frame;
    }
    for (unsigned i = 0; i < c->formerr_count; i++)
        if (c->formerr[i].client == client && c->formerr[i].question_hash == r->query->question_hash)
            c->formerr[i].cookie = r->finding->frame;
}

static void note_control(cookie_claims *c, const cookie_response *r)
{
    if (r->query->kind > KIND_OPTIONS)
        return;
    uint32_t client = dns_record_client(&r->query->client.address);
    for (unsigned i = 0; i < c->formerr_count; i++) {
        cookie_formerr_case *one = &c->formerr[i];
        if (one->question_hash == r->query->question_hash && one->client == client)
            *(r->query->kind == KIND_PLAIN ? &one->plain : &one->edns) = r->finding->frame;
    }
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
    bool formerr = concerns_cookie(r);
    cookie_claims *c = cookie_claims_of(r->engine, r->server, formerr);
    if (c && formerr)
        note_formerr(c, r);
    else if (c && r->finding->rcode != RCODE_FORMERR && dns_transport_is_datagram(r->packet->transport))
        (dns_kind_has_cookie((dns_query_kind)r->query->kind) ? note_answered : note_control)(c, r);
    cookie_formerr_case *one = c && formerr ? find_case(c, r) : NULL;
    if (!one)
        return;
    dns_facts facts = {.frame = cookie_query_frame(r), .n = r->asked->length, .address = r->query->server};
    dns_claim_evidence own = {EVIDENCE_FORMERR, facts};
    dns_diagnosis *d = dns_claim_join(&one->claim, r->finding, facts, &own, 1);
    d->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
}
