/* response.c
 * One response with all that is known about it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "response.h"

/* Queries sent side by side may be under way for this long when the first cookie arrives. */
static const int64_t parallel_window = INT64_C(1000000000);

cookie_issued *cookie_find_own(const cookie_exchange *exchange, const dns_cookie *cookie)
{
    return cookie_own_issued(exchange, dns_cookie_server(cookie), dns_cookie_server_length(cookie));
}

bool cookie_could_know(const cookie_exchange *exchange, int64_t learned, const dns_query *query)
{
    if (query->time <= learned)
        return false;
    if (exchange->never_learns || cookie_is_quick_retry(query)) /* it reacts to the refusal of this very question */
        return true;
    /* Near the server, a query may pass the capture while the response is still on its way to the client. */
    return query->time - learned >= parallel_window;
}

bool cookie_perhaps_lost(const cookie_exchange *exchange)
{
    return exchange->resent > 0 || exchange->pair->lock_step == COOKIE_LOCK_STEP_LOST;
}

/* What comes so long after the last answer that the query before may have timed out is no step. */
static bool in_lock_step(const cookie_response *r)
{
    const cookie_issued *last = r->exchange->last_issued;
    bool brisk = last && r->query->time - last->time < DNS_TIMEOUT_MIN;
    return brisk && cookie_in_lock_step(r->exchange->pair);
}

static bool reacts(const cookie_response *r)
{
    return r->exchange->never_learns || cookie_is_quick_retry(r->query);
}

bool cookie_got_answers(const cookie_response *r, int64_t learned)
{
    enum { GIVEN_MIN = 4 };
    if (r->query->time <= learned)
        return false;
    bool often = r->exchange->issued_count >= GIVEN_MIN && cookie_could_know(r->exchange, learned, r->query);
    return reacts(r) || in_lock_step(r) || often;
}

dns_confidence cookie_confidence_of_learning(const cookie_response *r)
{
    return reacts(r) || in_lock_step(r) ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
}

bool cookie_client_only(const cookie_response *r)
{
    return dns_cookie_server_length(r->asked) == 0;
}

cookie_presented cookie_read_presented(const cookie_response *r)
{
    cookie_presented p = {dns_cookie_server(r->asked), dns_cookie_server_length(r->asked), false, 0, COOKIE_FRESH};
    p.rfc9018 = dns_cookie_format(p.bytes, p.length, r->query->time) == COOKIE_FORMAT_RFC9018;
    if (p.rfc9018) {
        p.age = dns_cookie_age(dns_cookie_timestamp(p.bytes), r->query->time);
        p.verdict = dns_cookie_age_verdict(p.age);
    }
    return p;
}

bool cookie_other_format_given(const cookie_response *r)
{
    cookie_presented p = cookie_read_presented(r);
    uint8_t length = r->answered ? dns_cookie_server_length(r->answered) : 0;
    if (!length) /* in a broken response or one cut by the capture */
        return false;
    cookie_format format = dns_cookie_format(dns_cookie_server(r->answered), length, r->packet->time);
    return p.length != length || p.rfc9018 != (format == COOKIE_FORMAT_RFC9018);
}

/* ---- writing what was found ---- */

dns_diagnosis *cookie_diagnose(cookie_response *r, dns_cause cause, dns_confidence confidence, dns_facts facts)
{
    if (!facts.frame)
        facts.frame = r->query->finding->frame;
    if (!facts.address.address.length)
        facts.address = r->query->client;
    return dns_diagnose(r->engine->scope, r->finding, cause, confidence, facts);
}

void cookie_evidence(cookie_response *r, dns_diagnosis *d, dns_evidence_kind kind, dns_facts facts)
{
    dns_add_evidence(r->engine->scope, d, kind, facts);
}

uint32_t cookie_query_frame(const cookie_response *r)
{
    return r->query->finding->frame;
}
