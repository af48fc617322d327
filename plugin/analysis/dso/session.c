/* session.c
 * The session of a connection: its sides, state, timers, operations and subscriptions.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"

enum { DEFAULT_TIMER = 15000 }; /* RFC 8490 section 6.2 */

/* ---- Sides ---- */

static bool is_server_port(uint16_t port)
{
    return port == PORT_DNS || port == PORT_DNS_TLS;
}

static int client_by_packet(const dso_connection *k, const dns_packet *p)
{
    int source = dso_connection_end(k, p);
    if (p->opener == OPENER_SOURCE)
        return source;
    if (p->opener == OPENER_DESTINATION)
        return 1 - source;
    if (is_server_port(p->source.port) != is_server_port(p->destination.port))
        return is_server_port(p->source.port) ? 1 - source : source;
    return -1;
}

int dso_connection_end(const dso_connection *k, const dns_packet *p)
{
    return dns_endpoint_equal(&k->ends[0], &p->source) ? 0 : 1;
}

dso_sender dso_connection_sender(const dso_connection *k, int end)
{
    if (k->client < 0)
        return DSO_SENDER_UNKNOWN;
    return end == k->client ? DSO_SENDER_CLIENT : DSO_SENDER_SERVER;
}

/* Without the SYN and a well-known port, only what one side alone can send tells who is who. */
void dso_infer_client(dso_context *c)
{
    dso_connection *k = c->connection;
    if (k->client >= 0)
        return;
    if (!c->dso) {
        if (c->message->opcode == DNS_OPCODE_QUERY)
            k->client = dns_message_is_response(c->message) ? 1 - c->end : c->end;
    } else if (c->view.tlvs && c->view.kind != DSO_RESPONSE) {
        uint16_t type = c->view.first.type;
        bool unidirectional = c->view.kind == DSO_UNIDIRECTIONAL;
        if (type == DSO_SUBSCRIBE || type == DSO_UNSUBSCRIBE || type == DSO_RECONFIRM ||
            (type == DSO_KEEPALIVE && !unidirectional))
            k->client = c->end;
        else if (type == DSO_PUSH || type == DSO_RETRY_DELAY || (type == DSO_KEEPALIVE && unidirectional))
            k->client = 1 - c->end;
    }
    if (k->client >= 0)
        k->server = dso_servers_get(c->engine->servers, &k->ends[1 - k->client]);
}

/* ---- Connections ---- */

dso_connection *dso_connection_new(dso_engine *engine, const dns_packet *p)
{
    dso_connection *k = wmem_new0(engine->scope, dso_connection);
    k->index = p->connection;
    k->ends[0] = p->source;
    k->ends[1] = p->destination;
    k->client = client_by_packet(k, p);
    k->whole = p->beginning_seen;
    k->timers_known = p->beginning_seen;
    k->inactivity = k->interval = DEFAULT_TIMER;
    k->state = p->beginning_seen ? DSO_STATE_SESSIONLESS : DSO_STATE_UNKNOWN;
    k->queued = dso_never;
    for (int end = 0; end < 2; end++)
        k->operations[end] = wmem_map_new(engine->scope, g_direct_hash, g_direct_equal);
    k->session = wmem_new0(engine->scope, dns_dso_session);
    k->session->index = engine->sessions++;
    k->session->connection = p->connection;
    k->session->first_frame = p->frame;
    k->session->beginning_seen = p->beginning_seen;
    wmem_map_insert(engine->connections, GUINT_TO_POINTER(p->connection + 1), k);
    return k;
}

void dso_connection_hear(dso_connection *k, const dns_packet *p)
{
    int end = dso_connection_end(k, p);
    k->heard[end] = true;
    k->sequenced[end] = p->sequenced;
    k->sent_to[end] = p->sent_to;
}

void dso_connection_meet(dso_engine *engine, dso_connection *k, const dns_packet *p)
{
    if (k->client < 0)
        k->client = client_by_packet(k, p);
    if (!k->server && k->client >= 0)
        k->server = dso_servers_get(engine->servers, &k->ends[1 - k->client]);
    k->tls |= p->transport == TRANSPORT_TLS;
    dso_connection_hear(k, p);
    if (p->gap_before) {
        k->gap = true;
        k->whole = false;
        bool none =
            k->state == DSO_STATE_SESSIONLESS || k->state == DSO_STATE_ESTABLISHING || k->state == DSO_STATE_FAILED;
        if (none) /* the session may have begun in the gap */
            k->state = DSO_STATE_UNKNOWN;
    }
}

bool dso_hears(const dso_connection *k, int end)
{
    return !k->gap && (k->whole || k->heard[end]);
}

bool dso_session_stands(const dso_connection *k)
{
    return k->state == DSO_STATE_ESTABLISHED || k->state == DSO_STATE_SERVER_SHUTDOWN;
}

/* ---- What FORMERR may be about ---- */

bool dso_rule_of_format(unsigned rule)
{
    static const uint16_t rules[] = {
        RULE_DSO_NONZERO_COUNTS,      RULE_REQUEST_WITHOUT_TLV,    RULE_TLV_OVERRUNS_MESSAGE, RULE_KEEPALIVE_BAD_LENGTH,
        RULE_RETRY_DELAY_BAD_LENGTH,  RULE_UNSUBSCRIBE_BAD_LENGTH, RULE_PADDING_AS_PRIMARY,   RULE_SUBSCRIBE_BAD_DATA,
        RULE_DUPLICATE_KEEPALIVE_TLV, RULE_RECONFIRM_BAD_DATA,     RULE_RESERVED_TLV_TYPE,
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i] == rule)
            return true;
    return false;
}

/* ---- What may be the reason of an abort ---- */

/* A broken rule by which the receiver may abort: one that the RFC calls fatal, one of format, or what comes before a
 * session stands (RFC 8490 section 5.1). */
static bool gives_reason(const dns_violation *v)
{
    static const uint16_t of_time[] = {RULE_CLIENT_IGNORES_RETRY_DELAY, RULE_KEEPALIVE_OVERDUE,
                                       RULE_INACTIVE_SESSION_NOT_CLOSED};
    for (size_t i = 0; i < sizeof of_time / sizeof *of_time; i++)
        if (of_time[i] == v->rule)
            return false;
    return v->severity == DNS_SEVERITY_ERROR || dso_rule_of_format(v->rule) || v->rule == RULE_PUSH_BAD_DATA ||
           v->rule == RULE_UNIDIRECTIONAL_BEFORE_SESSION || v->rule == RULE_SERVER_INITIATED_BEFORE_SESSION;
}

void dso_note_deed(dso_context *c)
{
    dso_connection *k = c->connection;
    dso_deed deed = {.finding = c->finding, .time = c->packet->time, .rule = RULE_COUNT, .type = c->view.first.type};
    k->unread = false;
    k->last[c->end] = deed;
    if (c->dso && c->view.kind == DSO_UNIDIRECTIONAL && c->view.tlvs)
        k->unidirectional_deed[c->end] = deed;
    for (const dns_violation *v = c->finding->more->violations; v; v = v->next)
        if (deed.rule == RULE_COUNT && gives_reason(v))
            deed.rule = (dns_rule)v->rule;
    if (deed.rule != RULE_COUNT)
        k->broke[c->end] = deed;
}

/* ---- Operations ---- */

dso_operation *dso_find_operation(const dso_connection *k, int initiator, uint16_t id)
{
    dso_operation *first = wmem_map_lookup(k->operations[initiator], GUINT_TO_POINTER(id));
    for (dso_operation *o = first; o; o = o->next_of_id) /* two under one ID take two responses, in their order */
        if (o->waiting)
            return o;
    return first;
}

static void put_under_id(dso_connection *k, dso_operation *o)
{
    void *key = GUINT_TO_POINTER(o->id);
    dso_operation *last = wmem_map_lookup(k->operations[o->initiator], key);
    while (last && last->next_of_id)
        last = last->next_of_id;
    if (last)
        last->next_of_id = o;
    else
        wmem_map_insert(k->operations[o->initiator], key, o);
    k->operation_count++;
}

static void remove_from_id(dso_connection *k, dso_operation *o)
{
    void *key = GUINT_TO_POINTER(o->id);
    dso_operation *before = wmem_map_lookup(k->operations[o->initiator], key);
    k->operation_count--;
    if (before == o) {
        if (o->next_of_id)
            wmem_map_insert(k->operations[o->initiator], key, o->next_of_id);
        else
            wmem_map_remove(k->operations[o->initiator], key);
        return;
    }
    while (before->next_of_id != o)
        before = before->next_of_id;
    before->next_of_id = o->next_of_id;
}

static void link_waiting(dso_connection *k, dso_operation *o)
{
    dns_list_append(&k->waiting, &o->in_waiting);
    o->waiting = true;
    k->requests_waiting += o->type != DSO_KEEPALIVE;
}

void dso_operation_done(dso_connection *k, dso_operation *o)
{
    if (!o->waiting)
        return;
    dns_list_remove(&k->waiting, &o->in_waiting);
    k->requests_waiting -= o->type != DSO_KEEPALIVE;
    o->waiting = false;
}

static void drop_operation(dso_connection *k, dso_operation *o)
{
    dso_operation_done(k, o);
    remove_from_id(k, o);
}

/* A format that lets the server say FORMERR with reason. */
static bool is_malformed(const dso_context *c)
{
    for (const dns_violation *v = c->finding->more->violations; v; v = v->next)
        if (dso_rule_of_format(v->rule) && v->severity > DNS_SEVERITY_NOTE)
            return true;
    return false;
}

static dso_operation *add_operation(dso_context *c)
{
    dso_connection *k = c->connection;
    c->finding->transaction = wmem_new0(c->engine->scope, dns_transaction);
    c->finding->transaction->request_frame = c->packet->frame;
    c->finding->transaction->request_time = c->packet->time;
    if (k->operation_count >= DSO_OPERATIONS_MAX) {
        k->operations_lost = true;
        return NULL;
    }
    dso_operation *o = wmem_new0(c->engine->scope, dso_operation);
    o->id = c->message->id;
    o->has_type = c->view.tlvs > 0;
    o->type = c->view.first.type;
    o->padded = c->view.paddings > (c->view.first.type == DSO_PADDING);
    o->counts_zero = c->view.counts_zero;
    o->malformed = is_malformed(c);
    o->additional = c->view.unknown;
    o->additional_type = c->view.unknown_type;
    o->initiator = (uint8_t)c->end;
    o->frame = c->packet->frame;
    o->time = c->packet->time;
    o->transaction = c->finding->transaction;
    o->finding = c->finding;
    o->unidirectional = o->has_type && (dso_type_is_unidirectional(o->type) ||
                                        (o->type == DSO_KEEPALIVE && c->sender == DSO_SENDER_SERVER));
    o->cut = c->view.end == DSO_TLV_CUT && !c->view.tlvs;
    o->body = dso_body_hash(c->message);
    put_under_id(k, o);
    link_waiting(k, o);
    return o;
}

/* A client with other requests under way from before the response has not waited for it: it may not have read it yet,
 * even where it has received it. */
bool dso_pipelines(const dso_context *c, const dso_moment *told)
{
    static const int64_t quick = INT64_C(100) * INT64_C(1000000);
    if (dso_crosses(c->packet, told))
        return true;
    if (c->packet->time - told->time > quick)
        return false;
    for (dns_link *l = c->connection->waiting.first; l; l = l->after) {
        const dso_operation *o = DNS_LIST_ITEM(l, dso_operation, in_waiting);
        if (o->initiator == c->end && o->frame < told->frame)
            return true;
    }
    return false;
}

/* ---- Subscriptions ---- */

dso_subscription *dso_find_subscription(const dso_connection *k, uint16_t id)
{
    for (unsigned i = k->subscription_count; i-- > 0;) /* the latest with this ID */
        if (k->subscriptions[i]->id == id)
            return k->subscriptions[i];
    return NULL;
}

/* A place in the table: a new one, else that of the subscription that ended first. */
static dso_subscription *subscription_place(dso_engine *engine, dso_connection *k)
{
    if (k->subscription_count < DSO_SUBSCRIPTIONS_MAX) {
        if (k->subscription_count == k->subscription_room) {
            k->subscription_room = k->subscription_room ? 2 * k->subscription_room : 8;
            k->subscriptions =
                wmem_realloc(engine->scope, k->subscriptions, k->subscription_room * sizeof *k->subscriptions);
        }
        return k->subscriptions[k->subscription_count++] = wmem_new0(engine->scope, dso_subscription);
    }
    unsigned first = DSO_SUBSCRIPTIONS_MAX;
    for (unsigned i = 0; i < k->subscription_count; i++)
        if (k->subscriptions[i]->state == SUBSCRIPTION_ENDED &&
            (first == DSO_SUBSCRIPTIONS_MAX || k->subscriptions[i]->ended.time < k->subscriptions[first]->ended.time))
            first = i;
    if (first == DSO_SUBSCRIPTIONS_MAX)
        return NULL;
    dso_subscription *place = k->subscriptions[first]; /* moves to the end: the order is that of the requests */
    memmove(&k->subscriptions[first], &k->subscriptions[first + 1],
            (k->subscription_count - first - 1) * sizeof *k->subscriptions);
    k->subscriptions[k->subscription_count - 1] = place;
    return place;
}

static void add_subscription(dso_context *c, dso_operation *o)
{
    const dns_dso_item *item = c->described->items;
    if (!o || !item || c->view.first.type != DSO_SUBSCRIBE || c->sender == DSO_SENDER_SERVER)
        return;
    dso_subscription *s = subscription_place(c->engine, c->connection);
    if (!s) {
        c->connection->subscriptions_lost = true;
        return;
    }
    *s = (dso_subscription){.id = o->id,
                            .type = item->type,
                            .class = item->class,
                            .name = item->name,
                            .name_hash = dso_name_hash(item->name),
                            .frame = o->frame,
                            .finding = o->finding};
    o->subscription = s;
}

bool dso_ended_moment_ago(const dso_subscription *s, const dns_packet *p)
{
    bool moment = p->time - s->ended.time <= dso_crossing || dso_crosses(p, &s->ended);
    return s->state == SUBSCRIPTION_ENDED && s->given_up && moment;
}

static void end_subscription(dso_context *c, dso_subscription *s, bool given_up)
{
    s->state = SUBSCRIPTION_ENDED;
    s->given_up = given_up;
    s->ended = dso_moment_of(c->packet);
}

/* The same subscription twice, the second asked for before the first was accepted: now it is certain, unless its end may
 * have been lost. */
static void find_twins(dso_context *c, const dso_subscription *s)
{
    dso_connection *k = c->connection;
    if (k->gap || k->subscriptions_lost)
        return;
    for (unsigned i = 0; i < k->subscription_count; i++) {
        const dso_subscription *other = k->subscriptions[i];
        if (other != s && other->state == SUBSCRIPTION_PENDING && other->frame >= s->frame &&
            other->name_hash == s->name_hash && other->type == s->type && other->class == s->class &&
            !g_ascii_strcasecmp(other->name, s->name))
            dns_violate(c->engine->scope, other->finding, RULE_DUPLICATE_SUBSCRIPTION,
                        dns_rule_find(RULE_DUPLICATE_SUBSCRIPTION)->severity,
                        (dns_facts){.frame = other->frame, .other = s->frame, .name = s->name});
    }
}

static bool subscriptions_open(const dso_connection *k)
{
    for (unsigned i = 0; i < k->subscription_count; i++)
        if (k->subscriptions[i]->state != SUBSCRIPTION_ENDED)
            return true;
    return k->subscriptions_lost;
}

/* ---- Time (RFC 8490 section 6.3) ---- */

static void touch(dso_context *c, bool keepalive)
{
    dso_connection *k = c->connection;
    k->last_message = c->packet->time;
    k->last_finding = c->finding;
    k->overdue_told = false;
    if (keepalive)
        return;
    k->last_activity = c->packet->time;
    k->last_active_frame = c->packet->frame;
    k->inactive_told = DNS_SEVERITY_CHAT;
}

static void set_timers(dso_context *c)
{
    dso_connection *k = c->connection;
    const dso_tlv *tlv = &c->view.keepalive;
    if (c->view.end == DSO_TLV_CUT && (!c->view.keepalives || tlv->available < 8))
        k->timers_known = false; /* they lie in bytes that were not captured */
    if (!c->view.keepalives || tlv->length != 8 || tlv->available != 8)
        return;
    k->inactivity = read_u32(tlv->data);
    k->interval = read_u32(tlv->data + 4);
    k->timers_known = true;
    k->timers_changed = c->packet->time;
}

/* ---- State ---- */

static void establish(dso_context *c)
{
    dso_connection *k = c->connection;
    if (dso_session_stands(k) || k->ended) /* a half-closed connection still brings responses */
        return;
    /* With its beginning not captured, a session may have stood for long: then no frame is named. */
    if (k->state != DSO_STATE_UNKNOWN)
        k->session->established_in = c->packet->frame;
    k->state = DSO_STATE_ESTABLISHED;
    k->last_activity = c->packet->time; /* both timers begin with the session */
    k->last_active_frame = c->packet->frame;
}

static void fail(dso_context *c)
{
    dso_connection *k = c->connection;
    if (dso_session_stands(k) || k->state == DSO_STATE_UNKNOWN || k->ended)
        return;
    bool another = false;
    for (dns_link *l = k->waiting.first; l; l = l->after)
        another |= DNS_LIST_ITEM(l, dso_operation, in_waiting)->initiator == k->client;
    k->state = another ? DSO_STATE_ESTABLISHING : DSO_STATE_FAILED;
}

static void advance_request(dso_context *c)
{
    dso_connection *k = c->connection;
    if (c->sender == DSO_SENDER_CLIENT && c->described->has_inactivity)
        k->asks_for_ever = c->described->inactivity == DSO_INFINITE;
    add_subscription(c, add_operation(c));
    if (c->sender == DSO_SENDER_CLIENT && (k->state == DSO_STATE_SESSIONLESS || k->state == DSO_STATE_FAILED))
        k->state = DSO_STATE_ESTABLISHING;
}

static void accept_operation(dso_context *c, dso_operation *o)
{
    dso_connection *k = c->connection;
    if (o->initiator == k->client)
        establish(c);
    dso_subscription *s = o->subscription;
    if (s && s->state != SUBSCRIPTION_ENDED) {
        s->state = SUBSCRIPTION_ACTIVE;
        dso_operation_done(k, o); /* stays in the table: its ID is in use as long as the subscription is */
        o->accepted = true;
        find_twins(c, s);
        return;
    }
    if (o->type != DSO_KEEPALIVE && o->type != DSO_SUBSCRIBE)
        k->long_lived_unknown = true;
    drop_operation(k, o);
}

static void advance_response(dso_context *c)
{
    dso_operation *o = c->operation;
    if (!o)
        return;
    c->connection->dso_answered = true;
    c->finding->transaction = o->transaction;
    if (!o->transaction->response_frame)
        o->transaction->response_frame = c->packet->frame;
    if (c->finding->rcode == RCODE_NOERROR) {
        accept_operation(c, o);
        if (o->type == DSO_KEEPALIVE && o->has_type && c->sender != DSO_SENDER_CLIENT)
            set_timers(c);
        return;
    }
    if (o->subscription && o->subscription->state != SUBSCRIPTION_ENDED)
        end_subscription(c, o->subscription, false);
    drop_operation(c->connection, o);
    if (c->sender != DSO_SENDER_CLIENT)
        fail(c);
}

static void unsubscribe(dso_context *c)
{
    dso_connection *k = c->connection;
    const dso_tlv *tlv = &c->view.first;
    if (tlv->length != 2 || tlv->available != 2)
        return;
    uint16_t id = read_u16(tlv->data);
    dso_subscription *s = dso_find_subscription(k, id);
    if (!s || s->state == SUBSCRIPTION_ENDED)
        return;
    bool accepted = s->state == SUBSCRIPTION_ACTIVE;
    end_subscription(c, s, true);
    dso_operation *o = dso_find_operation(k, c->end, id);
    if (accepted && o && o->subscription == s) /* else its response is still to come */
        drop_operation(k, o);
}

/* A PUSH for a subscription whose response has not been seen: it was accepted. Its response may still come. */
static void accept_pushed(dso_context *c)
{
    dso_connection *k = c->connection;
    for (unsigned i = 0; i < k->subscription_count; i++) {
        dso_subscription *s = k->subscriptions[i];
        if (!s->pushed || s->state != SUBSCRIPTION_PENDING)
            continue;
        s->state = SUBSCRIPTION_ACTIVE;
        dso_operation *o = dso_find_operation(k, 1 - c->end, s->id);
        if (o && o->subscription == s)
            dso_operation_done(k, o);
        establish(c);
    }
}

static void advance_unidirectional(dso_context *c)
{
    dso_connection *k = c->connection;
    if (k->state == DSO_STATE_UNKNOWN) /* nobody sends these without a session */
        k->state = DSO_STATE_ESTABLISHED;
    k->unidirectional_seen = true;
    k->unidirectional[c->end] = c->packet->frame;
    k->unidirectional_type[c->end] = c->view.first.type;
    k->unidirectional_untyped[c->end] = !c->view.tlvs;
    if (!c->view.tlvs)
        return;
    if (c->view.first.type == DSO_UNSUBSCRIBE)
        unsubscribe(c);
    if (c->sender != DSO_SENDER_SERVER)
        return;
    if (c->view.first.type == DSO_KEEPALIVE)
        set_timers(c);
    if (c->body.proves)
        accept_pushed(c);
    if (c->view.first.type == DSO_RETRY_DELAY && !k->shutdown) {
        k->state = k->ended ? k->state : DSO_STATE_SERVER_SHUTDOWN;
        k->shutdown = c->finding;
        k->shutdown_time = c->packet->time;
    }
}

/* A message cut by the capture, or a SUBSCRIBE that does not parse: what is subscribed is no longer known. */
static void note_unread(dso_context *c)
{
    bool subscribe = c->view.tlvs && c->view.first.type == DSO_SUBSCRIBE;
    bool unread = c->view.end == DSO_TLV_CUT || (subscribe && c->body.state != DSO_BODY_OK);
    if (dso_is_request_side(c) && unread)
        c->connection->subscriptions_lost = true;
}

void dso_session_advance(dso_context *c)
{
    bool keepalive = c->view.tlvs && c->view.first.type == DSO_KEEPALIVE;
    bool response = !dso_is_request_side(c);
    if (response && c->operation)
        keepalive = c->operation->has_type && c->operation->type == DSO_KEEPALIVE;
    touch(c, keepalive);
    note_unread(c);
    if (response)
        advance_response(c);
    else if (c->view.kind == DSO_REQUEST)
        advance_request(c);
    else
        advance_unidirectional(c);
}

void dso_session_ordinary(dso_context *c)
{
    dso_connection *k = c->connection;
    touch(c, false);
    if (c->wrong_opcode && c->operation) { /* answered all the same: its ID is free */
        drop_operation(k, c->operation);
        if (c->sender != DSO_SENDER_CLIENT)
            fail(c);
    }
    k->asked[c->end] |= !dns_message_is_response(c->message) && c->message->opcode == DNS_OPCODE_QUERY;
    if (!dns_message_is_response(c->message))
        k->queries_waiting++;
    else if (k->queries_waiting && c->finding->transaction && c->finding->transaction != k->answered &&
             c->finding->transaction->response_frame == c->packet->frame) {
        k->answered = c->finding->transaction;
        k->queries_waiting--;
    }
}

/* The first FIN or RST ends the session; a RST behind a FIN is the other side's haste. */
void dso_session_end(dso_connection *k, const dns_packet *p, uint8_t flags, dns_finding *segment)
{
    if (!k->ended) {
        bool reset = (flags & TCP_FLAG_RST) != 0;
        k->reset = reset ? segment : NULL;
        k->reset_by = dso_connection_end(k, p);
        k->reset_in = k->state;
        k->reset_stories = k->story_count;
        k->reset_sent_to = k->sent_to[k->reset_by];
        k->state = reset ? DSO_STATE_ABORTED : DSO_STATE_CLOSED;
        k->session->ended_in = p->frame;
    }
    k->ended = true;
    k->fin[dso_connection_end(k, p)] = true;
}

void dso_session_revive(dso_connection *k)
{
    k->reset = NULL;
    k->ended = k->fin[k->reset_by] = false;
    k->state = k->reset_in;
    k->session->ended_in = 0;
}

/* Whether the client has something open that keeps the session from being inactive (RFC 8490 section 6.3). */
bool dso_session_busy(const dso_connection *k)
{
    return k->requests_waiting || k->queries_waiting || k->long_lived_unknown || subscriptions_open(k);
}
