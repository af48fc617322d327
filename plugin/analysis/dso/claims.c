/* claims.c
 * What is said of a server because it seems to have no DSO, or no Push, and how it is taken back.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The states of a claim are told in records/claim.h. Three sentences rest on "this server has no DSO": the causes
 * dso-not-implemented and dso-connection-dropped, and the broken rule dso-after-not-implemented. Of "no Push" only the
 * sentence about it changes: that this SUBSCRIBE was not accepted stays true.
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

dns_claim *dso_claim_no_dso(const dso_connection *k)
{
    bool possible = k->server && !dso_server_known(k) && dns_claim_can_join(&k->server->no_dso);
    return possible ? &k->server->no_dso : NULL;
}

static void rule_on_push(dso_server *server)
{
    dns_ruling r = {.cause = CAUSE_PUSH_NOT_IMPLEMENTED, .confidence = CONFIDENCE_PROVEN};
    dns_ruling_evidence(&r, server->push_in ? EVIDENCE_PUSH_KNOWN : EVIDENCE_PUSH_ABSENT,
                        (dns_facts){.other = server->push_in});
    dns_claim_rule(&server->no_push, &r);
}

void dso_claim_no_push(dso_context *c, dns_diagnosis *d)
{
    dso_server *server = c->connection ? c->connection->server : NULL;
    if (!server)
        return;
    rule_on_push(server);
    dns_claim_adopt(&server->no_push, c->finding, d);
}

/* ---- refuted ---- */

/* Its TLVs were taken for what a server without DSO sends back. */
static void take_echo_back(dns_finding *f)
{
    if (f->more->dso && f->more->dso->message)
        f->more->dso->message->echo = false;
}

/* It says something else now: the outcome follows, and the evidence names the frame that shows DSO. */
static void follow(dso_engine *engine, const dns_claim_member *m, uint32_t frame)
{
    if (m->of_owner)
        dso_story_decide(engine, (const dso_story *)m->of_owner);
    for (dns_evidence *e = m->diagnosis->evidence; e; e = e->next)
        if (e->kind == EVIDENCE_DSO_ABSENT) {
            e->kind = EVIDENCE_DSO_KNOWN;
            e->facts.other = frame;
        }
}

static void refute_no_dso(dso_engine *engine, dso_server *server, uint32_t frame)
{
    if (server->known_in)
        return;
    server->known_in = frame;
    dns_claim_refute(&server->no_dso);
    for (unsigned i = 0; i < server->no_dso.count; i++) {
        const dns_claim_member *m = &server->no_dso.members[i];
        if (m->otherwise && m->otherwise->cause != CAUSE_NONE)
            follow(engine, m, frame);
        take_echo_back(m->finding);
    }
}

/* NOERROR and DSOTYPENI come from implementers alone (RFC 8490 section 5.1.1). */
static bool shows_dso(const dso_context *c)
{
    bool answers_dso = c->view.counts_zero && !(c->operation && !c->operation->counts_zero);
    return answers_dso && (c->finding->rcode == RCODE_NOERROR || c->finding->rcode == RCODE_DSOTYPENI);
}

static void learn_push(dso_server *server, uint32_t frame)
{
    if (server->push_in)
        return;
    server->push_in = frame;
    if (server->no_push.count)
        rule_on_push(server);
}

/* What a server sends of its own accord shows as much. */
static void learn_initiated(dso_context *c, dso_server *server)
{
    if (!c->view.counts_zero || !c->view.tlvs)
        return;
    refute_no_dso(c->engine, server, c->packet->frame);
    if (c->view.first.type == DSO_PUSH)
        learn_push(server, c->packet->frame);
}

void dso_learn(dso_context *c)
{
    dso_server *server = c->connection->server;
    if (!server || c->sender != DSO_SENDER_SERVER)
        return;
    if (dso_is_request_side(c)) {
        learn_initiated(c, server);
        return;
    }
    if (c->view.kind != DSO_RESPONSE || !shows_dso(c))
        return;
    uint32_t frame = c->packet->frame;
    refute_no_dso(c->engine, server, frame);
    const dso_operation *o = c->operation;
    if (!o || !o->has_type)
        return;
    if (c->finding->rcode == RCODE_DSOTYPENI)
        dso_server_refuse(server, o->type, frame);
    else if (o->type == DSO_SUBSCRIBE)
        learn_push(server, frame);
}
