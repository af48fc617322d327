/* causes.c
 * Why a DSO operation failed. RFC 8490 sections 5.1.1 and 5.5.3, RFC 8765 section 6.2.2.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"

enum { MINUTE = 60, HOUR = 3600 };

/* ---- What a cause rests on ---- */

static dns_facts facts_of(const dso_context *c)
{
    const dso_operation *o = c->operation;
    return (dns_facts){.frame = c->packet->frame,
                       .other = o ? o->frame : 0,
                       .type = o ? o->type : 0,
                       .untyped = !o || !o->has_type,
                       .rcode = c->finding->rcode,
                       .address = c->connection ? dso_address(c->connection, c->end) : c->packet->source,
                       .n = c->message->id,
                       .name = o && o->subscription ? o->subscription->name : NULL};
}

/* What the response itself says about trying again; returns that delay, or `recommended` (s), as a time. */
static int64_t tell_delay(dso_context *c, dns_diagnosis *d, unsigned recommended)
{
    const dns_dso_message *m = c->described;
    dns_facts facts = facts_of(c);
    if (m->has_retry_delay && c->implementer) {
        facts.timer = m->retry_delay;
        dns_add_evidence(c->engine->scope, d, EVIDENCE_RETRY_DELAY_NAMED, facts);
        return c->packet->time + dso_milliseconds(m->retry_delay);
    }
    if (c->view.retry_delays && c->implementer)
        dns_add_evidence(c->engine->scope, d, EVIDENCE_RETRY_DELAY_UNREADABLE, facts);
    if (!recommended || c->view.retry_delays || m->cut)
        return 0;
    facts.timer = recommended * 1000;
    dns_add_evidence(c->engine->scope, d, EVIDENCE_RETRY_DELAY_ABSENT, facts);
    return c->packet->time + recommended * dso_second;
}

static void tell_request(dso_context *c, dns_diagnosis *d)
{
    const dso_operation *o = c->operation;
    if (!o)
        return;
    dns_facts facts = facts_of(c);
    dns_evidence_kind kind = !o->counts_zero ? EVIDENCE_DSO_REQUEST_COUNTS
                             : o->cut        ? EVIDENCE_DSO_REQUEST_CUT
                             : !o->has_type  ? EVIDENCE_DSO_REQUEST_WITHOUT_TLV
                             : facts.name    ? EVIDENCE_DSO_REQUEST_NAME
                                             : EVIDENCE_DSO_REQUEST;
    dns_add_evidence(c->engine->scope, d, kind, facts);
    if (o->accepted)
        dns_add_evidence(c->engine->scope, d, EVIDENCE_DSO_CANCELLED, facts);
    if (o->additional && (c->finding->rcode == RCODE_DSOTYPENI || c->finding->rcode == RCODE_FORMERR)) {
        facts.type = o->additional_type;
        dns_add_evidence(c->engine->scope, d, EVIDENCE_DSO_REQUEST_ADDITIONAL, facts);
    }
    for (const dns_violation *v = o->finding->more->violations; v; v = v->next)
        if (c->finding->rcode == RCODE_FORMERR && dso_rule_of_format(v->rule)) {
            facts.name = dns_rule_find(v->rule)->slug;
            dns_add_evidence(c->engine->scope, d, EVIDENCE_DSO_REQUEST_BREAKS, facts);
        }
}

static void tell_session(dso_context *c, dns_diagnosis *d)
{
    const dso_connection *k = c->connection;
    if (!k)
        return;
    dns_facts facts = facts_of(c);
    facts.other = k->session->established_in;
    bool unknown = k->state == DSO_STATE_UNKNOWN || (dso_session_stands(k) && !k->session->established_in);
    dns_evidence_kind kind = unknown                 ? EVIDENCE_DSO_SESSION_UNKNOWN
                             : dso_session_stands(k) ? EVIDENCE_DSO_SESSION_STANDS
                             : facts.other           ? EVIDENCE_DSO_SESSION_STOOD
                                                     : EVIDENCE_DSO_NO_SESSION;
    dns_add_evidence(c->engine->scope, d, kind, facts);
}

static dns_diagnosis *diagnose(dso_context *c, dns_cause cause, dns_confidence confidence)
{
    dns_diagnosis *d = dns_diagnose(c->engine->scope, c->finding, cause, confidence, facts_of(c));
    tell_request(c, d);
    return d;
}

/* ---- DSOTYPENI ---- */

static dns_cause cause_of_type(uint16_t type)
{
    static const struct {
        dso_range range;
        dns_cause cause;
    } by_range[] = {
        {DSO_RANGE_UNASSIGNED, CAUSE_DSO_TYPE_UNASSIGNED},
        {DSO_RANGE_PRIVATE, CAUSE_DSO_TYPE_PRIVATE},
        {DSO_RANGE_RESERVED, CAUSE_DSO_TYPE_RESERVED},
    };
    if (type == DSO_SUBSCRIBE)
        return CAUSE_PUSH_NOT_IMPLEMENTED;
    if (type == DSO_KEEPALIVE)
        return CAUSE_KEEPALIVE_REJECTED;
    for (size_t i = 0; i < sizeof by_range / sizeof *by_range; i++)
        if (dso_type_find(type)->range == by_range[i].range)
            return by_range[i].cause;
    return CAUSE_DSO_TYPE_NOT_IMPLEMENTED;
}

/* An episode from the start: RCODE 11 in a connection always has an outcome, be it that the capture ends. */
static void open_episode(dso_context *c, dns_diagnosis *d)
{
    d->episode = wmem_new0(c->engine->scope, dns_episode);
    d->episode->dso = true;
    d->episode->first_frame = d->episode->last_frame = c->packet->frame;
    d->episode->count = 1;
    d->episode->last_time = c->packet->time;
}

/* The request broke the rule first; what the server does over TCP, and the client there, is another matter. */
static void explain_over_datagram(dso_context *c)
{
    diagnose(c, CAUSE_DSOTYPENI_OVER_UDP, CONFIDENCE_PROVEN);
}

static void explain_unmatched(dso_context *c)
{
    const dso_connection *k = c->connection;
    dns_diagnosis *d = diagnose(c, CAUSE_DSOTYPENI_UNMATCHED, CONFIDENCE_OBSERVED);
    dns_evidence_kind why = !k                            ? EVIDENCE_DSO_REQUEST_ABSENT
                            : !k->session->beginning_seen ? EVIDENCE_DSO_BEGINNING_ABSENT
                            : k->gap                      ? EVIDENCE_DSO_BYTES_MISSING
                                                          : EVIDENCE_DSO_REQUEST_ABSENT;
    d->mild = dso_find_violation(c->finding, RULE_UNSOLICITED_RESPONSE); /* nothing is missing */
    if (!c->operation) /* else the request is there, but not its TLV */
        dns_add_evidence(c->engine->scope, d, why, facts_of(c));
    open_episode(c, d);
    dso_story_add(c, d, 0);
}

static void explain_to_unidirectional(dso_context *c)
{
    const dso_connection *k = c->connection;
    dns_diagnosis *d = diagnose(c, CAUSE_DSOTYPENI_TO_UNIDIRECTIONAL, CONFIDENCE_PROVEN);
    if (k && k->unidirectional[1 - c->end]) {
        d->facts.other = k->unidirectional[1 - c->end];
        d->facts.type = k->unidirectional_type[1 - c->end];
        d->facts.untyped = k->unidirectional_untyped[1 - c->end];
        dns_add_evidence(c->engine->scope, d, EVIDENCE_DSO_UNIDIRECTIONAL, d->facts);
    }
    open_episode(c, d);
    dso_story_add(c, d, 0);
}

/* A type that the server may not send as a request is its own fault; another one the client never offered. */
static dns_cause cause_at_client(uint16_t type)
{
    bool unidirectional = dso_type_is_unidirectional(type) || type == DSO_KEEPALIVE;
    return unidirectional || type == DSO_SUBSCRIBE || type == DSO_PADDING ? CAUSE_DSO_TYPE_NOT_IMPLEMENTED
                                                                          : CAUSE_CLIENT_LACKS_DSO_TYPE;
}

static void explain_dsotypeni(dso_context *c)
{
    const dso_operation *o = c->operation;
    if (!c->connection) {
        explain_over_datagram(c);
        return;
    }
    if (!c->message->id) {
        explain_to_unidirectional(c);
        return;
    }
    bool empty = o && !o->has_type && !o->cut; /* with counts that are not 0 as well: it is no DSO message then */
    if (!o || (!o->has_type && !empty)) {
        explain_unmatched(c);
        return;
    }
    dns_cause cause = empty                            ? CAUSE_REQUEST_WITHOUT_TLV
                      : c->sender == DSO_SENDER_CLIENT ? cause_at_client(o->type)
                                                       : cause_of_type(o->type);
    dns_diagnosis *d = diagnose(c, cause, CONFIDENCE_PROVEN);
    tell_session(c, d);
    int64_t not_before = tell_delay(c, d, cause == CAUSE_PUSH_NOT_IMPLEMENTED ? HOUR : 0);
    if (cause == CAUSE_PUSH_NOT_IMPLEMENTED)
        dso_claim_no_push(c, d);
    d->mild = cause == CAUSE_PUSH_NOT_IMPLEMENTED && o->accepted;
    open_episode(c, d);
    dso_story_add(c, d, not_before);
}

void dso_explain_outside(dso_context *c)
{
    if (dns_find_diagnosis(c->finding, CAUSE_DSOTYPENI_OUTSIDE_DSO)) /* a copy shares it with its original */
        return;
    dns_facts facts = facts_of(c);
    facts.n = c->message->opcode;
    facts.address = c->packet->source;
    dns_diagnose(c->engine->scope, c->finding, CAUSE_DSOTYPENI_OUTSIDE_DSO, CONFIDENCE_PROVEN, facts);
}

/* ---- Other codes ---- */

/* Which code says what in a session, and how long a client should wait when the server names no delay
 * (for SUBSCRIBE: RFC 8765 section 6.2.2). */
static const struct {
    uint16_t rcode;
    dns_cause cause;
    unsigned delay; /* s */
} failures[] = {
    {RCODE_FORMERR, CAUSE_DSO_FORMERR, 5 * MINUTE}, {RCODE_SERVFAIL, CAUSE_DSO_SERVFAIL, MINUTE},
    {RCODE_NOTIMP, CAUSE_DSO_NOTIMP, HOUR},         {RCODE_REFUSED, CAUSE_DSO_REFUSED, 5 * MINUTE},
    {RCODE_NOTAUTH, CAUSE_DSO_NOTAUTH, 5 * MINUTE},
};

static const unsigned other_delay = 5 * MINUTE;

static bool is_subscribe(const dso_operation *o)
{
    return o && o->has_type && o->type == DSO_SUBSCRIBE;
}

/* What the code says of a server that does DSO. `delay`: how long a client should wait, whatever the cause. That NXDOMAIN to
 * SUBSCRIBE is wrong, a rule says. */
static dns_cause cause_of_code(uint16_t rcode, const dso_operation *o, unsigned *delay)
{
    bool subscribe = is_subscribe(o);
    *delay = other_delay;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].rcode == rcode) {
            *delay = failures[i].delay;
            return rcode == RCODE_NOTAUTH && !subscribe ? CAUSE_DSO_OTHER_RCODE : failures[i].cause;
        }
    return rcode == RCODE_NXDOMAIN && subscribe ? CAUSE_NONE : CAUSE_DSO_OTHER_RCODE;
}

/* Any code but NOERROR and DSOTYPENI to the first request lets a client take the server as one without DSO (RFC 8490
 * section 5.1.1), except where the code has a better reason: a request that is malformed, a code that only Push knows, or a
 * SUBSCRIBE that may well not be the first request, since the beginning was not seen. NXDOMAIN is about names, which only a
 * server with Push looks at. */
static bool suggests_no_dso(const dso_context *c)
{
    const dso_operation *o = c->operation;
    uint16_t rcode = c->finding->rcode;
    bool subscribe = is_subscribe(o);
    if (subscribe && c->connection->state == DSO_STATE_UNKNOWN && rcode != RCODE_NOTIMP)
        return false;
    return !c->implementer && rcode != RCODE_NXDOMAIN && !(rcode == RCODE_NOTAUTH && subscribe) &&
           !(rcode == RCODE_FORMERR && o && o->malformed);
}

static void note_not_implemented(dso_context *c)
{
    dso_connection *k = c->connection;
    if (k->not_implemented.frame)
        return;
    k->not_implemented = dso_moment_of(c->packet);
    k->not_implemented_rcode = c->finding->rcode;
}

/* A member of the claim, which becomes `otherwise` or the broken rule when the server turns out to do DSO; NULL: the claim is
 * impossible. */
static dns_claim_member *claim_no_dso(dso_context *c, dns_facts facts, dns_cause otherwise, dns_rule otherwise_rule)
{
    const dso_connection *k = c->connection;
    dns_claim *claim = dso_claim_no_dso(k);
    if (!claim)
        return NULL;
    bool sure = c->finding->rcode == RCODE_NOTIMP && k->state != DSO_STATE_UNKNOWN;
    dns_diagnosis *d = dns_diagnose(c->engine->scope, c->finding, CAUSE_DSO_NOT_IMPLEMENTED,
                                    sure ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED, facts);
    tell_request(c, d);
    dns_add_evidence(c->engine->scope, d, EVIDENCE_DSO_ABSENT, facts);
    note_not_implemented(c);
    /* No session stood: NOTIMP is of the milder kind. */
    dns_claim_otherwise then = {otherwise, otherwise == CAUSE_DSO_NOTIMP, (uint16_t)otherwise_rule, facts};
    return dns_claim_join_own(claim, c->finding, d, &then);
}

/* An answer, with an error, to a message that gets none: of a server without DSO. */
static void explain_answer_to_unidirectional(dso_context *c, dns_rule otherwise)
{
    const dso_connection *k = c->connection;
    dns_facts facts = facts_of(c);
    facts.other = k->unidirectional[1 - c->end];
    facts.type = k->unidirectional_type[1 - c->end];
    facts.untyped = k->unidirectional_untyped[1 - c->end];
    if (!facts.other || c->implementer || c->finding->rcode == RCODE_NXDOMAIN)
        return;
    dns_claim_member *member = claim_no_dso(c, facts, CAUSE_NONE, otherwise);
    if (member)
        dns_add_evidence(c->engine->scope, member->diagnosis, EVIDENCE_DSO_UNIDIRECTIONAL, facts);
}

/* By a server that does DSO. */
static dns_diagnosis *diagnose_refusal(dso_context *c, dns_cause cause)
{
    dso_connection *k = c->connection;
    dns_diagnosis *d = diagnose(c, cause, k->state == DSO_STATE_UNKNOWN ? CONFIDENCE_INFERRED : CONFIDENCE_OBSERVED);
    d->mild = cause == CAUSE_DSO_NOTIMP && !dso_session_stands(k);
    if (d->mild && k->server && k->server->known_in) {
        dns_facts facts = facts_of(c);
        facts.other = k->server->known_in;
        dns_add_evidence(c->engine->scope, d, EVIDENCE_DSO_KNOWN, facts);
    }
    return d;
}

static void explain_failure(dso_context *c)
{
    dso_connection *k = c->connection;
    const dso_operation *o = c->operation;
    if (!k || c->sender == DSO_SENDER_CLIENT) /* NOTIMP over UDP says nothing about TCP */
        return;
    if (!o) {
        if (!c->message->id)
            explain_answer_to_unidirectional(c, RULE_RESPONSE_TO_UNIDIRECTIONAL);
        return;
    }
    unsigned delay;
    dns_cause cause = cause_of_code(c->finding->rcode, o, &delay);
    dns_diagnosis *d = NULL;
    dns_claim_member *member = NULL;
    if (suggests_no_dso(c)) {
        member = claim_no_dso(c, facts_of(c), cause, o->unidirectional ? RULE_RESPONSE_TO_UNIDIRECTIONAL : RULE_COUNT);
        d = member ? member->diagnosis : NULL;
    } else if (cause != CAUSE_NONE)
        d = diagnose_refusal(c, cause);
    if (!d)
        return;
    tell_session(c, d);
    dso_story *story = dso_story_add(c, d, tell_delay(c, d, is_subscribe(o) ? delay : 0));
    if (member)
        member->of_owner = story;
}

void dso_explain_wrong_opcode(dso_context *c)
{
    if (!dso_wrong_opcode_is_foreign(c))
        return;
    if (!c->operation) {
        explain_answer_to_unidirectional(c, RULE_WRONG_OPCODE_IN_RESPONSE);
        return;
    }
    dns_claim_member *member = claim_no_dso(c, facts_of(c), CAUSE_NONE, RULE_WRONG_OPCODE_IN_RESPONSE);
    if (member)
        member->of_owner = dso_story_add(c, member->diagnosis, 0);
}

void dso_explain(dso_context *c)
{
    const dso_operation *o = c->operation;
    if (c->view.kind != DSO_RESPONSE || c->finding->rcode_state == RCODE_ABSENT)
        return;
    dns_diagnosis *silence = o && o->overdue ? dns_find_diagnosis(o->finding, CAUSE_DSO_NO_RESPONSE) : NULL;
    if (silence) {
        dns_facts facts = facts_of(c);
        facts.waited = (c->packet->time - o->time) / INT64_C(1000000);
        dns_add_evidence(c->engine->scope, silence, EVIDENCE_DSO_LATE_RESPONSE, facts);
    }
    if (c->finding->rcode == RCODE_DSOTYPENI)
        explain_dsotypeni(c);
    else if (c->finding->rcode != RCODE_NOERROR)
        explain_failure(c);
}

/* ---- Silence and dropped connections ---- */

static void keep_open(dso_engine *engine, dso_connection *k, dns_diagnosis *d, dso_operation *o)
{
    dso_context c = {.engine = engine, .connection = k, .finding = o->finding, .operation = o, .end = 1 - o->initiator};
    dso_story_add(&c, d, 0);
}

void dso_explain_silence(dso_engine *engine, dso_connection *k, dso_operation *o)
{
    dns_facts facts = {
        .frame = o->frame, .type = o->type, .untyped = !o->has_type, .address = dso_address(k, 1 - o->initiator)};
    dns_diagnosis *d = dns_diagnose(engine->scope, o->finding, CAUSE_DSO_NO_RESPONSE, CONFIDENCE_OBSERVED, facts);
    /* Only the client that wants a session is told how long to wait, and to abort then (RFC 8490 section 5.1.1). */
    d->mild = !k->whole || o->initiator != k->client || dso_session_stands(k);
    keep_open(engine, k, d, o);
}

/* ---- Retry Delay ---- */

/* The last word of the server counts, also when it lets the client come back at once. A client that has closed its side
 * may never read it. */
static void keep_shutdown(dso_context *c)
{
    const dso_connection *k = c->connection;
    const dns_dso_message *m = c->described;
    wmem_map_t *all = c->engine->shutdowns;
    dso_shutdown key = {.client = k->ends[k->client].address, .server = k->ends[1 - k->client]};
    if (k->fin[k->client])
        return;
    wmem_map_remove(all, &key);
    if (!m->has_retry_delay || !m->retry_delay || wmem_map_size(all) >= DSO_SHUTDOWNS_MAX)
        return;
    dso_shutdown *s = wmem_new(c->engine->scope, dso_shutdown);
    *s = key;
    s->received = c->packet->time;
    s->until = c->packet->time + dso_milliseconds(m->retry_delay);
    s->milliseconds = m->retry_delay;
    s->frame = c->packet->frame;
    s->finding = c->finding;
    wmem_map_insert(all, s, s);
}

void dso_note_shutdown(dso_context *c)
{
    const dso_connection *k = c->connection;
    const dns_dso_message *m = c->described;
    if (!k->shutdown || c->sender != DSO_SENDER_SERVER || c->view.kind != DSO_UNIDIRECTIONAL || !c->view.tlvs ||
        c->view.first.type != DSO_RETRY_DELAY)
        return;
    keep_shutdown(c);
    if (k->shutdown != c->finding) /* a second one, against the rules */
        return;
    dns_facts facts = facts_of(c);
    facts.rcode = c->message->header_rcode;
    facts.timer = m->retry_delay;
    facts.type = DSO_RETRY_DELAY;
    dns_diagnosis *d = dns_diagnose(c->engine->scope, c->finding, CAUSE_RETRY_DELAY, CONFIDENCE_PROVEN, facts);
    dns_add_evidence(c->engine->scope, d,
                     m->has_retry_delay ? EVIDENCE_RETRY_DELAY_READ : EVIDENCE_RETRY_DELAY_UNREADABLE, facts);
}

bool dso_explain_reconnect(dso_engine *engine, const dns_packet *p, dns_finding *segment)
{
    dso_shutdown key = {.client = p->source.address, .server = p->destination};
    dso_shutdown *s = wmem_map_size(engine->shutdowns) ? wmem_map_lookup(engine->shutdowns, &key) : NULL;
    if (!s || p->time >= s->until || s->told == p->connection + 1)
        return false;
    s->told = p->connection + 1; /* not for every retransmission of the SYN */
    dns_facts facts = {.frame = p->frame,
                       .other = s->frame,
                       .timer = s->milliseconds,
                       .waited = (p->time - s->received) / INT64_C(1000000),
                       .address = p->destination};
    dns_diagnose(engine->scope, segment, CAUSE_RECONNECTED_TOO_EARLY, CONFIDENCE_OBSERVED, facts);
    dns_violate(engine->scope, segment, RULE_RECONNECT_BEFORE_RETRY_DELAY,
                dns_rule_find(RULE_RECONNECT_BEFORE_RETRY_DELAY)->severity, facts);
    dns_diagnosis *d = dns_find_diagnosis(s->finding, CAUSE_RETRY_DELAY);
    if (d && !d->episode)
        dso_story_end(engine, &(dso_story){.diagnosis = d, .finding = s->finding}, OUTCOME_RETRIED_TOO_EARLY, p->frame);
    return true;
}
