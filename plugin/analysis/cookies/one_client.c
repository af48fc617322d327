/* one_client.c
 * Queries with COOKIE that stay unanswered for one client alone: dropped on its way to the server, not by the server.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A client is watched once a question of it is answered without COOKIE that it asked with COOKIE before, in vain. From then
 * on both sides of the comparison are counted: what the client asks with COOKIE (of one kind: client cookie only, or with a
 * server cookie) and without, and what others ask with COOKIE. The claim stands while all of this holds:
 *
 *     the client's queries with COOKIE, TRIES_MIN at least, have no answer; LATE_MIN were sent after the first answer to
 *         one without COOKIE: no outage
 *     its queries without COOKIE are answered, those with EDNS among them if there are any: nor does it lose packets
 *     others ask in the same way and are answered, before and after the client's last try: it is not the server
 *
 * One answer to the client withdraws the claim, as it does that of silence.c. So do others who get no answers either: a
 * server that leaves out some answers on purpose (rate limits, Knot's badcookie-slip) drops those of everybody.
 */
#include "claims.h"

enum { TRIES_MIN = 3, LATE_MIN = 2, TAKEN_SURE = 2 };

/* As many as may be lost by accident. */
static bool mostly_answered(unsigned asked, unsigned answered)
{
    return answered && asked <= answered + answered / 8;
}

static bool others_are_answered(const cookie_lone_client *one, const dns_server_record *server)
{
    /* A server that demands cookies may drop some queries without a server cookie: one answer proves little. */
    bool enough = one->taken >= TAKEN_SURE || (one->taken && !server->demands_cookie.frame);
    return enough && one->taken_meanwhile && mostly_answered(one->others_asked, one->others_answered);
}

/* A response of the server, to a query with COOKIE, whose query was not captured: so may be the answers to this client's. */
static bool has_strays(const cookie_lone_client *one, const dns_server_record *server)
{
    return one->claim.count && server->stray_cookie.frame > one->claim.members[0].finding->frame;
}

static void judge(cookie_lone_client *one, const dns_server_record *server)
{
    dns_ruling r = {0};
    bool edns_works = !one->edns_asked || one->edns_answered;
    bool holds = one->tries >= TRIES_MIN && one->late >= LATE_MIN && mostly_answered(one->asked, one->answered) &&
                 edns_works && others_are_answered(one, server) && !has_strays(one, server);
    if (holds) {
        bool sure = one->taken >= TAKEN_SURE && one->edns_answered && !server->demands_cookie.frame;
        r.cause = CAUSE_SILENCE_ON_COOKIE_ONE_CLIENT;
        r.confidence = sure ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
        r.open = !sure;
        r.other = one->control;
        dns_ruling_frame(&r, EVIDENCE_ANSWERED_PLAIN, one->control);
        dns_ruling_frame(&r, EVIDENCE_OTHER_CLIENT_ANSWERED, one->taken_frame);
        if (!one->edns_answered)
            dns_ruling_evidence(&r, EVIDENCE_CLIENT_EDNS_NOT_ASKED, (dns_facts){0});
    }
    dns_claim_rule(&one->claim, &r);
}

static bool is_watched(const cookie_claims *c, const dns_address *client, uint8_t kind)
{
    for (unsigned i = 0; c->lone && i < LONE_CLIENTS_MAX; i++)
        if (c->lone[i].active && c->lone[i].kind == kind && dns_address_equal(&c->lone[i].client, client))
            return true;
    return false;
}

/* ---- queries ---- */

static void add_silent(cookie_lone_client *one, const dns_server_record *server, dns_finding *f)
{
    one->tries++;
    if (one->claim.count >= SILENT_MAX)
        return;
    dns_facts facts = {.frame = f->frame, .other = one->control, .address = server->endpoint};
    dns_claim_evidence own = {EVIDENCE_UNANSWERED, {.frame = f->frame}};
    dns_claim_join(&one->claim, f, facts, &own, 1);
}

static void add_pending(cookie_lone_client *one, const dns_server_record *server)
{
    if (one->pending)
        add_silent(one, server, one->pending);
    one->pending = NULL;
}

static void own_query(cookie_lone_client *one, const dns_server_record *server, const dns_query *q, bool again)
{
    if (q->kind == one->kind) {
        add_pending(one, server);
        one->pending = q->finding;
        one->late++;
        one->taken_meanwhile = one->taken > 0;
    } else if (q->kind <= KIND_OPTIONS && !again) {
        one->asked++;
        one->edns_asked += q->kind != KIND_PLAIN;
    }
}

static void others_query(cookie_lone_client *one, const dns_server_record *server, bool again)
{
    one->others_asked += !again;
    if (again || one->others_asked > one->others_answered + 1) /* else an answer may be on its way */
        judge(one, server);
}

void cookie_one_client_query(const dns_server_record *server, const dns_query *q, bool again)
{
    const cookie_claims *c = server->claims;
    bool watched = is_watched(c, &q->client.address, q->kind);
    for (unsigned i = 0; c->lone && i < LONE_CLIENTS_MAX; i++) {
        cookie_lone_client *one = &c->lone[i];
        if (!one->active)
            continue;
        if (dns_address_equal(&one->client, &q->client.address))
            own_query(one, server, q, again);
        else if (q->kind == one->kind && !watched && !q->inner)
            others_query(one, server, again);
    }
}

/* ---- responses ---- */

static void stop_watching(cookie_claims *c, cookie_lone_client *one)
{
    dns_claim_rule(&one->claim, &(dns_ruling){0});
    one->claim.count = 0;
    one->active = false;
    for (unsigned i = 0; i < LONE_CLIENTS_MAX; i++) /* it is one of the others again, and so is what it asked in vain */
        if (c->lone[i].active && c->lone[i].kind == one->kind)
            c->lone[i].others_asked += one->tries;
}

/* An answer to a query with a server cookie shows that COOKIE gets through; one to a client cookie alone does not show that
 * of longer queries. */
static bool refutes(const cookie_lone_client *one, const dns_query *q)
{
    return one->active && (one->kind == q->kind || one->kind == KIND_CLIENT_ONLY) &&
           dns_address_equal(&one->client, &q->client.address);
}

void cookie_one_client_heard(cookie_response *r)
{
    if (!r->exchange || !dns_transport_is_datagram(r->packet->transport) ||
        !dns_kind_has_cookie((dns_query_kind)r->query->kind))
        return;
    r->exchange->pair->heard[r->query->kind == KIND_SERVER_COOKIE] = r->finding->frame;
    cookie_claims *c = r->server->claims;
    for (unsigned i = 0; c && c->lone && i < LONE_CLIENTS_MAX; i++)
        if (refutes(&c->lone[i], r->query))
            stop_watching(c, &c->lone[i]);
}

static bool is_control(const cookie_response *r)
{
    return r->query->kind <= KIND_OPTIONS && r->finding->rcode != RCODE_FORMERR && !(r->message->flags & DNS_FLAG_TC);
}

static void others_answer(cookie_lone_client *one, const cookie_response *r)
{
    one->others_answered++;
    /* A server that was replaced takes its own cookies and drops those of its predecessor: only a cookie that is as old as
     * what this client got last shows that it takes those. */
    bool like =
        one->kind == KIND_CLIENT_ONLY || (r->asked && r->asked->learned_in && r->asked->learned_in <= one->heard);
    if (like && !one->taken++)
        one->taken_frame = r->finding->frame;
}

static void weigh_answer(cookie_lone_client *one, const cookie_response *r)
{
    if (!dns_address_equal(&one->client, &r->query->client.address)) {
        if (r->query->kind == one->kind)
            others_answer(one, r);
    } else if (is_control(r)) {
        one->answered++;
        one->edns_answered += r->query->kind != KIND_PLAIN;
    }
    add_pending(one, r->server);
    judge(one, r->server);
}

/* Tools that read a capture once have passed the queries: the client's next answer is where they can learn of it. */
static void tell(cookie_lone_client *one, const cookie_response *r)
{
    bool own = dns_address_equal(&one->client, &r->query->client.address);
    if (one->told || !one->claim.ruling.cause || !own)
        return;
    one->told = true;
    dns_facts facts = {
        .frame = one->claim.members[0].finding->frame, .other = one->control, .address = r->query->server};
    dns_claim_join(&one->claim, r->finding, facts, NULL, 0)->first_pass_only = true;
}

/* ---- who is watched ---- */

typedef struct {
    cookie_lone_client *one;
    const dns_server_record *server;
    uint32_t client;
    int64_t before;
} gathering;

/* Without what may have been lost together with queries without COOKIE. */
static void gather(dns_waiting_query *w, void *data)
{
    const gathering *g = (const gathering *)data;
    const dns_server_record *s = g->server;
    bool outage = s->others_asked - w->others_asked > s->others_answered - w->others_answered;
    if (w->client == g->client && w->kind == g->one->kind && w->finding->frame > g->one->heard &&
        w->time <= g->before && !outage)
        add_silent(g->one, s, w->finding);
}

/* What others got before the watch began. */
static void note_taken_before(cookie_lone_client *one, const dns_server_record *server)
{
    uint32_t last = server->kinds[one->kind].last_answer.frame;
    if (one->kind != KIND_CLIENT_ONLY || !one->claim.count || last <= one->claim.members[0].finding->frame)
        return;
    one->taken = one->others_asked = one->others_answered = 1;
    one->taken_frame = last;
}

static cookie_lone_client *free_place(cookie_engine *engine, cookie_claims *c)
{
    if (!c->lone) {
        c->lone = wmem_alloc0_array(engine->scope, cookie_lone_client, LONE_CLIENTS_MAX);
        for (unsigned i = 0; i < LONE_CLIENTS_MAX; i++)
            dns_claim_init(&c->lone[i].claim, engine->scope);
    }
    cookie_lone_client *oldest = NULL; /* of those of which nothing is said */
    for (unsigned i = 0; i < LONE_CLIENTS_MAX; i++) {
        cookie_lone_client *one = &c->lone[i];
        if (!one->active)
            return one;
        if (!one->claim.ruling.cause && (!oldest || one->control < oldest->control))
            oldest = one;
    }
    if (oldest)
        stop_watching(c, oldest);
    return oldest;
}

/* The question was asked with COOKIE before it was asked without, and that query has no answer. */
static bool asked_in_vain(const cookie_response *r, uint8_t kind)
{
    const dns_question_record *q = dns_record_question(r->server, r->query->question_hash);
    uint32_t client = dns_record_client(&r->query->client.address);
    for (unsigned k = 0; q && k < dns_waiting_known(q); k++) {
        const dns_waiting_query *w = &q->waiting[k];
        if (w->kind == kind && w->client == client && w->time <= r->query->time &&
            !w->finding->transaction->response_frame)
            return true;
    }
    return false;
}

static void watch(cookie_response *r, uint8_t kind)
{
    const dns_query *q = r->query;
    cookie_claims *c = asked_in_vain(r, kind) ? cookie_claims_of(r->engine, r->server, true) : NULL;
    cookie_lone_client *one = c && !is_watched(c, &q->client.address, kind) ? free_place(r->engine, c) : NULL;
    if (!one)
        return;
    bool edns = q->kind != KIND_PLAIN;
    const cookie_pair *pair = cookie_store_pair(r->engine->store, r->server, &q->client.address);
    uint32_t any = pair ? MAX(pair->heard[0], pair->heard[1]) : 0;
    *one = (cookie_lone_client){.claim = one->claim,
                                .client = q->client.address,
                                .kind = kind,
                                .active = true,
                                .heard = kind == KIND_CLIENT_ONLY || !pair ? any : pair->heard[1],
                                .control = r->finding->frame,
                                .asked = 1,
                                .answered = 1,
                                .edns_asked = edns,
                                .edns_answered = edns};
    gathering g = {one, r->server, dns_record_client(&q->client.address), q->time};
    dns_record_unanswered(r->server, gather, &g);
    note_taken_before(one, r->server);
}

void cookie_claim_one_client(cookie_response *r)
{
    if (!dns_transport_is_datagram(r->packet->transport))
        return;
    cookie_claims *c = r->server->claims;
    for (unsigned i = 0; c && c->lone && i < LONE_CLIENTS_MAX; i++)
        if (c->lone[i].active) {
            weigh_answer(&c->lone[i], r);
            tell(&c->lone[i], r);
        }
    if (is_control(r)) {
        watch(r, KIND_CLIENT_ONLY);
        watch(r, KIND_SERVER_COOKIE);
    }
}

/* ---- for silence.c ---- */

bool cookie_is_one_clients(const cookie_claims *c, const dns_waiting_query *w)
{
    for (unsigned i = 0; c && c->lone && i < LONE_CLIENTS_MAX; i++)
        if (c->lone[i].active && c->lone[i].claim.ruling.cause && c->lone[i].kind == w->kind &&
            dns_record_client(&c->lone[i].client) == w->client)
            return true;
    return false;
}
