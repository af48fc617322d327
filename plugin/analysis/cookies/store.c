/* store.c
 * The memory of the cookie engine.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store.h"

#include "../arena.h"
#include "../hash.h"
#include "../table.h"

/* Server cookies of 16 bytes are what nearly all servers make. */
enum { USUAL_LENGTH = 16 };

struct cookie_store {
    wmem_allocator_t *scope;
    dns_table pairs;   /* by server and client */
    dns_table holders; /* the newest exchange with a client cookie, by that */
    dns_table issued;  /* the newest with the same bytes, by those of the server cookie */
    dns_pool pair_pool, exchange_pool, use_pool, issued_pool, unlearned_pool;
    dns_list by_use;     /* of cookie_exchange, least recently used first */
    unsigned generation; /* counts what was forgotten */
};

unsigned cookie_store_generation(const cookie_store *store)
{
    return store->generation;
}

cookie_store *cookie_store_new(wmem_allocator_t *scope)
{
    cookie_store *s = wmem_new0(scope, cookie_store);
    s->scope = scope;
    dns_table_init(&s->pairs, scope);
    dns_table_init(&s->holders, scope);
    dns_table_init(&s->issued, scope);
    s->pair_pool.arena.scope = s->exchange_pool.arena.scope = scope;
    s->use_pool.arena.scope = s->issued_pool.arena.scope = s->unlearned_pool.arena.scope = scope;
    return s;
}

/* ---- issued cookies ---- */

static uint32_t hash_cookie(const uint8_t *bytes, uint8_t length)
{
    return (uint32_t)dns_hash_bytes(dns_hash_seed(), bytes, length);
}

typedef struct {
    const uint8_t *bytes;
    uint8_t length;
} issued_key;

static bool is_issued(const void *issued, const void *wanted)
{
    const cookie_issued *i = (const cookie_issued *)issued;
    const issued_key *key = (const issued_key *)wanted;
    return i->length == key->length && memcmp(i->bytes, key->bytes, key->length) == 0;
}

static cookie_issued *find_issued(const cookie_store *store, const uint8_t *bytes, uint8_t length, uint32_t hash)
{
    issued_key key = {bytes, length};
    return (cookie_issued *)dns_table_find(&store->issued, hash, is_issued, &key);
}

cookie_issued *cookie_store_issued(cookie_store *store, const uint8_t *bytes, uint8_t length)
{
    return find_issued(store, bytes, length, hash_cookie(bytes, length));
}

/* ---- forgetting ---- */

static void forget_issued(cookie_store *store, cookie_issued *issued)
{
    if (issued->indexed) {
        cookie_issued *i = find_issued(store, issued->bytes, issued->length, issued->hash);
        if (i != issued) {
            while (i->same != issued)
                i = i->same;
            i->same = issued->same;
        } else if (issued->same) {
            dns_table_replace(&store->issued, issued->hash, issued, issued->same);
        } else {
            dns_table_remove(&store->issued, issued->hash, issued);
        }
    }
    if (issued->length <= USUAL_LENGTH)
        dns_pool_free(&store->issued_pool, issued);
    else
        wmem_free(store->scope, issued);
}

static void forget_holder(cookie_store *store, cookie_exchange *exchange)
{
    cookie_exchange *older = exchange->same_older, *newer = exchange->same_newer;
    uint32_t hash = hash_cookie(exchange->client_cookie, COOKIE_CLIENT_LENGTH);
    if (newer)
        newer->same_older = older;
    else if (older)
        dns_table_replace(&store->holders, hash, exchange, older);
    else
        dns_table_remove(&store->holders, hash, exchange);
    if (older)
        older->same_newer = newer;
    if (exchange->use && !--exchange->use->exchanges)
        dns_pool_free(&store->use_pool, exchange->use);
}

static void forget_pair(cookie_store *store, cookie_pair *pair)
{
    cookie_server *server = pair->server;
    dns_table_remove(&store->pairs, pair->hash, pair);
    dns_list_remove(&server->pairs, &pair->in_server);
    dns_claim_close(pair->contacts);
    if (pair->unlearned)
        dns_pool_free(&store->unlearned_pool, pair->unlearned);
    dns_pool_free(&store->pair_pool, pair);
    if (!server->pairs.count) {
        dns_claim_close(server->own);
        dns_claim_close(server->mixed);
        dns_claim_close(server->slips);
        server->record->cookies = NULL;
        wmem_free(store->scope, server);
    }
}

static void forget_exchange(cookie_store *store, cookie_exchange *exchange)
{
    cookie_pair *pair = exchange->pair;
    dns_table_expect(&store->pairs, pair->hash);
    dns_table_expect(&store->holders, hash_cookie(exchange->client_cookie, COOKIE_CLIENT_LENGTH));
    for (cookie_issued *issued = exchange->last_issued; issued;) {
        cookie_issued *older = issued->older;
        forget_issued(store, issued);
        issued = older;
    }
    forget_holder(store, exchange);
    dns_list_remove(&pair->exchanges, &exchange->in_pair);
    dns_list_remove(&store->by_use, &exchange->in_store);
    wmem_free(store->scope, exchange->rejected);
    dns_pool_free(&store->exchange_pool, exchange);
    store->generation++;
    pair->forgot = true;
    if (!pair->exchanges.count)
        forget_pair(store, pair);
}

/* ---- pairs ---- */

typedef struct {
    const dns_address *client;
    const cookie_server *server;
} pair_key;

static bool is_pair(const void *pair, const void *wanted)
{
    const cookie_pair *p = (const cookie_pair *)pair;
    const pair_key *key = (const pair_key *)wanted;
    return p->server == key->server && dns_address_equal(&p->client, key->client);
}

static uint32_t hash_pair(const dns_server_record *server, const dns_address *client)
{
    return (uint32_t)dns_hash_address(dns_hash_seed() + (uintptr_t)server, client);
}

static cookie_server *make_server(cookie_store *store, dns_server_record *record)
{
    cookie_server *server = wmem_new0(store->scope, cookie_server);
    server->record = record;
    server->endpoint = record->endpoint;
    record->cookies = server;
    return server;
}

static cookie_pair *make_pair(cookie_store *store, dns_server_record *record, const dns_address *client, uint32_t hash)
{
    cookie_pair *pair = (cookie_pair *)dns_pool_alloc0(&store->pair_pool, sizeof(cookie_pair));
    cookie_server *server = record->cookies ? record->cookies : make_server(store, record);
    pair->client = *client;
    pair->server = server;
    pair->hash = hash;
    dns_list_append(&server->pairs, &pair->in_server);
    dns_table_add(&store->pairs, hash, pair);
    return pair;
}

cookie_unlearned *cookie_store_unlearned(cookie_store *store, cookie_pair *pair)
{
    if (!pair->unlearned)
        pair->unlearned = (cookie_unlearned *)dns_pool_alloc0(&store->unlearned_pool, sizeof(cookie_unlearned));
    return pair->unlearned;
}

/* ---- client cookies ---- */

static bool is_holder(const void *exchange, const void *client_cookie)
{
    return memcmp(((const cookie_exchange *)exchange)->client_cookie, client_cookie, COOKIE_CLIENT_LENGTH) == 0;
}

static cookie_exchange *find_holder(const cookie_store *store, const uint8_t *client_cookie, uint32_t hash)
{
    return (cookie_exchange *)dns_table_find(&store->holders, hash, is_holder, client_cookie);
}

bool cookie_store_origin(const cookie_store *store, const uint8_t *client_cookie, cookie_origin *origin)
{
    const cookie_exchange *e = find_holder(store, client_cookie, hash_cookie(client_cookie, COOKIE_CLIENT_LENGTH));
    if (!e)
        return false;
    *origin =
        e->use ? (cookie_origin){e->use->frame, e->use->client} : (cookie_origin){e->first_frame, e->pair->client};
    return origin->frame != 0;
}

cookie_use *cookie_store_use(cookie_store *store, cookie_exchange *exchange)
{
    if (exchange->use)
        return exchange->use;
    cookie_use *use = (cookie_use *)dns_pool_alloc0(&store->use_pool, sizeof(cookie_use));
    exchange->use = use;
    use->exchanges = 1;
    if (exchange->first_frame) {
        use->frame = exchange->first_frame;
        use->client = exchange->pair->client;
        use->server = exchange->pair->server->endpoint.address;
        use->last[use->count++] = exchange->first_message;
    }
    return use;
}

static void add_holder(cookie_store *store, cookie_exchange *exchange, cookie_exchange *newest, uint32_t hash)
{
    if (!newest) {
        dns_table_add(&store->holders, hash, exchange);
        return;
    }
    exchange->use = cookie_store_use(store, newest);
    exchange->use->exchanges++;
    exchange->same_older = newest;
    newest->same_newer = exchange;
    dns_table_replace(&store->holders, hash, newest, exchange);
}

/* ---- exchanges ---- */

static cookie_exchange *touch(cookie_store *store, cookie_exchange *exchange)
{
    dns_list_to_end(&exchange->pair->exchanges, &exchange->in_pair);
    dns_list_to_end(&store->by_use, &exchange->in_store);
    return exchange;
}

static cookie_pair *find_pair(const cookie_store *store, const dns_server_record *server, const dns_address *client,
                              uint32_t hash)
{
    pair_key key = {client, server->cookies};
    return (cookie_pair *)dns_table_find(&store->pairs, hash, is_pair, &key);
}

const cookie_pair *cookie_store_pair(const cookie_store *store, const dns_server_record *server,
                                     const dns_address *client)
{
    return server->cookies ? find_pair(store, server, client, hash_pair(server, client)) : NULL;
}

/* One client with many cookies, or one cookie sent to many servers: not both. */
static cookie_exchange *find_exchange(const cookie_pair *pair, cookie_exchange *holder)
{
    cookie_exchange *e = holder;
    if (!holder->use || holder->use->exchanges < pair->exchanges.count) {
        while (e && e->pair != pair)
            e = e->same_older;
        return e;
    }
    for (dns_link *l = pair->exchanges.last; l; l = l->before) {
        e = DNS_LIST_ITEM(l, cookie_exchange, in_pair);
        if (e->use == holder->use)
            return e;
    }
    return NULL;
}

static cookie_exchange *make_exchange(cookie_store *store, cookie_pair *pair, const uint8_t *client_cookie)
{
    cookie_exchange *exchange = (cookie_exchange *)dns_pool_alloc0(&store->exchange_pool, sizeof(cookie_exchange));
    memcpy(exchange->client_cookie, client_cookie, COOKIE_CLIENT_LENGTH);
    exchange->pair = pair;
    dns_list_append(&pair->exchanges, &exchange->in_pair);
    dns_list_append(&store->by_use, &exchange->in_store);
    return exchange;
}

cookie_exchange *cookie_store_exchange(cookie_store *store, dns_server_record *server, const dns_address *client,
                                       const uint8_t *client_cookie)
{
    uint32_t hash = hash_pair(server, client), holder_hash = hash_cookie(client_cookie, COOKIE_CLIENT_LENGTH);
    dns_table_expect(&store->holders, holder_hash);
    cookie_pair *pair = find_pair(store, server, client, hash);
    cookie_exchange *last = pair ? DNS_LIST_ITEM(pair->exchanges.last, cookie_exchange, in_pair) : NULL;
    if (last && memcmp(last->client_cookie, client_cookie, COOKIE_CLIENT_LENGTH) == 0)
        return touch(store, last);
    cookie_exchange *holder = find_holder(store, client_cookie, holder_hash);
    cookie_exchange *found = pair && holder ? find_exchange(pair, holder) : NULL;
    if (found)
        return touch(store, found);
    found = make_exchange(store, pair ? pair : make_pair(store, server, client, hash), client_cookie);
    add_holder(store, found, holder, holder_hash);
    /* Made first, dropped then: so neither this exchange nor its pair can be what goes. */
    if (found->pair->exchanges.count > PAIR_EXCHANGES_MAX)
        forget_exchange(store, DNS_LIST_ITEM(found->pair->exchanges.first, cookie_exchange, in_pair));
    if (store->by_use.count > EXCHANGES_MAX)
        forget_exchange(store, DNS_LIST_ITEM(store->by_use.first, cookie_exchange, in_store));
    return found;
}

/* ---- issuing ---- */

void cookie_store_expect(const cookie_store *store, const uint8_t *bytes, uint8_t length)
{
    dns_table_expect(&store->issued, hash_cookie(bytes, length));
}

cookie_issued *cookie_own_issued(const cookie_exchange *exchange, const uint8_t *bytes, uint8_t length)
{
    issued_key key = {bytes, length};
    cookie_issued *issued = exchange->last_issued;
    while (issued && !is_issued(issued, &key))
        issued = issued->older;
    return issued;
}

/* The oldest goes, unless the client still presents it: then the next one. */
static void drop_oldest(cookie_store *store, cookie_exchange *exchange)
{
    cookie_issued **going = &exchange->last_issued;
    for (cookie_issued **at = going; *at; at = &(*at)->older)
        if (*at != exchange->presented_last)
            going = at;
    cookie_issued *issued = *going;
    *going = issued->older;
    forget_issued(store, issued);
}

/* By its bytes, unless the server gives everybody the same: then enough of them can be found. */
static void add_to_index(cookie_store *store, cookie_issued *issued)
{
    cookie_issued *head = find_issued(store, issued->bytes, issued->length, issued->hash);
    if (head && head->depth + 1 >= SAME_COOKIE_MAX)
        return;
    issued->indexed = true;
    issued->same = head;
    issued->depth = head ? (uint8_t)(head->depth + 1) : 0;
    if (head)
        dns_table_replace(&store->issued, issued->hash, head, issued);
    else
        dns_table_add(&store->issued, issued->hash, issued);
}

void cookie_store_issue(cookie_store *store, cookie_exchange *exchange, const uint8_t *bytes, uint8_t length,
                        uint32_t frame, int64_t time)
{
    cookie_issued *last = exchange->last_issued;
    issued_key key = {bytes, length};
    if (last && is_issued(last, &key)) {
        last->last_frame = frame;
        return;
    }
    if (last && exchange->issued_count >= ISSUED_MAX)
        drop_oldest(store, exchange);
    exchange->issued_count++;
    void *memory = length <= USUAL_LENGTH ? dns_pool_alloc0(&store->issued_pool, sizeof(cookie_issued) + USUAL_LENGTH)
                                          : wmem_alloc0(store->scope, sizeof(cookie_issued) + length);
    cookie_issued *issued = (cookie_issued *)memory;
    issued->length = length;
    memcpy(issued->bytes, bytes, length);
    issued->hash = hash_cookie(bytes, length);
    issued->exchange = exchange;
    issued->frame = issued->last_frame = frame;
    issued->time = time;
    issued->older = exchange->last_issued;
    exchange->last_issued = issued;
    add_to_index(store, issued);
}
