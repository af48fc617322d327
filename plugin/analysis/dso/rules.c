/* rules.c
 * The rules of RFC 8490 and RFC 8765: one small check per rule, and the table that calls them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A check sees the state before the message takes effect. It returns true when the rule is broken, and may then set
 * what the rule's sentence names, and a milder severity. Names, severities and sentences stand in rules.def.
 */
#include "state.h"

enum { KEEPALIVE_LENGTH = 8, RETRY_DELAY_LENGTH = 4, UNSUBSCRIBE_LENGTH = 2 };
enum { INTERVAL_MIN = 10000 }; /* RFC 8490 section 6.5.2 */
enum { PUSH_MAX = 16382 };     /* RFC 8765 section 6.3.1 */

typedef struct {
    dns_facts facts;
    dns_severity severity;
} dso_breach;

/* ---- What the checks ask again and again ---- */

static bool is_primary(const dso_context *c, uint16_t type)
{
    return c->view.tlvs && c->view.first.type == type;
}

/* A request or unidirectional message with this primary TLV. */
static bool sends(const dso_context *c, uint16_t type)
{
    return dso_is_request_side(c) && is_primary(c, type);
}

static bool answers(const dso_context *c, uint16_t type)
{
    uint16_t primary;
    return !dso_is_request_side(c) && dso_primary(c, &primary) && primary == type;
}

static bool from_client(const dso_context *c)
{
    return c->sender == DSO_SENDER_CLIENT;
}

static bool from_server(const dso_context *c)
{
    return c->sender == DSO_SENDER_SERVER;
}

static bool before_session(const dso_context *c)
{
    const dso_connection *k = c->connection;
    return k && k->whole &&
           (k->state == DSO_STATE_SESSIONLESS || k->state == DSO_STATE_ESTABLISHING || k->state == DSO_STATE_FAILED);
}

/* Nothing of the capture is missing that would make an ID unknown. */
static bool sees_all(const dso_connection *k)
{
    return k && k->whole && !k->operations_lost;
}

/* ---- Header (RFC 8490 section 5.4.1) ---- */

static bool nonzero_counts(dso_context *c, dso_breach *b)
{
    (void)b;
    return !c->view.counts_zero;
}

static bool over_udp(dso_context *c, dso_breach *b)
{
    (void)b;
    return !dns_transport_is_stream(c->packet->transport) && c->view.kind != DSO_RESPONSE;
}

static bool response_id_zero(dso_context *c, dso_breach *b)
{
    (void)b;
    return c->message->id == 0 && !(c->operation && !c->operation->counts_zero); /* that was no DSO message */
}

static bool request_id_zero(dso_context *c, dso_breach *b)
{
    (void)b;
    return c->view.kind == DSO_UNIDIRECTIONAL &&
           (is_primary(c, DSO_SUBSCRIBE) || (is_primary(c, DSO_KEEPALIVE) && from_client(c)));
}

static bool unidirectional_nonzero_id(dso_context *c, dso_breach *b)
{
    (void)b;
    if (c->view.kind != DSO_REQUEST || c->qr_missing)
        return false;
    bool server_only = is_primary(c, DSO_KEEPALIVE) || is_primary(c, DSO_RETRY_DELAY);
    return is_primary(c, DSO_PUSH) || is_primary(c, DSO_UNSUBSCRIBE) || is_primary(c, DSO_RECONFIRM) ||
           (server_only && from_server(c));
}

static bool response_to_unidirectional(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (!k || c->message->id || !k->unidirectional[1 - c->end])
        return false;
    b->facts.other = k->unidirectional[1 - c->end];
    b->facts.type = k->unidirectional_type[1 - c->end];
    return true;
}

static bool ended_moment_ago(const dso_context *c)
{
    const dso_subscription *s = dso_find_subscription(c->connection, c->message->id);
    return s && s->state == SUBSCRIPTION_ENDED && s->given_up && c->finding->rcode != RCODE_NOERROR &&
           c->packet->time - s->ended <= dso_crossing;
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
    if (c->view.kind != DSO_REQUEST || c->qr_missing || !c->connection || c->connection->gap)
        return false;
    const dso_operation *o = dso_find_operation(c->connection, c->end, c->message->id);
    if (!o || o->overdue || (o->accepted && c->connection->subscriptions_lost)) /* an UNSUBSCRIBE may have been cut */
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

/* An ordinary response without a question and without a query, but with the ID of a DSO request. */
static bool wrong_opcode(dso_context *c, dso_breach *b)
{
    const dns_transaction *t = c->finding->transaction;
    if (!c->operation || !c->operation->waiting || c->message->has_question || (t && t->request_frame))
        return false;
    b->facts.other = c->operation->frame;
    b->facts.type = c->operation->type;
    b->facts.n = c->message->opcode;
    return sees_all(c->connection);
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

/* ---- TLVs (RFC 8490 sections 5.4.2 to 5.4.5, 7) ---- */

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

static bool bad_length(const dso_tlv *tlv, uint16_t right, dso_breach *b)
{
    b->facts.n = tlv->length;
    return tlv->length != right;
}

static bool keepalive_bad_length(dso_context *c, dso_breach *b)
{
    return c->view.keepalives && bad_length(&c->view.keepalive, KEEPALIVE_LENGTH, b);
}

static bool retry_delay_bad_length(dso_context *c, dso_breach *b)
{
    return c->view.retry_delays && bad_length(&c->view.retry_delay, RETRY_DELAY_LENGTH, b);
}

static bool unsubscribe_bad_length(dso_context *c, dso_breach *b)
{
    return sends(c, DSO_UNSUBSCRIBE) && bad_length(&c->view.first, UNSUBSCRIBE_LENGTH, b);
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

static bool is_dsotypeni(const dso_context *c)
{
    return c->finding->rcode == RCODE_DSOTYPENI;
}

static bool dsotypeni_to_keepalive(dso_context *c, dso_breach *b)
{
    if (!is_dsotypeni(c) || !answers(c, DSO_KEEPALIVE) || from_client(c))
        return false;
    b->facts.other = c->operation->frame;
    return true;
}

static bool dsotypeni_to_unidirectional(dso_context *c, dso_breach *b)
{
    return is_dsotypeni(c) && c->message->id == 0 && (response_to_unidirectional(c, b) || true);
}

static bool dsotypeni_outside_dso(dso_context *c, dso_breach *b)
{
    b->facts.n = c->message->opcode;
    return dns_message_is_response(c->message) && is_dsotypeni(c) && c->message->rcode_known;
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

static bool padding_misplaced(dso_context *c, dso_breach *b)
{
    if (sends(c, DSO_PADDING))
        return true;
    b->severity = DNS_SEVERITY_NOTE;
    return c->view.paddings && !(c->connection && c->connection->tls);
}

static bool padding_not_answered(dso_context *c, dso_breach *b)
{
    const dso_operation *o = c->operation;
    if (!c->connection || !c->connection->tls) /* where nothing is encrypted, padding is out of place anyway */
        b->severity = DNS_SEVERITY_NOTE;
    if (!o || !o->padded || o->accepted || c->view.paddings || c->view.end != DSO_TLV_END)
        return false;
    b->facts.other = o->frame;
    return true;
}

static bool reserved_type(dso_context *c, dso_breach *b)
{
    b->facts.type = c->view.reserved_type;
    if (dso_type_find(c->view.first.type)->range != DSO_RANGE_RESERVED) /* additional TLVs are ignored when unknown */
        b->severity = DNS_SEVERITY_WARN;
    return c->view.reserved;
}

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
    return dso_is_request_side(c) && from_server(c) && before_session(c);
}

static bool dso_after_not_implemented(dso_context *c, dso_breach *b)
{
    const dso_connection *k = c->connection;
    if (!k || !k->not_implemented_in || !from_client(c) || !dso_is_request_side(c))
        return false;
    b->facts.other = k->not_implemented_in;
    return !dso_pipelines(c, k->not_implemented_in, k->not_implemented_time);
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
    bool tried = k->state == DSO_STATE_ESTABLISHING || (k->state == DSO_STATE_FAILED && !k->not_implemented_in);
    return tried && from_client(c);
}

/* ---- Push (RFC 8765) ---- */

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

/* A refusal may have crossed it on the wire: only what was settled before can be known to the client. */
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
    return s->state == SUBSCRIPTION_ENDED && c->packet->time - s->ended > quick;
}

static bool reconfirm_any(dso_context *c, dso_breach *b)
{
    (void)b;
    return sends(c, DSO_RECONFIRM) && c->body.any;
}

/* ---- The table ---- */

enum {
    ON_REQUEST = 1,  /* QR=0, with any ID */
    ON_RESPONSE = 2, /* of a side known to do DSO */
    ON_FOREIGN = 4,  /* a response of a server that has no DSO: what it sends back says little */
    ON_ORDINARY = 8, /* another opcode */
    ON_DSO = ON_REQUEST | ON_RESPONSE,
    ON_ANY_RESPONSE = ON_RESPONSE | ON_FOREIGN,
};

static const struct {
    dns_rule rule;
    unsigned on;
    bool (*broken)(dso_context *c, dso_breach *b);
} message_rules[] = {
    {RULE_DSO_NONZERO_COUNTS, ON_DSO, nonzero_counts},
    {RULE_DSO_OVER_UDP, ON_REQUEST, over_udp},
    {RULE_RESPONSE_ID_ZERO, ON_ANY_RESPONSE, response_id_zero},
    {RULE_REQUEST_ID_ZERO, ON_REQUEST, request_id_zero},
    {RULE_UNIDIRECTIONAL_NONZERO_ID, ON_REQUEST, unidirectional_nonzero_id},
    {RULE_RESPONSE_TO_UNIDIRECTIONAL, ON_ANY_RESPONSE, response_to_unidirectional},
    {RULE_UNSOLICITED_RESPONSE, ON_ANY_RESPONSE, unsolicited_response},
    {RULE_DUPLICATE_MESSAGE_ID, ON_REQUEST, duplicate_message_id},
    {RULE_QR_BIT_CLEAR_IN_RESPONSE, ON_REQUEST, qr_bit_clear},
    {RULE_WRONG_OPCODE_IN_RESPONSE, ON_ORDINARY, wrong_opcode},
    {RULE_REQUEST_WITHOUT_TLV, ON_REQUEST, request_without_tlv},
    {RULE_TLV_OVERRUNS_MESSAGE, ON_DSO, tlv_overruns},
    {RULE_KEEPALIVE_BAD_LENGTH, ON_DSO, keepalive_bad_length},
    {RULE_RETRY_DELAY_BAD_LENGTH, ON_DSO, retry_delay_bad_length},
    {RULE_UNSUBSCRIBE_BAD_LENGTH, ON_REQUEST, unsubscribe_bad_length},
    {RULE_KEEPALIVE_RESPONSE_MISSING_KEEPALIVE_TLV, ON_RESPONSE, keepalive_missing},
    {RULE_DUPLICATE_KEEPALIVE_TLV, ON_DSO, duplicate_keepalive},
    {RULE_TLV_OUT_OF_PLACE, ON_DSO, tlv_out_of_place},
    {RULE_KEEPALIVE_INTERVAL_UNDER_10S, ON_DSO, interval_under_10s},
    {RULE_DSOTYPENI_TO_KEEPALIVE, ON_RESPONSE, dsotypeni_to_keepalive},
    {RULE_DSOTYPENI_TO_UNIDIRECTIONAL, ON_RESPONSE, dsotypeni_to_unidirectional},
    {RULE_DSOTYPENI_OUTSIDE_DSO, ON_ORDINARY, dsotypeni_outside_dso},
    {RULE_DSOTYPENI_WITH_COPIED_PRIMARY_TLV, ON_RESPONSE, dsotypeni_copies_tlv},
    {RULE_PADDING_AS_PRIMARY, ON_DSO, padding_misplaced},
    {RULE_PADDING_NOT_ANSWERED, ON_RESPONSE, padding_not_answered},
    {RULE_RESERVED_TLV_TYPE, ON_DSO, reserved_type},
    {RULE_CLIENT_SENT_RETRY_DELAY, ON_REQUEST, client_sent_retry_delay},
    {RULE_MESSAGE_AFTER_RETRY_DELAY, ON_DSO | ON_FOREIGN | ON_ORDINARY, message_after_retry_delay},
    {RULE_UNIDIRECTIONAL_BEFORE_SESSION, ON_REQUEST, unidirectional_before_session},
    {RULE_SERVER_INITIATED_BEFORE_SESSION, ON_REQUEST, server_before_session},
    {RULE_DSO_AFTER_NOT_IMPLEMENTED, ON_REQUEST, dso_after_not_implemented},
    {RULE_EDNS_TCP_KEEPALIVE_IN_DSO_SESSION, ON_DSO | ON_FOREIGN | ON_ORDINARY, edns_tcp_keepalive},
    {RULE_NONZERO_Z_BITS, ON_DSO, nonzero_z},
    {RULE_NONZERO_RCODE_IN_REQUEST, ON_REQUEST, nonzero_rcode},
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

static unsigned kind_of(const dso_context *c)
{
    if (!c->dso)
        return ON_ORDINARY;
    if (c->qr_missing)
        return ON_REQUEST | ON_RESPONSE;
    if (c->view.kind != DSO_RESPONSE)
        return ON_REQUEST;
    return c->implementer ? ON_RESPONSE : ON_FOREIGN;
}

void dso_check_message(dso_context *c)
{
    unsigned kind = kind_of(c);
    dns_facts facts = {.frame = c->packet->frame, .address = c->packet->source};
    if (c->dso)
        dso_primary(c, &facts.type);
    for (size_t i = 0; i < sizeof message_rules / sizeof *message_rules; i++) {
        if (!(message_rules[i].on & kind))
            continue;
        dns_rule rule = message_rules[i].rule;
        dso_breach b = {.facts = facts, .severity = dns_rule_find(rule)->severity};
        if (message_rules[i].broken(c, &b))
            dns_violate(c->engine->scope, c->finding, rule, b.severity, b.facts);
    }
}
