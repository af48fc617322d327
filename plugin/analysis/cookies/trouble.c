/* trouble.c
 * Cookie trouble that shows no BADCOOKIE, and breaches of the cookie rules.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "trouble.h"

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

/* A condition that lasts is an entry of the expert panel once; later messages only carry the field. */
static void mark_repetition(dns_diagnosis *d, bool *reported)
{
    d->repetition = *reported;
    *reported = true;
}

/* ---- on the bytes of any message ---- */

static void illegal_length(cookie_engine *engine, dns_finding *finding, uint32_t frame)
{
    const dns_cookie *cookie = dns_finding_cookie(finding);
    dns_facts facts = {.frame = frame, .n = cookie->length};
    if (dns_cookie_form(cookie->length) == COOKIE_MALFORMED)
        diagnose(engine, finding, CAUSE_MALFORMED_COOKIE, CONFIDENCE_PROVEN, facts);
    facts.n = cookie->count;
    if (cookie->count > 1)
        diagnose(engine, finding, CAUSE_DUPLICATE_COOKIE_OPTION, CONFIDENCE_PROVEN, facts);
}

/* ---- queries ---- */

/* The same message seen twice, on both sides of a NAT, is no second use. */
static bool same_message(const cookie_use *use, const dns_query *query)
{
    for (unsigned i = 0; i < USE_QUERIES_MAX && i < use->count; i++)
        if (use->last[i].id == query->id && use->last[i].question == query->question_hash)
            return true;
    return false;
}

static void check_use(cookie_engine *engine, const dns_packet *p, dns_query *query, cookie_use *use)
{
    bool same_client = dns_address_equal(&use->client, &p->source.address);
    bool same_server = dns_address_equal(&use->server.address, &p->destination.address);
    dns_facts facts = {.frame = p->frame, .other = use->frame};
    if (same_client && !same_server) {
        facts.address.address = use->server.address;
        dns_diagnosis *d = diagnose(engine, query->finding, CAUSE_CLIENT_COOKIE_SHARED, CONFIDENCE_OBSERVED, facts);
        evidence(engine, d, EVIDENCE_COOKIE_TO_SERVER, facts);
        mark_repetition(d, &use->shared_reported);
    }
    if (!same_client && same_server && !same_message(use, query)) {
        facts.address.address = use->client;
        dns_diagnosis *d = diagnose(engine, query->finding, CAUSE_CLIENT_COOKIE_REUSED, CONFIDENCE_OBSERVED, facts);
        evidence(engine, d, EVIDENCE_COOKIE_FROM_ADDRESS, facts);
        mark_repetition(d, &use->reused_reported);
    }
}

void cookie_query_trouble(cookie_engine *engine, const dns_packet *p, const dns_message *m _U_, dns_query *query,
                          cookie_exchange *exchange)
{
    illegal_length(engine, query->finding, p->frame);
    if (!exchange)
        return;
    cookie_use *use = exchange->use;
    if (!use->frame) {
        use->frame = p->frame;
        use->client = p->source.address;
        use->server = p->destination;
    } else {
        check_use(engine, p, query, use);
    }
    unsigned slot = use->count++ % USE_QUERIES_MAX;
    use->last[slot].id = query->id;
    use->last[slot].question = query->question_hash;
}

/* ---- responses ---- */

/* Which story the foreign client cookie tells. */
static void mismatch_story(cookie_response *r, dns_diagnosis *d)
{
    cookie_engine *engine = r->engine;
    const cookie_use *use = cookie_store_use(engine->store, r->answered->bytes);
    if (use && use->frame && use->frame != r->query->finding->frame)
        evidence(engine, d, EVIDENCE_COOKIE_OF_OTHER, (dns_facts){.frame = use->frame, .address = {use->client, 0}});
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
}

/* A response that brings no server cookie, or no COOKIE at all. What echoes a whole option echoes 8 bytes for 8: where the
 * query had a server cookie and the server gives some out, it was lost on the way. */
static void without_server_cookie(cookie_response *r)
{
    bool known = r->exchange->pair->server->cookie_frame != 0;
    if (!r->answered) {
        if (known && !may_lack_cookie(r))
            vanished(r);
    } else if (!r->mismatch && r->answered->length == COOKIE_CLIENT_LENGTH) {
        if (known && dns_cookie_server_length(r->asked))
            vanished(r);
        else
            echoed(r);
    }
}

/* FORMERR is the right answer to a malformed COOKIE. */
static void formerr_on_malformed(cookie_response *r)
{
    if (!r->asked || dns_cookie_form(r->asked->length) != COOKIE_MALFORMED)
        return;
    dns_facts facts = {.frame = r->query->finding->frame, .n = r->asked->length, .rcode = r->finding->rcode};
    dns_diagnosis *d = dns_find_diagnosis(r->query->finding, CAUSE_MALFORMED_COOKIE);
    if (d && r->first)
        evidence(r->engine, d, EVIDENCE_ANSWERED_WITH,
                 (dns_facts){.frame = r->packet->frame, .rcode = r->finding->rcode});
    d = diagnose(r->engine, r->finding, CAUSE_MALFORMED_COOKIE, CONFIDENCE_PROVEN, facts);
    evidence(r->engine, d, EVIDENCE_LENGTH_IN_QUERY, facts);
}

/* REFUSED and TC, so that a client without cookies comes back over TCP (Unbound's allow_cookie). */
static void refused(cookie_response *r)
{
    if (r->asked || r->query->unreadable || r->finding->rcode != RCODE_REFUSED || !(r->message->flags & DNS_FLAG_TC))
        return;
    const cookie_server *server = cookie_store_server(r->engine->store, &r->packet->source);
    bool told = r->message->has_cookie_ede;
    if (!told && !(server && server->cookie_frame))
        return;
    dns_facts facts = {.frame = r->query->finding->frame};
    dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_REFUSED_WITHOUT_COOKIE,
                                told ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED, facts);
    evidence(r->engine, d, EVIDENCE_QUERY_WITHOUT_COOKIE, facts);
    facts.frame = told ? r->packet->frame : server->cookie_frame;
    evidence(r->engine, d, told ? EVIDENCE_EDE_COOKIE : EVIDENCE_COOKIE_BEFORE_OTHER, facts);
    d->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
}

/* ---- an accepted cookie ---- */

static void accepted(cookie_response *r)
{
    if (!dns_transport_is_datagram(r->packet->transport) || !r->first || !dns_cookie_server_length(r->asked))
        return;
    const cookie_issued *own = cookie_find_own(r->engine, r->exchange, r->asked);
    if (own)
        cookie_note_accepted(r->exchange->pair->server, own, r->packet, &r->query->client.address);
}

/* An ordinary answer to a client without server cookie: this server does not insist on cookies. */
static void plain_answer(cookie_response *r)
{
    cookie_pair *pair = r->exchange->pair;
    if (!dns_transport_is_datagram(r->packet->transport) || dns_cookie_server_length(r->asked) || r->mismatch)
        return;
    /* BADVERS, REFUSED, NOTIFY, UPDATE: not asked for a cookie by servers that demand one. */
    bool answers = r->finding->rcode == RCODE_NOERROR || r->finding->rcode == RCODE_NXDOMAIN;
    if (r->finding->opcode != DNS_OPCODE_QUERY || !answers)
        return;
    pair->plain_answer_time = r->packet->time;
    pair->plain_answer_frame = r->packet->frame;
}

void cookie_response_trouble(cookie_response *r)
{
    refused(r);
    formerr_on_malformed(r);
    if (r->answered)
        illegal_length(r->engine, r->finding, r->packet->frame);
    if (!r->exchange || !r->message->rcode_known)
        return;
    if (r->finding->rcode == RCODE_FORMERR)
        return;
    without_server_cookie(r);
    accepted(r);
    plain_answer(r);
}

/* ---- what a server's issued cookies say about the server ---- */

/* The refusal of an own cookie gets "mixed-cookie-formats" as its cause where that fits: once is enough. */
static bool refused_its_own(const dns_finding *f)
{
    return dns_find_diagnosis(f, CAUSE_OWN_COOKIE_REJECTED) || dns_find_diagnosis(f, CAUSE_MIXED_COOKIE_FORMATS) ||
           dns_find_diagnosis(f, CAUSE_SERVER_SECRET_CHANGED);
}

static void formats(cookie_response *r, cookie_server *server, cookie_format format, uint8_t length)
{
    bool rfc9018 = format == COOKIE_FORMAT_RFC9018;
    bool switched = server->format_known && (server->format_length != length || server->format != rfc9018);
    if (switched && ++server->format_switches >= 2 && !refused_its_own(r->finding)) {
        /* Where cookies were refused for it, those refusals are the entries. */
        server->mixed_reported |= server->refused_other_format;
        dns_facts facts = {.frame = r->packet->frame, .other = server->format_frame, .n = server->format_switches};
        dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_MIXED_COOKIE_FORMATS, CONFIDENCE_OBSERVED, facts);
        evidence(r->engine, d, EVIDENCE_FORMAT_SWITCHES, facts);
        mark_repetition(d, &server->mixed_reported);
    }
    server->format_known = true;
    server->format = rfc9018;
    server->format_length = length;
    server->format_frame = r->packet->frame;
}

static int jump(int64_t from, int64_t to)
{
    return to - from > COOKIE_MAX_AHEAD ? 1 : from - to > COOKIE_MAX_AHEAD ? -1 : 0;
}

/* The stamp of a cookie that was made just now, against the capture's clock and against earlier ones. */
static void clock_of(cookie_response *r, cookie_server *server, const uint8_t *bytes)
{
    int64_t offset = -(int64_t)dns_cookie_age(dns_cookie_timestamp(bytes), r->packet->time);
    int moved = server->offset_known ? jump(server->offset, offset) : 0;
    bool back_and_forth = moved && server->last_jump && moved != server->last_jump;
    bool skewed = offset > COOKIE_MAX_AHEAD || offset < -COOKIE_MAX_AHEAD;
    dns_facts facts = {.frame = r->packet->frame, .other = server->offset_frame, .age = offset};
    if (!r->engine->clock_stepped && (skewed || back_and_forth)) {
        dns_diagnosis *d = diagnose(r->engine, r->finding, CAUSE_SERVER_CLOCK_SKEW,
                                    moved ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED, facts);
        evidence(r->engine, d, offset >= 0 ? EVIDENCE_FRESH_AHEAD : EVIDENCE_FRESH_BEHIND, facts);
        if (moved)
            evidence(r->engine, d, EVIDENCE_STAMPS_JUMP, facts);
        mark_repetition(d, &server->skew_reported);
    }
    if (moved)
        server->last_jump = moved;
    server->offset_known = true;
    server->offset = offset;
    server->offset_frame = r->packet->frame;
}

void cookie_server_trouble(cookie_response *r, cookie_server *server, const uint8_t *issued, uint8_t length)
{
    cookie_format format = dns_cookie_format(issued, length, r->packet->time);
    /* A random first byte is 1 now and then; whoever makes RFC 9018 cookies sets the reserved bytes to zero. */
    if (format == COOKIE_FORMAT_RFC9018 && dns_cookie_has_reserved(issued))
        format = COOKIE_FORMAT_OTHER_TIME;
    bool unchanged = r->asked && dns_cookie_server_length(r->asked) == length &&
                     memcmp(dns_cookie_server(r->asked), issued, length) == 0;
    if (unchanged)
        return;
    formats(r, server, format, length);
    if (format == COOKIE_FORMAT_RFC9018)
        clock_of(r, server, issued);
}
