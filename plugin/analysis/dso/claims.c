/* claims.c
 * What is said of a server because it seems to have no DSO, or no Push, and how it is taken back.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The states of a claim are told in records/dso_server.h. Three sentences rest on "this server has no DSO": the causes
 * dso-not-implemented and dso-connection-dropped, and the broken rule dso-after-not-implemented.
 */
#include "state.h"

bool dso_server_known(const dso_connection *k)
{
    return k && (dso_session_stands(k) || k->session->established_in || (k->server && k->server->known_in));
}

bool dso_wrong_opcode_is_foreign(const dso_context *c)
{
    uint16_t rcode = c->finding->rcode;
    bool error = rcode != RCODE_NOERROR && rcode != RCODE_DSOTYPENI && rcode != RCODE_NXDOMAIN;
    return c->wrong_opcode && error && c->sender == DSO_SENDER_SERVER && !dso_server_known(c->connection);
}

dso_claim *dso_claim_no_dso(dso_engine *engine, const dso_connection *k, dns_finding *finding)
{
    dso_claim *claim = dso_server_known(k) ? NULL : dso_server_claim(engine->servers, k->server, DSO_CLAIM_NO_DSO);
    if (!claim)
        return NULL;
    claim->finding = finding;
    claim->otherwise = CAUSE_NONE;
    claim->rule = claim->otherwise_rule = RULE_COUNT;
    return claim;
}

static dns_evidence *last_evidence(dns_diagnosis *d)
{
    dns_evidence *e = d->evidence;
    while (e->next)
        e = e->next;
    return e;
}

void dso_claim_no_push(dso_context *c, dns_diagnosis *d)
{
    dso_server *server = c->connection ? c->connection->server : NULL;
    if (!server)
        return;
    dns_facts facts = {.frame = c->packet->frame, .other = server->push_in};
    dns_add_evidence(c->engine->scope, d, server->push_in ? EVIDENCE_PUSH_KNOWN : EVIDENCE_PUSH_ABSENT, facts);
    dso_claim *claim = dso_server_claim(c->engine->servers, server, DSO_CLAIM_NO_PUSH);
    if (!claim)
        return;
    claim->finding = c->finding;
    claim->diagnosis = d;
    claim->evidence = last_evidence(d);
}

/* ---- taken back ---- */

/* Its TLVs were taken for what a server without DSO sends back. */
static void take_echo_back(dns_finding *f)
{
    if (f->more->dso && f->more->dso->message)
        f->more->dso->message->echo = false;
}

static void take_back_diagnosis(dso_engine *engine, const dso_claim *claim, uint32_t frame)
{
    dns_diagnosis *d = claim->diagnosis;
    if (claim->otherwise == CAUSE_NONE) {
        dns_take_back(claim->finding, d);
        return;
    }
    d->cause = claim->otherwise;
    d->confidence = CONFIDENCE_OBSERVED;
    d->mild = claim->otherwise == CAUSE_DSO_NOTIMP; /* no session stood */
    if (claim->story)
        dso_story_decide(engine, claim->story);
    for (dns_evidence *e = d->evidence; e; e = e->next)
        if (e->kind == EVIDENCE_DSO_ABSENT) {
            e->kind = EVIDENCE_DSO_KNOWN;
            e->facts.other = frame;
        }
}

static void take_back(dso_engine *engine, const dso_claim *claim, uint32_t frame)
{
    if (claim->diagnosis)
        take_back_diagnosis(engine, claim, frame);
    else
        dns_take_back_violation(claim->finding, claim->rule);
    if (claim->otherwise_rule < RULE_COUNT)
        dns_violate(engine->scope, claim->finding, claim->otherwise_rule,
                    dns_rule_find(claim->otherwise_rule)->severity, claim->facts);
    take_echo_back(claim->finding);
}

/* NOERROR and DSOTYPENI come from implementers alone (RFC 8490 section 5.1.1). */
static bool shows_dso(const dso_context *c)
{
    bool answers_dso = c->view.counts_zero && !(c->operation && !c->operation->counts_zero);
    return answers_dso && (c->finding->rcode == RCODE_NOERROR || c->finding->rcode == RCODE_DSOTYPENI);
}

void dso_learn(dso_context *c)
{
    dso_server *server = c->connection->server;
    if (!server || c->view.kind != DSO_RESPONSE || c->sender != DSO_SENDER_SERVER || !shows_dso(c))
        return;
    uint32_t frame = c->packet->frame;
    for (dso_claim *claim = dso_server_disprove(server, DSO_CLAIM_NO_DSO, frame); claim; claim = claim->next)
        take_back(c->engine, claim, frame);
    const dso_operation *o = c->operation;
    if (!o || !o->has_type)
        return;
    if (c->finding->rcode == RCODE_DSOTYPENI)
        dso_server_refuse(server, o->type, frame);
    else if (o->type == DSO_SUBSCRIBE)
        for (dso_claim *claim = dso_server_disprove(server, DSO_CLAIM_NO_PUSH, frame); claim; claim = claim->next) {
            claim->evidence->kind = EVIDENCE_PUSH_KNOWN;
            claim->evidence->facts.other = frame;
        }
}
