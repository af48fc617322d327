/* rules_header.c
 * Rules of the header of DSO messages, and of message IDs. RFC 8490 sections 4.2, 5.4 and 5.5.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

static bool nonzero_counts(dso_context *c, dso_breach *b)
{
    b->facts.n = c->message->id;
    return !c->view.counts_zero;
}

static bool over_udp(dso_context *c, dso_breach *b)
{
    (void)b;
    return !dns_transport_is_stream(c->packet->transport) && c->view.kind != DSO_RESPONSE;
}

/* After a unidirectional message it is the answer to that, which is told alone. */
static bool response_id_zero(dso_context *c, dso_breach *b)
{
    (void)b;
    bool no_dso = c->operation && !c->operation->counts_zero; /* 0 is an ID like others there */
    bool answer = c->connection && c->connection->unidirectional[1 - c->end];
    return c->message->id == 0 && !no_dso && !answer && !is_dsotypeni(c);
}

static bool request_id_zero(dso_context *c, dso_breach *b)
{
    (void)b;
    return c->view.kind == DSO_UNIDIRECTIONAL &&
           (is_primary(c, DSO_SUBSCRIBE) || (is_primary(c, DSO_KEEPALIVE) && from_client(c)));
}

static bool unidirectional_nonzero_id(dso_context *c, dso_breach *b)
{
    b->facts.n = c->message->id;
    if (c->view.kind != DSO_REQUEST || c->qr_missing)
        return false;
    bool server_only = is_primary(c, DSO_KEEPALIVE) || is_primary(c, DSO_RETRY_DELAY);
    return is_primary(c, DSO_PUSH) || is_primary(c, DSO_UNSUBSCRIBE) || is_primary(c, DSO_RECONFIRM) ||
           (server_only && from_server(c));
}

static bool response_to_unidirectional(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (!k || is_dsotypeni(c))
        return false;
    if (c->message->id) { /* sent with an ID, but of a type that nobody may answer */
        b->facts.other = c->operation ? c->operation->frame : 0;
        return c->operation && c->operation->unidirectional;
    }
    b->facts.other = k->unidirectional[1 - c->end];
    b->facts.type = k->unidirectional_type[1 - c->end];
    b->facts.untyped = k->unidirectional_untyped[1 - c->end];
    return b->facts.other != 0;
}

static bool ended_moment_ago(const dso_context *c)
{
    const dso_subscription *s = dso_find_subscription(c->connection, c->message->id);
    return s && c->finding->rcode != RCODE_NOERROR && dso_ended_moment_ago(s, c->packet);
}

static bool unsolicited_response(dso_context *c, dso_breach *b)
{
    b->facts.n = c->message->id;
    if (!sees_all(c->connection) || !c->message->id)
        return false;
    if (!c->operation) /* an operation of unknown type may be a long-lived one that is cancelled (RFC 8490 section 5.6) */
        return !ended_moment_ago(c) && !(c->connection->long_lived_unknown && c->finding->rcode != RCODE_NOERROR);
    b->facts.other = c->operation->frame;
    return c->operation->accepted && c->finding->rcode == RCODE_NOERROR;
}

static bool duplicate_message_id(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (c->view.kind != DSO_REQUEST || c->qr_missing || !k || !dso_hears(k, 1 - c->end))
        return false;
    const dso_operation *o = dso_find_operation(k, c->end, c->message->id);
    if (!o || o->overdue || (o->accepted && k->subscriptions_lost)) /* an UNSUBSCRIBE may have been cut */
        return false;
    b->facts.other = o->frame;
    b->facts.n = o->id;
    return true;
}

static bool qr_bit_clear(dso_context *c, dso_breach *b)
{
    if (!c->qr_missing)
        return false;
    b->facts.other = c->operation->frame;
    b->facts.type = c->operation->type;
    return true;
}

static bool wrong_opcode(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (!c->wrong_opcode || dso_wrong_opcode_is_foreign(c))
        return false;
    b->facts.other = c->operation ? c->operation->frame : k->unidirectional[1 - c->end];
    b->facts.n = c->message->opcode;
    return true;
}

static bool nonzero_z(dso_context *c, dso_breach *b)
{
    (void)b;
    return c->view.counts_zero && (c->message->flags & DNS_FLAGS_DSO_Z);
}

static bool nonzero_rcode(dso_context *c, dso_breach *b)
{
    b->facts.rcode = c->message->header_rcode;
    return dso_is_request_side(c) && c->view.counts_zero && c->message->header_rcode && !is_primary(c, DSO_RETRY_DELAY);
}

static bool dsotypeni_to_unidirectional(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (k && k->unidirectional[1 - c->end]) {
        b->facts.other = k->unidirectional[1 - c->end];
        b->facts.type = k->unidirectional_type[1 - c->end];
        b->facts.untyped = k->unidirectional_untyped[1 - c->end];
    }
    return k && is_dsotypeni(c) && c->message->id == 0; /* over UDP there is no connection to abort */
}

static bool dsotypeni_outside_dso(dso_context *c, dso_breach *b)
{
    b->facts.n = c->message->opcode;
    return dns_message_is_response(c->message) && is_dsotypeni(c) && c->message->rcode_known;
}

static const dso_check checks[] = {
    {RULE_DSO_NONZERO_COUNTS, ON_DSO, nonzero_counts},
    {RULE_DSO_OVER_UDP, ON_REQUEST, over_udp},
    {RULE_RESPONSE_ID_ZERO, ON_RESPONSE, response_id_zero},
    {RULE_REQUEST_ID_ZERO, ON_REQUEST, request_id_zero},
    {RULE_UNIDIRECTIONAL_NONZERO_ID, ON_REQUEST, unidirectional_nonzero_id},
    {RULE_RESPONSE_TO_UNIDIRECTIONAL, ON_RESPONSE, response_to_unidirectional},
    {RULE_UNSOLICITED_RESPONSE, ON_RESPONSE, unsolicited_response},
    {RULE_DUPLICATE_MESSAGE_ID, ON_REQUEST, duplicate_message_id},
    {RULE_QR_BIT_CLEAR_IN_RESPONSE, ON_REQUEST, qr_bit_clear},
    {RULE_WRONG_OPCODE_IN_RESPONSE, ON_ORDINARY, wrong_opcode},
    {RULE_NONZERO_Z_BITS, ON_DSO, nonzero_z},
    {RULE_NONZERO_RCODE_IN_REQUEST, ON_REQUEST, nonzero_rcode},
    {RULE_DSOTYPENI_TO_UNIDIRECTIONAL, ON_RESPONSE, dsotypeni_to_unidirectional},
    {RULE_DSOTYPENI_OUTSIDE_DSO, ON_ORDINARY, dsotypeni_outside_dso},
};

const dso_checks dso_checks_of_header = {checks, sizeof checks / sizeof *checks};
