/* test_visit.c
 * A client that came once, in little room: nothing of it is lost, whoever asks for it, and whatever else is known of it keeps
 * it whole.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/cookies/visit.h"

#include <string.h>

#include "check.h"

static wmem_allocator_t *scope;
static cookie_store *store;
static dns_server_record *server;

static const dns_endpoint server_at = {{4, {192, 0, 2, 53}}, 53};
static const dns_address client = {4, {192, 0, 2, 1}}, other_client = {4, {192, 0, 2, 2}};
static const uint8_t client_cookie[COOKIE_CLIENT_LENGTH] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t other_cookie[COOKIE_CLIENT_LENGTH] = {8, 7, 6, 5, 4, 3, 2, 1};
static const uint8_t issued[COOKIE_USUAL_LENGTH] = {1, 0, 0, 0, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8};
enum { ASKED = 7, ANSWERED = 9 };
static const int64_t asked_at = INT64_C(1800000000123456789), answered_at = INT64_C(1800000000323456789);

static void begin(void)
{
    store = cookie_store_new(scope);
    server = dns_records_server(dns_records_new(scope), &server_at);
}

/* As the engine leaves it behind one query and its answer. */
static cookie_exchange *come(const dns_address *who, const uint8_t *cookie, const uint8_t *given, bool with, bool plain)
{
    cookie_exchange *e = cookie_store_exchange(store, server, who, cookie);
    e->first_frame = ASKED;
    e->first_message = 0x11111111;
    e->last_question = e->pair->last_question = 0x22222222;
    e->last_cookie = 0x33333333;
    e->last_time = e->pair->last_query = asked_at;
    e->presented_frame = with ? ASKED : 0;
    e->pair->used = with;
    e->pair->answered = true;
    e->pair->heard[with] = e->pair->cookie_frame = ANSWERED;
    if (!with) {
        cookie_unlearned *u = cookie_store_unlearned(store, e->pair);
        u->query_times[u->query_count++] = asked_at;
        u->plain_answer_frame = plain ? ANSWERED : 0;
        u->plain_answer_time = plain ? answered_at : 0;
    }
    cookie_store_issue(store, e, given, COOKIE_USUAL_LENGTH, ANSWERED, answered_at);
    return e;
}

/* All that is known, without the addresses of its parts. */
typedef struct {
    cookie_pair pair;
    cookie_exchange exchange;
    uint8_t issued[sizeof(cookie_issued) + COOKIE_USUAL_LENGTH];
    cookie_unlearned unlearned;
} known;

static known copy_of(const cookie_exchange *e)
{
    known k;
    memset(&k, 0, sizeof k);
    memcpy(&k.pair, e->pair, sizeof k.pair);
    memcpy(&k.exchange, e, sizeof k.exchange);
    memcpy(k.issued, e->last_issued, sizeof k.issued);
    if (e->pair->unlearned)
        k.unlearned = *e->pair->unlearned;
    CHECK(e->last_issued->exchange == e && !e->last_issued->older && !e->last_issued->same, "its cookie is its own");
    CHECK(DNS_LIST_ITEM(e->pair->exchanges.first, cookie_exchange, in_pair) == e, "its pair knows it");
    memset(&k.pair.caller.link, 0, sizeof k.pair.caller.link);
    memset(&k.pair.exchanges, 0, sizeof k.pair.exchanges);
    memset(&k.exchange.in_pair, 0, sizeof k.exchange.in_pair);
    memset(&k.exchange.in_store, 0, sizeof k.exchange.in_store);
    k.pair.unlearned = k.pair.unlearned ? &k.unlearned : NULL;
    k.exchange.pair = NULL;
    k.exchange.last_issued = NULL;
    memset(k.issued + offsetof(cookie_issued, exchange), 0, sizeof(cookie_exchange *));
    return k;
}

static void check_same(known before, const cookie_exchange *e, const char *by)
{
    if (!CHECK(e, "nothing is found by %s", by))
        return;
    known after = copy_of(e);
    CHECK(!before.pair.unlearned == !after.pair.unlearned, "queries without a server cookie, by %s", by);
    before.pair.unlearned = after.pair.unlearned = NULL;
    CHECK(memcmp(&before.pair, &after.pair, sizeof after.pair) == 0, "the pair is another one, found by %s", by);
    CHECK(memcmp(&before.exchange, &after.exchange, sizeof after.exchange) == 0,
          "the exchange is another one, found by %s", by);
    CHECK(memcmp(before.issued, after.issued, sizeof after.issued) == 0, "the cookie is another one, found by %s", by);
    CHECK(memcmp(&before.unlearned, &after.unlearned, sizeof after.unlearned) == 0,
          "what it asked without a server cookie is another one, found by %s", by);
}

static void check_listed(known before)
{
    const dns_link *at = server->cookies->clients.last;
    cookie_client c;
    CHECK(cookie_store_client(&at, &c) && !c.pair, "it is no visit");
    CHECK(dns_address_equal(c.address, &client), "another client came");
    CHECK(memcmp(&before.unlearned, &c.unlearned, sizeof c.unlearned) == 0, "what it asked, as its server knows it");
    CHECK(!cookie_store_client(&at, &c), "somebody else came");
}

/* There and back, once for each way that leads to it. */
static void test_there_and_back(bool with, bool plain)
{
    begin();
    cookie_exchange *e = come(&client, client_cookie, issued, with, plain);
    known before = copy_of(e);
    CHECK(cookie_store_fold(store, e), "it fits");
    check_listed(before);
    const cookie_pair *pair = cookie_store_pair(store, server, &client);
    e = pair ? DNS_LIST_ITEM(pair->exchanges.first, cookie_exchange, in_pair) : NULL;
    check_same(before, e, "its address");

    CHECK(cookie_store_fold(store, e), "it fits again");
    cookie_origin origin;
    CHECK(cookie_store_origin(store, client_cookie, &origin) && origin.frame == ASKED &&
              dns_address_equal(&origin.client, &client),
          "its client cookie comes from it");
    e = cookie_store_exchange(store, server, &client, client_cookie);
    check_same(before, e, "its client cookie");

    CHECK(cookie_store_fold(store, e), "it fits once more");
    cookie_issued *i = cookie_store_issued(store, issued, sizeof issued);
    check_same(before, i ? i->exchange : NULL, "its server cookie");
}

/* What the engine could know besides. */
static void forgot(cookie_exchange *e)
{
    e->pair->forgot = true;
}
static void unanswered(cookie_exchange *e)
{
    e->pair->answered = false;
}
static void in_lock_step(cookie_exchange *e)
{
    e->pair->lock_step = 1;
}
static void waits(cookie_exchange *e)
{
    e->pair->waiting = 1;
}
static void asked_elsewhere(cookie_exchange *e)
{
    e->pair->last_question++;
}
static void asked_later(cookie_exchange *e)
{
    e->pair->last_query++;
}
static void another_cookie(cookie_exchange *e)
{
    e->pair->cookie_frame++;
}
static void heard_later(cookie_exchange *e)
{
    e->pair->heard[0]++;
}
static void heard_both(cookie_exchange *e)
{
    e->pair->heard[1]++;
}
static void truncated(cookie_exchange *e)
{
    static dns_finding finding;
    e->pair->truncated = &finding;
}
static void claimed(cookie_exchange *e)
{
    e->pair->contacts = wmem_new(scope, dns_claim);
    dns_claim_init(e->pair->contacts, scope);
}
static void asked_more(cookie_exchange *e)
{
    e->pair->unlearned->query_count++;
}
static void answered_before(cookie_exchange *e)
{
    e->pair->unlearned->plain_answer_frame--;
}
static void used_again(cookie_exchange *e)
{
    cookie_store_use(store, e);
}
static void sent_again(cookie_exchange *e)
{
    e->resent = 1;
}
static void never_learns(cookie_exchange *e)
{
    e->never_learns = true;
}
static void unasked(cookie_exchange *e)
{
    e->first_frame = 0;
}
static void presented_later(cookie_exchange *e)
{
    e->presented_frame = ANSWERED;
}
static void presented(cookie_exchange *e)
{
    e->presented_last = e->last_issued;
}
static void issued_again(cookie_exchange *e)
{
    cookie_store_issue(store, e, issued, sizeof issued, ANSWERED + 1, answered_at);
}
static void issued_another(cookie_exchange *e)
{
    uint8_t another[sizeof issued] = {2};
    cookie_store_issue(store, e, another, sizeof another, ANSWERED + 1, answered_at);
}
static void came_twice(cookie_exchange *e)
{
    cookie_store_exchange(store, server, &e->pair->client, other_cookie);
}
static void shared(cookie_exchange *e)
{
    cookie_store_exchange(store, server, &other_client, e->client_cookie);
}
static void same_for_all(cookie_exchange *e)
{
    come(&other_client, other_cookie, e->last_issued->bytes, false, true);
    cookie_exchange *other = cookie_store_exchange(store, server, &other_client, other_cookie);
    CHECK(!cookie_store_fold(store, other), "two have the same cookie, and the later one is no visit");
}
static void waited_long(cookie_exchange *e)
{
    e->last_issued->time = asked_at + INT64_C(4294967296);
}
static void answered_early(cookie_exchange *e)
{
    e->last_issued->time = asked_at - 1;
}

static const struct {
    const char *what;
    void (*happens)(cookie_exchange *);
} more[] = {
    {"an exchange was forgotten", forgot},
    {"no answer but BADCOOKIE", unanswered},
    {"in lock-step", in_lock_step},
    {"a query waits", waits},
    {"another question was asked", asked_elsewhere},
    {"it asked later", asked_later},
    {"another cookie came", another_cookie},
    {"it was answered later", heard_later},
    {"it was answered with a server cookie", heard_both},
    {"a truncated answer", truncated},
    {"refused contacts", claimed},
    {"two queries without a server cookie", asked_more},
    {"an answer before", answered_before},
    {"two uses of the client cookie", used_again},
    {"sent again", sent_again},
    {"never learns", never_learns},
    {"no query", unasked},
    {"presented later", presented_later},
    {"presented what was issued", presented},
    {"issued again", issued_again},
    {"issued another", issued_another},
    {"two client cookies", came_twice},
    {"a client cookie of two clients", shared},
    {"one server cookie for two clients", same_for_all},
    {"waited too long", waited_long},
    {"answered before it asked", answered_early},
};

static void test_more_is_known(void)
{
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        begin();
        cookie_exchange *e = come(&client, client_cookie, issued, false, true);
        more[i].happens(e);
        CHECK(!cookie_store_fold(store, e), "%s, and it became a visit", more[i].what);
    }
}

/* Who came first is forgotten first, a visit or not. */
static void test_forgotten(void)
{
    begin();
    cookie_exchange *first = come(&client, client_cookie, issued, true, false);
    CHECK(cookie_store_fold(store, first), "it fits");
    for (unsigned i = 0; i < EXCHANGES_MAX; i++) {
        dns_address who = {4, {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}};
        uint8_t cookie[COOKIE_CLIENT_LENGTH] = {9}, given[COOKIE_USUAL_LENGTH] = {9};
        memcpy(cookie + 1, &i, sizeof i);
        memcpy(given + 1, &i, sizeof i);
        cookie_exchange *e = come(&who, cookie, given, true, false);
        e->last_time = e->pair->last_query = asked_at + 1 + i;
        e->last_issued->time = answered_at + 1 + i;
        if (i % 2)
            CHECK(cookie_store_fold(store, e), "number %u fits", i);
    }
    CHECK(!cookie_store_pair(store, server, &client), "the first one is still known");
    CHECK(server->cookies->clients.count == EXCHANGES_MAX, "%u clients are known", server->cookies->clients.count);
    CHECK(!cookie_store_issued(store, issued, sizeof issued), "its server cookie is still known");
}

int main(void)
{
    wmem_init();
    scope = wmem_allocator_new(
        WMEM_ALLOCATOR_BLOCK); /* strict ones look through all they have, for each of 65,536 clients */
    test_there_and_back(true, false);
    test_there_and_back(false, true);
    test_there_and_back(false, false);
    test_more_is_known();
    test_forgotten();
    wmem_destroy_allocator(scope);
    wmem_cleanup();
    return check_result("visit");
}
