/* contacts.c
 * First contacts, and clients that never get beyond them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "contacts.h"

enum { CONTACTS_MIN = 3 };

static void judge(cookie_pair *pair)
{
    dns_claim *c = pair->contacts;
    if (!c)
        return;
    bool never = !pair->used && !pair->answered && c->count >= CONTACTS_MIN && cookie_in_lock_step(pair);
    dns_ruling r = {0};
    r.cause = never ? CAUSE_COOKIE_NOT_LEARNED : CAUSE_FIRST_CONTACT;
    r.confidence = pair->forgot ? CONFIDENCE_INFERRED : CONFIDENCE_OBSERVED;
    r.open = never;
    if (never)
        dns_ruling_evidence(&r, EVIDENCE_LOCK_STEP, (dns_facts){.n = c->count});
    dns_claim_rule(c, &r);
    for (unsigned i = 0; i < c->count; i++) /* once for the client */
        c->members[i].diagnosis->repetition = never && i > 0;
    if (pair->used || pair->answered) {
        dns_claim_close(c);
        pair->contacts = NULL;
    }
}

/* Once a refused question was repeated only after a time-out, steps prove nothing: a busy client asks its next question some
 * time after the last answer by chance. A quick reaction, or a server cookie, shows that it gets answers. */
static uint8_t steps_now(const cookie_pair *pair, const dns_query *query, bool waits, bool server_cookie)
{
    const dns_transaction *t = query->finding->transaction;
    bool lost = pair->lock_step == COOKIE_LOCK_STEP_LOST, hears = cookie_is_quick_retry(query) || server_cookie;
    if (t->retry_late || (lost && !hears))
        return COOKIE_LOCK_STEP_LOST;
    return waits || lost ? 0 : (uint8_t)MIN(pair->lock_step + 1, COOKIE_LOCK_STEP_LOST - 1);
}

void cookie_contacts_query(cookie_pair *pair, const dns_query *query, bool server_cookie)
{
    /* The same question again after a time-out: the answer may have been lost behind the capture. */
    bool timed_out = pair->last_question == query->question_hash && query->time - pair->last_query >= DNS_TIMEOUT_MIN;
    /* Lock-step is brisk: a query that comes long after proves nothing. */
    bool much_later = query->time - pair->last_query > dns_seconds(2);
    bool waits = pair->waiting || timed_out || much_later;
    pair->lock_step = steps_now(pair, query, waits, server_cookie);
    pair->last_question = query->question_hash;
    pair->last_query = query->time;
    pair->waiting = (uint8_t)MIN(pair->waiting + 1, UINT8_MAX);
    pair->used |= server_cookie;
    judge(pair);
}

void cookie_contacts_answer(cookie_pair *pair, bool badcookie)
{
    pair->waiting -= pair->waiting > 0;
    pair->answered |= !badcookie;
    judge(pair);
}

dns_diagnosis *cookie_contacts_add(cookie_response *r, const dns_claim_evidence *evidence, unsigned count)
{
    cookie_pair *pair = r->exchange->pair;
    dns_facts facts = {.frame = cookie_query_frame(r), .address = r->query->client};
    if (pair->used || pair->answered) {
        dns_confidence confidence = pair->forgot ? CONFIDENCE_INFERRED : CONFIDENCE_OBSERVED;
        dns_diagnosis *d = cookie_diagnose(r, CAUSE_FIRST_CONTACT, confidence, facts);
        for (unsigned i = 0; i < count; i++)
            cookie_evidence(r, d, evidence[i].kind, evidence[i].facts);
        return d;
    }
    if (!pair->contacts) {
        pair->contacts = wmem_new(r->engine->scope, dns_claim);
        dns_claim_init(pair->contacts, r->engine->scope);
        judge(pair);
    }
    dns_diagnosis *d = dns_claim_join(pair->contacts, r->finding, facts, evidence, count);
    judge(pair);
    return d;
}
