/* causes_by_bytes.c
 * Why BADCOOKIE: rules that query or response break on their bytes.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "causes.h"

dns_diagnosis *cookie_cause_over_stream(cookie_response *r)
{
    if (dns_transport_is_datagram(r->packet->transport))
        return NULL;
    return cookie_diagnose(r, CAUSE_BADCOOKIE_OVER_STREAM, CONFIDENCE_PROVEN, (dns_facts){0});
}

/* A client cookie alone, of a client that was given no cookie so far: what is not told is whether it is always the same. */
static bool seems_first_contact(const cookie_response *r)
{
    const dns_query *q = r->query;
    const cookie_pair *pair = cookie_store_pair(r->engine->store, r->server, &q->client.address);
    return !(pair && pair->cookie_frame) && !q->finding->transaction->retry_of;
}

/* Cut by the capture, and its length is known. */
static dns_diagnosis *cut_cookie(cookie_response *r, uint16_t length)
{
    dns_facts facts = {.frame = cookie_query_frame(r), .n = length};
    cookie_form form = dns_cookie_form(length);
    bool client_only = form == COOKIE_CLIENT_ONLY;
    dns_cause cause = form == COOKIE_MALFORMED                ? CAUSE_MALFORMED_COOKIE
                      : client_only && seems_first_contact(r) ? CAUSE_FIRST_CONTACT
                                                              : CAUSE_QUERY_NOT_CAPTURED;
    dns_diagnosis *d =
        cookie_diagnose(r, cause, cause == CAUSE_MALFORMED_COOKIE ? CONFIDENCE_PROVEN : CONFIDENCE_INFERRED, facts);
    cookie_evidence(r, d,
                    form == COOKIE_MALFORMED ? EVIDENCE_LENGTH_IN_QUERY
                    : client_only            ? EVIDENCE_CUT_CLIENT_ONLY
                                             : EVIDENCE_CUT_SERVER_COOKIE,
                    facts);
    return d;
}

dns_diagnosis *cookie_cause_query_unreadable(cookie_response *r)
{
    const dns_finding_more *asked = r->query->finding->more;
    if (r->asked || !r->query->unreadable)
        return NULL;
    if (asked->cookie_cut)
        return cut_cookie(r, asked->cookie_length);
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_QUERY_NOT_CAPTURED, CONFIDENCE_INFERRED, (dns_facts){0});
    cookie_evidence(r, d, EVIDENCE_QUERY_CUT, (dns_facts){.frame = cookie_query_frame(r)});
    return d;
}

dns_diagnosis *cookie_cause_no_cookie(cookie_response *r)
{
    if (r->asked)
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_NO_COOKIE_IN_QUERY, CONFIDENCE_OBSERVED, (dns_facts){0});
    cookie_evidence(r, d, EVIDENCE_QUERY_WITHOUT_COOKIE, (dns_facts){.frame = cookie_query_frame(r)});
    return d;
}

dns_diagnosis *cookie_cause_malformed(cookie_response *r)
{
    if (dns_cookie_form(r->asked->length) != COOKIE_MALFORMED)
        return NULL;
    dns_diagnosis *d =
        cookie_diagnose(r, CAUSE_MALFORMED_COOKIE, CONFIDENCE_PROVEN, (dns_facts){.n = r->asked->length});
    cookie_evidence(r, d, EVIDENCE_LENGTH_IN_QUERY, (dns_facts){.frame = cookie_query_frame(r), .n = r->asked->length});
    return d;
}

/* Only the first option counts, and not all servers know: whatever they refused, two are one too many. */
dns_diagnosis *cookie_cause_several_cookies(cookie_response *r)
{
    if (r->asked->count < 2 ||
        !(r->mismatch || r->by_last_option)) /* answered by the first option: as if there were no other */
        return NULL;
    dns_diagnosis *d =
        cookie_diagnose(r, CAUSE_DUPLICATE_COOKIE_OPTION, CONFIDENCE_OBSERVED, (dns_facts){.n = r->asked->count});
    cookie_evidence(r, d, EVIDENCE_SEVERAL_OPTIONS, (dns_facts){.frame = cookie_query_frame(r), .n = r->asked->count});
    return d;
}

dns_diagnosis *cookie_cause_without_cookie(cookie_response *r)
{
    if (r->message->problems || (r->answered && dns_cookie_server_length(r->answered)))
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_BADCOOKIE_WITHOUT_COOKIE, CONFIDENCE_PROVEN, (dns_facts){0});
    if (r->answered)
        cookie_evidence(r, d, EVIDENCE_LENGTH_IN_RESPONSE,
                        (dns_facts){.frame = r->packet->frame, .n = r->answered->length});
    else
        cookie_evidence(r, d, EVIDENCE_RESPONSE_WITHOUT_COOKIE, (dns_facts){.frame = r->packet->frame});
    return d;
}
