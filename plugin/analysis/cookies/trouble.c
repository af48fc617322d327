/* trouble.c
 * Cookie trouble that shows no BADCOOKIE, and breaches of the cookie rules.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "trouble.h"

#include "../hash.h"
#include "rate_limit.h"
#include "sides.h"
#include "unseen.h"
#include "verdict.h"

static dns_diagnosis *diagnose(cookie_engine *engine, dns_finding *finding, dns_cause cause, dns_confidence confidence,
                               dns_facts facts)
{
    return dns_diagnose(engine->scope, finding, cause, confidence, facts);
}

static void evidence(cookie_engine *engine, dns_diagnosis *d, dns_evidence_kind kind, dns_facts facts)
{
    dns_add_evidence(engine->scope, d, kind, facts);
}

/* ---- on the bytes of any message ---- */

static void illegal_length(cookie_engine *engine, dns_finding *finding, uint32_t frame)
{
    const dns_cookie *cookie = dns_finding_cookie(finding);
    if (dns_cookie_form(cookie->length) == COOKIE_MALFORMED)
        diagnose(engine, finding, CAUSE_MALFORMED_COOKIE, CONFIDENCE_PROVEN,
                 (dns_facts){.frame = frame, .n = cookie->length});
    if (cookie->count > 1)
        diagnose(engine, finding, CAUSE_DUPLICATE_COOKIE_OPTION, CONFIDENCE_PROVEN,
                 (dns_facts){.frame = frame, .n = cookie->count});
}

void cookie_cut_trouble(cookie_engine *engine, dns_finding *finding)
{
    const dns_finding_more *more = finding->more;
    if (more->cookie_cut && dns_cookie_form(more->cookie_length) == COOKIE_MALFORMED)
        diagnose(engine, finding, CAUSE_MALFORMED_COOKIE, CONFIDENCE_PROVEN,
                 (dns_facts){.frame = finding->frame, .n = more->cookie_length});
}

/* ---- queries ---- */

static uint32_t message_hash(const dns_query *query)
{
    return (uint32_t)dns_hash_mix(query->id, query->question_hash);
}

/* The same message seen twice, on both sides of a NAT, is no second use. */
static bool same_message(const cookie_use *use, const dns_query *query)
{
    for (unsigned i = 0; i < USE_QUERIES_MAX && i < use->count; i++)
        if (use->last[i] == message_hash(query))
            return true;
    return false;
}

/* Two servers make different ones. */
static bool same_server_cookie(const dns_finding *a, const dns_finding *b)
{
    const dns_cookie *x = dns_finding_cookie(a), *y = dns_finding_cookie(b);
    uint8_t length = x ? dns_cookie_server_length(x) : 0;
    return length && y && dns_cookie_server_length(y) == length &&
           memcmp(dns_cookie_server(x), dns_cookie_server(y), length) == 0;
}

void cookie_asked_several(cookie_engine *engine, const dns_query *query, cookie_exchange *exchange)
{
    const dns_query *beside = query->beside;
    if (!beside || !beside->answer || beside->response_hash == query->response_hash ||
        same_server_cookie(beside->answer, query->answer))
        return;
    bool later = query->finding->frame > beside->finding->frame;
    const dns_query *second = later ? query : beside, *first = later ? beside : query;
    dns_facts facts = {.frame = second->finding->frame, .other = first->finding->frame};
    facts.address.address = first->server.address;
    cookie_sides_part(engine->sides, &first->server.address, &second->server.address);
    cookie_sides_remark(engine->sides, second->finding, CAUSE_CLIENT_COOKIE_SHARED, EVIDENCE_COOKIE_TO_SERVER, facts,
                        &second->server.address, cookie_store_use(engine->store, exchange)->frame);
}

static void check_use(cookie_engine *engine, const dns_packet *p, dns_query *query, cookie_use *use)
{
    bool same_client = dns_address_equal(&use->client, &p->source.address);
    bool same_server = dns_address_equal(&use->server, &p->destination.address);
    if (same_client == same_server)
        return;
    dns_facts facts = {.frame = p->frame, .other = use->frame};
    if (same_client && !query->beside) { /* else the responses tell */
        facts.address.address = use->server;
        cookie_sides_remark(engine->sides, query->finding, CAUSE_CLIENT_COOKIE_SHARED, EVIDENCE_COOKIE_TO_SERVER, facts,
                            &p->destination.address, use->frame);
    }
    if (same_server && !same_message(use, query)) {
        facts.address.address = use->client;
        cookie_sides_remark(engine->sides, query->finding, CAUSE_CLIENT_COOKIE_REUSED, EVIDENCE_COOKIE_FROM_ADDRESS,
                            facts, &p->source.address, use->frame);
    }
}

void cookie_query_trouble(cookie_engine *engine, const dns_packet *p, const dns_message *m _U_, dns_query *query,
                          cookie_exchange *exchange)
{
    illegal_length(engine, query->finding, p->frame);
    if (!exchange)
        return;
    uint32_t message = message_hash(query);
    if (!exchange->use && !exchange->first_frame) {
        exchange->first_frame = p->frame;
        exchange->first_message = message;
        return;
    }
    cookie_use *use = cookie_store_use(engine->store, exchange);
    if (!use->frame) {
        use->frame = p->frame;
        use->client = p->source.address;
        use->server = p->destination.address;
    } else {
        check_use(engine, p, query, use);
    }
    use->last[use->count++ % USE_QUERIES_MAX] = message;
}

/* ---- responses ---- */

/* Which story the foreign client cookie tells. */
static void mismatch_story(cookie_response *r, dns_diagnosis *d)
{
    cookie_engine *engine = r->engine;
    cookie_origin origin;
    if (cookie_store_origin(engine->store, r->answered->bytes, &origin) && origin.frame != r->query->finding->frame) {
        evidence(engine, d, EVIDENCE_COOKIE_OF_OTHER,
                 (dns_facts){.frame = origin.frame, .address = {origin.client, 0}});
        d->mild = dns_address_equal(&origin.client, &r->query->client.address); /* no cookie of others */
    }
    const cookie_issued *issued =
        cookie_store_issued(engine->store, dns_cookie_server(r->answered), dns_cookie_server_length(r->answered));
    if (issued)
        evidence(engine, d, EVIDENCE_REPLAYED, (dns_facts){.frame = issued->frame});
    if (!r->first)
        evidence(engine, d, EVIDENCE_SECOND_RESPONSE, (dns_facts){.frame = r->finding->transaction->response_frame});
}

void cookie_mismatch(cookie_response *r)
{
    dns_facts facts = {.frame = r->query->finding->frame, .other = r->packet->frame, .rcode = r->finding->rcode};
    dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_CLIENT_COOKIE_MISMATCH, CONFIDENCE_PROVEN, facts);
    facts.hex = r->asked->bytes;
    facts.hex_length = COOKIE_CLIENT_LENGTH;
    evidence(r->engine, d, EVIDENCE_CLIENT_COOKIE_SENT, facts);
    facts.frame = r->packet->frame;
    facts.hex = r->answered->bytes;
    evidence(r->engine, d, EVIDENCE_CLIENT_COOKIE_RETURNED, facts);
    mismatch_story(r, d);
    d->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
}

static void echoed(cookie_response *r)
{
    dns_facts facts = {.frame = r->query->finding->frame, .other = r->packet->frame};
    dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_COOKIE_ECHOED, CONFIDENCE_PROVEN, facts);
    evidence(r->engine, d, EVIDENCE_ECHO, facts);
}

/* Responses that legitimately come without the option: refusals of the whole message, and
 * truncated ones, which some servers strip to the header and question. */
static bool may_lack_cookie(const cookie_response *r)
{
    if (!dns_transport_is_datagram(r->packet->transport) && !r->first)
        return true; /* later messages of a zone transfer (NSD: OPT in the first only) */
    if (!r->message->question_hash && r->query->question_hash)
        return true; /* a bare header: the server refused before it read on (NSD: NOTIFY) */
    return r->message->problems || (r->message->flags & DNS_FLAG_TC) || r->finding->rcode == RCODE_FORMERR ||
           r->finding->rcode == RCODE_NOTIMP || r->finding->rcode == RCODE_BADVERS;
}

/* The query presented a server cookie, and the response brings no COOKIE (RFC 7873 section 5.3). Over a connection, where
 * nobody forges, clients that check (BIND) take it all the same. */
bool cookie_is_to_discard(const cookie_response *r)
{
    bool known =
        r->exchange && r->exchange->pair->server->cookie_frame && dns_transport_is_datagram(r->packet->transport);
    return known && !r->answered && r->message->rcode_known && dns_cookie_server_length(r->asked) &&
           !may_lack_cookie(r);
}

static void vanished(cookie_response *r)
{
    const cookie_server *server = r->exchange->pair->server;
    bool this_client = r->exchange->pair->cookie_frame != 0;
    dns_facts facts = {.frame = r->query->finding->frame, .other = server->cookie_frame};
    if (this_client)
        facts.other = r->exchange->pair->cookie_frame;
    dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_COOKIE_VANISHED, CONFIDENCE_OBSERVED, facts);
    evidence(r->engine, d, this_client ? EVIDENCE_COOKIE_BEFORE : EVIDENCE_COOKIE_BEFORE_OTHER,
             (dns_facts){.frame = facts.other});
    evidence(r->engine, d, r->answered ? EVIDENCE_RESPONSE_CLIENT_COOKIE_ONLY : EVIDENCE_RESPONSE_WITHOUT_COOKIE,
             (dns_facts){.frame = r->packet->frame});
    d->mild = !dns_transport_is_datagram(r->packet->transport);
    if (!cookie_is_to_discard(r))
        return;
    d->to_discard = true;
    d->episode = dns_episodes_doubtful(r->engine->episodes, r->query, r->packet, r->finding);
}

/* A response that brings no server cookie, or no COOKIE at all. What echoes a whole option echoes 8 bytes for 8, and more for
 * more: where the query had a server cookie and the server gives some out, it was lost on the way. */
static void without_server_cookie(cookie_response *r)
{
    bool known = r->exchange->pair->server->cookie_frame != 0;
    if (!r->answered) {
        if (known && !may_lack_cookie(r))
            vanished(r);
    } else if (!r->mismatch && r->answered->length == COOKIE_CLIENT_LENGTH) {
        if (!dns_cookie_server_length(r->asked))
            echoed(r);
        else if (known)
            vanished(r);
    }
}

/* FORMERR is the right answer to a malformed COOKIE: told once, with the query. */
static void answer_to_malformed(cookie_response *r)
{
    dns_diagnosis *d = r->first ? dns_find_diagnosis(r->query->finding, CAUSE_MALFORMED_COOKIE) : NULL;
    if (d)
        evidence(r->engine, d, EVIDENCE_ANSWERED_WITH,
                 (dns_facts){.frame = r->packet->frame, .rcode = r->finding->rcode});
}

/* REFUSED and TC, so that a client without cookies comes back over TCP (Unbound's allow_cookie). The words about it need an
 * OPT record, which a client without EDNS gets none of. */
static void refused(cookie_response *r)
{
    if (r->asked || r->query->unreadable || r->finding->rcode != RCODE_REFUSED || !(r->message->flags & DNS_FLAG_TC) ||
        !dns_transport_is_datagram(r->packet->transport))
        return;
    bool told = r->message->has_cookie_ede;
    uint32_t demands = r->server->demands_cookie.frame;
    dns_facts facts = {.frame = r->query->finding->frame, .address = r->query->server};
    dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_REFUSED_WITHOUT_COOKIE,
                                told ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED, facts);
    evidence(r->engine, d, EVIDENCE_QUERY_WITHOUT_COOKIE, facts);
    if (told)
        evidence(r->engine, d, EVIDENCE_EDE_COOKIE, (dns_facts){.frame = r->packet->frame});
    else if (demands && demands != r->packet->frame)
        evidence(r->engine, d, EVIDENCE_DEMANDS_COOKIE, (dns_facts){.frame = demands});
    else
        evidence(r->engine, d, EVIDENCE_REFUSED_AND_TRUNCATED, (dns_facts){.frame = r->packet->frame});
    d->open = !told;
    d->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
}

bool cookie_bits_lost(const cookie_response *r)
{
    return r->exchange && !r->mismatch && r->message->rcode_known && r->finding->rcode == RCODE_YXRRSET &&
           r->finding->opcode == DNS_OPCODE_QUERY && r->message->opt_count < 2 &&
           dns_transport_is_datagram(r->packet->transport);
}

void cookie_explain_bits_lost(cookie_response *r)
{
    bool cookie = r->answered && dns_cookie_server_length(r->answered);
    dns_facts facts = {.frame = r->query->finding->frame, .other = r->packet->frame, .address = r->query->server};
    dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_BADCOOKIE_BITS_LOST,
                                cookie ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED, facts);
    if (cookie)
        evidence(r->engine, d, EVIDENCE_FRESH_COOKIE_WITH_SEVEN, (dns_facts){.frame = r->packet->frame});
    else if (!r->message->has_opt)
        evidence(r->engine, d, EVIDENCE_SEVEN_WITHOUT_OPT, (dns_facts){.frame = r->packet->frame});
    d->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
}

/* Knot and PowerDNS take the last of several options. */
static void by_last_option(cookie_response *r)
{
    dns_facts facts = {.frame = r->query->finding->frame, .n = r->asked->count, .address = r->query->server};
    dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_DUPLICATE_COOKIE_OPTION, CONFIDENCE_OBSERVED, facts);
    evidence(r->engine, d, EVIDENCE_SEVERAL_OPTIONS, facts);
    evidence(r->engine, d, EVIDENCE_LAST_OPTION_TAKEN, (dns_facts){.frame = r->packet->frame});
}

/* ---- truncated in spite of its own cookie ---- */

static void truncated_one(cookie_response *r, dns_finding *f, uint32_t issued)
{
    dns_facts facts = {.frame = f->transaction->request_frame, .other = issued, .address = r->query->server};
    dns_diagnosis *d = diagnose(r->engine, f, CAUSE_TRUNCATED_OWN_COOKIE, CONFIDENCE_OBSERVED, facts);
    evidence(r->engine, d, EVIDENCE_LATEST_PRESENTED, facts);
    evidence(r->engine, d, EVIDENCE_TRUNCATED_OTHER_COOKIE, (dns_facts){.frame = f->frame});
}

/* Cookies of RFC 9018 are renewed as they age, so another one says nothing there. Once may be the change of a key. */
static void truncated_own(cookie_response *r)
{
    uint8_t length = r->answered ? dns_cookie_server_length(r->answered) : 0;
    if (!(r->message->flags & DNS_FLAG_TC) || !length || !r->first || length == COOKIE_RFC9018_LENGTH ||
        !dns_transport_is_datagram(r->packet->transport))
        return;
    const cookie_issued *own = cookie_find_own(r->exchange, r->asked);
    bool other = own && own == r->exchange->last_issued &&
                 (own->length != length || memcmp(own->bytes, dns_cookie_server(r->answered), length) != 0);
    if (!other)
        return;
    cookie_pair *pair = r->exchange->pair;
    if (!pair->truncated) {
        pair->truncated = r->finding;
        pair->truncated_issued = own->last_frame;
        return;
    }
    if (!dns_find_diagnosis(pair->truncated, CAUSE_TRUNCATED_OWN_COOKIE))
        truncated_one(r, pair->truncated, pair->truncated_issued);
    truncated_one(r, r->finding, own->last_frame);
}

/* ---- an accepted cookie ---- */

static void accepted(cookie_response *r)
{
    /* A cache answers without COOKIE; refusals and other opcodes are not asked for one. */
    bool answers = r->finding->rcode == RCODE_NOERROR || r->finding->rcode == RCODE_NXDOMAIN;
    if (!r->first || !dns_cookie_server_length(r->asked) || !answers || r->finding->opcode != DNS_OPCODE_QUERY ||
        !r->answered || !dns_cookie_server_length(r->answered))
        return;
    const cookie_issued *own = cookie_find_own(r->exchange, r->asked);
    if (own)
        cookie_note_accepted(r->exchange->pair->server, own, r->packet, &r->query->client.address);
    cookie_unseen_accepted(r, own != NULL);
}

/* An ordinary answer, with a server cookie, to a client without one: this server does not insist on cookies. (An answer
 * without any COOKIE may come from a cache, and says nothing of the server.) */
static void plain_answer(cookie_response *r)
{
    if (!dns_transport_is_datagram(r->packet->transport) || dns_cookie_server_length(r->asked) || !r->answered ||
        !dns_cookie_server_length(r->answered))
        return;
    /* BADVERS, REFUSED, NOTIFY, UPDATE: not asked for a cookie by servers that demand one. */
    bool answers = r->finding->rcode == RCODE_NOERROR || r->finding->rcode == RCODE_NXDOMAIN;
    if (r->finding->opcode != DNS_OPCODE_QUERY || !answers)
        return;
    cookie_note_plain_answer(r);
}

void cookie_response_trouble(cookie_response *r)
{
    refused(r);
    answer_to_malformed(r);
    if (r->answered)
        illegal_length(r->engine, r->finding, r->packet->frame);
    cookie_cut_trouble(r->engine, r->finding);
    if (r->by_last_option)
        by_last_option(r);
    if (!r->exchange || !r->message->rcode_known || r->by_last_option || r->finding->rcode == RCODE_FORMERR)
        return;
    without_server_cookie(r);
    if (r->mismatch)
        return;
    accepted(r);
    plain_answer(r);
    truncated_own(r);
}
