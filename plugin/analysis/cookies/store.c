/* store.c
 * The memory of the cookie engine.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store.h"

#include "../arena.h"
#include "../hash.h"
#include "../table.h"
#include "visit.h"

/* Entries of the tables are what they say, or visits in their place. */
struct cookie_store {
    wmem_allocator_t *scope;
    dns_table pairs;   /* by server and client */
    dns_table holders; /* the newest exchange with a client cookie, by that */
    dns_table issued;  /* the newest with the same bytes, by those of the server cookie */
    dns_pool pair_pool, exchange_pool, use_pool, issued_pool, unlearned_pool, visit_pool;
    dns_list by_use;     /* of cookie_exchange, least recently used first */
    dns_list visits;     /* of cookie_visit, likewise */
    unsigned generation; /* counts the exchanges that are gone */
};

enum { ISSUED_SIZE = sizeof(cookie_issued) + COOKIE_USUAL_LENGTH };

/* A visit in a table is known by its odd place in memory, where no object begins. */
static void *as_entry(const cookie_visit *visit)
{
    return (uint8_t *)(uintptr_t)visit + 1;
}

static cookie_visit *visit_at(const void *entry)
{
    return (uintptr_t)entry & 1 ? (cookie_visit *)((uintptr_t)entry - 1) : NULL;
}

static cookie_exchange *unfold(cookie_store *store, cookie_visit *visit);

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
    dns_pool *const pools[] = {&s->pair_pool,   &s->exchange_pool,  &s->use_pool,
                               &s->issued_pool, &s->unlearned_pool, &s->visit_pool};
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
        pools[i]->arena.scope = scope;
    return s;
}

/* ---- issued cookies ---- */

static uint32_t hash_cookie(const uint8_t *bytes, uint8_t length)
{
    return (uint32_t)dns_hash_bytes(dns_hash_seed(), bytes, length);
}

static uint32_t hash_holder(const uint8_t *client_cookie)
{
    return hash_cookie(client_cookie, COOKIE_CLIENT_LENGTH);
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

static bool is_issued_entry(const void *entry, const void *wanted)
{
    const cookie_visit *visit = visit_at(entry);
    const issued_key *key = (const issued_key *)wanted;
    if (!visit)
        return is_issued(entry, wanted);
    return key->length == sizeof visit->issued && memcmp(visit->issued, key->bytes, sizeof visit->issued) == 0;
}

static cookie_issued *find_issued(cookie_store *store, const uint8_t *bytes, uint8_t length, uint32_t hash)
{
    issued_key key = {bytes, length};
    void *entry = dns_table_find(&store->issued, hash, is_issued_entry, &key);
    cookie_visit *visit = visit_at(entry);
    return visit ? unfold(store, visit)->last_issued : (cookie_issued *)entry;
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
    if (issued->length <= COOKIE_USUAL_LENGTH)
        dns_pool_free(&store->issued_pool, issued);
    else
        wmem_free(store->scope, issued);
}

static void forget_holder(cookie_store *store, cookie_exchange *exchange)
{
    cookie_exchange *older = exchange->same_older, *newer = exchange->same_newer;
    uint32_t hash = hash_holder(exchange->client_cookie);
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

static void forget_client(cookie_store *store, cookie_server *server, cookie_caller *caller, const void *entry)
{
    dns_table_remove(&store->pairs, caller->hash, entry);
    dns_list_remove(&server->clients, &caller->link);
    if (server->clients.count)
        return;
    dns_claim_close(server->own);
    dns_claim_close(server->mixed);
    dns_claim_close(server->slips);
    server->record->cookies = NULL;
    wmem_free(store->scope, server);
}

static void forget_pair(cookie_store *store, cookie_pair *pair)
{
    forget_client(store, pair->server, &pair->caller, pair);
    dns_claim_close(pair->contacts);
    if (pair->unlearned)
        dns_pool_free(&store->unlearned_pool, pair->unlearned);
    dns_pool_free(&store->pair_pool, pair);
}

static void forget_visit(cookie_store *store, cookie_visit *visit)
{
    uint32_t holder = hash_holder(visit->client_cookie), issued = hash_cookie(visit->issued, sizeof visit->issued);
    dns_table_expect(&store->pairs, visit->caller.hash);
    dns_table_expect(&store->holders, holder);
    dns_table_remove(&store->issued, issued, as_entry(visit));
    dns_table_remove(&store->holders, holder, as_entry(visit));
    dns_list_remove(&store->visits, &visit->in_store);
    forget_client(store, visit->server, &visit->caller, as_entry(visit));
    dns_pool_free(&store->visit_pool, visit);
}

static void forget_exchange(cookie_store *store, cookie_exchange *exchange)
{
    cookie_pair *pair = exchange->pair;
    dns_table_expect(&store->pairs, pair->caller.hash);
    dns_table_expect(&store->holders, hash_holder(exchange->client_cookie));
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

static bool is_pair(const void *entry, const void *wanted)
{
    const cookie_visit *visit = visit_at(entry);
    const cookie_pair *pair = (const cookie_pair *)entry;
    const pair_key *key = (const pair_key *)wanted;
    return (visit ? visit->server : pair->server) == key->server &&
           dns_address_equal(visit ? &visit->client : &pair->client, key->client);
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
    pair->caller.hash = hash;
    dns_list_append(&server->clients, &pair->caller.link);
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

static bool is_holder(const void *entry, const void *client_cookie)
{
    const cookie_visit *visit = visit_at(entry);
    const uint8_t *held = visit ? visit->client_cookie : ((const cookie_exchange *)entry)->client_cookie;
    return memcmp(held, client_cookie, COOKIE_CLIENT_LENGTH) == 0;
}

static cookie_exchange *find_holder(cookie_store *store, const uint8_t *client_cookie, uint32_t hash)
{
    void *entry = dns_table_find(&store->holders, hash, is_holder, client_cookie);
    cookie_visit *visit = visit_at(entry);
    return visit ? unfold(store, visit) : (cookie_exchange *)entry;
}

bool cookie_store_origin(cookie_store *store, const uint8_t *client_cookie, cookie_origin *origin)
{
    const cookie_exchange *e = find_holder(store, client_cookie, hash_holder(client_cookie));
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

static cookie_pair *find_pair(cookie_store *store, const dns_server_record *server, const dns_address *client,
                              uint32_t hash)
{
    pair_key key = {client, server->cookies};
    void *entry = dns_table_find(&store->pairs, hash, is_pair, &key);
    cookie_visit *visit = visit_at(entry);
    return visit ? unfold(store, visit)->pair : (cookie_pair *)entry;
}

const cookie_pair *cookie_store_pair(cookie_store *store, const dns_server_record *server, const dns_address *client)
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

/* When it was last heard of. */
static int64_t last_time(const cookie_exchange *exchange)
{
    const cookie_issued *issued = exchange->last_issued;
    return issued && issued->time > exchange->last_time ? issued->time : exchange->last_time;
}

/* The least recently used one: but not the exchange that was used last, which is about to be written to. */
static void forget_one(cookie_store *store)
{
    cookie_visit *visit = DNS_LIST_ITEM(store->visits.first, cookie_visit, in_store);
    cookie_exchange *exchange = DNS_LIST_ITEM(store->by_use.first, cookie_exchange, in_store);
    if (visit && (store->by_use.count == 1 || visit->asked < last_time(exchange)))
        forget_visit(store, visit);
    else
        forget_exchange(store, exchange);
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
    uint32_t hash = hash_pair(server, client), holder_hash = hash_holder(client_cookie);
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
    if (store->by_use.count + store->visits.count > EXCHANGES_MAX)
        forget_one(store);
    return found;
}

/* ---- clients that came once ---- */

/* The tables have either what is whole, or a visit in its place. */
static void exchange_entries(cookie_store *store, const cookie_whole *whole, void *visit, bool folded)
{
    const struct {
        dns_table *table;
        uint32_t hash;
        void *whole;
    } places[] = {{&store->pairs, whole->pair->caller.hash, whole->pair},
                  {&store->holders, hash_holder(whole->exchange->client_cookie), whole->exchange},
                  {&store->issued, whole->issued->hash, whole->issued}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        dns_table_replace(places[i].table, places[i].hash, folded ? places[i].whole : visit,
                          folded ? visit : places[i].whole);
}

bool cookie_store_fold(cookie_store *store, cookie_exchange *exchange)
{
    if (!cookie_visit_fits(exchange))
        return false;
    cookie_whole whole = {exchange->pair, exchange, exchange->last_issued, exchange->pair->unlearned};
    cookie_visit *visit = (cookie_visit *)dns_pool_alloc0(&store->visit_pool, sizeof(cookie_visit));
    cookie_visit_fold(visit, exchange);
    exchange_entries(store, &whole, as_entry(visit), true);
    dns_list_replace(&visit->server->clients, &whole.pair->caller.link, &visit->caller.link);
    dns_list_remove(&store->by_use, &exchange->in_store);
    dns_list_append(&store->visits, &visit->in_store);
    dns_pool_free(&store->pair_pool, whole.pair);
    dns_pool_free(&store->exchange_pool, exchange);
    dns_pool_free(&store->issued_pool, whole.issued);
    if (whole.unlearned)
        dns_pool_free(&store->unlearned_pool, whole.unlearned);
    return true;
}

static cookie_exchange *unfold(cookie_store *store, cookie_visit *visit)
{
    cookie_whole whole = {(cookie_pair *)dns_pool_alloc0(&store->pair_pool, sizeof(cookie_pair)),
                          (cookie_exchange *)dns_pool_alloc0(&store->exchange_pool, sizeof(cookie_exchange)),
                          (cookie_issued *)dns_pool_alloc0(&store->issued_pool, ISSUED_SIZE), NULL};
    if (!visit->server_cookie)
        whole.unlearned = (cookie_unlearned *)dns_pool_alloc0(&store->unlearned_pool, sizeof(cookie_unlearned));
    cookie_visit_unfold(visit, &whole);
    whole.issued->hash = hash_cookie(visit->issued, sizeof visit->issued);
    exchange_entries(store, &whole, as_entry(visit), false);
    dns_list_append(&whole.pair->exchanges, &whole.exchange->in_pair);
    dns_list_replace(&visit->server->clients, &visit->caller.link, &whole.pair->caller.link);
    dns_list_append(&store->by_use, &whole.exchange->in_store);
    dns_list_remove(&store->visits, &visit->in_store);
    dns_pool_free(&store->visit_pool, visit);
    return whole.exchange;
}

bool cookie_store_client(const dns_link **at, cookie_client *client)
{
    dns_link *link = (dns_link *)(uintptr_t)*at;
    const cookie_caller *caller = DNS_LIST_ITEM(link, cookie_caller, link);
    if (!caller)
        return false;
    *at = link->before;
    if (caller->visit) {
        const cookie_visit *visit = DNS_LIST_ITEM(link, cookie_visit, caller.link);
        *client = (cookie_client){NULL, &visit->client, cookie_visit_unlearned(visit)};
        return true;
    }
    const cookie_pair *pair = DNS_LIST_ITEM(link, cookie_pair, caller.link);
    *client = (cookie_client){.pair = pair, .address = &pair->client};
    if (pair->unlearned)
        client->unlearned = *pair->unlearned;
    return true;
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
    if (!head) {
        dns_table_add(&store->issued, issued->hash, issued);
        return;
    }
    issued->depth = (uint8_t)(head->depth + 1);
    head->followed = true;
    dns_table_replace(&store->issued, issued->hash, head, issued);
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
    void *memory = length <= COOKIE_USUAL_LENGTH ? dns_pool_alloc0(&store->issued_pool, ISSUED_SIZE)
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
