/* abort.c
 * Who broke a connection off, and why. RFC 8490 sections 5.1.1, 5.3, 5.4.3 and 6.6.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The culprit is who broke a rule first: an abort that the RFC demands is told of the message that it reacts to. At the
 * RST stands who aborted, and for what; people look there. These are asked in turn:
 *
 *     a message of the other side, a second before at most, breaks a rule     aborted, rightly
 *     a unidirectional message of a type that the receiver may not know       aborted, rightly; the message is told
 *     the client broke a rule of time                                         aborted, rightly
 *     the server ends the connection on the first request                     no DSO there, it seems (a claim)
 *     a message of the other side, a second before at most, and no rule       aborted without a reason
 *     the server resets a session to which it sent no Retry Delay             aborted without a word
 */
#include "state.h"

typedef struct {
    dso_engine *engine;
    dso_connection *k;
    const dns_packet *packet;
    dns_finding *segment;
    int end; /* who ends it */
    bool reset, by_server;
    bool gone;          /* a RST without ACK: who sends it has no such connection any more, whatever comes in */
    uint32_t exchanged; /* the last Keepalive with exchanged timers, by which the reset was due; 0: none */
} dso_end;

static int64_t waited(const dso_end *e, int64_t since)
{
    return (e->packet->time - since) / INT64_C(1000000);
}

static bool is_fresh(const dso_end *e, const dso_deed *deed)
{
    return deed->finding && e->packet->time - deed->time <= dso_second;
}

static dns_diagnosis *aborted(const dso_end *e, bool rightly, dns_confidence confidence)
{
    dns_facts facts = {.frame = e->packet->frame, .address = dso_address(e->k, e->end)};
    dns_diagnosis *d = dns_diagnose(e->engine->scope, e->segment, CAUSE_DSO_SESSION_ABORTED, confidence, facts);
    d->mild = rightly;
    return d;
}

/* ---- the other side broke a rule ---- */

static bool for_a_rule(const dso_end *e)
{
    const dso_deed *deed = &e->k->broke[1 - e->end];
    if (!e->reset || e->gone || !is_fresh(e, deed))
        return false;
    dns_facts facts = {.frame = e->packet->frame,
                       .other = deed->finding->frame,
                       .waited = waited(e, deed->time),
                       .name = dns_rule_find(deed->rule)->slug};
    dns_add_evidence(e->engine->scope, aborted(e, true, CONFIDENCE_OBSERVED), EVIDENCE_ABORT_RULE, facts);
    return true;
}

/* ---- a unidirectional message of unknown type ---- */

static void blame(dso_engine *engine, dns_finding *finding, dns_endpoint sender, uint16_t type,
                  dns_confidence confidence, dns_evidence_kind kind, dns_facts facts)
{
    facts.type = type;
    if (dns_find_diagnosis(finding, CAUSE_UNIDIRECTIONAL_UNKNOWN_TYPE))
        return;
    dns_facts named = {.frame = finding->frame, .type = type, .address = sender};
    dns_diagnosis *d = dns_diagnose(engine->scope, finding, CAUSE_UNIDIRECTIONAL_UNKNOWN_TYPE, confidence, named);
    dns_add_evidence(engine->scope, d, kind, facts);
}

/* Keepalive and Retry Delay are known to all that do DSO, the types of Push to a side that has shown it. */
static bool may_be_unknown(const dso_connection *k, uint16_t type)
{
    if (type == DSO_KEEPALIVE || type == DSO_RETRY_DELAY)
        return false;
    bool push = type == DSO_PUSH || type == DSO_UNSUBSCRIBE || type == DSO_RECONFIRM;
    if (!push || (k->server && dso_server_refused_in(k->server, DSO_SUBSCRIBE)))
        return true;
    bool shown = (k->subscription_count || k->subscriptions_lost) && k->server && k->server->push_in;
    return k->whole && !shown; /* else it may have been shown in what is missing */
}

static bool for_a_type(const dso_end *e)
{
    const dso_deed *deed = &e->k->unidirectional_deed[1 - e->end];
    if (!e->reset || e->gone || e->k->gap || !is_fresh(e, deed) || !may_be_unknown(e->k, deed->type))
        return false; /* the reason may be among the bytes that are missing */
    dns_facts facts = {
        .frame = e->packet->frame, .other = deed->finding->frame, .type = deed->type, .waited = waited(e, deed->time)};
    dns_add_evidence(e->engine->scope, aborted(e, true, CONFIDENCE_INFERRED), EVIDENCE_ABORT_TYPE, facts);
    facts.frame = deed->finding->frame;
    facts.other = e->packet->frame;
    blame(e->engine, deed->finding, dso_address(e->k, 1 - e->end), deed->type, CONFIDENCE_INFERRED,
          EVIDENCE_TYPE_ABORTED, facts);
    return true;
}

void dso_explain_unknown_type(dso_context *c)
{
    const dso_connection *k = c->connection;
    bool sent = c->view.kind == DSO_UNIDIRECTIONAL && c->view.tlvs && c->sender == DSO_SENDER_CLIENT;
    uint32_t refused_in = sent && k->server ? dso_server_refused_in(k->server, c->view.first.type) : 0;
    if (refused_in)
        blame(c->engine, c->finding, dso_address(k, c->end), c->view.first.type, CONFIDENCE_OBSERVED,
              EVIDENCE_TYPE_REFUSED, (dns_facts){.frame = c->packet->frame, .other = refused_in});
}

/* ---- the client was late ---- */

static bool for_time(const dso_end *e)
{
    const dso_connection *k = e->k;
    if (!e->reset || !e->by_server || !k->last_finding || (!k->overdue_told && k->inactive_told < DNS_SEVERITY_WARN))
        return false;
    dns_rule rule = k->overdue_told ? RULE_KEEPALIVE_OVERDUE : RULE_INACTIVE_SESSION_NOT_CLOSED;
    dns_facts facts = {.frame = e->packet->frame,
                       .other = k->last_finding->frame,
                       .waited = waited(e, k->last_message),
                       .name = dns_rule_find(rule)->slug};
    dns_add_evidence(e->engine->scope, aborted(e, true, CONFIDENCE_OBSERVED), EVIDENCE_ABORT_LATE, facts);
    return true;
}

/* ---- the first request ---- */

static bool on_first_request(const dso_end *e)
{
    const dso_connection *k = e->k;
    const dso_operation *o = dso_oldest_waiting(k);
    return e->by_server && o && !k->dso_answered && !k->shutdown && k->whole && o->initiator == k->client &&
           !k->broke[k->client].finding && k->state == DSO_STATE_ESTABLISHING;
}

/* A server that answers queries behind the request, and ends the connection only later, has ignored it. */
static bool dropped(const dso_end *e)
{
    const dns_finding *last = e->k->last[e->end].finding;
    const dso_operation *o = dso_oldest_waiting(e->k);
    if (!on_first_request(e) || (last && last->frame > o->frame))
        return false;
    dns_claim *claim = dso_claim_no_dso(e->k);
    if (!claim)
        return false;
    dns_facts facts = {.frame = e->packet->frame,
                       .other = o->frame,
                       .type = o->type,
                       .untyped = !o->has_type,
                       .waited = waited(e, o->time),
                       .address = e->k->ends[e->end]};
    dns_diagnosis *d =
        dns_diagnose(e->engine->scope, e->segment, CAUSE_DSO_CONNECTION_DROPPED, CONFIDENCE_INFERRED, facts);
    dns_add_evidence(e->engine->scope, d, e->reset ? EVIDENCE_DSO_RESET : EVIDENCE_DSO_CLOSED, facts);
    dns_add_evidence(e->engine->scope, d, EVIDENCE_DSO_ABSENT, facts);
    dns_claim_otherwise otherwise = {.rule = RULE_COUNT};
    if (e->reset && e->packet->time - o->time <= dso_second)
        otherwise.cause = CAUSE_DSO_SESSION_ABORTED;
    dns_claim_join_own(claim, e->segment, d, &otherwise);
    return true;
}

/* ---- no reason ---- */

/* Firewalls and NAT forget connections that are idle, and some reset them in the other side's name. */
static void tell_idle(const dso_end *e, dns_diagnosis *d, const dso_deed *last)
{
    const int64_t idle_min = dns_seconds(60);
    const dso_deed *own = &e->k->last[e->end];
    if (!own->finding || last->time - own->time < idle_min)
        return;
    dns_facts facts = {.frame = e->packet->frame,
                       .other = own->finding->frame,
                       .waited = waited(e, own->time),
                       .address = dso_address(e->k, e->end)};
    dns_add_evidence(e->engine->scope, d, EVIDENCE_ABORT_IDLE, facts);
}

/* Bytes that are missing, were not captured, or that TLS hides may be the reason; so may what came before the capture: its
 * timers, its subscriptions, its message IDs in use. */
static bool without_reason(const dso_end *e)
{
    const dso_connection *k = e->k;
    const dso_deed *last = &k->last[1 - e->end];
    bool hidden = k->tls && k->ends[1 - k->client].port != PORT_DNS_TLS; /* there, alerts are not looked for */
    /* Would be a reason, had there still been a connection. */
    bool too_late = e->gone && (is_fresh(e, &k->broke[1 - e->end]) || is_fresh(e, &k->unidirectional_deed[1 - e->end]));
    if (!e->reset || k->shutdown || !k->whole || k->unread || k->operations_lost || hidden || too_late)
        return false;
    bool stands = dso_session_stands(k), first = on_first_request(e) && dso_server_known(k);
    dns_facts facts = {.frame = e->packet->frame};
    if (is_fresh(e, last) && (stands || first)) {
        facts.other = last->finding->frame;
        facts.waited = waited(e, last->time);
        dns_diagnosis *d = aborted(e, false, CONFIDENCE_INFERRED);
        dns_add_evidence(e->engine->scope, d, EVIDENCE_ABORT_NO_RULE, facts);
        tell_idle(e, d, last);
        return true;
    }
    if (!e->by_server || !stands)
        return false;
    dns_diagnosis *d = aborted(e, false, CONFIDENCE_OBSERVED);
    dns_add_evidence(e->engine->scope, d, EVIDENCE_ABORT_NO_DELAY, facts);
    facts.other = e->exchanged;
    if (e->exchanged)
        dns_add_evidence(e->engine->scope, d, EVIDENCE_ABORT_EXCHANGED, facts);
    return true;
}

void dso_retract_end(dso_connection *k)
{
    uint32_t frame = k->reset->frame;
    k->reset->more->dso->state = (uint8_t)k->reset_in;
    while (k->reset->more->diagnoses)
        dns_take_back(k->reset, k->reset->more->diagnoses);
    dns_finding *blamed = k->unidirectional_deed[1 - k->reset_by].finding;
    dns_diagnosis *d = blamed ? dns_find_diagnosis(blamed, CAUSE_UNIDIRECTIONAL_UNKNOWN_TYPE) : NULL;
    if (d && d->evidence->kind == EVIDENCE_TYPE_ABORTED && d->evidence->facts.other == frame)
        dns_take_back(blamed, d);
}

static bool (*const reasons[])(const dso_end *e) = {for_a_rule, for_a_type, for_time, dropped, without_reason};

void dso_explain_end(dso_engine *engine, dso_connection *k, const dns_packet *p, uint8_t flags, dns_finding *segment)
{
    if (k->ended || k->client < 0)
        return;
    int end = dso_connection_end(k, p);
    bool reset = (flags & TCP_FLAG_RST) != 0;
    dso_end e = {engine, k, p, segment, end, reset, end != k->client, reset && !(flags & TCP_FLAG_ACK), 0};
    if (e.reset && e.by_server && dso_timers_reset(engine, k, p))
        e.exchanged = k->exchanged->diagnosis->frame;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i](&e))
            return;
}
