/* episodes.c
 * Troubles that may still be overcome.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "episodes.h"

#include "hash.h"
#include "limits.h"
#include "list.h"
#include "table.h"

enum { OPEN_MAX = DNS_LIMIT(16384, 5), QUESTIONS = 1024, ENDED = 256, SAME_ASKER_MAX = 16 };
static const int64_t close_after = INT64_C(10) * 1000000000; /* cookies.md, "gave-up" */

/* Who asks: a client cookie, or an address, told apart by whether its story has a cookie. */
typedef enum { BY_COOKIE, BY_ADDRESS, BY_ADDRESS_WITH_COOKIE } asker_kind;

typedef struct {
    dns_endpoint server;
    uint32_t question_hash;
    uint32_t hash; /* of server, question and asker */
    uint8_t kind;  /* asker_kind */
    uint8_t asker_length;
    uint8_t asker[16];
} story_key;

/* A story can be found by its cookie, and by its address, where the latest one is found. */
typedef struct open_episode {
    story_key keys[2];
    unsigned key_count;
    uint32_t asker_hash;                             /* of its question and address, whichever the server */
    struct open_episode *asked_before, *asked_after; /* others with the same */
    dns_link by_age;
    dns_transaction *last; /* the last query of the story; NULL when it was not captured */
    uint16_t doubtful_id;  /* of the query whose answer the client should discard */
    dns_episode *episode;
} open_episode;

/* A story that an answer ended. */
typedef struct {
    story_key key;
    int64_t time;
    dns_episode *episode; /* NULL: none */
} ended_story;

struct dns_episodes {
    wmem_allocator_t *scope;
    ended_story ended[ENDED]; /* by their question, the last of each place */
    dns_table open;           /* open_episode, by each of its keys */
    dns_table askers;         /* the latest open_episode of each question and address */
    /* open ones by their question: most messages concern none, and no key of theirs needs to be made */
    uint16_t asked[QUESTIONS];
    dns_list by_age;  /* least recently active first */
    uint32_t stories; /* so far */
};

static bool equal_key(const story_key *a, const story_key *b)
{
    return a->hash == b->hash && a->question_hash == b->question_hash && a->kind == b->kind &&
           a->asker_length == b->asker_length && memcmp(a->asker, b->asker, a->asker_length) == 0 &&
           dns_endpoint_equal(&a->server, &b->server);
}

static bool has_key(const void *episode, const void *key)
{
    const open_episode *o = (const open_episode *)episode;
    for (unsigned i = 0; i < o->key_count; i++)
        if (equal_key(&o->keys[i], (const story_key *)key))
            return true;
    return false;
}

static open_episode *look_up(const dns_episodes *e, const story_key *key)
{
    return (open_episode *)dns_table_find(&e->open, key->hash, has_key, key);
}

dns_episodes *dns_episodes_new(wmem_allocator_t *scope)
{
    dns_episodes *e = wmem_new0(scope, dns_episodes);
    e->scope = scope;
    dns_table_init(&e->open, scope);
    dns_table_init(&e->askers, scope);
    return e;
}

/* ---- who asks, whichever the server ---- */

typedef struct {
    uint32_t question_hash;
    const dns_address *client;
} asker_key;

static bool asked_by(const void *episode, const void *wanted)
{
    const open_episode *o = (const open_episode *)episode;
    const asker_key *key = (const asker_key *)wanted;
    const story_key *k = &o->keys[o->key_count - 1]; /* the one by address */
    return k->question_hash == key->question_hash && k->asker_length == key->client->length &&
           memcmp(k->asker, key->client->bytes, k->asker_length) == 0;
}

static uint32_t hash_asker(uint32_t question_hash, const dns_address *client)
{
    return (uint32_t)dns_hash_address(dns_hash_mix(dns_hash_seed(), question_hash), client);
}

/* The latest open story of this question from this address, to any server. */
static open_episode *latest_of(const dns_episodes *e, uint32_t question_hash, const dns_address *client)
{
    asker_key key = {question_hash, client};
    return (open_episode *)dns_table_find(&e->askers, hash_asker(question_hash, client), asked_by, &key);
}

static void add_asker(dns_episodes *e, open_episode *o, const dns_query *query)
{
    open_episode *latest = latest_of(e, query->question_hash, &query->client.address);
    o->asker_hash = hash_asker(query->question_hash, &query->client.address);
    o->asked_before = latest;
    if (!latest) {
        dns_table_add(&e->askers, o->asker_hash, o);
        return;
    }
    latest->asked_after = o;
    dns_table_replace(&e->askers, o->asker_hash, latest, o);
}

static void remove_asker(dns_episodes *e, open_episode *o)
{
    if (o->asked_before)
        o->asked_before->asked_after = o->asked_after;
    if (o->asked_after)
        o->asked_after->asked_before = o->asked_before;
    else if (o->asked_before)
        dns_table_replace(&e->askers, o->asker_hash, o, o->asked_before);
    else
        dns_table_remove(&e->askers, o->asker_hash, o);
}

/* ---- stories ---- */

static uint16_t *asked_at(dns_episodes *e, uint32_t question_hash)
{
    return &e->asked[(question_hash >> 1) % QUESTIONS]; /* the lowest bit is always set */
}

static void close_episode(dns_episodes *e, open_episode *closing)
{
    for (unsigned i = 0; i < closing->key_count; i++)
        if (look_up(e, &closing->keys[i]) == closing)
            dns_table_remove(&e->open, closing->keys[i].hash, closing);
    remove_asker(e, closing);
    (*asked_at(e, closing->keys[0].question_hash))--;
    dns_list_remove(&e->by_age, &closing->by_age);
    wmem_free(e->scope, closing);
}

static void close_old(dns_episodes *e, int64_t now)
{
    open_episode *oldest;
    while ((oldest = DNS_LIST_ITEM(e->by_age.first, open_episode, by_age)) &&
           (now - oldest->episode->last_time > close_after || e->by_age.count > OPEN_MAX))
        close_episode(e, oldest);
}

static const dns_cookie *cookie_of(const dns_query *query)
{
    const dns_cookie *cookie = dns_finding_cookie(query->finding);
    return cookie && cookie->length >= COOKIE_CLIENT_LENGTH ? cookie : NULL;
}

static story_key key_of(const dns_query *query, asker_kind kind)
{
    const dns_address *address = &query->client.address;
    story_key key = {.server = dns_server_identity(&query->server),
                     .question_hash = query->question_hash,
                     .kind = (uint8_t)kind,
                     .asker_length = kind == BY_COOKIE ? (uint8_t)COOKIE_CLIENT_LENGTH : address->length};
    const dns_cookie *cookie = kind == BY_COOKIE ? cookie_of(query) : NULL;
    memcpy(key.asker, cookie ? cookie->bytes : address->bytes, key.asker_length);
    uint64_t hash = dns_hash_mix(dns_hash_seed(), (uint64_t)key.question_hash << 8 | key.kind);
    hash = dns_hash_address(hash, &key.server.address);
    key.hash = (uint32_t)dns_hash_bytes(hash, key.asker, key.asker_length);
    return key;
}

static open_episode *find_by(const dns_episodes *e, const dns_query *query, asker_kind kind)
{
    story_key key = key_of(query, kind);
    return look_up(e, &key);
}

/* Two client cookies are two clients; where one side has none, the address tells. */
static open_episode *find(dns_episodes *e, const dns_query *query, int64_t now)
{
    close_old(e, now);
    if (!query->question_hash || !*asked_at(e, query->question_hash))
        return NULL;
    open_episode *o = cookie_of(query) ? find_by(e, query, BY_COOKIE) : NULL;
    if (!o)
        o = find_by(e, query, BY_ADDRESS);
    return o || cookie_of(query) ? o : find_by(e, query, BY_ADDRESS_WITH_COOKIE);
}

static void touch(dns_episodes *e, open_episode *o, int64_t now)
{
    o->episode->last_time = now;
    dns_list_to_end(&e->by_age, &o->by_age);
}

/* Who takes another server, or a new client cookie, is not taken for the same client, but has not given up either. */
static void note_elsewhere(dns_episodes *e, const dns_query *query, const open_episode *own)
{
    if (query->beside || !query->question_hash || !*asked_at(e, query->question_hash))
        return;
    open_episode *o = latest_of(e, query->question_hash, &query->client.address);
    for (unsigned tried = 0; o && tried < SAME_ASKER_MAX; o = o->asked_before, tried++) {
        dns_episode *story = o->episode;
        if (o != own && story->elsewhere_frame <= story->last_frame && query->finding->frame > story->last_frame)
            story->elsewhere_frame = query->finding->frame;
    }
}

void dns_episodes_query(dns_episodes *e, const dns_query *query)
{
    open_episode *o = find(e, query, query->time);
    dns_transaction *t = query->finding->transaction;
    note_elsewhere(e, query, o);
    if (!o || o->last == t)
        return;
    o->episode->retry_frame = query->finding->frame;
    bool stream = !dns_transport_is_datagram(query->transport);
    bool goes_on = stream ? cookie_of(query) != NULL : query->id == o->doubtful_id;
    o->episode->discarded |= o->episode->doubtful_frame && goes_on;
    /* Of a story whose query was not captured, the last refusal tells. */
    int64_t asked = o->last ? o->last->request_time : o->episode->last_time;
    t->retry_late = query->time - asked >= DNS_TIMEOUT_MIN;
    if (o->last) {
        t->retry_of = o->last->request_frame & INT32_MAX;
        if (!o->last->retried_in)
            o->last->retried_in = query->finding->frame;
    }
    o->last = t;
    t->episode = o->episode;
    touch(e, o, query->time);
}

/* Of those with the same key, the latest is found. */
static void add_key(dns_episodes *e, open_episode *o, const dns_query *query, asker_kind kind)
{
    story_key key = key_of(query, kind);
    open_episode *earlier = look_up(e, &key);
    o->keys[o->key_count++] = key;
    if (earlier)
        dns_table_replace(&e->open, key.hash, earlier, o);
    else
        dns_table_add(&e->open, key.hash, o);
}

static open_episode *open_new(dns_episodes *e, const dns_query *query)
{
    open_episode *o = wmem_new0(e->scope, open_episode);
    if (cookie_of(query))
        add_key(e, o, query, BY_COOKIE);
    add_key(e, o, query, cookie_of(query) ? BY_ADDRESS_WITH_COOKIE : BY_ADDRESS);
    add_asker(e, o, query);
    (*asked_at(e, query->question_hash))++;
    o->episode = wmem_new0(e->scope, dns_episode);
    o->episode->number = ++e->stories;
    dns_list_append(&e->by_age, &o->by_age);
    return o;
}

/* NULL: its query was not captured. */
static void join(dns_episode *episode, dns_transaction *transaction)
{
    if (transaction)
        transaction->episode = episode;
}

static ended_story *ended_at(dns_episodes *e, uint32_t question_hash)
{
    return &e->ended[(question_hash >> 1) % ENDED];
}

/* Sent while the story was going on, or before it: its response comes when the question is answered. */
static dns_episode *ended_meanwhile(dns_episodes *e, const dns_query *query)
{
    const ended_story *ended = ended_at(e, query->question_hash);
    if (!ended->episode || !query->finding->transaction || query->time >= ended->time)
        return NULL;
    asker_kind kind = (asker_kind)ended->key.kind;
    story_key key = key_of(query, kind);
    bool same_sort = (kind == BY_COOKIE) == (cookie_of(query) != NULL);
    return same_sort && equal_key(&ended->key, &key) ? ended->episode : NULL;
}

dns_episode *dns_episodes_bad(dns_episodes *e, const dns_query *query, const dns_packet *p)
{
    open_episode *o = find(e, query, p->time);
    dns_episode *ended = o ? NULL : ended_meanwhile(e, query);
    if (ended) {
        join(ended, query->finding->transaction);
        return ended;
    }
    if (!o)
        o = open_new(e, query);
    dns_episode *episode = o->episode;
    const dns_transaction *asked = query->finding->transaction;
    if (!episode->count++) {
        episode->first_frame = p->frame;
        episode->first_time = asked ? asked->request_time : 0;
    }
    episode->last_frame = p->frame;
    o->last = query->finding->transaction;
    join(episode, o->last);
    touch(e, o, p->time);
    return episode;
}

static void note_answer(dns_episode *episode, const dns_finding *response)
{
    episode->answer_rcode = response->rcode;
    episode->answer_truncated = response->truncated;
}

dns_episode *dns_episodes_answered(dns_episodes *e, const dns_query *query, const dns_packet *p,
                                   const dns_finding *response)
{
    open_episode *o = find(e, query, p->time);
    if (!o)
        return NULL;
    dns_episode *episode = o->episode;
    episode->decided = dns_transport_is_datagram(p->transport) ? OUTCOME_RESOLVED : OUTCOME_RESOLVED_OVER_TCP;
    episode->end_frame = p->frame;
    note_answer(episode, response);
    join(episode, query->finding->transaction);
    *ended_at(e, query->question_hash) = (ended_story){o->keys[0], p->time, episode};
    close_episode(e, o);
    return episode;
}

dns_episode *dns_episodes_doubtful(dns_episodes *e, const dns_query *query, const dns_packet *p,
                                   const dns_finding *response)
{
    dns_episode *episode = dns_episodes_bad(e, query, p);
    open_episode *o = find(e, query, p->time);
    if (!o) /* ended meanwhile */
        return episode;
    episode->doubtful_frame = p->frame;
    note_answer(episode, response);
    o->doubtful_id = query->id;
    return episode;
}

void dns_episodes_servfail(dns_episodes *e, const dns_packet *p, uint32_t question_hash)
{
    close_old(e, p->time);
    open_episode *o = question_hash ? latest_of(e, question_hash, &p->source.address) : NULL;
    while (o) {
        open_episode *before = o->asked_before;
        o->episode->decided = OUTCOME_SERVFAIL;
        o->episode->end_frame = p->frame;
        close_episode(e, o);
        o = before;
    }
}
