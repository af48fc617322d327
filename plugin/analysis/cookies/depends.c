/* depends.c
 * One question, two answers: one with COOKIE and another without.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An option that a server does not know must not change its answer (RFC 6891 section 6.1.2). Only answers to one client are
 * compared, since views differ by client; only those that say that the name or type exists or not, since refusals come and
 * go; and what changes once may change with time, so it takes differences that no single moment of change explains.
 */
#include "../hash.h"
#include "claims.h"

static bool comparable(const dns_answer_seen *a)
{
    return a->frame && (a->rcode == RCODE_NOERROR || a->rcode == RCODE_NXDOMAIN);
}

static bool differ(const dns_answer_seen *a, const dns_answer_seen *b)
{
    return a->rcode != b->rcode || a->empty != b->empty;
}

static cookie_difference *find(cookie_depends *d, uint32_t question_hash, uint32_t client, bool create)
{
    for (unsigned i = 0; i < d->count; i++)
        if (d->questions[i].question_hash == question_hash && d->questions[i].client == client)
            return &d->questions[i];
    if (!create || d->count == DEPENDS_MAX)
        return NULL;
    d->questions[d->count] = (cookie_difference){.question_hash = question_hash, .client = client};
    return &d->questions[d->count++];
}

/* A zone that changed once, between the two answers of each difference, would explain them all. */
static bool one_moment_explains(const cookie_depends *d)
{
    uint32_t low = 0, high = UINT32_MAX;
    for (unsigned i = 0; i < d->count; i++) {
        const cookie_difference *q = &d->questions[i];
        if (q->refuted || !q->times)
            continue;
        low = MAX(low, q->low);
        high = MIN(high, q->high);
    }
    return low < high;
}

static void judge(cookie_depends *d)
{
    dns_ruling ruling = {0};
    if (!one_moment_explains(d)) {
        ruling.cause = CAUSE_ANSWER_DEPENDS_ON_COOKIE;
        ruling.confidence = CONFIDENCE_OBSERVED;
        ruling.open = true;
    }
    dns_claim_rule(&d->claim, &ruling);
}

/* The response stands in its question's record already. */
static const dns_answer_seen *other_answer(const dns_question_record *q, const dns_answer_seen *now, bool cookie)
{
    static const dns_asked_sort with[] = {ASKED_EDNS, ASKED_PLAIN}, without[] = {ASKED_COOKIE, ASKED_COOKIE};
    for (int i = 0; i < 2; i++) {
        const dns_answer_seen *a = &q->answers[cookie ? with[i] : without[i]];
        if (comparable(a) && a->client == now->client)
            return a;
    }
    return NULL;
}

static void member(cookie_response *r, cookie_depends *d, bool first, const dns_answer_seen *other)
{
    dns_facts facts = {
        .frame = r->finding->frame, .other = other->frame, .rcode = r->finding->rcode, .address = r->query->server};
    dns_claim_evidence own = {EVIDENCE_OTHER_WITHOUT_COOKIE, {.frame = other->frame, .rcode = other->rcode}};
    dns_claim_join(&d->claim, r->finding, facts, &own, 1)->repetition = !first;
}

void cookie_claim_depends(cookie_response *r)
{
    const dns_question_record *q = dns_record_question(r->server, r->query->question_hash);
    bool usable = q && dns_transport_is_datagram(r->packet->transport) && !(r->message->flags & DNS_FLAG_TC) &&
                  r->finding->opcode == DNS_OPCODE_QUERY && r->query->kind != KIND_OTHER;
    if (!usable)
        return;
    bool cookie = dns_kind_has_cookie((dns_query_kind)r->query->kind);
    dns_asked_sort sort = cookie ? ASKED_COOKIE : r->query->kind == KIND_PLAIN ? ASKED_PLAIN : ASKED_EDNS;
    const dns_answer_seen *now = &q->answers[sort];
    const dns_answer_seen *other = comparable(now) ? other_answer(q, now, cookie) : NULL;
    if (!other)
        return;
    bool differs = differ(now, other);
    cookie_claims *c = cookie_claims_of(r->engine, r->server, differs);
    cookie_difference *question = c ? find(&c->depends, q->question_hash, now->client, differs) : NULL;
    if (!question)
        return;
    if (!differs) {
        question->refuted = true;
    } else {
        bool first = !question->times++;
        question->low = first ? other->frame : MAX(question->low, other->frame);
        question->high = first ? now->frame : MIN(question->high, now->frame);
        if (cookie)
            member(r, &c->depends, first || !question->told, other);
        question->told |= cookie;
    }
    judge(&c->depends);
}
