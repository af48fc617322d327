/* rules_tlv.c
 * Rules of TLVs. RFC 8490 sections 5.4.2 to 5.4.5 and 7.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

enum { KEEPALIVE_LENGTH = 8, RETRY_DELAY_LENGTH = 4 };
enum { INTERVAL_MIN = 10000 }; /* RFC 8490 section 6.5.2 */

static bool request_without_tlv(dso_context *c, dso_breach *b)
{
    (void)b;
    return dso_is_request_side(c) && c->view.counts_zero && !c->view.tlvs && c->view.end == DSO_TLV_END;
}

static bool tlv_overruns(dso_context *c, dso_breach *b)
{
    b->facts.n = c->message->reported;
    return c->view.end == DSO_TLV_OVERRUN;
}

static bool keepalive_bad_length(dso_context *c, dso_breach *b)
{
    return c->view.keepalives && bad_length(&c->view.keepalive, KEEPALIVE_LENGTH, b);
}

static bool retry_delay_bad_length(dso_context *c, dso_breach *b)
{
    return c->view.retry_delays && bad_length(&c->view.retry_delay, RETRY_DELAY_LENGTH, b);
}

static bool keepalive_missing(dso_context *c, dso_breach *b)
{
    if (!answers(c, DSO_KEEPALIVE) || c->finding->rcode != RCODE_NOERROR || c->view.end == DSO_TLV_CUT ||
        !c->view.counts_zero)
        return false;
    b->facts.other = c->operation->frame;
    return c->view.keepalives == 0;
}

static bool duplicate_keepalive(dso_context *c, dso_breach *b)
{
    b->facts.n = c->view.keepalives;
    return c->view.keepalives > 1;
}

/* Keepalive behind Keepalive, Retry Delay from the client and misplaced padding have rules of their own. */
static bool has_its_own_rule(const dso_context *c, uint16_t type)
{
    return (type == DSO_KEEPALIVE && is_primary(c, DSO_KEEPALIVE)) || (type == DSO_RETRY_DELAY && from_client(c));
}

static bool misplaced(const dso_context *c, const dns_dso_tlv *tlv)
{
    dso_additional allowed = dso_type_find(tlv->type)->additional;
    if (tlv->broken)
        return false;
    if (tlv->role == DSO_ROLE_RESPONSE_ADDITIONAL)
        return allowed == DSO_ADDITIONAL_NEVER;
    return tlv->role == DSO_ROLE_ADDITIONAL && allowed != DSO_ADDITIONAL_ANYWHERE && !has_its_own_rule(c, tlv->type);
}

static bool tlv_out_of_place(dso_context *c, dso_breach *b)
{
    const dns_dso_message *d = c->described;
    for (unsigned i = 0; i < d->tlv_count; i++)
        if (misplaced(c, &d->tlvs[i])) {
            b->facts.type = d->tlvs[i].type;
            b->facts.untyped = false;
            return true;
        }
    return false;
}

static bool interval_under_10s(dso_context *c, dso_breach *b)
{
    const dso_tlv *tlv = &c->view.keepalive;
    if (!c->view.keepalives || tlv->available < KEEPALIVE_LENGTH || tlv->length != KEEPALIVE_LENGTH)
        return false;
    if (!from_server(c)) /* a client only asks */
        b->severity = DNS_SEVERITY_NOTE;
    b->facts.timer = read_u32(tlv->data + 4);
    return b->facts.timer < INTERVAL_MIN;
}

static bool dsotypeni_to_keepalive(dso_context *c, dso_breach *b)
{
    if (!c->connection || !is_dsotypeni(c) || !answers(c, DSO_KEEPALIVE) || from_client(c))
        return false;
    b->facts.other = c->operation->frame;
    return true;
}

static bool dsotypeni_copies_tlv(dso_context *c, dso_breach *b)
{
    uint16_t type;
    if (!is_dsotypeni(c) || !dso_primary(c, &type) || !c->view.tlvs || !c->view.counts_zero)
        return false;
    if (type == DSO_PADDING || type == DSO_RETRY_DELAY)
        return false;
    b->facts.other = c->operation->frame;
    return c->view.first.type == type;
}

static bool padding_as_primary(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_PADDING);
}

/* Once per connection: the one that was told counts the others. Where nothing is encrypted, padding has no use anyway. */
static bool padding_not_answered(dso_context *c, dso_breach *b)
{
    const dso_operation *o = c->operation;
    dso_connection *k = c->connection;
    if (!k || !k->tls || !o || !o->padded || o->accepted || c->view.paddings || c->view.end != DSO_TLV_END)
        return false;
    if (k->padding_told) {
        k->padding_told->facts.n++;
        return false;
    }
    b->facts.other = o->frame;
    b->facts.n = 1;
    b->keep = &k->padding_told;
    return true;
}

static bool reserved_type(dso_context *c, dso_breach *b)
{
    b->facts.type = c->view.reserved_type;
    b->facts.untyped = false;
    if (dso_type_find(c->view.first.type)->range != DSO_RANGE_RESERVED) /* additional TLVs are ignored when unknown */
        b->severity = DNS_SEVERITY_WARN;
    return c->view.reserved;
}

static const dso_check checks[] = {
    {RULE_REQUEST_WITHOUT_TLV, ON_REQUEST, request_without_tlv},
    {RULE_TLV_OVERRUNS_MESSAGE, ON_DSO, tlv_overruns},
    {RULE_KEEPALIVE_BAD_LENGTH, ON_DSO, keepalive_bad_length},
    {RULE_RETRY_DELAY_BAD_LENGTH, ON_DSO, retry_delay_bad_length},
    {RULE_KEEPALIVE_RESPONSE_MISSING_KEEPALIVE_TLV, ON_RESPONSE, keepalive_missing},
    {RULE_DUPLICATE_KEEPALIVE_TLV, ON_DSO, duplicate_keepalive},
    {RULE_TLV_OUT_OF_PLACE, ON_DSO, tlv_out_of_place},
    {RULE_KEEPALIVE_INTERVAL_UNDER_10S, ON_DSO, interval_under_10s},
    {RULE_DSOTYPENI_TO_KEEPALIVE, ON_RESPONSE, dsotypeni_to_keepalive},
    {RULE_DSOTYPENI_WITH_COPIED_PRIMARY_TLV, ON_RESPONSE, dsotypeni_copies_tlv},
    {RULE_PADDING_AS_PRIMARY, ON_REQUEST, padding_as_primary},
    {RULE_PADDING_NOT_ANSWERED, ON_RESPONSE, padding_not_answered},
    {RULE_RESERVED_TLV_TYPE, ON_DSO, reserved_type},
};

const dso_checks dso_checks_of_tlvs = {checks, sizeof checks / sizeof *checks};
