/* badcookie.c
 * The cause of a BADCOOKIE response.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Causes are tried in the order of the tables below; the first whose evidence is there wins. First
 * what breaks a rule on the bytes themselves (nothing else matters then), then what was seen
 * in other frames, most specific first, last what only the cookie's own bytes suggest.
 */
#include "badcookie.h"

#include "causes.h"
#include "unseen.h"

static const cookie_cause_rule on_the_bytes[] = {cookie_cause_over_stream,    cookie_cause_query_unreadable,
                                                 cookie_cause_no_cookie,      cookie_cause_malformed,
                                                 cookie_cause_without_cookie, cookie_cause_several_cookies};
static const cookie_cause_rule without_server_cookie[] = {cookie_cause_rate_limit, cookie_cause_not_learned_client_only,
                                                          cookie_cause_first_contact};
static const cookie_cause_rule with_server_cookie[] = {
    cookie_cause_altered,
    cookie_cause_not_learned_old_cookie,
    cookie_cause_stale,
    cookie_cause_future,
    cookie_cause_superseded,
    cookie_cause_own_rejected,
    cookie_cause_issued_elsewhere,
    cookie_cause_verified_elsewhere,
    cookie_cause_unknown_format,
    cookie_cause_reserved_bytes,
    cookie_cause_forged,
    cookie_cause_good_cookie_rejected,
    cookie_cause_not_seen,
};

static dns_diagnosis *first_of(const cookie_cause_rule *rules, size_t count, cookie_response *r)
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
    if (!r->exchange || cookie_client_only(r) || !r->answered || !dns_cookie_server_length(r->answered))
        return;
    cookie_exchange *e = r->exchange;
    uint8_t length = dns_cookie_server_length(r->asked);
    if (!e->rejected)
        e->rejected = wmem_alloc0_array(r->engine->scope, cookie_rejected, REJECTED_MAX);
    cookie_rejected *slot = e->rejected; /* a free one, or the oldest */
    for (cookie_rejected *i = e->rejected; i < e->rejected + REJECTED_MAX; i++) {
        if (i->length == length && memcmp(i->bytes, dns_cookie_server(r->asked), length) == 0) {
            i->times++;
            return;
        }
        slot = i->frame < slot->frame ? i : slot;
    }
    *slot = (cookie_rejected){.frame = r->packet->frame, .time = r->packet->time, .times = 1, .length = length};
    memcpy(slot->bytes, dns_cookie_server(r->asked), length);
}

void cookie_explain_badcookie(cookie_response *r)
{
    dns_diagnosis *d = FIRST_OF(on_the_bytes, r);
    if (!d)
        d = cookie_client_only(r) ? FIRST_OF(without_server_cookie, r) : FIRST_OF(with_server_cookie, r);
    /* A second BADCOOKIE to one and the same query belongs to the story of the first; behind an answer it is none: the client
     * has what it asked for, and looks at no further response. */
    dns_transaction *t = r->query->finding->transaction;
    if (r->first)
        t->episode = dns_episodes_bad(r->engine->episodes, r->query, r->packet);
    t->refused |= r->first;
    d->episode = t->refused ? t->episode : NULL;
    if (r->first)
        note_refused(r);
    cookie_unseen_weigh(r);
}
