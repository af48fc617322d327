/* causes_client_only.c
 * Why BADCOOKIE: the query brought no server cookie.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "causes.h"
#include "contacts.h"

/* When the oldest cookie that is remembered was issued. */
static int64_t first_known(const cookie_exchange *e)
{
    const cookie_issued *oldest = e->last_issued;
    while (oldest->older)
        oldest = oldest->older;
    return oldest->time;
}

/* The last one that was issued when the query was sent; NULL: none that is remembered. */
static const cookie_issued *issued_before(const cookie_exchange *e, const dns_query *query)
{
    const cookie_issued *i = e->last_issued;
    while (i && i->time >= query->time)
        i = i->older;
    return i;
}

static bool presented_before(const cookie_response *r)
{
    return r->exchange->presented_frame && r->exchange->presented_frame < cookie_query_frame(r);
}

/* A client that has presented a server cookie before does learn: it keeps none from question to question (dig with
 * several names), or let go of it in the meantime (BIND resolver, an idle server). */
static bool only_forgot(const cookie_response *r)
{
    return presented_before(r) && !r->query->finding->transaction->retry_of;
}

/* The very same query once more may be its copy from another point of capture, whose clock is off. */
dns_diagnosis *cookie_cause_not_learned_client_only(cookie_response *r)
{
    const cookie_issued *issued = r->exchange->last_issued;
    if (!cookie_client_only(r) || !issued || cookie_perhaps_lost(r->exchange) || r->query->seen_before ||
        only_forgot(r) || !cookie_got_answers(r, first_known(r->exchange)))
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_COOKIE_NOT_LEARNED, cookie_confidence_of_learning(r),
                                       (dns_facts){.other = issued->frame});
    cookie_evidence(r, d, EVIDENCE_ISSUED_EARLIER,
                    (dns_facts){.frame = issued->frame, .age = (r->query->time - issued->time) / dns_seconds(1)});
    cookie_evidence(r, d, EVIDENCE_CLIENT_ONLY, (dns_facts){.frame = cookie_query_frame(r)});
    r->exchange->never_learns = true;
    return d;
}

dns_diagnosis *cookie_cause_first_contact(cookie_response *r)
{
    if (!cookie_client_only(r))
        return NULL;
    const cookie_issued *last = issued_before(r->exchange, r->query);
    dns_evidence_kind kind = !last                 ? EVIDENCE_NOT_ISSUED_BEFORE
                             : presented_before(r) ? EVIDENCE_NOT_KEPT
                                                   : EVIDENCE_UNDER_WAY;
    dns_facts facts = {.frame = cookie_query_frame(r), .other = last ? last->frame : 0};
    dns_claim_evidence evidence[] = {{EVIDENCE_CLIENT_ONLY, facts}, {kind, facts}};
    return cookie_contacts_add(r, evidence, 2);
}
