/* episodes.c
 * Troubles that may still be overcome.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "episodes.h"

#include "cookie_store.h"
#include "hash.h"
#include "limits.h"

enum { OPEN_MAX = DNS_LIMIT(16384, 5), SAME_QUESTION_MAX = DNS_LIMIT(64, 3) };
static const int64_t close_after = INT64_C(10) * 1000000000; /* cookies.md, "gave-up" */

typedef struct open_episode {
    struct open_episode *next; /* about the same question at the same server */
    GList by_age;
    dns_endpoint server;
    uint32_t question_hash;
    dns_address client;
    bool has_cookie;
    uint8_t client_cookie[COOKIE_CLIENT_LENGTH];
    dns_transaction *last; /* the last query of the story; NULL when it was not captured */
    dns_episode *episode;
} open_episode;

struct dns_episodes {
    wmem_allocator_t *scope;
    wmem_map_t *open; /* by server and question -> list */
    GQueue by_age;    /* least recently active at the head */
};

static unsigned hash_open(const void *key)
{
    const open_episode *o = (const open_episode *)key;
    uint64_t hash = dns_hash_mix(dns_hash_seed(), (uint64_t)o->question_hash << 16 | o->server.port);
    return (unsigned)dns_hash_bytes(hash, o->server.address.bytes, o->server.address.length);
}

static gboolean equal_open(const void *left, const void *right)
{
    const open_episode *a = (const open_episode *)left, *b = (const open_episode *)right;
    return a->question_hash == b->question_hash && dns_endpoint_equal(&a->server, &b->server);
}

dns_episodes *dns_episodes_new(wmem_allocator_t *scope)
{
    dns_episodes *e = wmem_new0(scope, dns_episodes);
    e->scope = scope;
    e->open = wmem_map_new(scope, hash_open, equal_open);
    g_queue_init(&e->by_age);
    return e;
}

static void close_episode(dns_episodes *e, open_episode *closing)
{
    open_episode *list = (open_episode *)wmem_map_remove(e->open, closing);
    open_episode **at = &list;
    while (*at && *at != closing)
        at = &(*at)->next;
    if (*at)
        *at = closing->next;
    if (list)
        wmem_map_insert(e->open, list, list);
    g_queue_unlink(&e->by_age, &closing->by_age);
    wmem_free(e->scope, closing);
}

static void close_old(dns_episodes *e, int64_t now)
{
    open_episode *oldest;
    while ((oldest = (open_episode *)g_queue_peek_head(&e->by_age)) &&
           (now - oldest->episode->last_time > close_after || e->by_age.length > OPEN_MAX))
        close_episode(e, oldest);
}

static void set_key(open_episode *key, const dns_query *query)
{
    memset(key, 0, sizeof *key);
    key->server = cookie_server_identity(&query->server);
    key->question_hash = query->question_hash;
    key->client = query->client.address;
    const dns_cookie *cookie = query->finding->cookie;
    if (cookie && cookie->length >= COOKIE_CLIENT_LENGTH) {
        key->has_cookie = true;
        memcpy(key->client_cookie, cookie->bytes, COOKIE_CLIENT_LENGTH);
    }
}

static bool same_story(const open_episode *o, const open_episode *key)
{
    if (o->has_cookie && key->has_cookie)
        return memcmp(o->client_cookie, key->client_cookie, COOKIE_CLIENT_LENGTH) == 0;
    return dns_address_equal(&o->client, &key->client);
}

static open_episode *find(dns_episodes *e, const dns_query *query, int64_t now)
{
    close_old(e, now);
    if (e->by_age.length == 0 || !query->question_hash)
        return NULL;
    open_episode key;
    set_key(&key, query);
    open_episode *o = (open_episode *)wmem_map_lookup(e->open, &key);
    while (o && !same_story(o, &key))
        o = o->next;
    return o;
}

static void touch(dns_episodes *e, open_episode *o, int64_t now)
{
    o->episode->last_time = now;
    g_queue_unlink(&e->by_age, &o->by_age);
    g_queue_push_tail_link(&e->by_age, &o->by_age);
}

void dns_episodes_query(dns_episodes *e, const dns_query *query)
{
    open_episode *o = find(e, query, query->time);
    dns_transaction *t = query->finding->transaction;
    if (!o || o->last == t)
        return;
    o->episode->retry_frame = query->finding->frame;
    if (o->last) {
        t->retry_of = o->last->request_frame;
        if (!o->last->retried_in)
            o->last->retried_in = query->finding->frame;
    }
    o->last = t;
    touch(e, o, query->time);
}

/* Keeps the walk over stories about one question short: the longest untold one goes. */
static void shorten(dns_episodes *e, const open_episode *key)
{
    open_episode *o = (open_episode *)wmem_map_lookup(e->open, key);
    unsigned length = 1;
    for (; o && o->next; o = o->next)
        length++;
    if (length >= SAME_QUESTION_MAX)
        close_episode(e, o);
}

static open_episode *open_new(dns_episodes *e, const dns_query *query)
{
    open_episode *o = wmem_new(e->scope, open_episode);
    set_key(o, query);
    shorten(e, o);
    o->by_age.data = o;
    o->episode = wmem_new0(e->scope, dns_episode);
    o->next = (open_episode *)wmem_map_remove(e->open, o);
    wmem_map_insert(e->open, o, o);
    g_queue_push_tail_link(&e->by_age, &o->by_age);
    return o;
}

dns_episode *dns_episodes_bad(dns_episodes *e, const dns_query *query, const dns_packet *p)
{
    open_episode *o = find(e, query, p->time);
    if (!o)
        o = open_new(e, query);
    dns_episode *episode = o->episode;
    if (!episode->count++)
        episode->first_frame = p->frame;
    episode->last_frame = p->frame;
    o->last = query->finding->transaction;
    touch(e, o, p->time);
    return episode;
}

dns_episode *dns_episodes_answered(dns_episodes *e, const dns_query *query, const dns_packet *p)
{
    open_episode *o = find(e, query, p->time);
    if (!o)
        return NULL;
    dns_episode *episode = o->episode;
    episode->decided = dns_transport_is_datagram(p->transport) ? OUTCOME_RESOLVED : OUTCOME_RESOLVED_OVER_TCP;
    episode->end_frame = p->frame;
    close_episode(e, o);
    return episode;
}
