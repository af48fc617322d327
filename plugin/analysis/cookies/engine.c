/* engine.c
 * The cookie engine: the flow of queries and responses. See engine.h for the procedure.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "engine.h"

#include "../hash.h"
#include "badcookie.h"
#include "claims.h"
#include "contacts.h"
#include "forgery.h"
#include "issued.h"
#include "sides.h"
#include "trouble.h"
#include "weigh.h"

void cookie_engine_init(cookie_engine *engine, wmem_allocator_t *scope, const dns_secrets *secrets,
                        dns_records *records, dns_strays *strays)
{
    engine->scope = scope;
    engine->records = records;
    engine->strays = strays;
    engine->secrets = secrets;
    engine->store = cookie_store_new(scope);
    engine->sides = cookie_sides_new(scope);
    engine->episodes = dns_episodes_new(scope);
}

/* Copies the option behind the finding (which was made with room for it), so that passes without bytes can show it. */
static dns_cookie *keep_cookie(const dns_message *m, dns_finding *finding)
{
    uint16_t kept = dns_cookie_kept(m->cookie.length);
    finding->has_cookie = true;
    dns_cookie *cookie = dns_finding_cookie(finding);
    cookie->length = m->cookie.length;
    cookie->count = m->cookie.count > UINT8_MAX ? UINT8_MAX : (uint8_t)m->cookie.count;
    memcpy(cookie->bytes, m->cookie.data, kept);
    return cookie;
}

/* Of an option that the capture cut, its length is there: enough to tell a client cookie alone from more, and from what is
 * illegal. */
static void keep_cut_cookie(cookie_engine *engine, const dns_message *m, dns_finding *finding)
{
    if (!m->cookie.cut)
        return;
    dns_finding_more *more = dns_finding_extend(engine->scope, finding);
    more->cookie_cut = true;
    more->cookie_length = m->cookie.cut_length;
}

static bool has_rfc9018_length(const dns_cookie *cookie)
{
    return dns_cookie_server_length(cookie) == COOKIE_RFC9018_LENGTH && dns_cookie_server(cookie)[0] == 1;
}

static void verify(cookie_engine *engine, dns_cookie *cookie, const dns_address *server, const dns_address *client)
{
    if (!engine->secrets || !engine->secrets->count || !has_rfc9018_length(cookie))
        return;
    cookie_check check = dns_cookie_check(engine->secrets, server, cookie->bytes, dns_cookie_server(cookie), client);
    cookie->verified_known = check != COOKIE_NO_SECRET;
    cookie->verified = check == COOKIE_FITS;
}

/* ---- queries ---- */

static void link_learned(cookie_engine *engine, cookie_exchange *exchange, dns_cookie *cookie)
{
    cookie_issued *own = cookie_find_own(exchange, cookie);
    exchange->presented_last = own;
    if (own)
        own->presented = true;
    else
        own = cookie_store_issued(engine->store, dns_cookie_server(cookie), dns_cookie_server_length(cookie));
    if (own)
        cookie->learned_in = own->frame;
}

/* Sent again unchanged (same ID, question and cookies) after a while: the response may have been
 * lost behind the capture, which then says nothing about learning. */
static void note_resending(cookie_exchange *exchange, const dns_query *query)
{
    const dns_cookie *cookie = dns_finding_cookie(query->finding);
    uint32_t bytes = (uint32_t)dns_hash_bytes(dns_hash_seed(), cookie->bytes, cookie->length);
    /* Resolvers take a new ID for each try. */
    bool same = exchange->last_question == query->question_hash && exchange->last_cookie == bytes &&
                query->time - exchange->last_time >= DNS_TIMEOUT_MIN;
    exchange->last_cookie = bytes;
    exchange->resent = same ? exchange->resent + 1 : 0;
    exchange->last_question = query->question_hash;
    exchange->last_time = query->time;
}

/* ---- the record ---- */

static dns_server_record *record_of(cookie_engine *engine, const dns_query *query)
{
    if (query->record && query->record_generation == dns_records_generation(engine->records))
        return query->record;
    return dns_records_server(engine->records, &query->server);
}

static void report_query(cookie_engine *engine, const dns_message *m, dns_query *query, const dns_query *original)
{
    query->kind = (uint8_t)dns_query_kind_of(m);
    query->options = m->other_options != 0;
    query->record = dns_records_server(engine->records, &query->server);
    query->record_generation = dns_records_generation(engine->records);
    if (dns_transport_is_datagram(query->transport))
        dns_record_query(engine->records, query->record, (dns_query_kind)query->kind, m, query->finding, query->time,
                         &query->client.address, original || query->inner);
    if (query->record->claims && dns_transport_is_datagram(query->transport))
        cookie_one_client_query(query->record, query, original);
}

void cookie_engine_query(cookie_engine *engine, const dns_packet *p, const dns_message *m, dns_query *query,
                         const dns_query *original)
{
    dns_finding *finding = query->finding;
    report_query(engine, m, query, original);
    if (!m->cookie.count) {
        keep_cut_cookie(engine, m, finding);
        cookie_cut_trouble(engine, finding);
        dns_episodes_query(engine->episodes, query);
        return;
    }
    dns_cookie *cookie = keep_cookie(m, finding);
    cookie_form form = dns_cookie_form(cookie->length);
    cookie_exchange *exchange = NULL;
    if (form != COOKIE_MALFORMED) {
        verify(engine, cookie, &p->destination.address, &p->source.address);
        cookie_store_expect(engine->store, dns_cookie_server(cookie), dns_cookie_server_length(cookie));
        exchange = cookie_store_exchange(engine->store, query->record, &p->source.address, cookie->bytes);
        if (form == COOKIE_CLIENT_AND_SERVER) {
            link_learned(engine, exchange, cookie);
            if (!exchange->presented_frame)
                exchange->presented_frame = finding->frame;
        }
    }
    if (query->beside)
        cookie_sides_join(engine->sides, &query->server.address, &query->beside->server.address);
    if (query->inner)
        cookie_sides_join(engine->sides, &query->client.address, &query->inner->client.address);
    cookie_query_trouble(engine, p, m, query, exchange);
    if (!query->inner) /* else the other side of the same query, and no retry */
        dns_episodes_query(engine->episodes, query);
    if (!exchange)
        return;
    query->exchange = exchange;
    query->generation = cookie_store_generation(engine->store);
    note_resending(exchange, query);
    if (m->cookie.count > 1 && m->cookie.last_length >= COOKIE_CLIENT_LENGTH)
        memcpy(query->last_client_cookie, m->cookie.last, COOKIE_CLIENT_LENGTH);
    if (!original && !query->outer && dns_transport_is_datagram(p->transport))
        cookie_contacts_query(exchange->pair, query, form == COOKIE_CLIENT_AND_SERVER);
    if (dns_transport_is_datagram(p->transport) && !original && form == COOKIE_CLIENT_ONLY) {
        cookie_unlearned *u = cookie_store_unlearned(engine->store, exchange->pair);
        u->query_times[u->query_count++ % QUERY_TIMES_MAX] = p->time;
    }
}

void cookie_engine_copy(cookie_engine *engine, const dns_message *m, dns_finding *finding, const dns_query *original)
{
    const dns_cookie *first = dns_finding_cookie(original->finding);
    dns_cookie *cookie = m->cookie.count ? keep_cookie(m, finding) : NULL;
    keep_cut_cookie(engine, m, finding);
    if (cookie && first) {
        cookie->learned_in = first->learned_in;
        cookie->verified_known = first->verified_known;
        cookie->verified = first->verified;
    }
    dns_note_copy(engine->scope, finding, original->finding);
}

/* ---- responses ---- */

/* The same cookie, for the same client cookie, from two addresses or to two within a moment: one response, perhaps seen on both
 * sides of an address translation, though one of its queries, or both, are not in the capture. */
static void join_sides(cookie_engine *engine, const cookie_issued *issued, int64_t now)
{
    const cookie_pair *here = issued->exchange->pair;
    for (const cookie_issued *i = issued->same; i; i = i->same) {
        const cookie_pair *there = i->exchange->pair;
        if (now - i->time > DNS_BOTH_SIDES_MAX || i->time - now > DNS_BOTH_SIDES_MAX ||
            memcmp(issued->exchange->client_cookie, i->exchange->client_cookie, COOKIE_CLIENT_LENGTH) != 0)
            continue;
        const dns_address *a = &here->server->endpoint.address, *b = &there->server->endpoint.address;
        bool same_server = dns_address_equal(a, b), same_client = dns_address_equal(&here->client, &there->client);
        if (same_client && !same_server)
            cookie_sides_join(engine->sides, a, b);
        else if (same_server && !same_client)
            cookie_sides_join(engine->sides, &here->client, &there->client);
    }
}

/* The response's COOKIE teaches the client a server cookie, in the exchange of its own client cookie. */
static void learn(cookie_engine *engine, cookie_response *r, const dns_packet *p, dns_cookie *cookie)
{
    uint8_t length = dns_cookie_server_length(cookie);
    if (!length)
        return;
    verify(engine, cookie, &p->source.address, &p->destination.address);
    if (r && (r->mismatch || r->forged)) /* the client discards it */
        return;
    cookie_exchange *exchange = r && r->exchange && !r->by_last_option ? r->exchange : NULL;
    if (!exchange)
        exchange = cookie_store_exchange(engine->store, r ? r->server : dns_records_server(engine->records, &p->source),
                                         &p->destination.address, cookie->bytes);
    const uint8_t *server_cookie = dns_cookie_server(cookie);
    if (r)
        cookie_note_issued(r, exchange, server_cookie, length);
    cookie_store_issue(engine->store, exchange, server_cookie, length, p->frame, p->time);
    join_sides(engine, exchange->last_issued, p->time);
    exchange->pair->cookie_frame = exchange->pair->server->cookie_frame = p->frame;
}

static bool same_client_cookie(const uint8_t *a, const dns_cookie *b)
{
    return memcmp(a, b->bytes, COOKIE_CLIENT_LENGTH) == 0;
}

static void compare_client_cookies(cookie_response *r)
{
    if (!r->asked || !r->answered || r->answered->length < COOKIE_CLIENT_LENGTH ||
        r->asked->length < COOKIE_CLIENT_LENGTH)
        return;
    r->mismatch = !same_client_cookie(r->asked->bytes, r->answered);
    /* By RFC 7873 the first of several options counts, but some servers take the last. */
    if (r->mismatch && r->asked->count > 1 && same_client_cookie(r->query->last_client_cookie, r->answered)) {
        r->mismatch = false;
        r->by_last_option = true;
    }
}

/* An answer that the client must discard (RFC 7873 section 5.3) ends nothing. */
static void end_story(cookie_response *r)
{
    bool readable = r->message->rcode_known || r->message->header_rcode != RCODE_YXRRSET;
    if (!r->mismatch && !r->forged && !cookie_is_to_discard(r) && readable && r->finding->rcode != RCODE_FORMERR)
        r->query->ended = dns_episodes_answered(r->engine->episodes, r->query, r->packet, r->finding);
}

/* What it shows of the server, when the client may believe it. */
static void report_response(cookie_response *r)
{
    if (!r->first || r->mismatch || r->forged)
        return;
    if (dns_transport_is_datagram(r->packet->transport))
        dns_record_answer(r->engine->records, r->server, (dns_query_kind)r->query->kind, r->message, r->finding,
                          r->packet->time, &r->query->client.address);
    cookie_weigh(r);
}

static void respond_to_query(cookie_response *r)
{
    compare_client_cookies(r);
    if (r->first && r->finding->rcode == RCODE_SERVFAIL)
        dns_episodes_servfail(r->engine->episodes, r->packet, r->query->question_hash);
    cookie_find_forgery(r);
    cookie_one_client_heard(r);
    report_response(r);
    if (r->forged)
        return;
    bool badcookie = r->message->rcode_known && r->finding->rcode == RCODE_BADCOOKIE;
    if (r->exchange && r->first && !r->mismatch)
        cookie_contacts_answer(r->exchange->pair, badcookie);
    if (badcookie && !r->mismatch) {
        cookie_explain_badcookie(r);
    } else if (cookie_bits_lost(r)) {
        cookie_explain_bits_lost(r);
    } else {
        end_story(r);
        cookie_response_trouble(r);
    }
    if (r->mismatch)
        cookie_mismatch(r);
    for (dns_diagnosis *d = r->doubtful ? r->finding->more->diagnoses : NULL; d; d = d->next)
        d->open = true; /* another response may show that this one is forged */
}

/* The query of this response is not in the capture (or comes after it). */
static void unknown_query(cookie_engine *engine, const dns_packet *p, const dns_message *m, dns_finding *finding)
{
    /* The response repeats question and client cookie: enough to know the story by. */
    dns_query as_if = {
        .client = p->destination, .server = p->source, .question_hash = m->question_hash, .finding = finding};
    if (dns_transport_is_datagram(p->transport))
        dns_record_stray(engine->records, &p->source, finding, p->time);
    if (finding->rcode_state != RCODE_JOINED)
        return;
    if (finding->rcode != RCODE_BADCOOKIE) {
        if (dns_finding_cookie(finding) && finding->rcode != RCODE_FORMERR)
            dns_episodes_answered(engine->episodes, &as_if, p, finding);
    } else {
        dns_finding *original = dns_strays_original(engine->strays, p, m, finding);
        if (original) {
            dns_note_copy(engine->scope, finding, original);
            return;
        }
        dns_diagnosis *d = dns_diagnose(engine->scope, finding, CAUSE_QUERY_NOT_CAPTURED, CONFIDENCE_INFERRED,
                                        (dns_facts){.frame = p->frame, .address = p->destination});
        dns_add_evidence(engine->scope, d, EVIDENCE_NO_QUERY, (dns_facts){.frame = p->frame});
        d->episode = dns_episodes_bad(engine->episodes, &as_if, p);
    }
}

static cookie_exchange *exchange_of(cookie_engine *engine, const dns_query *query)
{
    if (query->exchange && query->generation == cookie_store_generation(engine->store))
        return (cookie_exchange *)query->exchange;
    return cookie_store_exchange(engine->store, record_of(engine, query), &query->client.address,
                                 dns_finding_cookie(query->finding)->bytes);
}

static dns_finding *same_answer(const dns_query *query, const dns_query *twin)
{
    return twin && twin->response_hash == query->response_hash ? twin->answer : NULL;
}

/* The response of the other side of an address translation: what the server saw decides, and was told there. */
static dns_finding *answer_of_twin(const dns_query *query, dns_response_kind kind)
{
    return query && kind == RESPONSE_FIRST ? same_answer(query, query->outer) : NULL;
}

/* Where the server's address is translated: the same query was sent on to another address, and the same response came back
 * from there first. What the client saw decides; what was told of the inside is taken back. */
static void join_inside(cookie_engine *engine, const dns_query *query, dns_finding *finding)
{
    bool inside = query->beside && query->beside->finding->frame > query->finding->frame;
    dns_finding *answer = inside ? same_answer(query, query->beside) : NULL;
    if (!answer)
        return;
    while (answer->more->diagnoses)
        dns_take_back(answer, answer->more->diagnoses);
    dns_note_copy(engine->scope, answer, finding);
    query->beside->finding->transaction->episode = NULL;
}

/* Nothing was to be told of the query and its answer. Where that was all that its client did, it takes less room from now on. */
static void fold(cookie_response *r)
{
    bool told = r->finding->more != &dns_finding_nothing || r->query->finding->more != &dns_finding_nothing;
    if (r->first && r->exchange && !told && !r->query->doubtful && cookie_store_fold(r->engine->store, r->exchange))
        r->query->exchange = NULL;
}

void cookie_engine_response(cookie_engine *engine, const dns_packet *p, const dns_message *m, dns_finding *finding,
                            dns_query *query, dns_response_kind kind)
{
    dns_cookie *cookie = m->cookie.count ? keep_cookie(m, finding) : NULL;
    keep_cut_cookie(engine, m, finding);
    cookie_response r = {.engine = engine,
                         .packet = p,
                         .message = m,
                         .finding = finding,
                         .query = query,
                         .answered = cookie,
                         .first = kind == RESPONSE_FIRST};
    dns_finding *same = query && kind == RESPONSE_COPY ? dns_transactions_copied(query) : answer_of_twin(query, kind);
    if (same) { /* seen twice, or sent twice: one event */
        dns_note_copy(engine->scope, finding, same);
        return;
    }
    if (!query) {
        unknown_query(engine, p, m, finding);
    } else {
        r.server = record_of(engine, query);
        r.asked = dns_finding_cookie(query->finding);
        if (r.asked && dns_cookie_form(r.asked->length) != COOKIE_MALFORMED)
            r.exchange = exchange_of(engine, query);
        if (r.exchange && r.first)
            cookie_asked_several(engine, query, r.exchange);
        if (cookie && r.exchange && !r.exchange->last_issued) /* it is about to get its first one */
            cookie_store_expect(engine->store, dns_cookie_server(cookie), dns_cookie_server_length(cookie));
        respond_to_query(&r);
    }
    if (cookie && dns_cookie_form(cookie->length) != COOKIE_MALFORMED)
        learn(engine, query ? &r : NULL, p, cookie);
    if (query && r.first)
        join_inside(engine, query, finding);
    if (query)
        fold(&r);
}
