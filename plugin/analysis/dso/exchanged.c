/* exchanged.c
 * Servers that write the two timers of their Keepalive TLV in the wrong order, as gdnsd 3.8 does.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Read by RFC 8490 section 7.1 such a Keepalive names no inactivity timeout and a short keepalive interval, which no
 * server means: a session that may be idle for ever, but must show a sign of life each half minute. With an interval
 * of 0 ("close now") it cannot be meant at all. It is a guess until the server resets a session at the time that the
 * exchanged reading gives, and not by the one of the RFC.
 */
#include "state.h"

enum { SHORT_INTERVAL_MAX = 60000, INTERVAL_MIN = 10000 }; /* ms */

static bool look_exchanged(const dso_context *c)
{
    const dns_dso_message *m = c->described;
    bool as_asked = c->connection->asks_for_ever && m->interval >= INTERVAL_MIN;
    return m->has_inactivity && m->has_interval && m->inactivity == DSO_INFINITE && m->interval <= SHORT_INTERVAL_MAX &&
           !as_asked;
}

void dso_explain_timers(dso_context *c)
{
    dso_connection *k = c->connection;
    bool grants = c->view.kind == DSO_UNIDIRECTIONAL || (c->operation && c->operation->type == DSO_KEEPALIVE);
    if (c->sender != DSO_SENDER_SERVER || !grants || !c->view.keepalives || c->view.keepalive.length != 8 ||
        c->finding->rcode != RCODE_NOERROR || !look_exchanged(c))
        return;
    dns_facts facts = {.frame = c->packet->frame, .timer = c->described->interval, .address = c->packet->source};
    dns_diagnosis *d =
        dns_diagnose(c->engine->scope, c->finding, CAUSE_KEEPALIVE_FIELDS_EXCHANGED, CONFIDENCE_INFERRED, facts);
    d->mild = true;
    dns_add_evidence(c->engine->scope, d, EVIDENCE_FIELDS_AS_READ, facts);
    d->repetition = k->exchanged != NULL; /* the session has its expert info */
    dso_exchanged *e = wmem_new(c->engine->scope, dso_exchanged);
    *e = (dso_exchanged){k->exchanged, d};
    k->exchanged = e;
}

/* A server aborts when twice the inactivity timeout, or 5 s if that is more, have passed (RFC 8490 section 6.4.1): since
 * the last activity, or since it said "close now". */
static bool is_due(const dso_connection *k, int64_t since, int64_t now)
{
    int64_t limit = MAX(5 * dso_second, 2 * dso_milliseconds(k->interval)), slack = dso_second;
    return now - since >= limit - slack && now - since <= limit + 2 * slack;
}

static void tell_reset(dso_engine *engine, dns_diagnosis *d, dns_evidence_kind kind, dns_facts facts)
{
    d->mild = false;
    d->confidence = CONFIDENCE_OBSERVED;
    facts.frame = d->frame;
    dns_add_evidence(engine->scope, d, kind, facts);
}

bool dso_timers_reset(dso_engine *engine, dso_connection *k, const dns_packet *p)
{
    if (!k->exchanged || k->overdue_told || k->inactivity != DSO_INFINITE || k->interval > SHORT_INTERVAL_MAX)
        return false;
    bool close_now = k->interval == 0;
    int64_t since = close_now ? k->timers_changed : k->last_activity;
    if (!is_due(k, since, p->time))
        return false;
    dns_facts facts = {.other = p->frame, .waited = (p->time - since) / INT64_C(1000000)};
    for (const dso_exchanged *e = k->exchanged; e; e = e->next)
        tell_reset(engine, e->diagnosis, close_now ? EVIDENCE_FIELDS_RESET_CLOSE : EVIDENCE_FIELDS_RESET, facts);
    return true;
}
