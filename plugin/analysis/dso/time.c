/* time.c
 * What is due on a DSO connection without a message: silence, idleness, a client that does not go.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each entry of the table says when something is due, and what then. A rule broken by the passing of time is broken
 * in this place alone.
 */
#include "state.h"

enum { NO_RESPONSE_SECONDS = 30, CLOSE_SECONDS = 5 };
enum { INTERVAL_MIN = 10000 }; /* ms: no client need be quicker, whatever the server names (RFC 8490 section 6.5.2) */

static dns_endpoint client_of(const dso_connection *k)
{
    return dso_address(k, k->client == 1);
}

/* 30 s without a response (RFC 8490 section 5.1.1); missing bytes may have held it. */
static int64_t silence_due(const dso_connection *k)
{
    const dso_operation *o = dso_oldest_waiting(k);
    bool runs = o && !k->shutdown && !k->operations_lost && dso_hears(k, 1 - o->initiator);
    return runs ? o->time + NO_RESPONSE_SECONDS * dso_second : dso_never;
}

static void silence(dso_engine *engine, dso_connection *k, int64_t now)
{
    (void)now;
    dso_operation *o = dso_oldest_waiting(k);
    dso_operation_done(k, o);
    o->overdue = true;
    dso_explain_silence(engine, k, o);
}

static int64_t overdue_due(const dso_connection *k)
{
    bool runs = k->state == DSO_STATE_ESTABLISHED && k->timers_known && k->interval != DSO_INFINITE && k->last_finding;
    if (!runs || k->overdue_told || !dso_hears(k, k->client)) /* there may be messages that nobody reads */
        return dso_never;
    return k->last_message + 2 * dso_milliseconds(MAX(k->interval, INTERVAL_MIN));
}

static void overdue(dso_engine *engine, dso_connection *k, int64_t now)
{
    k->overdue_told = true;
    k->overdue_at = k->last_finding;
    dns_facts facts = {.frame = k->last_finding->frame,
                       .other = k->last_finding->frame,
                       .timer = k->interval,
                       .waited = (now - k->last_message) / INT64_C(1000000),
                       .address = client_of(k)};
    dns_violate(engine->scope, k->last_finding, RULE_KEEPALIVE_OVERDUE, dns_rule_find(RULE_KEEPALIVE_OVERDUE)->severity,
                facts);
}

/* The client must close when the timeout is reached; it is given a second to do so. The server must abort after the
 * larger of 5 s and twice the timeout (RFC 8490 section 6.4.1), later where it has just lowered it (7.1.1). */
static int64_t inactive_due(const dso_connection *k)
{
    bool runs = k->state == DSO_STATE_ESTABLISHED && k->whole && k->timers_known && k->inactivity != DSO_INFINITE &&
                k->last_finding;
    if (!runs || k->inactive_told == DNS_SEVERITY_ERROR || dso_session_busy(k))
        return dso_never;
    int64_t timeout = dso_milliseconds(k->inactivity), grace = CLOSE_SECONDS * dso_second;
    bool told = k->inactive_told == DNS_SEVERITY_WARN;
    int64_t idle = told ? MAX(grace, 2 * timeout) : timeout + dso_second;
    int64_t after_change = told ? MAX(grace, timeout / 4) : dso_second;
    int64_t changed = k->timers_changed > k->last_activity ? k->timers_changed + after_change : 0;
    return MAX(k->last_activity + idle, changed);
}

static void inactive(dso_engine *engine, dso_connection *k, int64_t now)
{
    dns_facts facts = {.frame = k->last_active_frame,
                       .other = k->last_active_frame,
                       .timer = k->inactivity,
                       .waited = (now - k->last_activity) / INT64_C(1000000),
                       .address = client_of(k)};
    k->inactive_told = k->inactive_told == DNS_SEVERITY_WARN ? DNS_SEVERITY_ERROR : DNS_SEVERITY_WARN;
    k->inactive_at = k->last_finding;
    dns_violate(engine->scope, k->last_finding, RULE_INACTIVE_SESSION_NOT_CLOSED, k->inactive_told, facts);
    dns_violation *v = dso_find_violation(k->last_finding, RULE_INACTIVE_SESSION_NOT_CLOSED);
    v->severity = MAX(v->severity, k->inactive_told); /* told before, and now worse */
    v->facts = facts;
}

static int64_t ignored_due(const dso_connection *k)
{
    bool waits = k->shutdown && !k->shutdown_told && !k->ended && dso_hears(k, k->client);
    return waits ? k->shutdown_time + CLOSE_SECONDS * dso_second : dso_never;
}

static void ignored(dso_engine *engine, dso_connection *k, int64_t now)
{
    (void)now;
    k->shutdown_told = true;
    k->ignored_at = k->shutdown;
    dns_violate(engine->scope, k->shutdown, RULE_CLIENT_IGNORES_RETRY_DELAY,
                dns_rule_find(RULE_CLIENT_IGNORES_RETRY_DELAY)->severity,
                (dns_facts){.frame = k->shutdown->frame, .other = k->shutdown->frame, .address = client_of(k)});
}

static void move_violation(dso_engine *engine, dns_finding **told, dns_finding *to, dns_rule rule)
{
    dns_finding *from = *told;
    const dns_violation *v = from ? dso_find_violation(from, rule) : NULL;
    *told = NULL; /* once: there it stays */
    if (!v || from == to)
        return;
    dns_violate(engine->scope, to, rule, v->severity, v->facts);
    dns_take_back_violation(from, rule);
}

/* What the passing of time showed stands with the last message while nothing follows; once the connection shows
 * itself again, that frame is the better place: tools that read a capture once have not passed it yet. */
void dso_move_told(dso_engine *engine, dso_connection *k, dns_finding *to)
{
    move_violation(engine, &k->ignored_at, to, RULE_CLIENT_IGNORES_RETRY_DELAY);
    move_violation(engine, &k->overdue_at, to, RULE_KEEPALIVE_OVERDUE);
    move_violation(engine, &k->inactive_at, to, RULE_INACTIVE_SESSION_NOT_CLOSED);
}

static const struct {
    int64_t (*due)(const dso_connection *k);
    void (*happens)(dso_engine *engine, dso_connection *k, int64_t now);
} time_rules[] = {
    {silence_due, silence},
    {overdue_due, overdue},
    {inactive_due, inactive},
    {ignored_due, ignored},
};

int64_t dso_next_due(const dso_connection *k)
{
    int64_t next = dso_never;
    if (k->ended)
        return next;
    for (size_t i = 0; i < sizeof time_rules / sizeof *time_rules; i++)
        next = MIN(next, time_rules[i].due(k));
    return next;
}

void dso_check_time(dso_engine *engine, dso_connection *k, int64_t now)
{
    for (size_t i = 0; i < sizeof time_rules / sizeof *time_rules && !k->ended; i++)
        while (time_rules[i].due(k) <= now)
            time_rules[i].happens(engine, k, now);
}
