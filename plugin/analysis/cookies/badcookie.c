/* badcookie.c
 * The cause of a BADCOOKIE response.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Causes are tried in the order of the tables below; the first whose evidence is there wins. First
 * what breaks a rule on the bytes themselves (nothing else matters then), then what was seen
 * in other frames, most specific first, last what only the cookie's own bytes suggest.
 */
#include "engine.h"

typedef dns_diagnosis *(*cause_rule)(cookie_response *r);

static const int64_t second = INT64_C(1000000000);

static dns_diagnosis *diagnose(cookie_response *r, dns_cause cause, dns_confidence confidence, dns_facts facts)
{
    if (!facts.frame)
        facts.frame = r->query->finding->frame;
    if (!facts.address.address.length)
        facts.address = r->query->client;
    return dns_diagnose(r->engine->scope, r->finding, cause, confidence, facts);
}

static void evidence(cookie_response *r, dns_diagnosis *d, dns_evidence_kind kind, dns_facts facts)
{
    dns_add_evidence(r->engine->scope, d, kind, facts);
}

static uint32_t query_frame(const cookie_response *r)
{
    return r->query->finding->frame;
}

/* ---- rules broken on the bytes ---- */

static dns_diagnosis *over_stream(cookie_response *r)
{
    if (dns_transport_is_datagram(r->packet->transport))
        return NULL;
    return diagnose(r, CAUSE_BADCOOKIE_OVER_STREAM, CONFIDENCE_PROVEN, (dns_facts){0});
}

static dns_diagnosis *query_unreadable(cookie_response *r)
{
    if (r->asked || !r->query->unreadable)
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_QUERY_NOT_CAPTURED, CONFIDENCE_INFERRED, (dns_facts){0});
    evidence(r, d, EVIDENCE_QUERY_CUT, (dns_facts){.frame = query_frame(r)});
    return d;
}

static dns_diagnosis *no_cookie(cookie_response *r)
{
    if (r->asked)
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_NO_COOKIE_IN_QUERY, CONFIDENCE_OBSERVED, (dns_facts){0});
    evidence(r, d, EVIDENCE_QUERY_WITHOUT_COOKIE, (dns_facts){.frame = query_frame(r)});
    return d;
}

static dns_diagnosis *malformed(cookie_response *r)
{
    if (dns_cookie_form(r->asked->length) != COOKIE_MALFORMED)
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_MALFORMED_COOKIE, CONFIDENCE_PROVEN, (dns_facts){.n = r->asked->length});
    evidence(r, d, EVIDENCE_LENGTH_IN_QUERY, (dns_facts){.frame = query_frame(r), .n = r->asked->length});
    return d;
}

/* Only the first option counts, and not all servers know: whatever they refused, two are one too many. */
static dns_diagnosis *several_cookies(cookie_response *r)
{
    if (r->asked->count < 2 || !r->mismatch) /* answered by the first option: as if there were no other */
        return NULL;
    dns_diagnosis *d =
        diagnose(r, CAUSE_DUPLICATE_COOKIE_OPTION, CONFIDENCE_OBSERVED, (dns_facts){.n = r->asked->count});
    evidence(r, d, EVIDENCE_SEVERAL_OPTIONS, (dns_facts){.frame = query_frame(r), .n = r->asked->count});
    return d;
}

static dns_diagnosis *without_cookie(cookie_response *r)
{
    if (r->message->problems || (r->answered && dns_cookie_server_length(r->answered)))
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_BADCOOKIE_WITHOUT_COOKIE, CONFIDENCE_PROVEN, (dns_facts){0});
    if (r->answered)
        evidence(r, d, EVIDENCE_LENGTH_IN_RESPONSE, (dns_facts){.frame = r->packet->frame, .n = r->answered->length});
    else
        evidence(r, d, EVIDENCE_RESPONSE_WITHOUT_COOKIE, (dns_facts){.frame = r->packet->frame});
    return d;
}

/* ---- client cookie only ---- */

static bool client_only(const cookie_response *r)
{
    return dns_cookie_server_length(r->asked) == 0;
}

static bool same_network(const dns_address *a, const dns_address *b)
{
    unsigned length = a->length == 4 ? 3 : 7; /* BIND's defaults: /24 and /56 */
    return a->length == b->length && memcmp(a->bytes, b->bytes, length) == 0;
}

static unsigned recent_queries(const cookie_pair *pair, int64_t asked)
{
    unsigned recent = 0;
    for (unsigned i = 0; i < QUERY_TIMES_MAX && i < pair->query_count; i++)
        recent += asked - pair->query_times[i] <= 2 * second;
    return recent;
}

/* A burst: three client-only queries of this client's network within two seconds, while the server answered one of
 * them normally within BIND's default window of 15 s. */
static dns_diagnosis *rate_limit(cookie_response *r)
{
    enum { NEIGHBOURS_MAX = 16 };
    if (!client_only(r))
        return NULL;
    int64_t asked = r->query->time;
    unsigned recent = 0, tried = 0;
    const cookie_pair *pair = NULL; /* the one answered normally, last */
    for (const GList *l = r->exchange->pair->server->pairs.tail; l && tried < NEIGHBOURS_MAX; l = l->prev, tried++) {
        const cookie_pair *other = (const cookie_pair *)l->data;
        if (!same_network(&other->client, &r->exchange->pair->client))
            continue;
        recent += recent_queries(other, asked);
        if (other->plain_answer_frame && asked - other->plain_answer_time <= 15 * second &&
            (!pair || other->plain_answer_time > pair->plain_answer_time))
            pair = other;
    }
    if (!pair || recent < 3)
        return NULL;
    dns_diagnosis *d =
        diagnose(r, CAUSE_RATE_LIMIT_SLIP, CONFIDENCE_INFERRED, (dns_facts){.other = pair->plain_answer_frame});
    evidence(r, d, EVIDENCE_CLIENT_ONLY, (dns_facts){.frame = query_frame(r)});
    evidence(r, d, EVIDENCE_PLAIN_ANSWER, (dns_facts){.frame = pair->plain_answer_frame});
    evidence(r, d, EVIDENCE_BURST, (dns_facts){.n = recent});
    return d;
}

/* An unchanged query sent again after a time-out is no proof that the client did not learn, unless it
 * goes on and on. */
static bool perhaps_lost(const cookie_exchange *exchange)
{
    return exchange->resent > 0 && exchange->resent < 3;
}

/* When the oldest cookie that is remembered was issued. */
static int64_t first_known(const cookie_exchange *e)
{
    return e->issued[e->issued_count > ISSUED_MAX ? e->issued_count % ISSUED_MAX : 0]->time;
}

/* A client that has presented a server cookie before does learn: it keeps none from question to question (dig with
 * several names), or let go of it in the meantime (BIND resolver, an idle server). */
static bool only_forgot(const cookie_response *r)
{
    return r->exchange->presented && (!r->query->finding->transaction->retry_of || r->query->seen_before);
}

static dns_diagnosis *not_learned_client_only(cookie_response *r)
{
    const cookie_issued *issued = cookie_last_issued(r->exchange);
    if (!client_only(r) || !issued || perhaps_lost(r->exchange) || only_forgot(r) ||
        !cookie_could_know(r->exchange, first_known(r->exchange), r->query))
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_COOKIE_NOT_LEARNED, CONFIDENCE_OBSERVED, (dns_facts){.other = issued->frame});
    evidence(r, d, EVIDENCE_ISSUED_EARLIER,
             (dns_facts){.frame = issued->frame, .age = (r->query->time - issued->time) / second});
    evidence(r, d, EVIDENCE_CLIENT_ONLY, (dns_facts){.frame = query_frame(r)});
    r->exchange->never_learns = true;
    return d;
}

static dns_diagnosis *first_contact(cookie_response *r)
{
    if (!client_only(r))
        return NULL;
    bool forgot = r->exchange->pair->forgot;
    dns_diagnosis *d =
        diagnose(r, CAUSE_FIRST_CONTACT, forgot ? CONFIDENCE_INFERRED : CONFIDENCE_OBSERVED, (dns_facts){0});
    evidence(r, d, EVIDENCE_CLIENT_ONLY, (dns_facts){.frame = query_frame(r)});
    const cookie_issued *last = cookie_last_issued(r->exchange);
    dns_evidence_kind kind = !last                    ? EVIDENCE_NOT_ISSUED_BEFORE
                             : r->exchange->presented ? EVIDENCE_NOT_KEPT
                                                      : EVIDENCE_UNDER_WAY;
    evidence(r, d, kind, (dns_facts){.frame = query_frame(r), .other = last ? last->frame : 0});
    return d;
}

/* ---- client and server cookie ---- */

typedef struct {
    const uint8_t *bytes;
    uint8_t length;
    bool rfc9018;
    int32_t age; /* when rfc9018 */
    cookie_age_verdict verdict;
} presented_cookie;

static presented_cookie presented(const cookie_response *r)
{
    presented_cookie p = {dns_cookie_server(r->asked), dns_cookie_server_length(r->asked), false, 0, COOKIE_FRESH};
    p.rfc9018 = dns_cookie_format(p.bytes, p.length, r->query->time) == COOKIE_FORMAT_RFC9018;
    if (p.rfc9018) {
        p.age = dns_cookie_age(dns_cookie_timestamp(p.bytes), r->query->time);
        p.verdict = dns_cookie_age_verdict(p.age);
    }
    return p;
}

/* The cookie was given out (again) by the refusal in `frame` or later: presenting it is no sign of not learning. */
static bool given_since(cookie_response *r, const presented_cookie *p, uint32_t frame)
{
    for (const cookie_issued *i = cookie_store_issued(r->engine->store, p->bytes, p->length); i; i = i->same)
        if (i->last_frame >= frame)
            return true;
    return false;
}

/* How often this very cookie was refused while the client could know it, and the refusal. */
static const cookie_rejected *refused_before(cookie_response *r, const presented_cookie *p)
{
    const cookie_exchange *e = r->exchange;
    for (unsigned i = 0; i < REJECTED_MAX && i < e->rejected_count; i++) {
        const cookie_rejected *old = &e->rejected[i];
        if (old->length == p->length && memcmp(old->bytes, p->bytes, p->length) == 0)
            return cookie_could_know(e, old->time, r->query) && !given_since(r, p, old->frame) ? old : NULL;
    }
    return NULL;
}

/* The same old cookie again after it was refused and a fresh one was given. One that this server issued
 * is "superseded" at first; presented again and again, the client does not learn. */
static dns_diagnosis *not_learned_old_cookie(cookie_response *r)
{
    presented_cookie p = presented(r);
    const cookie_rejected *old = perhaps_lost(r->exchange) ? NULL : refused_before(r, &p);
    if (!old || old->times < (cookie_find_own(r->engine, r->exchange, r->asked) ? 2u : 1u))
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_COOKIE_NOT_LEARNED, CONFIDENCE_OBSERVED, (dns_facts){.other = old->frame});
    evidence(r, d, EVIDENCE_REFUSED_BEFORE, (dns_facts){.frame = old->frame});
    evidence(r, d, EVIDENCE_PRESENTED_AGAIN, (dns_facts){.frame = query_frame(r)});
    return d;
}

/* Verified by a secret, or only by the timestamp: both are rules on the bytes, as long as the capture's
 * clock can be trusted. */
static dns_confidence age_confidence(const cookie_response *r)
{
    return r->engine->clock_stepped ? CONFIDENCE_INFERRED : CONFIDENCE_PROVEN;
}

static void age_evidence(cookie_response *r, dns_diagnosis *d, int32_t age)
{
    evidence(r, d, age >= 0 ? EVIDENCE_STAMP_PAST : EVIDENCE_STAMP_FUTURE,
             (dns_facts){.frame = query_frame(r), .age = age});
    const cookie_issued *own = cookie_find_own(r->engine, r->exchange, r->asked);
    if (own)
        evidence(r, d, EVIDENCE_ISSUED_EARLIER,
                 (dns_facts){.frame = own->frame, .age = (r->query->time - own->time) / second});
    if (r->engine->clock_stepped)
        evidence(r, d, EVIDENCE_CLOCK_STEPPED, (dns_facts){.frame = r->engine->clock_stepped});
    if (r->asked->verified_known)
        evidence(r, d, r->asked->verified ? EVIDENCE_HASH_FITS : EVIDENCE_HASH_FITS_NOT,
                 (dns_facts){.frame = query_frame(r)});
}

/* The cookie was seen being issued before the capture's clock went back: its stamp says nothing now. */
static bool clock_unusable(const cookie_response *r)
{
    return r->engine->clock_stepped && cookie_find_own(r->engine, r->exchange, r->asked);
}

/* The limits hold by the clock of the node that refuses: the cookie that it has just made tells how far that clock is
 * from the capture's. In serial arithmetic, as all that comes from stamps. */
static int32_t refusers_offset(const cookie_response *r)
{
    uint8_t length = r->answered ? dns_cookie_server_length(r->answered) : 0;
    if (!length || r->mismatch)
        return 0;
    const uint8_t *fresh = dns_cookie_server(r->answered);
    bool same = length == dns_cookie_server_length(r->asked) && memcmp(fresh, dns_cookie_server(r->asked), length) == 0;
    if (same || dns_cookie_format(fresh, length, r->packet->time) != COOKIE_FORMAT_RFC9018)
        return 0;
    return (int32_t)(0u - (uint32_t)dns_cookie_age(dns_cookie_timestamp(fresh), r->packet->time));
}

static dns_diagnosis *by_age(cookie_response *r, cookie_age_verdict verdict, dns_cause cause)
{
    presented_cookie p = presented(r);
    int32_t off = refusers_offset(r);
    if (p.rfc9018 && (off > COOKIE_MAX_AHEAD || off < -COOKIE_MAX_AHEAD)) {
        p.age = (int32_t)((uint32_t)p.age + (uint32_t)off);
        p.verdict = dns_cookie_age_verdict(p.age);
    }
    if (p.verdict != verdict || clock_unusable(r))
        return NULL;
    dns_diagnosis *d = diagnose(r, cause, age_confidence(r), (dns_facts){.age = p.age});
    age_evidence(r, d, p.age);
    return d;
}

/* Of whatever make: issued here more than an hour ago. No server accepts it longer. */
static dns_diagnosis *stale_by_issue(cookie_response *r)
{
    const cookie_issued *own = cookie_find_own(r->engine, r->exchange, r->asked);
    int64_t age = own ? (r->query->time - own->time) / second : 0;
    if (age <= COOKIE_MAX_AGE)
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_STALE_SERVER_COOKIE, CONFIDENCE_OBSERVED, (dns_facts){.age = age});
    evidence(r, d, EVIDENCE_ISSUED_EARLIER, (dns_facts){.frame = own->frame, .age = age});
    return d;
}

static dns_diagnosis *stale(cookie_response *r)
{
    dns_diagnosis *d = by_age(r, COOKIE_STALE, CAUSE_STALE_SERVER_COOKIE);
    return d ? d : stale_by_issue(r);
}

static dns_diagnosis *future(cookie_response *r)
{
    return by_age(r, COOKIE_FUTURE, CAUSE_FUTURE_SERVER_COOKIE);
}

/* The client has shown that it got a newer cookie than this one. */
static bool presented_newer(const cookie_exchange *e, const cookie_issued *own)
{
    for (unsigned i = 0; i < ISSUED_MAX && i < e->issued_count; i++)
        if (e->issued[i]->presented && e->issued[i]->frame > own->frame)
            return true;
    return false;
}

/* Issued by this server to this client with this client cookie, but a newer one was issued since. */
static dns_diagnosis *superseded(cookie_response *r)
{
    const cookie_issued *own = cookie_find_own(r->engine, r->exchange, r->asked);
    const cookie_issued *last = cookie_last_issued(r->exchange);
    if (!own || own == last)
        return NULL;
    if (!presented_newer(r->exchange, own) && !cookie_could_know(r->exchange, last->time, r->query))
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_SUPERSEDED_SERVER_COOKIE, CONFIDENCE_OBSERVED,
                                (dns_facts){.other = own->frame, .n = last->frame});
    evidence(r, d, EVIDENCE_ISSUED_EARLIER,
             (dns_facts){.frame = own->frame, .age = (r->query->time - own->time) / second});
    evidence(r, d, EVIDENCE_NEWER_ISSUED, (dns_facts){.frame = last->frame});
    return d;
}

/* ---- a cookie of its own refused: nodes with different secrets, or one change of the secret? ---- */

/* All rejections of one server get the verdict that its whole history carries. */
static void settle(cookie_server *server)
{
    unsigned kept = server->rejection_count < REJECTIONS_MAX ? server->rejection_count : REJECTIONS_MAX;
    bool changed_once = !server->again && (server->held > 0 || server->epochs > 0);
    cookie_verdict verdict = changed_once ? VERDICT_CHANGED : server->again ? VERDICT_ALTERNATES : VERDICT_OPEN;
    for (cookie_settled *s = verdict != server->verdict ? server->older : NULL; s; s = s->next) {
        s->diagnosis->cause = changed_once ? CAUSE_SERVER_SECRET_CHANGED : CAUSE_OWN_COOKIE_REJECTED;
        s->diagnosis->confidence = verdict == VERDICT_ALTERNATES ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    }
    server->verdict = verdict;
    for (unsigned i = 0; i < kept; i++) {
        dns_diagnosis *d = server->rejections[i].diagnosis;
        d->facts.n = server->rejection_count;
        d->facts.m = server->accepted_count;
        if (server->rejections[i].other_format && server->format_switches >= 2) {
            d->cause = CAUSE_MIXED_COOKIE_FORMATS;
            d->confidence = CONFIDENCE_OBSERVED;
            continue;
        }
        d->cause = changed_once ? CAUSE_SERVER_SECRET_CHANGED : CAUSE_OWN_COOKIE_REJECTED;
        d->confidence = changed_once ? CONFIDENCE_INFERRED : server->again ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    }
}

/* The cookie that comes with the BADCOOKIE is made in another way than the one refused. */
static bool answered_in_other_format(const cookie_response *r)
{
    presented_cookie p = presented(r);
    uint8_t length = r->answered ? dns_cookie_server_length(r->answered) : 0;
    if (!length) /* in a broken response or one cut by the capture */
        return false;
    cookie_format format = dns_cookie_format(dns_cookie_server(r->answered), length, r->packet->time);
    return p.length != length || p.rfc9018 != (format == COOKIE_FORMAT_RFC9018);
}

/* The secret changed before, its new cookies held again and again, and now one of those is refused: restarted or rolled
 * over another time. Nodes in turn do not accept so many in a row. */
static bool another_change(const cookie_server *server, const cookie_issued *own, int64_t now)
{
    enum { HELD_MIN = 8 };
    return !server->again && server->held >= HELD_MIN && own->time >= server->moment_high &&
           now - server->moment_high >= 60 * second;
}

/* Narrows the moment at which the server's mind changed; when no single moment explains all, it is
 * no single change. */
static void note_rejection(cookie_response *r, cookie_server *server, const cookie_issued *own, dns_diagnosis *d)
{
    if (!server->rejections)
        server->rejections = wmem_alloc0_array(r->engine->scope, cookie_rejection, REJECTIONS_MAX);
    cookie_rejection *slot = &server->rejections[server->rejection_count++ % REJECTIONS_MAX];
    if (slot->diagnosis && !slot->other_format) {
        cookie_settled *older = wmem_new(r->engine->scope, cookie_settled);
        *older = (cookie_settled){server->older, slot->diagnosis};
        server->older = older;
    }
    *slot = (cookie_rejection){own->time, r->packet->time, r->query->client.address, d, answered_in_other_format(r)};
    server->refused_other_format |= slot->other_format;
    if (server->rejection_count == 1) {
        server->moment_low = own->time;
        server->moment_high = r->packet->time;
    } else if (another_change(server, own, r->packet->time)) {
        server->epochs++;
        server->held = 0;
        server->moment_low = own->time;
        server->moment_high = r->packet->time;
    } else {
        server->several_clients |= !dns_address_equal(&slot->client, &server->rejections[0].client);
        if (own->time > server->moment_low)
            server->moment_low = own->time;
        if (r->packet->time < server->moment_high)
            server->moment_high = r->packet->time;
        server->again |= server->moment_low >= server->moment_high;
    }
}

void cookie_note_accepted(cookie_server *server, const cookie_issued *issued, const dns_packet *p,
                          const dns_address *client)
{
    server->accepted_count++;
    if (!server->rejection_count)
        return;
    if (!dns_address_equal(client, &server->rejections[0].client))
        server->accepted_other_client_frame = p->frame;
    if (issued->time >= server->moment_high)
        server->held++;
    else if (issued->time <= server->moment_low && p->time >= server->moment_high)
        server->again = true; /* accepted across the moment: refused and accepted alternate */
    settle(server);
}

/* The refusal brings the very cookie that it refuses: the server would make it again for this address, so it is no
 * other node's. Either it did not arrive as it was sent, or the server accepts none. */
static bool brings_the_same(const cookie_response *r)
{
    uint8_t length = dns_cookie_server_length(r->asked);
    return r->answered && length == dns_cookie_server_length(r->answered) &&
           memcmp(dns_cookie_server(r->asked), dns_cookie_server(r->answered), length) == 0;
}

/* What the capture favours, for the reader who has to choose where to look first. */
static void favour(cookie_response *r, dns_diagnosis *d, const cookie_server *server)
{
    if (brings_the_same(r))
        evidence(r, d, EVIDENCE_SAME_AGAIN, (dns_facts){.frame = r->packet->frame});
    if (answered_in_other_format(r))
        evidence(r, d, EVIDENCE_OTHER_FORMAT, (dns_facts){.frame = query_frame(r), .other = r->packet->frame});
    if (server->rejection_count > 1 && !server->accepted_count)
        evidence(r, d, EVIDENCE_ACCEPTS_NONE, (dns_facts){.n = server->rejection_count});
    else if (server->several_clients)
        evidence(r, d, EVIDENCE_SEVERAL_CLIENTS, (dns_facts){.n = server->rejection_count});
    else if (server->accepted_other_client_frame)
        evidence(r, d, EVIDENCE_ONLY_THIS_CLIENT, (dns_facts){.frame = server->accepted_other_client_frame});
}

static dns_diagnosis *own_rejected(cookie_response *r)
{
    const cookie_issued *own = cookie_find_own(r->engine, r->exchange, r->asked);
    if (!own)
        return NULL;
    cookie_server *server = r->exchange->pair->server;
    dns_diagnosis *d = diagnose(r, CAUSE_OWN_COOKIE_REJECTED, CONFIDENCE_INFERRED, (dns_facts){.other = own->frame});
    d->facts.age = (r->query->time - own->time) / second;
    evidence(r, d, EVIDENCE_ISSUED_EARLIER, (dns_facts){.frame = own->frame, .age = d->facts.age});
    if (r->asked->verified_known)
        evidence(r, d, r->asked->verified ? EVIDENCE_HASH_FITS : EVIDENCE_HASH_FITS_NOT,
                 (dns_facts){.frame = query_frame(r)});
    note_rejection(r, server, own, d);
    favour(r, d, server);
    settle(server);
    return d;
}

/* ---- the cookie belongs to somebody else ---- */

typedef enum { OWNER_OTHER_ADDRESS, OWNER_OTHER_CLIENT_COOKIE, OWNER_OTHER_SERVER, OWNER_KINDS } owner_kind;

static owner_kind owner(const cookie_response *r, const cookie_issued *issued)
{
    const cookie_exchange *e = issued->exchange;
    if (!dns_endpoint_equal(&e->pair->server->endpoint, &r->exchange->pair->server->endpoint))
        return OWNER_OTHER_SERVER;
    bool same_cookie = memcmp(e->client_cookie, r->asked->bytes, COOKIE_CLIENT_LENGTH) == 0;
    return same_cookie ? OWNER_OTHER_ADDRESS : OWNER_OTHER_CLIENT_COOKIE;
}

/* Behind a proxy the same cookie was seen twice: what this very client got tells more. */
static bool issued_to_this_client(const cookie_response *r, const cookie_issued *issued)
{
    return dns_address_equal(&issued->exchange->pair->client, &r->query->client.address);
}

static dns_diagnosis *issued_elsewhere(cookie_response *r)
{
    static const dns_cause causes[OWNER_KINDS] = {CAUSE_CLIENT_ADDRESS_CHANGED, CAUSE_CLIENT_COOKIE_CHANGED,
                                                  CAUSE_WRONG_SERVER};
    presented_cookie p = presented(r);
    const cookie_issued *best = NULL;
    for (const cookie_issued *i = cookie_store_issued(r->engine->store, p.bytes, p.length); i; i = i->same)
        if (i->exchange != r->exchange &&
            (!best || owner(r, i) < owner(r, best) ||
             (owner(r, i) == owner(r, best) && !issued_to_this_client(r, best) && issued_to_this_client(r, i))))
            best = i;
    if (!best)
        return NULL;
    owner_kind kind = owner(r, best);
    const cookie_pair *pair = best->exchange->pair;
    dns_facts facts = {.other = best->frame};
    facts.address = kind == OWNER_OTHER_SERVER ? pair->server->endpoint : (dns_endpoint){pair->client, 0};
    dns_diagnosis *d = diagnose(r, causes[kind], CONFIDENCE_OBSERVED, facts);
    static const dns_evidence_kind kinds[OWNER_KINDS] = {EVIDENCE_ISSUED_TO_ADDRESS, EVIDENCE_ISSUED_WITH_OTHER,
                                                         EVIDENCE_ISSUED_BY_SERVER};
    evidence(r, d, kinds[kind], (dns_facts){.frame = best->frame, .address = facts.address});
    return d;
}

/* With a secret: does the hash fit another client address of this capture? */
static dns_diagnosis *verified_elsewhere(cookie_response *r)
{
    if (!r->asked->verified_known || r->asked->verified)
        return NULL;
    const cookie_server *server = r->exchange->pair->server;
    unsigned tried = 0;
    for (const GList *l = server->pairs.tail; l && tried < CLIENTS_TRIED_MAX; l = l->prev, tried++) {
        const cookie_pair *other = (const cookie_pair *)l->data;
        if (other == r->exchange->pair ||
            dns_cookie_check(r->engine->secrets, &server->endpoint.address, r->asked->bytes,
                             dns_cookie_server(r->asked), &other->client) != COOKIE_FITS)
            continue;
        dns_facts facts = {.address = {other->client, 0}};
        dns_diagnosis *d = diagnose(r, CAUSE_CLIENT_ADDRESS_CHANGED, CONFIDENCE_PROVEN, facts);
        evidence(r, d, EVIDENCE_HASH_FITS_ADDRESS, (dns_facts){.frame = query_frame(r), .address = facts.address});
        return d;
    }
    return NULL;
}

/* ---- the cookie was never seen before ---- */

static dns_diagnosis *altered(cookie_response *r)
{
    presented_cookie p = presented(r);
    const cookie_exchange *e = r->exchange;
    for (unsigned i = 0; i < ISSUED_MAX && i < e->issued_count; i++) {
        const cookie_issued *issued = e->issued[i];
        if (!dns_cookie_altered(issued->bytes, issued->length, p.bytes, p.length))
            continue;
        dns_diagnosis *d =
            diagnose(r, CAUSE_ALTERED_SERVER_COOKIE, CONFIDENCE_OBSERVED, (dns_facts){.other = issued->frame});
        evidence(r, d, EVIDENCE_NEARLY_ISSUED, (dns_facts){.frame = issued->frame, .other = query_frame(r)});
        return d;
    }
    return NULL;
}

static dns_diagnosis *unknown_format(cookie_response *r)
{
    presented_cookie p = presented(r);
    if (p.rfc9018)
        return NULL;
    dns_diagnosis *d =
        diagnose(r, CAUSE_UNKNOWN_COOKIE_FORMAT, CONFIDENCE_OBSERVED, (dns_facts){.n = p.length, .m = p.bytes[0]});
    evidence(r, d, EVIDENCE_FORMAT, (dns_facts){.frame = query_frame(r), .n = p.length, .m = p.bytes[0]});
    return d;
}

static dns_diagnosis *reserved_bytes(cookie_response *r)
{
    presented_cookie p = presented(r);
    if (!dns_cookie_has_reserved(p.bytes))
        return NULL;
    bool fits_not = r->asked->verified_known && !r->asked->verified;
    if (fits_not)
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_RESERVED_BYTES_REJECTED,
                                r->asked->verified ? CONFIDENCE_PROVEN : CONFIDENCE_INFERRED, (dns_facts){0});
    evidence(r, d, EVIDENCE_RESERVED, (dns_facts){.frame = query_frame(r)});
    if (r->asked->verified)
        evidence(r, d, EVIDENCE_HASH_FITS, (dns_facts){.frame = query_frame(r)});
    return d;
}

static dns_diagnosis *forged(cookie_response *r)
{
    if (!r->asked->verified_known || r->asked->verified)
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_FORGED_OR_FOREIGN_COOKIE, CONFIDENCE_PROVEN, (dns_facts){0});
    evidence(r, d, EVIDENCE_HASH_FITS_NOT, (dns_facts){.frame = query_frame(r)});
    return d;
}

/* The configured secret says that the cookie is good, and the server refused it all the same. */
static dns_diagnosis *good_cookie_rejected(cookie_response *r)
{
    if (!r->asked->verified)
        return NULL;
    dns_diagnosis *d = diagnose(r, CAUSE_OWN_COOKIE_REJECTED, CONFIDENCE_PROVEN, (dns_facts){0});
    evidence(r, d, EVIDENCE_HASH_FITS, (dns_facts){.frame = query_frame(r)});
    return d;
}

static dns_diagnosis *not_seen(cookie_response *r)
{
    dns_diagnosis *d = diagnose(r, CAUSE_NOT_SEEN_ISSUED, CONFIDENCE_INFERRED, (dns_facts){.age = presented(r).age});
    evidence(r, d, EVIDENCE_NOT_ISSUED_HERE, (dns_facts){.frame = query_frame(r)});
    return d;
}

/* ---- the order ---- */

static const cause_rule on_the_bytes[] = {over_stream, query_unreadable, no_cookie,
                                          malformed,   without_cookie,   several_cookies};
static const cause_rule without_server_cookie[] = {rate_limit, not_learned_client_only, first_contact};
static const cause_rule with_server_cookie[] = {
    altered,          not_learned_old_cookie, stale,          future,         superseded, own_rejected,
    issued_elsewhere, verified_elsewhere,     unknown_format, reserved_bytes, forged,     good_cookie_rejected,
    not_seen,
};

static dns_diagnosis *first_of(const cause_rule *rules, size_t count, cookie_response *r)
{
    dns_diagnosis *d = NULL;
    for (size_t i = 0; i < count && !d; i++)
        d = rules[i](r);
    return d;
}

#define FIRST_OF(rules, r) first_of(rules, sizeof rules / sizeof *rules, r)

/* Remembered, so that its coming back can be told. */
static void note_refused(cookie_response *r)
{
    if (!r->exchange || client_only(r) || !r->answered || !dns_cookie_server_length(r->answered))
        return;
    cookie_exchange *e = r->exchange;
    uint8_t length = dns_cookie_server_length(r->asked);
    for (unsigned i = 0; i < REJECTED_MAX && i < e->rejected_count; i++)
        if (e->rejected[i].length == length && memcmp(e->rejected[i].bytes, dns_cookie_server(r->asked), length) == 0) {
            e->rejected[i].times++;
            return;
        }
    cookie_rejected *slot = &e->rejected[e->rejected_count++ % REJECTED_MAX];
    *slot = (cookie_rejected){.frame = r->packet->frame, .time = r->packet->time, .times = 1, .length = length};
    memcpy(slot->bytes, dns_cookie_server(r->asked), length);
}

void cookie_explain_badcookie(cookie_response *r)
{
    dns_diagnosis *d = FIRST_OF(on_the_bytes, r);
    if (!d)
        d = client_only(r) ? FIRST_OF(without_server_cookie, r) : FIRST_OF(with_server_cookie, r);
    /* A second BADCOOKIE to one and the same query belongs to the story of the first. */
    dns_transaction *t = r->query->finding->transaction;
    if (r->first || !t->episode)
        t->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
    d->episode = t->episode;
    note_refused(r);
}
