/* rate_limit.c
 * BADCOOKIE as a part of rate limiting, or so it seems.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rate_limit.h"

#include "causes.h"

enum { BURST_MIN = 3, LIMIT_WINDOW = 15 /* seconds, BIND's default */ };

static bool same_network(const dns_address *a, const dns_address *b)
{
    unsigned length = a->length == 4 ? 3 : 7; /* BIND's defaults: /24 and /56 */
    return a->length == b->length && memcmp(a->bytes, b->bytes, length) == 0;
}

static unsigned recent_queries(const cookie_unlearned *u, int64_t asked)
{
    unsigned recent = 0;
    for (unsigned i = 0; i < QUERY_TIMES_MAX && i < u->query_count; i++)
        recent += asked - u->query_times[i] <= dns_seconds(2);
    return recent;
}

/* What a client's network asks without a server cookie: how much at the time of this query, and how that fared last. */
typedef struct {
    unsigned recent;       /* within two seconds */
    uint32_t answer_frame; /* the last one that was normal; 0: none */
    int64_t answer_time;
} network_load;

static network_load load_of(const cookie_response *r)
{
    enum { NEIGHBOURS_MAX = 16 };
    network_load load = {0};
    const dns_link *at = r->exchange->pair->server->clients.last;
    cookie_client other;
    for (unsigned tried = 0; tried < NEIGHBOURS_MAX && cookie_store_client(&at, &other); tried++) {
        const cookie_unlearned *u = &other.unlearned;
        if (!same_network(other.address, &r->exchange->pair->client))
            continue;
        load.recent += recent_queries(u, r->query->time);
        if (u->plain_answer_frame && r->query->time - u->plain_answer_time <= dns_seconds(LIMIT_WINDOW) &&
            (!load.answer_frame || u->plain_answer_time > load.answer_time)) {
            load.answer_frame = u->plain_answer_frame;
            load.answer_time = u->plain_answer_time;
        }
    }
    return load;
}

static void judge(cookie_server *s)
{
    enum { CALM_MIN = 2 };
    if (!s->slips)
        return;
    bool demands = s->calm_refusals >= CALM_MIN;
    dns_ruling r = {.cause = demands ? CAUSE_FIRST_CONTACT : CAUSE_RATE_LIMIT_SLIP,
                    .confidence = CONFIDENCE_INFERRED,
                    .open = true};
    if (demands)
        dns_ruling_frame(&r, EVIDENCE_DEMANDS_IN_CALM, s->calm_refusal_frame);
    dns_claim_rule(s->slips, &r);
}

/* Rate limiting is over when a network has been quiet for its window. */
static void note_calm(cookie_response *r, const network_load *load)
{
    cookie_server *s = r->exchange->pair->server;
    if (!s->slips || !r->first || load->recent >= BURST_MIN ||
        r->query->time - s->slip_time <= dns_seconds(LIMIT_WINDOW))
        return;
    s->calm_refusals++;
    s->calm_refusal_frame = r->packet->frame;
    judge(s);
}

/* A burst: three client-only queries of this client's network within two seconds, while the server answered one of
 * them normally within BIND's default window of 15 s. Weighed as long as the capture lasts: a server that refuses such
 * queries in calm as well, and answers none any more, demands cookies. */
dns_diagnosis *cookie_cause_rate_limit(cookie_response *r)
{
    if (!cookie_client_only(r))
        return NULL;
    network_load load = load_of(r);
    cookie_server *s = r->exchange->pair->server;
    if (!load.answer_frame || load.recent < BURST_MIN) {
        note_calm(r, &load);
        return NULL;
    }
    if (!s->slips) {
        s->slips = wmem_new(r->engine->scope, dns_claim);
        dns_claim_init(s->slips, r->engine->scope);
        judge(s);
    }
    s->slip_time = r->query->time;
    dns_facts query = {.frame = cookie_query_frame(r), .other = load.answer_frame, .address = r->query->client};
    dns_claim_evidence evidence[] = {{EVIDENCE_CLIENT_ONLY, query},
                                     {EVIDENCE_PLAIN_ANSWER, {.frame = query.other}},
                                     {EVIDENCE_BURST, {.n = load.recent}}};
    return dns_claim_join(s->slips, r->finding, query, evidence, 3);
}

void cookie_note_plain_answer(cookie_response *r)
{
    cookie_pair *pair = r->exchange->pair;
    cookie_unlearned *u = cookie_store_unlearned(r->engine->store, pair);
    u->plain_answer_time = r->packet->time;
    u->plain_answer_frame = r->packet->frame;
    pair->server->calm_refusals = 0;
    judge(pair->server);
}
