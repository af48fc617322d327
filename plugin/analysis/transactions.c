/* transactions.c
 * Queries that wait for a response.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "transactions.h"

#include "arena.h"
#include "hash.h"
#include "limits.h"
#include "table.h"

/* CHAIN_MAX: a client that uses one port and one ID for everything must not make matching slow. */
enum { QUERIES_MAX = DNS_LIMIT(200000, 12), CHAIN_MAX = DNS_LIMIT(8, 3) };
enum { RESPONSES_MAX = 4 }; /* different ones to one query that are told apart */
static const int64_t forget_after = INT64_C(120) * 1000000000;
static const int64_t forget_answered_after = INT64_C(5) * 1000000000; /* further responses come soon or never */
/* The DNS dissector's default for "retransmission"; the two shall agree on what they show. */
static const int64_t retransmission_window = INT64_C(5) * 1000000000;

/* Behind the answer: two points of capture whose clocks differ by more than the round trip. */
static const int64_t slip_window = INT64_C(5000000);

/* Some captures have a response a moment before its query. */
enum { EARLY_MAX = 16 };
static const int64_t early_window = INT64_C(100000000);

/* The same query on both sides of an address translation is found by its bytes. */
enum { RECENT_MAX = 1024 };

struct dns_transactions {
    wmem_allocator_t *scope;
    dns_query *recent[RECENT_MAX]; /* queries with COOKIE by the hash of their bytes, the last of each place */
    dns_query early[EARLY_MAX];    /* the last responses without a query, a ring */
    unsigned early_count;
    dns_arena transactions;
    dns_pool pool;
    dns_table queries; /* the newest dns_query of each key */
    dns_list by_age;   /* of dns_query, oldest first */
};

/* What a response has in common with its query. */
typedef struct {
    const dns_endpoint *client, *server;
    uint32_t connection;
    uint16_t id;
    uint32_t hash;
} query_key;

static query_key make_key(const dns_endpoint *client, const dns_endpoint *server, uint32_t connection, uint16_t id)
{
    uint64_t hash = dns_hash_mix(dns_hash_seed(), (uint64_t)id << 32 | connection);
    hash = dns_hash_mix(hash, (uint64_t)client->port << 16 | server->port);
    hash = dns_hash_address(hash, &client->address);
    hash = dns_hash_address(hash, &server->address);
    return (query_key){client, server, connection, id, (uint32_t)hash};
}

static query_key key_of(const dns_packet *p, uint16_t id, bool response)
{
    uint32_t connection = dns_transport_is_datagram(p->transport) ? 0 : p->connection + 1;
    return response ? make_key(&p->destination, &p->source, connection, id)
                    : make_key(&p->source, &p->destination, connection, id);
}

static bool has_key(const void *query, const void *wanted)
{
    const dns_query *q = (const dns_query *)query;
    const query_key *key = (const query_key *)wanted;
    return q->id == key->id && q->connection == key->connection && dns_endpoint_equal(&q->client, key->client) &&
           dns_endpoint_equal(&q->server, key->server);
}

static dns_query *find_newest(const dns_transactions *t, const query_key *key)
{
    return (dns_query *)dns_table_find(&t->queries, key->hash, has_key, key);
}

dns_transactions *dns_transactions_new(wmem_allocator_t *scope)
{
    dns_transactions *t = wmem_new0(scope, dns_transactions);
    t->scope = t->transactions.scope = scope;
    t->pool.arena.scope = scope;
    dns_table_init(&t->queries, scope);
    return t;
}

static void forget_twin(dns_transactions *t, dns_query *query)
{
    dns_query **place = &t->recent[query->content_hash % RECENT_MAX];
    if (*place == query)
        *place = NULL;
    if (query->inner)
        query->inner->outer = NULL;
    if (query->outer)
        query->outer->inner = NULL;
    if (query->beside)
        query->beside->beside = NULL;
}

static void forget(dns_transactions *t, dns_query *query)
{
    forget_twin(t, query);
    dns_list_remove(&t->by_age, &query->by_age);
    query_key key = {&query->client, &query->server, query->connection, query->id, query->hash};
    dns_query *q = find_newest(t, &key);
    if (q == query) {
        dns_table_remove(&t->queries, query->hash, query);
    } else { /* the oldest of a chain: cut it off */
        while (q->older && q->older != query)
            q = q->older;
        q->older = NULL;
    }
    wmem_free(t->scope, query->further);
    dns_pool_free(&t->pool, query);
}

static void forget_old(dns_transactions *t, int64_t now)
{
    dns_query *oldest;
    while ((oldest = DNS_LIST_ITEM(t->by_age.first, dns_query, by_age)) &&
           (now - oldest->time > (oldest->answered ? forget_answered_after : forget_after) ||
            t->by_age.count > QUERIES_MAX))
        forget(t, oldest);
}

/* Makes room for one more query of this key; false when there was some. */
static bool shorten_chain(dns_transactions *t, dns_query *newest)
{
    dns_query *q = newest;
    for (int i = 1; q && i < CHAIN_MAX; i++)
        q = q->older;
    if (q)
        forget(t, q);
    return q != NULL;
}

static uint32_t content_hash(const dns_message *m)
{
    return (uint32_t)dns_hash_bytes(dns_hash_seed(), m->data, m->length);
}

static dns_query *find_retransmitted(dns_query *newest, const dns_query *query)
{
    for (dns_query *q = newest; q; q = q->older)
        if (q->content_hash == query->content_hash && !q->answered)
            return query->time - q->time < retransmission_window ? q : NULL;
    return NULL;
}

/* The very same bytes were asked and answered a moment ago: perhaps a capture merged from two points whose clocks
 * differ by more than the round trip. */
static bool answered_before(const dns_query *newest, const dns_query *query)
{
    for (const dns_query *q = newest; q; q = q->older)
        if (q->content_hash == query->content_hash && q->answered && query->time - q->time < retransmission_window)
            return true;
    return false;
}

/* The query of which this one is a copy: over UDP, since TCP itself takes care of what comes twice. */
static dns_query *find_copied(dns_query *newest, const dns_query *query)
{
    for (dns_query *q = query->connection ? NULL : newest; q; q = q->older) {
        int64_t between = query->time - q->time;
        int64_t window = q->answered ? slip_window : DNS_TIMEOUT_MIN;
        if (q->content_hash == query->content_hash && between < window && between > -window)
            return q;
    }
    return NULL;
}

static void set_key(dns_query *query, const query_key *key)
{
    query->client = *key->client;
    query->server = *key->server;
    query->connection = key->connection;
    query->id = key->id;
    query->hash = key->hash;
}

static void note_early(dns_transactions *t, const query_key *key, const dns_packet *p, const dns_message *m,
                       dns_finding *finding)
{
    dns_query *early = &t->early[t->early_count++ % EARLY_MAX];
    set_key(early, key);
    early->time = p->time;
    early->question_hash = m->question_hash;
    early->finding = finding;
}

/* The response that came before this query, if there is one. */
static void take_early(dns_transactions *t, dns_query *query, const query_key *key)
{
    for (unsigned i = 0; i < EARLY_MAX && i < t->early_count; i++) {
        dns_query *early = &t->early[i];
        int64_t between = query->time - early->time;
        if (!early->finding || early->question_hash != query->question_hash || !has_key(early, key) ||
            between > early_window || between < -early_window)
            continue;
        query->answered = true;
        early->finding->transaction = query->finding->transaction;
        early->finding->transaction->response_frame = early->finding->frame;
        early->finding = NULL;
        return;
    }
}

/* The very same bytes (a client cookie among them, which no two clients share) from another address a moment ago: one
 * query, seen before and behind an address translation or a relay. The first one seen is on the client's side.
 * From the same address to another server: perhaps one query before and behind a translation of the server's address,
 * perhaps a client that asks several servers at a time. The responses tell. */
static void find_twin(dns_transactions *t, dns_query *query, const dns_message *m)
{
    if (!m->cookie.count || query->connection)
        return;
    dns_query **place = &t->recent[query->content_hash % RECENT_MAX], *other = *place;
    *place = query;
    bool same = other && other->content_hash == query->content_hash && other->id == query->id &&
                query->time - other->time <= DNS_BOTH_SIDES_MAX && other->time - query->time <= DNS_BOTH_SIDES_MAX &&
                !other->outer;
    bool same_client = same && dns_address_equal(&other->client.address, &query->client.address);
    bool same_server = same && dns_endpoint_equal(&other->server, &query->server);
    if (same_server && !same_client) {
        query->inner = other;
        other->outer = query;
    } else if (same_client && !same_server && !other->beside) {
        query->beside = other;
        other->beside = query;
    }
}

dns_query *dns_transactions_query(dns_transactions *t, const dns_packet *p, const dns_message *m, dns_finding *finding,
                                  dns_query **original)
{
    forget_old(t, p->time);
    query_key key = key_of(p, m->id, false);
    dns_query *query = (dns_query *)dns_pool_alloc0(&t->pool, sizeof(dns_query));
    set_key(query, &key);
    query->transport = (uint8_t)p->transport;
    query->unreadable = m->problems != 0;
    query->udp_size = m->udp_size;
    query->question_hash = m->question_hash;
    query->content_hash = content_hash(m);
    query->time = p->time;
    query->finding = finding;

    dns_query *newest = find_newest(t, &key);
    *original = find_copied(newest, query);
    if (*original) {
        finding->transaction = (*original)->finding->transaction;
        dns_pool_free(&t->pool, query);
        return NULL;
    }
    if (newest && shorten_chain(t, newest))
        newest = find_newest(t, &key); /* the chain may be gone */
    *original = find_retransmitted(newest, query);
    query->seen_before = answered_before(newest, query);
    if (*original) {
        finding->transaction = (*original)->finding->transaction;
    } else {
        finding->transaction = (dns_transaction *)dns_arena_alloc0(&t->transactions, sizeof(dns_transaction));
        finding->transaction->request_frame = p->frame;
        finding->transaction->request_time = p->time;
    }
    query->older = newest;
    if (newest)
        dns_table_replace(&t->queries, key.hash, newest, query);
    else
        dns_table_add(&t->queries, key.hash, query);
    dns_list_append(&t->by_age, &query->by_age);
    take_early(t, query, &key);
    find_twin(t, query, m);
    return query;
}

/* How well a response fits a query of its addresses, ports and ID: by its client cookie above all, which a client that asks
 * again without EDNS, or with another cookie, under the same ID leaves as the only mark. */
static int fit(const dns_query *q, const dns_message *m)
{
    enum { NOT_AT_ALL = -1, UNANSWERED = 1, SAME_SORT = 2, SAME_COOKIE = 4 };
    if (m->question_hash && q->question_hash && q->question_hash != m->question_hash)
        return NOT_AT_ALL;
    const dns_cookie *asked = dns_finding_cookie(q->finding);
    bool answers = m->cookie.count && m->cookie.length >= COOKIE_CLIENT_LENGTH;
    bool same = answers && asked && asked->length >= COOKIE_CLIENT_LENGTH &&
                memcmp(asked->bytes, m->cookie.data, COOKIE_CLIENT_LENGTH) == 0;
    bool sort = answers == (asked != NULL);
    return (q->answered ? 0 : UNANSWERED) + (sort ? SAME_SORT : 0) + (same ? SAME_COOKIE : 0);
}

/* The best one, the newest of equals. */
static dns_query *choose(dns_query *newest, const dns_message *m)
{
    dns_query *best = NULL;
    int best_fit = -1;
    for (dns_query *q = newest; q; q = q->older) {
        int f = fit(q, m);
        if (f > best_fit) {
            best = q;
            best_fit = f;
        }
    }
    return best;
}

/* The `i`th place for a response. More than one is rare. */
static dns_heard *heard_at(dns_transactions *t, dns_query *query, unsigned i)
{
    if (i == 0)
        return &query->heard;
    if (!query->further)
        query->further = wmem_alloc0_array(t->scope, dns_heard, RESPONSES_MAX - 1);
    return &query->further[i - 1];
}

/* Notes a response by its bytes; the finding of the same one that came before, or NULL. */
static dns_finding *note_response(dns_transactions *t, dns_query *query, uint32_t hash, dns_finding *finding)
{
    for (unsigned i = 0; i < RESPONSES_MAX; i++) {
        dns_heard *heard = heard_at(t, query, i);
        if (!heard->finding) {
            *heard = (dns_heard){hash, finding};
            return NULL;
        }
        if (heard->hash == hash)
            return heard->finding;
    }
    return NULL;
}

dns_finding *dns_transactions_copied(const dns_query *query)
{
    return query->copied;
}

dns_query *dns_transactions_response(dns_transactions *t, const dns_packet *p, const dns_message *m,
                                     dns_finding *finding, dns_response_kind *kind)
{
    query_key key = key_of(p, m->id, true);
    dns_query *query = choose(find_newest(t, &key), m);
    *kind = RESPONSE_FURTHER;
    if (!query) {
        note_early(t, &key, p, m, finding);
        return NULL;
    }
    dns_transaction *transaction = query->finding->transaction;
    uint32_t hash = content_hash(m);
    finding->transaction = transaction;
    if (!transaction->response_frame) {
        transaction->response_frame = p->frame;
        query->answer = finding;
        *kind = RESPONSE_FIRST;
    }
    query->copied = note_response(t, query, hash, finding);
    if (query->copied)
        *kind = RESPONSE_COPY;
    /* All sendings of one query are answered by its response. */
    for (dns_query *q = query; q; q = q->older)
        if (q->finding->transaction == transaction) {
            q->answered = true;
            q->response_hash = *kind == RESPONSE_FIRST ? hash : q->response_hash;
        }
    return query;
}

bool dns_transactions_awaits(const dns_transactions *t, const dns_packet *p, uint16_t id)
{
    query_key key = key_of(p, id, true);
    return find_newest(t, &key) != NULL;
}
