/* store.c
 * The memory of the cookie engine.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store.h"

#include "../hash.h"
#include "../table.h"

struct cookie_store {
    wmem_allocator_t *scope;
    dns_table *exchanges; /* cookie_exchange as its own key */
    dns_table *pairs;     /* likewise */
    dns_table *servers;
    dns_table *uses;
    dns_table *issued;   /* by the bytes of the server cookie */
    GQueue by_use;       /* of cookie_exchange, least recently used at the head */
    unsigned generation; /* counts what was forgotten */
};

unsigned cookie_store_generation(const cookie_store *store)
{
    return store->generation;
}

static unsigned hash_server(const void *key)
{
    return dns_hash_endpoint(&((const cookie_server *)key)->endpoint);
}

static gboolean equal_server(const void *a, const void *b)
{
    return dns_endpoint_equal(&((const cookie_server *)a)->endpoint, &((const cookie_server *)b)->endpoint);
}

static unsigned hash_pair(const void *key)
{
    const cookie_pair *p = (const cookie_pair *)key;
    return (unsigned)dns_hash_bytes(hash_server(p->server), p->client.bytes, p->client.length);
}

static gboolean equal_pair(const void *left, const void *right)
{
    const cookie_pair *a = (const cookie_pair *)left, *b = (const cookie_pair *)right;
    return dns_address_equal(&a->client, &b->client) && equal_server(a->server, b->server);
}

static unsigned hash_exchange(const void *key)
{
    return (unsigned)dns_hash_bytes(dns_hash_seed(), ((const cookie_exchange *)key)->key, EXCHANGE_KEY_LENGTH);
}

static gboolean equal_exchange(const void *a, const void *b)
{
    return memcmp(((const cookie_exchange *)a)->key, ((const cookie_exchange *)b)->key, EXCHANGE_KEY_LENGTH) == 0;
}

static unsigned hash_use(const void *key)
{
    return (unsigned)dns_hash_bytes(dns_hash_seed(), ((const cookie_use *)key)->client_cookie, COOKIE_CLIENT_LENGTH);
}

static gboolean equal_use(const void *a, const void *b)
{
    return memcmp(((const cookie_use *)a)->client_cookie, ((const cookie_use *)b)->client_cookie,
                  COOKIE_CLIENT_LENGTH) == 0;
}

static unsigned hash_issued(const void *key)
{
    const cookie_issued *i = (const cookie_issued *)key;
    return (unsigned)dns_hash_bytes(dns_hash_seed(), i->bytes, i->length);
}

static gboolean equal_issued(const void *left, const void *right)
{
    const cookie_issued *a = (const cookie_issued *)left, *b = (const cookie_issued *)right;
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

cookie_store *cookie_store_new(wmem_allocator_t *scope)
{
    cookie_store *s = wmem_new0(scope, cookie_store);
    s->scope = scope;
    s->exchanges = dns_table_new(scope, hash_exchange, equal_exchange);
    s->pairs = dns_table_new(scope, hash_pair, equal_pair);
    s->servers = dns_table_new(scope, hash_server, equal_server);
    s->uses = dns_table_new(scope, hash_use, equal_use);
    s->issued = dns_table_new(scope, hash_issued, equal_issued);
    g_queue_init(&s->by_use);
    return s;
}

/* ---- forgetting ---- */

static void forget_issued(cookie_store *store, cookie_issued *issued)
{
    cookie_issued *head = issued->indexed ? (cookie_issued *)dns_table_remove(store->issued, issued) : NULL;
    if (head == issued) {
        head = issued->same;
    } else {
        cookie_issued *i = head;
        while (i && i->same != issued)
            i = i->same;
        if (i)
            i->same = issued->same;
    }
    if (head)
        dns_table_insert(store->issued, head, head);
    wmem_free(store->scope, issued);
}

static void forget_use(cookie_store *store, const uint8_t *client_cookie)
{
    cookie_use *use = cookie_store_use(store, client_cookie);
    if (use && --use->exchanges == 0) {
        dns_table_remove(store->uses, use);
        wmem_free(store->scope, use);
    }
}

static void forget_pair(cookie_store *store, cookie_pair *pair)
{
    cookie_server *server = pair->server;
    dns_table_remove(store->pairs, pair);
    g_queue_unlink(&server->pairs, &pair->in_server);
    wmem_free(store->scope, pair);
    if (server->pairs.length == 0) {
        dns_table_remove(store->servers, server);
        wmem_free(store->scope, server);
    }
}

static void forget_exchange(cookie_store *store, cookie_exchange *exchange)
{
    cookie_pair *pair = exchange->pair;
    for (unsigned i = 0; i < ISSUED_MAX; i++)
        if (exchange->issued[i])
            forget_issued(store, exchange->issued[i]);
    forget_use(store, exchange->client_cookie);
    dns_table_remove(store->exchanges, exchange);
    g_queue_unlink(&pair->exchanges, &exchange->in_pair);
    g_queue_unlink(&store->by_use, &exchange->in_store);
    wmem_free(store->scope, exchange);
    store->generation++;
    pair->forgot = true;
    if (pair->exchanges.length == 0)
        forget_pair(store, pair);
}

/* ---- finding and making ---- */

static cookie_server *find_server(cookie_store *store, const dns_endpoint *server)
{
    cookie_server key;
    key.endpoint = dns_server_identity(server);
    return (cookie_server *)dns_table_lookup(store->servers, &key);
}

static cookie_pair *find_pair(cookie_store *store, const dns_address *client, const dns_endpoint *server)
{
    if (!dns_table_size(store->pairs))
        return NULL;
    cookie_pair key;
    key.client = *client;
    key.server = find_server(store, server);
    return key.server ? (cookie_pair *)dns_table_lookup(store->pairs, &key) : NULL;
}

const cookie_pair *cookie_store_pair(cookie_store *store, const dns_address *client, const dns_endpoint *server)
{
    return find_pair(store, client, server);
}

cookie_use *cookie_store_use(cookie_store *store, const uint8_t *client_cookie)
{
    cookie_use key;
    memcpy(key.client_cookie, client_cookie, COOKIE_CLIENT_LENGTH);
    return (cookie_use *)dns_table_lookup(store->uses, &key);
}

static cookie_server *make_server(cookie_store *store, const dns_endpoint *endpoint)
{
    cookie_server *server = wmem_new0(store->scope, cookie_server);
    server->endpoint = dns_server_identity(endpoint);
    g_queue_init(&server->pairs);
    dns_table_insert(store->servers, server, server);
    return server;
}

static cookie_pair *make_pair(cookie_store *store, const dns_address *client, cookie_server *server)
{
    cookie_pair *pair = wmem_new0(store->scope, cookie_pair);
    pair->client = *client;
    pair->server = server;
    pair->in_server.data = pair;
    g_queue_push_tail_link(&server->pairs, &pair->in_server);
    g_queue_init(&pair->exchanges);
    dns_table_insert(store->pairs, pair, pair);
    return pair;
}

static cookie_use *count_use(cookie_store *store, const uint8_t *client_cookie)
{
    cookie_use *use = cookie_store_use(store, client_cookie);
    if (!use) {
        use = wmem_new0(store->scope, cookie_use);
        memcpy(use->client_cookie, client_cookie, COOKIE_CLIENT_LENGTH);
        dns_table_insert(store->uses, use, use);
    }
    use->exchanges++;
    return use;
}

/* Client, server and client cookie in one run of bytes: one hash and one comparison find an exchange. */
static void set_exchange_key(cookie_exchange *exchange, const dns_address *client, const dns_endpoint *endpoint,
                             const uint8_t *client_cookie)
{
    dns_endpoint server = dns_server_identity(endpoint);
    uint8_t *to = exchange->key;
    memset(to, 0, EXCHANGE_KEY_LENGTH);
    memcpy(to, client->bytes, client->length);
    memcpy(to + 16, server.address.bytes, server.address.length);
    memcpy(to + 32, client_cookie, COOKIE_CLIENT_LENGTH);
    memcpy(to + 40, &server.port, sizeof server.port);
    to[42] = client->length;
    to[43] = server.address.length;
}

static cookie_exchange *make_exchange(cookie_store *store, cookie_pair *pair, const cookie_exchange *key)
{
    cookie_exchange *exchange = wmem_new0(store->scope, cookie_exchange);
    exchange->pair = pair;
    memcpy(exchange->key, key->key, EXCHANGE_KEY_LENGTH);
    exchange->client_cookie = exchange->key + 32;
    exchange->in_pair.data = exchange->in_store.data = exchange;
    dns_table_insert(store->exchanges, exchange, exchange);
    g_queue_push_tail_link(&pair->exchanges, &exchange->in_pair);
    g_queue_push_tail_link(&store->by_use, &exchange->in_store);
    exchange->use = count_use(store, exchange->client_cookie);
    return exchange;
}

static void to_tail(GQueue *queue, GList *link)
{
    if (queue->tail == link)
        return;
    g_queue_unlink(queue, link);
    g_queue_push_tail_link(queue, link);
}

static void touch(cookie_store *store, cookie_exchange *exchange)
{
    to_tail(&exchange->pair->exchanges, &exchange->in_pair);
    to_tail(&store->by_use, &exchange->in_store);
}

static cookie_pair *find_or_make_pair(cookie_store *store, const dns_address *client, const dns_endpoint *endpoint)
{
    cookie_pair *pair = find_pair(store, client, endpoint);
    if (pair)
        return pair;
    cookie_server *server = find_server(store, endpoint);
    return make_pair(store, client, server ? server : make_server(store, endpoint));
}

cookie_exchange *cookie_store_exchange(cookie_store *store, const dns_address *client, const dns_endpoint *endpoint,
                                       const uint8_t *client_cookie, bool create)
{
    cookie_exchange key;
    set_exchange_key(&key, client, endpoint, client_cookie);
    cookie_exchange *exchange = (cookie_exchange *)dns_table_lookup(store->exchanges, &key);
    if (exchange)
        touch(store, exchange);
    if (exchange || !create)
        return exchange;
    cookie_pair *pair = find_or_make_pair(store, client, endpoint);
    exchange = make_exchange(store, pair, &key);
    /* Made first, dropped then: so neither this exchange nor its pair can be what goes. */
    if (pair->exchanges.length > PAIR_EXCHANGES_MAX)
        forget_exchange(store, (cookie_exchange *)g_queue_peek_head(&pair->exchanges));
    if (store->by_use.length > EXCHANGES_MAX)
        forget_exchange(store, (cookie_exchange *)g_queue_peek_head(&store->by_use));
    return exchange;
}

/* ---- issued cookies ---- */

static void set_issued_key(cookie_issued *key, const uint8_t *bytes, uint8_t length)
{
    key->length = length;
    memcpy(key->bytes, bytes, length);
}

cookie_issued *cookie_store_issued(cookie_store *store, const uint8_t *bytes, uint8_t length)
{
    cookie_issued key;
    set_issued_key(&key, bytes, length);
    return (cookie_issued *)dns_table_lookup(store->issued, &key);
}

void cookie_store_issue(cookie_store *store, cookie_exchange *exchange, const uint8_t *bytes, uint8_t length,
                        uint32_t frame, int64_t time)
{
    cookie_issued *last = cookie_last_issued(exchange);
    if (last && last->length == length && memcmp(last->bytes, bytes, length) == 0) {
        last->last_frame = frame;
        return;
    }
    cookie_issued **slot = &exchange->issued[exchange->issued_count++ % ISSUED_MAX];
    if (*slot && *slot == exchange->in_use) { /* the client still presents it: the next one goes instead */
        cookie_issued **next = &exchange->issued[exchange->issued_count % ISSUED_MAX];
        cookie_issued *kept = *slot;
        *slot = *next;
        *next = kept;
    }
    if (*slot)
        forget_issued(store, *slot);
    cookie_issued *issued = wmem_new0(store->scope, cookie_issued);
    set_issued_key(issued, bytes, length);
    issued->exchange = exchange;
    issued->frame = issued->last_frame = frame;
    issued->time = time;
    *slot = issued;
    cookie_issued *head = (cookie_issued *)dns_table_lookup(store->issued, issued);
    if (head && head->depth + 1 >= SAME_COOKIE_MAX)
        return; /* a server that gives everybody the same: enough of them are known */
    issued->indexed = true;
    issued->depth = head ? (uint8_t)(head->depth + 1) : 0;
    issued->same = (cookie_issued *)dns_table_remove(store->issued, issued);
    dns_table_insert(store->issued, issued, issued);
}
