/* rules.h
 * One check of a rule, and what the checks ask again and again.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A check sees the state before the message takes effect. It returns true when the rule is broken, and may then set
 * what the rule's sentence names, and a milder severity. Names, severities and sentences stand in rules.def.
 */
#ifndef DNSRCODE_DSO_RULES_H
#define DNSRCODE_DSO_RULES_H

#include "state.h"

typedef struct {
    dns_facts facts;
    dns_severity severity;
    dns_violation **keep; /* where the check wants to find it again, NULL: nowhere */
} dso_breach;

/* The messages that a rule is about. */
enum {
    ON_REQUEST = 1,  /* QR=0, with any ID */
    ON_RESPONSE = 2, /* of a side known to do DSO */
    ON_FOREIGN = 4,  /* a response of a server that has no DSO: what it sends back says little */
    ON_ORDINARY = 8, /* another opcode */
    ON_DSO = ON_REQUEST | ON_RESPONSE,
    ON_ANY_RESPONSE = ON_RESPONSE | ON_FOREIGN,
};

typedef struct {
    dns_rule rule;
    unsigned on;
    bool (*broken)(dso_context *c, dso_breach *b);
} dso_check;

/* The checks of one file. */
typedef struct {
    const dso_check *checks;
    size_t count;
} dso_checks;

extern const dso_checks dso_checks_of_header, dso_checks_of_tlvs, dso_checks_of_session, dso_checks_of_push;

/* ---- What the checks ask again and again ---- */

static inline bool is_primary(const dso_context *c, uint16_t type)
{
    return c->view.tlvs && c->view.first.type == type;
}

/* A request or unidirectional message with this primary TLV. */
static inline bool sends(const dso_context *c, uint16_t type)
{
    return dso_is_request_side(c) && is_primary(c, type);
}

static inline bool answers(const dso_context *c, uint16_t type)
{
    uint16_t primary;
    return !dso_is_request_side(c) && dso_primary(c, &primary) && primary == type;
}

static inline bool from_client(const dso_context *c)
{
    return c->sender == DSO_SENDER_CLIENT;
}

static inline bool from_server(const dso_context *c)
{
    return c->sender == DSO_SENDER_SERVER;
}

static inline bool before_session(const dso_context *c)
{
    const dso_connection *k = c->connection;
    return k && k->whole &&
           (k->state == DSO_STATE_SESSIONLESS || k->state == DSO_STATE_ESTABLISHING || k->state == DSO_STATE_FAILED);
}

/* Nothing of the capture is missing that would make an ID unknown. */
static inline bool sees_all(const dso_connection *k)
{
    return k && k->whole && !k->operations_lost;
}

static inline bool is_dsotypeni(const dso_context *c)
{
    return c->finding->rcode == RCODE_DSOTYPENI;
}

static inline bool bad_length(const dso_tlv *tlv, uint16_t right, dso_breach *b)
{
    b->facts.n = tlv->length;
    return tlv->length != right;
}

#endif
