/* stories.c
 * How the failure of a DSO operation ended.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every failure is a story until a later frame ends it: the client asks again, another request succeeds, ordinary
 * queries follow, or the connection closes. Then only the same request on another connection, too early, can still
 * change the outcome.
 */
#include "state.h"
#include "../hash.h"

/* The diagnosis gets its outcome; an episode made only now had nothing to say before. */
void dso_story_end(dso_engine *engine, const dso_story *s, dns_outcome outcome, uint32_t frame)
{
    dns_diagnosis *d = s->diagnosis;
    if (!d->episode) {
        d->episode = wmem_new0(engine->scope, dns_episode);
        d->episode->dso = true;
        d->episode->first_frame = d->episode->last_frame = s->finding->frame;
        d->episode->count = 1;
    }
    d->episode->decided = outcome;
    d->episode->end_frame = frame;
}

void dso_story_add(dso_context *c, dns_diagnosis *d, int64_t not_before)
{
    dso_connection *k = c->connection;
    if (!k || k->story_count >= DSO_STORIES_MAX)
        return;
    if (k->story_count == k->story_room) {
        k->story_room = k->story_room ? 2 * k->story_room : 4;
        k->stories = wmem_realloc(c->engine->scope, k->stories, k->story_room * sizeof *k->stories);
    }
    const dso_operation *o = c->operation;
    k->stories[k->story_count++] = (dso_story){
        .diagnosis = d,
        .finding = c->finding,
        .time = c->packet ? c->packet->time : 0,
        .has_type = o && o->has_type,
        .established = dso_session_stands(k),
        .type = o ? o->type : 0,
        .initiator = 1 - c->end,
        .name = o && o->subscription ? o->subscription->name : NULL,
        .not_before = not_before,
    };
    if (k->ended) /* half-closed: nothing can follow */
        dso_story_end(c->engine, &k->stories[--k->story_count], OUTCOME_CONNECTION_CLOSED, k->session->ended_in);
}

/* Takes the stories out of the list for which `ends` names an outcome. */
static void end_stories(dso_context *c, dns_outcome (*ends)(const dso_context *c, const dso_story *s))
{
    dso_connection *k = c->connection;
    unsigned kept = 0;
    for (unsigned i = 0; i < k->story_count; i++) {
        dns_outcome outcome = ends(c, &k->stories[i]);
        if (outcome != OUTCOME_NONE)
            dso_story_end(c->engine, &k->stories[i], outcome, c->packet->frame);
        if (outcome == OUTCOME_NONE || outcome == OUTCOME_FELL_BACK_TO_QUERIES) /* it may still be tried too early */
            k->stories[kept++] = k->stories[i];
    }
    k->story_count = kept;
}

/* NOTAUTH is about names, the other codes about all requests of the type (RFC 8765 section 6.2.2). */
static bool is_again(const dso_context *c, const dso_story *s)
{
    if (c->view.kind != DSO_REQUEST || !c->view.tlvs || !s->has_type || c->view.first.type != s->type)
        return false;
    const dns_dso_item *item = c->described->items;
    return s->diagnosis->cause != CAUSE_DSO_NOTAUTH || (s->name && item && !g_ascii_strcasecmp(s->name, item->name));
}

/* It has an outcome, which only a request too early can still change. */
static bool is_told(const dso_story *s)
{
    return s->diagnosis->episode && s->diagnosis->episode->decided != OUTCOME_NONE;
}

static dns_outcome ends_by_request(const dso_context *c, const dso_story *s)
{
    if (s->initiator != c->end)
        return OUTCOME_NONE;
    if (!c->dso) /* queries and updates, but not the client's responses to the server */
        return dns_message_is_response(c->message) || is_told(s) ? OUTCOME_NONE : OUTCOME_FELL_BACK_TO_QUERIES;
    if (!dso_is_request_side(c))
        return OUTCOME_NONE;
    bool for_good = s->diagnosis->cause == CAUSE_DSO_NOT_IMPLEMENTED && !s->established;
    if (dso_pipelines(c, s->finding->frame, s->time))
        return OUTCOME_NONE;
    if (for_good || (is_again(c, s) && c->packet->time < s->not_before))
        return OUTCOME_RETRIED_TOO_EARLY;
    return OUTCOME_NONE;
}

/* ---- on another connection of the same client ---- */

guint dso_refusal_hash(gconstpointer key)
{
    const dso_refusal *r = key;
    uint64_t hash = dns_hash_mix(dns_hash_seed(), (uint64_t)r->server.port << 16 | r->story.type);
    hash = dns_hash_bytes(hash, r->client.bytes, r->client.length);
    return (guint)dns_hash_bytes(hash, r->server.address.bytes, r->server.address.length);
}

gboolean dso_refusal_equal(gconstpointer a, gconstpointer b)
{
    const dso_refusal *x = a, *y = b;
    return x->story.type == y->story.type && dns_address_equal(&x->client, &y->client) &&
           dns_endpoint_equal(&x->server, &y->server);
}

/* The connection is closed, and the client was told not to ask again for a while. */
static void keep_refusal(dso_engine *engine, const dso_connection *k, const dso_story *s)
{
    if (k->client < 0 || s->initiator != k->client || !s->has_type || !s->not_before)
        return;
    dso_refusal key = {.client = k->ends[k->client].address, .server = k->ends[1 - k->client], .story = *s};
    dso_refusal *r = wmem_map_lookup(engine->refusals, &key);
    if (!r && wmem_map_size(engine->refusals) >= DSO_REFUSALS_MAX)
        return;
    if (!r) {
        r = wmem_new(engine->scope, dso_refusal);
        *r = key;
        wmem_map_insert(engine->refusals, r, r);
    }
    r->story = *s;
}

static void asked_elsewhere(dso_context *c)
{
    if (!wmem_map_size(c->engine->refusals) || c->sender == DSO_SENDER_SERVER || !c->dso || !c->view.tlvs)
        return;
    dso_refusal key = {
        .client = c->packet->source.address, .server = c->packet->destination, .story.type = c->view.first.type};
    dso_refusal *r = wmem_map_lookup(c->engine->refusals, &key);
    if (!r || !is_again(c, &r->story) || c->packet->time >= r->story.not_before)
        return;
    dso_story_end(c->engine, &r->story, OUTCOME_RETRIED_TOO_EARLY, c->packet->frame);
    wmem_map_remove(c->engine->refusals, r);
    wmem_free(c->engine->scope, r);
}

void dso_stories_request(dso_context *c)
{
    if (!c->connection)
        return;
    end_stories(c, ends_by_request);
    asked_elsewhere(c);
}

/* Once a session stands, its routine says nothing about an operation that was refused: then only the same one does. */
static dns_outcome ends_by_success(const dso_context *c, const dso_story *s)
{
    const dso_operation *o = c->operation;
    if (s->initiator != o->initiator || o->frame <= s->finding->frame)
        return OUTCOME_NONE;
    bool same = s->has_type && o->has_type && s->type == o->type;
    if (is_told(s))
        return OUTCOME_NONE;
    return same || !s->established ? OUTCOME_SESSION_ESTABLISHED_LATER : OUTCOME_NONE;
}

void dso_stories_success(dso_context *c, const dso_operation *o)
{
    if (c->connection && o == c->operation)
        end_stories(c, ends_by_success);
}

void dso_stories_closed(dso_engine *engine, dso_connection *k, uint32_t frame)
{
    for (unsigned i = 0; i < k->story_count; i++) {
        if (!is_told(&k->stories[i]))
            dso_story_end(engine, &k->stories[i], OUTCOME_CONNECTION_CLOSED, frame);
        keep_refusal(engine, k, &k->stories[i]);
    }
    k->story_count = 0;
}
