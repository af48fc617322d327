/* forgery.c
 * Two different responses to one query, of which one is forged.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "forgery.h"

/* A response that lacks the query's client cookie. */
typedef struct dns_doubtful {
    struct dns_doubtful *next;
    dns_finding *finding;
} dns_doubtful;

enum { DOUBTFUL_MAX = 8 };

static bool brings_client_cookie(const cookie_response *r)
{
    return r->answered && r->answered->length >= COOKIE_CLIENT_LENGTH && !r->mismatch;
}

/* Another client cookie of this very client, which no forger off the path knows: it answers another query of it, which was
 * not captured, or comes late. */
static bool brings_another_of_its_own(const cookie_response *r)
{
    cookie_origin origin;
    return r->mismatch && cookie_store_origin(r->engine->store, r->answered->bytes, &origin) &&
           dns_address_equal(&origin.client, &r->query->client.address);
}

/* Where the query was sent again, each sending may have its own answer. */
static bool sent_once(const cookie_response *r)
{
    const dns_query *q = r->query;
    for (const dns_query *other = q->older; other; other = other->older)
        if (other->finding->transaction == q->finding->transaction)
            return false;
    return !q->seen_before;
}

static void tell(cookie_response *r, dns_finding *forged, const dns_finding *genuine)
{
    dns_facts facts = {
        .frame = forged->frame, .other = genuine->frame, .address = r->query->server, .rcode = forged->rcode};
    dns_diagnosis *d = dns_diagnose(r->engine->scope, forged, CAUSE_FORGED_RESPONSE, CONFIDENCE_OBSERVED, facts);
    const dns_cookie *returned = dns_finding_cookie(forged);
    dns_facts sent = {.frame = cookie_query_frame(r), .hex = r->asked->bytes, .hex_length = COOKIE_CLIENT_LENGTH};
    cookie_evidence(r, d, EVIDENCE_CLIENT_COOKIE_SENT, sent);
    dns_facts got = {.frame = forged->frame};
    if (returned && returned->length >= COOKIE_CLIENT_LENGTH) {
        got.hex = returned->bytes;
        got.hex_length = COOKIE_CLIENT_LENGTH;
        cookie_evidence(r, d, EVIDENCE_CLIENT_COOKIE_RETURNED, got);
    } else {
        cookie_evidence(r, d, EVIDENCE_RESPONSE_WITHOUT_COOKIE, got);
    }
    cookie_evidence(r, d, EVIDENCE_GENUINE_RESPONSE, (dns_facts){.frame = genuine->frame});
}

/* All that was concluded from it is taken back. */
static void was_forged(cookie_response *r, dns_finding *forged)
{
    while (forged->more->diagnoses)
        dns_take_back(forged, forged->more->diagnoses);
    tell(r, forged, r->finding);
}

/* Once, on the genuine response: where tools that read a capture once can learn of the forged ones before it. */
static void tell_genuine(cookie_response *r, dns_finding *genuine, const dns_finding *forged)
{
    if (dns_find_diagnosis(genuine, CAUSE_GENUINE_RESPONSE))
        return;
    dns_facts facts = {.frame = genuine->frame, .other = forged->frame, .address = r->query->server};
    dns_diagnosis *d = dns_diagnose(r->engine->scope, genuine, CAUSE_GENUINE_RESPONSE, CONFIDENCE_OBSERVED, facts);
    cookie_evidence(r, d, EVIDENCE_FORGED_BESIDE, (dns_facts){.frame = forged->frame});
}

static void is_genuine(cookie_response *r)
{
    dns_query *q = r->query;
    if (!q->doubtful)
        return;
    tell_genuine(r, r->finding, q->doubtful->finding);
    for (dns_doubtful *d = q->doubtful; d; d = d->next)
        was_forged(r, d->finding);
    q->doubtful = NULL;
    q->answer = r->finding;
    q->finding->transaction->response_frame = r->packet->frame;
    r->first = true;
    if (q->ended)
        q->ended->end_frame = r->packet->frame;
}

static void note_doubtful(cookie_response *r)
{
    unsigned count = 0;
    for (const dns_doubtful *d = r->query->doubtful; d; d = d->next)
        count++;
    r->doubtful = true;
    if (count >= DOUBTFUL_MAX)
        return;
    dns_doubtful *d = wmem_new(r->engine->scope, dns_doubtful);
    *d = (dns_doubtful){r->query->doubtful, r->finding};
    r->query->doubtful = d;
}

void cookie_find_forgery(cookie_response *r)
{
    bool concerned = r->exchange && dns_transport_is_datagram(r->packet->transport) && !r->message->problems &&
                     !r->by_last_option && sent_once(r) && !brings_another_of_its_own(r);
    if (!concerned)
        return;
    dns_finding *answer = r->query->answer;
    if (brings_client_cookie(r)) {
        is_genuine(r);
    } else if (r->first || r->query->doubtful) {
        note_doubtful(r);
    } else if (answer && answer != r->finding) { /* the first one had it */
        r->forged = true;
        tell(r, r->finding, answer);
        tell_genuine(r, answer, r->finding);
    }
}
