/* rules_session.c
 * Rules of sessions and of their end. RFC 8490 sections 5.1, 6.6 and 7.2.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

/* ---- Retry Delay (RFC 8490 sections 6.6.1, 7.2) ---- */

static bool client_sent_retry_delay(dso_context *c, dso_breach *b)
{
    (void)b;
    return from_client(c) && dso_is_request_side(c) && c->view.retry_delays;
}

static bool message_after_retry_delay(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (!k || !k->shutdown || !from_server(c))
        return false;
    b->facts.other = k->shutdown->frame;
    return true;
}

/* ---- Session (RFC 8490 section 5.1) ---- */

/* Also an UNSUBSCRIBE of a SUBSCRIBE that would establish the session: RFC 8765 section 6.4.1 lets it overtake the
 * response, not the session. */
static bool unidirectional_before_session(dso_context *c, dso_breach *b)
{
    (void)b;
    return c->view.kind == DSO_UNIDIRECTIONAL && from_client(c) && before_session(c);
}

static bool server_before_session(dso_context *c, dso_breach *b)
{
    (void)b;
    return dso_is_request_side(c) && from_server(c) && before_session(c) && !c->body.proves;
}

static bool dso_after_not_implemented(dso_context *c, dso_breach *b)
{
    dso_connection *k = c->connection;
    if (!k || !k->not_implemented.frame || !from_client(c) || k->after_told || dso_server_known(k) ||
        dso_pipelines(c, &k->not_implemented))
        return false;
    dns_claim *claim = dso_claim_no_dso(k);
    if (!claim)
        return false;
    dns_claim_join_rule(claim, c->finding, RULE_DSO_AFTER_NOT_IMPLEMENTED);
    b->facts.other = k->not_implemented.frame;
    b->facts.rcode = k->not_implemented_rcode;
    if (k->not_implemented_rcode != RCODE_NOTIMP) { /* which leaves room for doubt */
        b->severity = DNS_SEVERITY_NOTE;
        k->after_told = true;
    }
    return true;
}

static bool edns_tcp_keepalive(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (!c->message->has_tcp_keepalive || !k)
        return false;
    b->facts.other = k->session->established_in;
    if (dso_session_stands(k))
        return true;
    b->facts.other = k->session->first_frame;
    b->severity = DNS_SEVERITY_WARN; /* RFC 8490 section 7.1.2: the client may not, but nobody need abort */
    bool tried = k->state == DSO_STATE_ESTABLISHING || (k->state == DSO_STATE_FAILED && !k->not_implemented.frame);
    return tried && from_client(c);
}

static const dso_check checks[] = {
    {RULE_CLIENT_SENT_RETRY_DELAY, ON_REQUEST, client_sent_retry_delay},
    {RULE_MESSAGE_AFTER_RETRY_DELAY, ON_DSO | ON_FOREIGN | ON_ORDINARY, message_after_retry_delay},
    {RULE_UNIDIRECTIONAL_BEFORE_SESSION, ON_REQUEST, unidirectional_before_session},
    {RULE_SERVER_INITIATED_BEFORE_SESSION, ON_REQUEST, server_before_session},
    {RULE_DSO_AFTER_NOT_IMPLEMENTED, ON_REQUEST, dso_after_not_implemented},
    {RULE_EDNS_TCP_KEEPALIVE_IN_DSO_SESSION, ON_DSO | ON_FOREIGN | ON_ORDINARY, edns_tcp_keepalive},
};

const dso_checks dso_checks_of_session = {checks, sizeof checks / sizeof *checks};
