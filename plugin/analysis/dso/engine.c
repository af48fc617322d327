/* engine.c
 * The front door of the DSO engine: finds the connection of a message and takes it through the parts.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"
#include "../hash.h"

/* A message over a datagram, by the hash of its bytes. */
typedef struct {
    uint32_t hash;
    int64_t time;
    dns_finding *finding; /* NULL: none yet */
} dso_datagram_seen;

/* A request over a datagram, under addresses, ports and ID, and its response. */
typedef struct {
    dns_endpoint client, server;
    uint16_t id;
    dso_operation operation;
    dso_datagram_seen request, response;
} dso_datagram;

static uint64_t hash_endpoint(uint64_t hash, const dns_endpoint *e)
{
    return dns_hash_mix(dns_hash_address(hash, &e->address), e->port);
}

static guint datagram_hash(gconstpointer key)
{
    const dso_datagram *d = key;
    return (guint)hash_endpoint(hash_endpoint(dns_hash_seed() ^ d->id, &d->client), &d->server);
}

static gboolean datagram_equal(gconstpointer a, gconstpointer b)
{
    const dso_datagram *x = a, *y = b;
    return x->id == y->id && dns_endpoint_equal(&x->client, &y->client) && dns_endpoint_equal(&x->server, &y->server);
}

static guint shutdown_hash(gconstpointer key)
{
    const dso_shutdown *s = key;
    return (guint)hash_endpoint(hash_endpoint(dns_hash_seed(), &(dns_endpoint){.address = s->client}), &s->server);
}

static gboolean shutdown_equal(gconstpointer a, gconstpointer b)
{
    const dso_shutdown *x = a, *y = b;
    return dns_address_equal(&x->client, &y->client) && dns_endpoint_equal(&x->server, &y->server);
}

dso_engine *dso_engine_new(wmem_allocator_t *scope)
{
    dso_engine *engine = wmem_new0(scope, dso_engine);
    engine->scope = engine->alarms.scope = scope;
    engine->connections = wmem_map_new(scope, g_direct_hash, g_direct_equal);
    engine->gaps = wmem_map_new(scope, g_direct_hash, g_direct_equal);
    engine->early = wmem_map_new(scope, g_direct_hash, g_direct_equal);
    engine->shutdowns = wmem_map_new(scope, shutdown_hash, shutdown_equal);
    engine->refusals = wmem_map_new(scope, dso_refusal_hash, dso_refusal_equal);
    engine->datagrams = wmem_map_new(scope, datagram_hash, datagram_equal);
    engine->servers = dso_servers_new(scope);
    return engine;
}

static dso_connection *find_connection(const dso_engine *engine, uint32_t index)
{
    return wmem_map_lookup(engine->connections, GUINT_TO_POINTER(index + 1));
}

/* ---- The clock ---- */

/* A connection stands in the queue for a time not later than its next deadline; most deadlines only move away. */
static void schedule(dso_engine *engine, dso_connection *k)
{
    int64_t due = dso_next_due(k);
    if (due >= k->queued)
        return;
    k->queued = due;
    dso_alarms_push(&engine->alarms, due, k);
}

void dso_engine_clock(dso_engine *engine, int64_t time)
{
    while (dso_alarms_due(&engine->alarms) <= time) {
        dso_alarm alarm = dso_alarms_pop(&engine->alarms);
        if (alarm.due != alarm.connection->queued) /* an earlier alarm came in between */
            continue;
        alarm.connection->queued = dso_never;
        dso_check_time(engine, alarm.connection, time);
        schedule(engine, alarm.connection);
    }
}

/* ---- Messages ---- */

static bool knows_dso(const dso_context *c)
{
    const dso_connection *k = c->connection;
    uint16_t rcode = c->finding->rcode;
    if (rcode == RCODE_NOERROR || rcode == RCODE_DSOTYPENI || c->sender == DSO_SENDER_CLIENT)
        return true; /* RFC 8490 section 5.1.1 */
    bool named_delay = c->view.retry_delays && c->operation && c->operation->type != DSO_RETRY_DELAY;
    return named_delay || dso_server_known(k);
}

/* A server may send neither of these as a request, so this is its response with the QR bit forgotten. */
static void find_forgotten_qr(dso_context *c)
{
    dso_connection *k = c->connection;
    if (c->view.kind != DSO_REQUEST || c->sender != DSO_SENDER_SERVER)
        return;
    dso_operation *o = dso_find_operation(k, 1 - c->end, c->message->id);
    if (!o || !o->waiting || !o->has_type)
        return;
    bool same = c->view.tlvs && c->view.first.type == o->type;
    if ((same && (o->type == DSO_KEEPALIVE || o->type == DSO_SUBSCRIBE)) || (!c->view.tlvs && c->view.counts_zero)) {
        c->qr_missing = true;
        c->operation = o;
    }
}

static void keep_state(dso_context *c)
{
    dns_dso *dso = wmem_new0(c->engine->scope, dns_dso);
    dso->message = c->described;
    if (c->connection) {
        dso->session = c->connection->session;
        dso->state = (uint8_t)c->connection->state;
    }
    dns_finding_extend(c->engine->scope, c->finding)->dso = dso;
}

static void note_datagram(dso_context *c, const dso_datagram *key)
{
    const dns_packet *p = c->packet;
    dso_datagram *d = wmem_new(c->engine->scope, dso_datagram);
    *d = *key;
    d->operation = (dso_operation){.id = key->id,
                                   .type = c->view.first.type,
                                   .has_type = c->view.tlvs > 0,
                                   .counts_zero = c->view.counts_zero,
                                   .frame = p->frame,
                                   .time = p->time,
                                   .finding = c->finding};
    d->operation.transaction = c->finding->transaction = wmem_new0(c->engine->scope, dns_transaction);
    d->operation.transaction->request_frame = p->frame;
    d->operation.transaction->request_time = p->time;
    if (wmem_map_size(c->engine->datagrams) >= DSO_DATAGRAMS_MAX) /* later requests matter more than answered ones */
        c->engine->datagrams = wmem_map_new(c->engine->scope, datagram_hash, datagram_equal);
    wmem_map_remove(c->engine->datagrams, d); /* an earlier one under the same ID */
    wmem_map_insert(c->engine->datagrams, d, d);
}

/* Seen a moment ago, byte by byte: one event. */
static bool take_copy(dso_context *c, const dso_datagram_seen *now, dso_datagram_seen *seen)
{
    bool copy = seen->finding && seen->hash == now->hash && now->time - seen->time < DNS_TIMEOUT_MIN;
    if (copy) {
        dns_note_copy(c->engine->scope, c->finding, seen->finding);
        c->finding->transaction = seen->finding->transaction;
    } else {
        *seen = *now;
    }
    return copy;
}

/* Opcode 6 where DSO has no session: only the message itself can be judged (RFC 8490 section 4.2). */
static void take_datagram(dso_context *c)
{
    dso_view_read(&c->view, c->message);
    bool response = c->view.kind == DSO_RESPONSE;
    const dns_packet *p = c->packet;
    dso_datagram_seen now = {(uint32_t)dns_hash_bytes(0, c->message->data, c->message->length), p->time, c->finding};
    dso_datagram key = {.client = response ? p->destination : p->source,
                        .server = response ? p->source : p->destination,
                        .id = c->message->id,
                        .request = now};
    dso_datagram *d = wmem_map_lookup(c->engine->datagrams, &key);
    c->operation = response && d ? &d->operation : NULL;
    c->implementer = response && knows_dso(c);
    dso_describe(c);
    keep_state(c);
    if (d && take_copy(c, &now, response ? &d->response : &d->request))
        return;
    dso_check_message(c);
    if (!response)
        note_datagram(c, &key);
    dso_explain(c);
    if (c->operation) {
        c->finding->transaction = c->operation->transaction;
        c->finding->transaction->response_frame = p->frame;
    }
}

/* The RCODE of a Retry Delay is its reason (RFC 8490 section 7.2.1); in other requests it means nothing. */
static void note_reason(dso_context *c)
{
    if (c->view.kind == DSO_RESPONSE || !c->view.tlvs || c->view.first.type != DSO_RETRY_DELAY)
        return;
    c->finding->rcode = c->message->header_rcode;
    c->finding->rcode_state = RCODE_JOINED;
}

static void take_dso(dso_context *c)
{
    dso_connection *k = c->connection;
    dso_view_read(&c->view, c->message);
    note_reason(c);
    c->end = dso_connection_end(k, c->packet);
    dso_infer_client(c);
    c->sender = dso_connection_sender(k, c->end);
    if (c->view.kind == DSO_RESPONSE)
        c->operation = dso_find_operation(k, 1 - c->end, c->message->id);
    else
        find_forgotten_qr(c);
    dso_learn(c);
    c->implementer = c->view.kind == DSO_RESPONSE && knows_dso(c);
    dso_describe(c);
    dso_check_message(c);
    dso_stories_request(c);
    dso_explain(c);
    dso_explain_timers(c);
    dso_explain_unknown_type(c);
    dso_stories_success(c);
    dso_session_advance(c);
    dso_note_shutdown(c);
    dso_note_deed(c);
    keep_state(c);
}

/* An ordinary response without a question and without a query, but with the ID of a DSO request, or with ID 0 after a
 * unidirectional message. */
static void find_wrong_opcode(dso_context *c)
{
    const dso_connection *k = c->connection;
    const dns_transaction *t = c->finding->transaction;
    if (!dns_message_is_response(c->message) || c->message->has_question || (t && t->request_frame))
        return;
    dso_operation *o = dso_find_operation(k, 1 - c->end, c->message->id);
    c->operation = o && o->waiting ? o : NULL;
    bool whole = k->whole && !k->operations_lost;
    c->wrong_opcode = whole && (c->operation || (!c->message->id && k->unidirectional[1 - c->end]));
}

static void take_ordinary(dso_context *c)
{
    dso_connection *k = c->connection;
    c->end = dso_connection_end(k, c->packet);
    dso_infer_client(c);
    c->sender = dso_connection_sender(k, c->end);
    find_wrong_opcode(c);
    dso_check_message(c);
    dso_stories_request(c);
    if (c->wrong_opcode)
        dso_explain_wrong_opcode(c);
    dso_stories_success(c);
    dso_session_ordinary(c);
    dso_note_deed(c);
    keep_state(c);
}

static dso_connection *new_connection(dso_engine *engine, const dns_packet *packet)
{
    dns_packet p = *packet;
    p.gap_before |= wmem_map_lookup(engine->gaps, GUINT_TO_POINTER(p.connection + 1)) != NULL;
    dso_connection *k = dso_connection_new(engine, &p);
    dso_connection_meet(engine, k, &p);
    unsigned early = GPOINTER_TO_UINT(wmem_map_remove(engine->early, GUINT_TO_POINTER(p.connection + 1)));
    k->queries_waiting = early ? early - 1 : 0;
    if (k->client >= 0)
        k->asked[k->client] = early != 0;
    return k;
}

static bool is_dsotypeni_outside(const dns_message *m)
{
    return m->opcode != DNS_OPCODE_DSO && dns_message_is_response(m) && m->rcode_known &&
           dns_message_rcode(m) == RCODE_DSOTYPENI;
}

/* That there were queries before DSO, and those that still wait when it begins, which keep the session active (RFC 8490
 * section 6.3): one more than their number. */
static void note_early(dso_engine *engine, const dns_packet *p, const dns_message *m, const dns_finding *f)
{
    void *key = GUINT_TO_POINTER(p->connection + 1);
    unsigned waiting = GPOINTER_TO_UINT(wmem_map_lookup(engine->early, key));
    if (!dns_message_is_response(m))
        waiting = waiting ? waiting + 1 : 2;
    else if (waiting > 1 && f->transaction && f->transaction->response_frame == p->frame)
        waiting--;
    else
        return;
    wmem_map_insert(engine->early, key, GUINT_TO_POINTER(waiting));
}

/* Who resets a connection sends nothing more (what is old only came late): the RST was forged, or not acceptable, and had no
 * effect. */
static void outlive_reset(dso_engine *engine, dso_connection *k, const dns_packet *p)
{
    bool own = k->reset && dso_connection_end(k, p) == k->reset_by;
    if (!own || !p->sequenced || (int32_t)(p->sent_to - k->reset_sent_to) <= 0)
        return;
    dso_retract_end(k);
    dso_stories_reopened(engine, k, k->reset_stories);
    dso_session_revive(k);
}

void dso_engine_message(dso_engine *engine, const dns_packet *packet, const dns_message *message, dns_finding *finding)
{
    bool dso = message->has_flags && message->opcode == DNS_OPCODE_DSO; /* of which 4 bytes tell much already */
    bool outside = message->has_header && is_dsotypeni_outside(message);
    bool stream = dns_transport_is_stream(packet->transport);
    dso_connection *k = stream ? find_connection(engine, packet->connection) : NULL;
    if (k)
        outlive_reset(engine, k, packet);
    if (message->has_header && stream && !dso && !k)
        note_early(engine, packet, message, finding);
    if (k && !message->has_header) /* whatever it was */
        k->operations_lost = k->subscriptions_lost = true;
    if ((!message->has_header && !dso) || (!dso && !outside && !k))
        return;
    dso_context c = {.engine = engine, .packet = packet, .message = message, .finding = finding, .dso = dso};
    if (dso && !stream) {
        take_datagram(&c);
        return;
    }
    if (dso && !k)
        k = new_connection(engine, packet);
    c.connection = k;
    if (outside)
        dso_explain_outside(&c);
    if (!k) {
        dso_check_message(&c);
        return;
    }
    dso_connection_meet(engine, k, packet);
    dso_move_told(engine, k, finding);
    if (message->length < message->reported) /* more messages may lie behind what was captured of this segment */
        k->operations_lost = k->subscriptions_lost = true;
    if (dso)
        take_dso(&c);
    else
        take_ordinary(&c);
    schedule(engine, k);
}

/* ---- Segments ---- */

static dns_finding *new_segment(dso_engine *engine, const dns_packet *packet)
{
    dns_finding *f = wmem_new0(engine->scope, dns_finding);
    f->frame = packet->frame;
    f->transport = (uint8_t)packet->transport;
    f->more = &dns_finding_nothing;
    return f;
}

static dns_finding *take_opening(dso_engine *engine, const dns_packet *packet)
{
    if (!wmem_map_size(engine->shutdowns))
        return NULL;
    dns_finding *segment = new_segment(engine, packet);
    if (dso_explain_reconnect(engine, packet, segment))
        return segment;
    wmem_free(engine->scope, segment);
    return NULL;
}

/* Bytes may be missing before there is a DSO message, and in segments without a message. */
void dso_engine_gap(dso_engine *engine, const dns_packet *packet)
{
    void *key = GUINT_TO_POINTER(packet->connection + 1);
    wmem_map_insert(engine->gaps, key, key);
    dso_connection *k = find_connection(engine, packet->connection);
    if (k)
        dso_connection_meet(engine, k, packet);
}

void dso_engine_unread(dso_engine *engine, const dns_packet *packet)
{
    dso_connection *k = find_connection(engine, packet->connection);
    if (k)
        k->unread = true;
}

/* Wireshark does not say of a RST that bytes are missing before it. */
static bool skips_bytes(const dso_connection *k, const dns_packet *p)
{
    int end = dso_connection_end(k, p);
    return k->sequenced[end] && p->sequenced && (int32_t)(p->sent_to - k->sent_to[end]) > 0;
}

dns_finding *dso_engine_tcp(dso_engine *engine, const dns_packet *packet, uint8_t flags)
{
    if (flags & TCP_FLAG_SYN)
        return flags & TCP_FLAG_ACK ? NULL : take_opening(engine, packet);
    dso_connection *k = find_connection(engine, packet->connection);
    if (!k)
        return NULL;
    dns_packet p = *packet;
    p.gap_before |= (flags & TCP_FLAG_RST) && skips_bytes(k, packet);
    dso_connection_hear(k, &p);
    if (!(flags & (TCP_FLAG_FIN | TCP_FLAG_RST)))
        return NULL;
    bool first = !k->ended;
    if (!first && !(flags & TCP_FLAG_RST)) {
        dso_session_end(k, packet, flags, NULL);
        return NULL;
    }
    dns_finding *segment = new_segment(engine, packet);
    dso_connection_meet(engine, k, &p);
    dso_move_told(engine, k, segment);
    dso_explain_end(engine, k, packet, flags, segment);
    dso_session_end(k, packet, flags, segment);
    dso_stories_closed(engine, k, packet->frame);
    dns_dso *dso = wmem_new0(engine->scope, dns_dso);
    dso->session = k->session;
    dso->state = (uint8_t)k->state;
    dns_finding_extend(engine->scope, segment)->dso = dso;
    return first ? segment : NULL;
}
