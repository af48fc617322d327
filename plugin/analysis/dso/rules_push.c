/* rules_push.c
 * Rules of DNS Push. RFC 8765.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

enum { UNSUBSCRIBE_LENGTH = 2 };
enum { PUSH_MAX = 16382 }; /* RFC 8765 section 6.3.1 */

static bool push_without_tls(dso_context *c, dso_breach *b)
{
    (void)b;
    dso_connection *k = c->connection;
    bool push = sends(c, DSO_SUBSCRIBE) || sends(c, DSO_PUSH) || sends(c, DSO_UNSUBSCRIBE) || sends(c, DSO_RECONFIRM);
    if (!push || !k || k->tls || k->push_told)
        return false;
    k->push_told = true; /* once per connection is enough */
    return true;
}

static bool subscribe_from_server(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_SUBSCRIBE) && from_server(c);
}

static bool push_from_client(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_PUSH) && from_client(c);
}

static bool unsubscribe_from_server(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_UNSUBSCRIBE) && from_server(c);
}

static bool reconfirm_from_server(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_RECONFIRM) && from_server(c);
}

static bool bad_body(const dso_context *c, uint16_t type, dso_breach *b)
{
    b->facts.n = c->view.first.length;
    return sends(c, type) && c->body.read && c->body.state == DSO_BODY_BAD;
}

static bool subscribe_bad_data(dso_context *c, dso_breach *b)
{
    return bad_body(c, DSO_SUBSCRIBE, b);
}

static bool push_bad_data(dso_context *c, dso_breach *b)
{
    return bad_body(c, DSO_PUSH, b);
}

static bool reconfirm_bad_data(dso_context *c, dso_breach *b)
{
    return bad_body(c, DSO_RECONFIRM, b);
}

static bool subscribe_tlv_in_response(dso_context *c, dso_breach *b)
{
    if (!answers(c, DSO_SUBSCRIBE) || !c->view.subscribes || is_dsotypeni(c))
        return false;
    b->facts.other = c->operation->frame;
    return true;
}

static bool duplicate_subscription(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    const dns_dso_item *item = c->described->items;
    if (!k || !sends(c, DSO_SUBSCRIBE) || !item)
        return false;
    uint32_t hash = dso_name_hash(item->name);
    for (unsigned i = 0; i < k->subscription_count; i++) {
        const dso_subscription *s = k->subscriptions[i];
        if (s->state != SUBSCRIPTION_ACTIVE || s->name_hash != hash || s->type != item->type ||
            s->class != item->class || g_ascii_strcasecmp(s->name, item->name))
            continue;
        b->facts.other = s->frame;
        b->facts.name = item->name;
        return !k->gap && !k->subscriptions_lost; /* its end may have been lost */
    }
    return false;
}

static bool subscribe_nxdomain(dso_context *c, dso_breach *b)
{
    if (!answers(c, DSO_SUBSCRIBE) || c->finding->rcode != RCODE_NXDOMAIN || c->operation->accepted)
        return false;
    b->facts.other = c->operation->frame;
    return true;
}

static bool push_without_records(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_PUSH) && c->view.first.length == 0;
}

static bool push_any(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_PUSH) && c->body.any;
}

static bool push_remove_with_rdata(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_PUSH) && c->body.collective_rdata;
}

static bool push_too_large(dso_context *c, dso_breach *b)
{
    b->facts.n = c->message->reported;
    return sends(c, DSO_PUSH) && c->message->reported > PUSH_MAX;
}

static bool push_without_subscription(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (!sends(c, DSO_PUSH) || !c->body.unmatched || !k || !k->whole || k->subscriptions_lost)
        return false;
    b->facts.name = c->body.unmatched_name;
    if (c->body.crossed)
        b->severity = DNS_SEVERITY_NOTE;
    return true;
}

/* A refusal or a cancellation may have crossed it on the wire: only what the client got before can be known to it. */
static bool unsubscribe_unknown(dso_context *c, dso_breach *b)
{
    static const int64_t quick = INT64_C(100) * INT64_C(1000000);
    const dso_connection *k = c->connection;
    const dso_tlv *tlv = &c->view.first;
    bool readable = sends(c, DSO_UNSUBSCRIBE) && tlv->length == UNSUBSCRIBE_LENGTH && dso_tlv_whole(tlv);
    if (!readable || c->message->id || !sees_all(k) || k->subscriptions_lost)
        return false;
    b->facts.n = read_u16(tlv->data);
    const dso_subscription *s = dso_find_subscription(k, (uint16_t)b->facts.n);
    if (!s) {
        const dso_operation *o = dso_find_operation(k, c->end, (uint16_t)b->facts.n);
        return !(o && o->has_type && o->type == DSO_SUBSCRIBE); /* one whose body could not be read */
    }
    b->facts.other = s->frame;
    bool crossed = !s->given_up && dso_crosses(c->packet, &s->ended);
    return s->state == SUBSCRIPTION_ENDED && !crossed && c->packet->time - s->ended.time > quick;
}

static bool reconfirm_any(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_RECONFIRM) && c->body.any;
}

static bool unsubscribe_bad_length(dso_context *c, dso_breach *b)
{
    return sends(c, DSO_UNSUBSCRIBE) && bad_length(&c->view.first, UNSUBSCRIBE_LENGTH, b);
}

static const dso_check checks[] = {
    {RULE_UNSUBSCRIBE_BAD_LENGTH, ON_REQUEST, unsubscribe_bad_length},
    {RULE_PUSH_WITHOUT_TLS, ON_REQUEST, push_without_tls},
    {RULE_SUBSCRIBE_FROM_SERVER, ON_REQUEST, subscribe_from_server},
    {RULE_PUSH_FROM_CLIENT, ON_REQUEST, push_from_client},
    {RULE_UNSUBSCRIBE_FROM_SERVER, ON_REQUEST, unsubscribe_from_server},
    {RULE_RECONFIRM_FROM_SERVER, ON_REQUEST, reconfirm_from_server},
    {RULE_SUBSCRIBE_BAD_DATA, ON_REQUEST, subscribe_bad_data},
    {RULE_PUSH_BAD_DATA, ON_REQUEST, push_bad_data},
    {RULE_RECONFIRM_BAD_DATA, ON_REQUEST, reconfirm_bad_data},
    {RULE_SUBSCRIBE_TLV_IN_RESPONSE, ON_RESPONSE, subscribe_tlv_in_response},
    {RULE_DUPLICATE_SUBSCRIPTION, ON_REQUEST, duplicate_subscription},
    {RULE_SUBSCRIBE_NXDOMAIN, ON_ANY_RESPONSE, subscribe_nxdomain},
    {RULE_PUSH_WITHOUT_RECORDS, ON_REQUEST, push_without_records},
    {RULE_PUSH_ANY_TYPE_OR_CLASS, ON_REQUEST, push_any},
    {RULE_PUSH_REMOVE_WITH_RDATA, ON_REQUEST, push_remove_with_rdata},
    {RULE_PUSH_TOO_LARGE, ON_REQUEST, push_too_large},
    {RULE_PUSH_WITHOUT_SUBSCRIPTION, ON_REQUEST, push_without_subscription},
    {RULE_UNSUBSCRIBE_UNKNOWN, ON_REQUEST, unsubscribe_unknown},
    {RULE_RECONFIRM_ANY, ON_REQUEST, reconfirm_any},
};

const dso_checks dso_checks_of_push = {checks, sizeof checks / sizeof *checks};
