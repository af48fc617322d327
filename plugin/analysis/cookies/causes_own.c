/* causes_own.c
 * Why BADCOOKIE: the server cookie is too old, from the future, not the latest, or one that the server itself issued.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "causes.h"
#include "verdict.h"

/* The cookie was given out (again) by the refusal in `frame` or later: presenting it is no sign of not learning. */
static bool given_since(cookie_response *r, const cookie_presented *p, uint32_t frame)
{
    for (const cookie_issued *i = cookie_store_issued(r->engine->store, p->bytes, p->length); i; i = i->same)
        if (i->last_frame >= frame)
            return true;
    return false;
}

/* How often this very cookie was refused while the client could know it, and the refusal. */
static const cookie_rejected *refused_before(cookie_response *r, const cookie_presented *p)
{
    const cookie_exchange *e = r->exchange;
    for (unsigned i = 0; e->rejected && i < REJECTED_MAX; i++) {
        const cookie_rejected *old = &e->rejected[i];
        if (old->length == p->length && memcmp(old->bytes, p->bytes, p->length) == 0)
            return cookie_could_know(e, old->time, r->query) && !given_since(r, p, old->frame) ? old : NULL;
    }
    return NULL;
}

/* The same old cookie again after it was refused and a fresh one was given. One that this server issued
 * is "superseded" at first; presented again and again, the client does not learn. */
dns_diagnosis *cookie_cause_not_learned_old_cookie(cookie_response *r)
{
    cookie_presented p = cookie_read_presented(r);
    bool lost =
        cookie_perhaps_lost(r->exchange) || r->query->seen_before; /* or its copy from another point of capture */
    const cookie_rejected *old = lost ? NULL : refused_before(r, &p);
    if (!old || old->times < (cookie_find_own(r->exchange, r->asked) ? 2u : 1u))
        return NULL;
    dns_diagnosis *d =
        cookie_diagnose(r, CAUSE_COOKIE_NOT_LEARNED, CONFIDENCE_OBSERVED, (dns_facts){.other = old->frame});
    cookie_evidence(r, d, EVIDENCE_REFUSED_BEFORE, (dns_facts){.frame = old->frame});
    cookie_evidence(r, d, EVIDENCE_PRESENTED_AGAIN, (dns_facts){.frame = cookie_query_frame(r)});
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
    cookie_evidence(r, d, age >= 0 ? EVIDENCE_STAMP_PAST : EVIDENCE_STAMP_FUTURE,
                    (dns_facts){.frame = cookie_query_frame(r), .age = age});
    const cookie_issued *own = cookie_find_own(r->exchange, r->asked);
    if (own)
        cookie_evidence(r, d, EVIDENCE_ISSUED_EARLIER,
                        (dns_facts){.frame = own->frame, .age = (r->query->time - own->time) / dns_seconds(1)});
    if (r->engine->clock_stepped)
        cookie_evidence(r, d, EVIDENCE_CLOCK_STEPPED, (dns_facts){.frame = r->engine->clock_stepped});
    if (r->asked->verified_known)
        cookie_evidence(r, d, r->asked->verified ? EVIDENCE_HASH_FITS : EVIDENCE_HASH_FITS_NOT,
                        (dns_facts){.frame = cookie_query_frame(r)});
}

/* The cookie was seen being issued before the capture's clock went back: its stamp says nothing now. */
static bool clock_unusable(const cookie_response *r)
{
    return r->engine->clock_stepped && cookie_find_own(r->exchange, r->asked);
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
    cookie_presented p = cookie_read_presented(r);
    int32_t off = refusers_offset(r), by_capture = p.age;
    if (p.rfc9018 && off) {
        p.age = (int32_t)((uint32_t)p.age + (uint32_t)off);
        p.verdict = dns_cookie_age_verdict(p.age);
    }
    if (p.verdict != verdict || clock_unusable(r))
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, cause, age_confidence(r), (dns_facts){.age = p.age});
    age_evidence(r, d, by_capture);
    if (off > 1 || off < -1) /* whole seconds may differ by one */
        cookie_evidence(r, d, EVIDENCE_REFUSERS_CLOCK, (dns_facts){.frame = r->packet->frame, .age = off});
    return d;
}

/* Of whatever make: issued here more than an hour ago. No server accepts it longer. */
static dns_diagnosis *stale_by_issue(cookie_response *r)
{
    const cookie_issued *own = cookie_find_own(r->exchange, r->asked);
    int64_t age = own ? (r->query->time - own->time) / dns_seconds(1) : 0;
    if (age <= COOKIE_MAX_AGE)
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_STALE_SERVER_COOKIE, CONFIDENCE_OBSERVED, (dns_facts){.age = age});
    cookie_evidence(r, d, EVIDENCE_ISSUED_EARLIER, (dns_facts){.frame = own->frame, .age = age});
    return d;
}

dns_diagnosis *cookie_cause_stale(cookie_response *r)
{
    dns_diagnosis *d = by_age(r, COOKIE_STALE, CAUSE_STALE_SERVER_COOKIE);
    return d ? d : stale_by_issue(r);
}

dns_diagnosis *cookie_cause_future(cookie_response *r)
{
    return by_age(r, COOKIE_FUTURE, CAUSE_FUTURE_SERVER_COOKIE);
}

/* The client had shown that it got a newer cookie than this one, when it sent the query. */
static bool presented_newer(const cookie_exchange *e, const cookie_issued *own, const dns_query *query)
{
    for (const cookie_issued *i = e->last_issued; i; i = i->older)
        if (i->presented && i->frame > own->frame && i->time < query->time)
            return true;
    return false;
}

/* The last one that was there when the query was sent. */
static const cookie_issued *last_before(const cookie_exchange *e, const dns_query *query)
{
    const cookie_issued *i = e->last_issued;
    while (i && i->time >= query->time)
        i = i->older;
    return i;
}

/* Issued by this server to this client with this client cookie, but a newer one was issued since. */
dns_diagnosis *cookie_cause_superseded(cookie_response *r)
{
    const cookie_issued *own = cookie_find_own(r->exchange, r->asked);
    const cookie_issued *last = last_before(r->exchange, r->query);
    if (!own || !last || own == last)
        return NULL;
    if (!presented_newer(r->exchange, own, r->query) && !cookie_could_know(r->exchange, last->time, r->query))
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_SUPERSEDED_SERVER_COOKIE, CONFIDENCE_OBSERVED,
                                       (dns_facts){.other = own->frame, .n = last->frame});
    cookie_evidence(r, d, EVIDENCE_ISSUED_EARLIER,
                    (dns_facts){.frame = own->frame, .age = (r->query->time - own->time) / dns_seconds(1)});
    cookie_evidence(r, d, EVIDENCE_NEWER_ISSUED, (dns_facts){.frame = last->frame});
    return d;
}

/* The refusal brings the very cookie that it refuses: the server would make it again for this address, so it is no
 * other node's. Either it did not arrive as it was sent, or the server accepts none. */
static bool brings_the_same(const cookie_response *r)
{
    uint8_t length = dns_cookie_server_length(r->asked);
    return r->answered && length == dns_cookie_server_length(r->answered) &&
           memcmp(dns_cookie_server(r->asked), dns_cookie_server(r->answered), length) == 0;
}

static unsigned add(dns_claim_evidence *to, unsigned count, dns_evidence_kind kind, dns_facts facts)
{
    to[count] = (dns_claim_evidence){kind, facts};
    return count + 1;
}

dns_diagnosis *cookie_cause_own_rejected(cookie_response *r)
{
    const cookie_issued *own = cookie_find_own(r->exchange, r->asked);
    if (!own)
        return NULL;
    dns_facts query = {.frame = cookie_query_frame(r), .other = r->packet->frame};
    dns_facts issued = {.frame = own->frame, .age = (r->query->time - own->time) / dns_seconds(1)};
    dns_facts facts = {.frame = query.frame, .other = own->frame, .age = issued.age, .address = r->query->server};
    dns_claim_evidence e[4];
    unsigned n = add(e, 0, EVIDENCE_ISSUED_EARLIER, issued);
    if (r->asked->verified_known)
        n = add(e, n, r->asked->verified ? EVIDENCE_SECRET_FITS : EVIDENCE_SECRET_FITS_NOT, query);
    if (brings_the_same(r)) {
        r->exchange->pair->server->refused_what_it_makes = true;
        n = add(e, n, EVIDENCE_SAME_AGAIN, (dns_facts){.frame = r->packet->frame});
    }
    if (cookie_other_format_given(r))
        n = add(e, n, EVIDENCE_OTHER_FORMAT, query);
    dns_diagnosis *d = cookie_claim_rejected(r, r->exchange->pair->server, own, facts, e, n);
    d->mild = brings_the_same(r); /* no other secret, and no other address: both would make another one */
    return d;
}
