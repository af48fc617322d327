/* stories.c
 * How the failure of a DSO operation ended.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A story notes, while its connection lasts, what came after the failure; the best of it is the outcome, so that nothing
 * hides a success:
 *
 *     succeeded   an operation of the same side succeeded: a session was established later, or the one that stood went
 *                 on. `brought`: it was what had been asked for
 *     early       the same was asked again before its time
 *     insisted    DSO again, to a server that seems to have none; with that claim it is taken back
 *     queries     ordinary queries follow, of a client that had asked none before and sends no more DSO
 *     closed      the connection ended
 *
 * After that only the same request on another connection, too early, can still change it.
 */
#include "state.h"
#include "../hash.h"

/* An episode made only now had nothing to say before. */
static dns_episode *tell_outcome(dso_engine *engine, const dso_story *s)
{
    dns_diagnosis *d = s->diagnosis;
    if (!d->episode) {
        d->episode = wmem_new0(engine->scope, dns_episode);
        d->episode->dso = true;
        d->episode->first_frame = d->episode->last_frame = s->finding->frame;
        d->episode->count = 1;
    }
    return d->episode;
}

/* The diagnosis gets its outcome. */
void dso_story_end(dso_engine *engine, const dso_story *s, dns_outcome outcome, uint32_t frame)
{
    dns_episode *e = tell_outcome(engine, s);
    e->decided = outcome;
    e->end_frame = frame;
}

void dso_story_decide(dso_engine *engine, const dso_story *s)
{
    if (s->brought)
        tell_outcome(engine, s)->brought_in = s->brought;
    if (s->succeeded)
        dso_story_end(engine, s,
                      s->established || !s->beginning_seen ? OUTCOME_SESSION_WENT_ON
                                                           : OUTCOME_SESSION_ESTABLISHED_LATER,
                      s->succeeded);
    else if (s->early)
        dso_story_end(engine, s, OUTCOME_RETRIED_TOO_EARLY, s->early);
    else if (s->insisted && s->diagnosis->cause == CAUSE_DSO_NOT_IMPLEMENTED)
        dso_story_end(engine, s, OUTCOME_RETRIED_TOO_EARLY, s->insisted);
    else if (s->queries)
        dso_story_end(engine, s, OUTCOME_FELL_BACK_TO_QUERIES, s->queries);
    else if (s->closed)
        dso_story_end(engine, s, OUTCOME_CONNECTION_CLOSED, s->closed);
    else if (s->diagnosis->episode)
        s->diagnosis->episode->decided = OUTCOME_NONE;
}

dso_story *dso_story_add(dso_context *c, dns_diagnosis *d, int64_t not_before)
{
    dso_connection *k = c->connection;
    if (!k || k->story_count >= DSO_STORIES_MAX)
        return NULL;
    if (k->story_count == k->story_room) {
        k->story_room = k->story_room ? 2 * k->story_room : 4;
        k->stories = wmem_realloc(c->engine->scope, k->stories, k->story_room * sizeof *k->stories);
    }
    const dso_operation *o = c->operation;
    dso_story *s = wmem_new(c->engine->scope, dso_story);
    *s = (dso_story){
        .diagnosis = d,
        .finding = c->finding,
        .told = c->packet ? dso_moment_of(c->packet) : (dso_moment){0},
        .has_type = o && o->has_type,
        .established = dso_session_stands(k),
        .beginning_seen = k->session->beginning_seen,
        .asked_before = k->asked[1 - c->end],
        .type = o ? o->type : 0,
        .initiator = 1 - c->end,
        .name = o && o->subscription ? o->subscription->name : NULL,
        .not_before = not_before,
    };
    if (k->ended) { /* half-closed: nothing can follow */
        s->closed = k->session->ended_in;
        dso_story_decide(c->engine, s);
    } else {
        k->stories[k->story_count++] = s;
    }
    return s;
}

/* Codes to a SUBSCRIBE that are about this one, or its name; the others are about all of them (RFC 8765 section 6.2.2). */
static bool is_about_name(const dso_story *s)
{
    dns_cause cause = s->diagnosis->cause;
    bool about_one = cause == CAUSE_DSO_NOTAUTH || cause == CAUSE_DSO_FORMERR || cause == CAUSE_DSO_OTHER_RCODE;
    return about_one && s->type == DSO_SUBSCRIBE;
}

static bool is_again(const dso_context *c, const dso_story *s)
{
    if (c->view.kind != DSO_REQUEST || !c->view.tlvs || !s->has_type || c->view.first.type != s->type)
        return false;
    const dns_dso_item *item = c->described->items;
    return !is_about_name(s) || (s->name && item && !g_ascii_strcasecmp(s->name, item->name));
}

static void note_query(const dso_context *c, dso_story *s)
{
    bool before = s->asked_before || s->dso_followed || s->queries || dso_crosses(c->packet, &s->told);
    if (!dns_message_is_response(c->message) && c->message->opcode == DNS_OPCODE_QUERY && !before)
        s->queries = c->packet->frame;
}

static void note_request(const dso_context *c, dso_story *s)
{
    if (!dso_is_request_side(c) || dso_pipelines(c, &s->told))
        return;
    s->dso_followed = true;
    s->queries = 0;
    if (!s->early && is_again(c, s) && c->packet->time < s->not_before)
        s->early = c->packet->frame;
    if (!s->insisted && !s->established)
        s->insisted = c->packet->frame;
}

/* ---- on another connection of the same client ---- */

guint dso_refusal_hash(gconstpointer key)
{
    const dso_refusal *r = key;
    uint64_t hash = dns_hash_mix(dns_hash_seed(), (uint64_t)r->server.port << 16 | r->type);
    hash = dns_hash_address(hash, &r->client);
    return (guint)dns_hash_address(hash, &r->server.address);
}

gboolean dso_refusal_equal(gconstpointer a, gconstpointer b)
{
    const dso_refusal *x = a, *y = b;
    return x->type == y->type && dns_address_equal(&x->client, &y->client) &&
           dns_endpoint_equal(&x->server, &y->server);
}

/* The connection is closed, and the client was told not to ask again for a while. */
static void keep_refusal(dso_engine *engine, const dso_connection *k, dso_story *s)
{
    if (k->client < 0 || s->initiator != k->client || !s->has_type || !s->not_before)
        return;
    dso_refusal key = {.client = k->ends[k->client].address, .server = k->ends[1 - k->client], .type = s->type};
    dso_refusal *r = wmem_map_lookup(engine->refusals, &key);
    if (!r && wmem_map_size(engine->refusals) >= DSO_REFUSALS_MAX)
        return;
    if (!r) {
        r = wmem_new(engine->scope, dso_refusal);
        *r = key;
        wmem_map_insert(engine->refusals, r, r);
    }
    r->story = s;
}

static void asked_elsewhere(dso_context *c)
{
    if (!wmem_map_size(c->engine->refusals) || c->sender == DSO_SENDER_SERVER || !c->dso || !c->view.tlvs)
        return;
    dso_refusal key = {
        .client = c->packet->source.address, .server = c->packet->destination, .type = c->view.first.type};
    dso_refusal *r = wmem_map_lookup(c->engine->refusals, &key);
    if (!r || !is_again(c, r->story) || c->packet->time >= r->story->not_before)
        return;
    r->story->early = c->packet->frame;
    dso_story_decide(c->engine, r->story);
    wmem_map_remove(c->engine->refusals, r);
    wmem_free(c->engine->scope, r);
}

void dso_stories_request(dso_context *c)
{
    dso_connection *k = c->connection;
    for (unsigned i = 0; k && i < k->story_count; i++) {
        dso_story *s = k->stories[i];
        if (s->initiator != c->end)
            continue;
        if (c->dso)
            note_request(c, s);
        else
            note_query(c, s);
        dso_story_decide(c->engine, s);
    }
    if (k)
        asked_elsewhere(c);
}

/* ---- success ---- */

static bool same_name(const dso_story *s, const dso_operation *o)
{
    const char *name = o->subscription ? o->subscription->name : NULL;
    return !s->name || !name || !g_ascii_strcasecmp(s->name, name);
}

static void note_operation(const dso_context *c, dso_story *s)
{
    const dso_operation *o = c->operation;
    if (s->initiator != o->initiator)
        return;
    if (!s->succeeded)
        s->succeeded = c->packet->frame;
    if (s->has_type && o->has_type && s->type == o->type && same_name(s, o) && !s->brought)
        s->brought = c->packet->frame;
}

/* An ordinary query was answered in the session, or a change was pushed: it went on. That a client only asks ordinary
 * queries from now on is another outcome. */
static void note_life(const dso_context *c, dso_story *s)
{
    bool pushed = c->dso && c->described->link_count, answered = !c->dso && c->finding->transaction;
    if (s->established && s->initiator == 1 - c->end && !s->succeeded && (pushed || (answered && !s->queries)))
        s->succeeded = c->packet->frame;
}

static bool is_good(uint16_t rcode)
{
    return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN;
}

void dso_stories_success(dso_context *c)
{
    dso_connection *k = c->connection;
    bool response = c->dso ? !dso_is_request_side(c) : dns_message_is_response(c->message);
    bool operation = c->dso && response && c->operation && c->finding->rcode == RCODE_NOERROR;
    bool life = c->dso ? c->view.kind == DSO_UNIDIRECTIONAL && c->sender == DSO_SENDER_SERVER
                       : response && is_good(c->finding->rcode) && !c->wrong_opcode;
    for (unsigned i = 0; i < k->story_count && (operation || life); i++) {
        if (operation)
            note_operation(c, k->stories[i]);
        else
            note_life(c, k->stories[i]);
        dso_story_decide(c->engine, k->stories[i]);
    }
}

/* They are still there: nobody has taken their places since. */
void dso_stories_reopened(dso_engine *engine, dso_connection *k, unsigned count)
{
    k->story_count = count;
    for (unsigned i = 0; i < count; i++) {
        k->stories[i]->closed = 0;
        dso_story_decide(engine, k->stories[i]);
    }
}

void dso_stories_closed(dso_engine *engine, dso_connection *k, uint32_t frame)
{
    for (unsigned i = 0; i < k->story_count; i++) {
        k->stories[i]->closed = frame;
        dso_story_decide(engine, k->stories[i]);
        keep_refusal(engine, k, k->stories[i]);
    }
    k->story_count = 0;
}
