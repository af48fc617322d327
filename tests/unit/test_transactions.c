/* test_transactions.c
 * Queries and responses matched by addresses, ports, ID and direction.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/transactions.h"

#include <string.h>

#include "check.h"

#define MILLISECONDS INT64_C(1000000)

/* One capture: frames are numbered as they come. */
static wmem_allocator_t *scope;
static dns_transactions *transactions;
static uint32_t frame;

static const dns_endpoint client = {{4, {192, 0, 2, 1}}, 40000}, other_port = {{4, {192, 0, 2, 1}}, 40001},
                          server = {{4, {192, 0, 2, 53}}, 53}, other_server = {{4, {192, 0, 2, 54}}, 53},
                          client_v6 = {{16, {0x20, 1, 0xd, 0xb8, [15] = 1}}, 40000},
                          server_v6 = {{16, {0x20, 1, 0xd, 0xb8, [15] = 0x53}}, 53};

static const char ask_a[] = " 0100 0001 0000 0000 0000 01'a'04'test'00 0001 0001",
                  ask_b[] = " 0100 0001 0000 0000 0000 01'b'04'test'00 0001 0001",
                  reply_a[] = " 8180 0001 0000 0000 0000 01'A'04'test'00 0001 0001", /* servers may change the case */
                  reply_b[] = " 8180 0001 0000 0000 0000 01'b'04'test'00 0001 0001", reply_bare[] = " 8185 0000 0000 0000 0000";

static void begin(void)
{
    transactions = dns_transactions_new(scope);
    frame = 0;
}

/* What came of a message. */
typedef struct {
    dns_finding *finding;
    dns_query *query, *original;
    dns_response_kind kind;
} outcome;

static outcome send(int64_t ms, const dns_endpoint *from, const dns_endpoint *to, const char *id, const char *hex,
                    uint32_t connection)
{
    char whole[200];
    snprintf(whole, sizeof whole, "%s%s", id, hex);
    uint8_t bytes[200] = {0};
    uint32_t length = from_hex(bytes, whole);
    dns_message m;
    dns_message_read(&m, bytes, length, length);
    dns_packet p = {.frame = ++frame, .time = ms * MILLISECONDS, .source = *from, .destination = *to,
                    .transport = connection ? TRANSPORT_TCP : TRANSPORT_UDP, .connection = connection};
    outcome o = {.finding = wmem_new0(scope, dns_finding)};
    o.finding->frame = p.frame;
    if (dns_message_is_response(&m))
        o.query = dns_transactions_response(transactions, &p, &m, o.finding, &o.kind);
    else
        o.query = dns_transactions_query(transactions, &p, &m, o.finding, &o.original);
    return o;
}

static outcome query(int64_t ms, const char *id, const char *hex)
{
    return send(ms, &client, &server, id, hex, 0);
}

static outcome response(int64_t ms, const char *id, const char *hex)
{
    return send(ms, &server, &client, id, hex, 0);
}

static void check_pair(const outcome *q, const outcome *r, const char *what)
{
    if (!CHECK(r->query, "%s: no query found", what))
        return;
    const dns_transaction *t = r->finding->transaction;
    CHECK(t && t == q->finding->transaction, "%s: another transaction", what);
    CHECK(t && t->request_frame == q->finding->frame, "%s: request in %u, not %u", what, t ? t->request_frame : 0, q->finding->frame);
}

/* ---- the ordinary ---- */

static void test_pair(void)
{
    begin();
    outcome q = query(0, "0001", ask_a), r = response(30, "0001", reply_a);
    check_pair(&q, &r, "a pair");
    CHECK(r.kind == RESPONSE_FIRST && r.finding->transaction->response_frame == 2, "the first response completes it");
}

static void test_crossing(void)
{
    begin();
    outcome a = query(0, "0001", ask_a), b = query(1, "0002", ask_b);
    outcome rb = response(2, "0002", reply_b), ra = response(3, "0001", reply_a);
    check_pair(&a, &ra, "answers in another order");
    check_pair(&b, &rb, "answers in another order");
}

/* ---- what is no answer ---- */

static void test_strangers(void)
{
    begin();
    query(0, "0001", ask_a);
    CHECK(!response(1, "0002", reply_a).query, "another ID");
    CHECK(!send(1, &other_server, &client, "0001", reply_a, 0).query, "another server");
    CHECK(!send(1, &server, &other_port, "0001", reply_a, 0).query, "another port");
    CHECK(!send(1, &client, &server, "0001", reply_a, 0).query, "the wrong direction");
    CHECK(!response(1, "0001", reply_b).query, "another question");
    CHECK(!send(1, &server_v6, &client_v6, "0001", reply_a, 0).query, "another family");
    CHECK(!send(1, &server, &client, "0001", reply_a, 7).query, "another transport");
    CHECK(response(2, "0001", reply_bare).query, "a response without a question fits");
}

/* Without its query nothing is found. */
static void test_unasked(void)
{
    begin();
    outcome r = response(0, "0001", reply_a);
    CHECK(!r.query && !r.finding->transaction && r.kind != RESPONSE_FIRST, "nobody asked");
}

/* Both ends may ask: the same ID in both directions is two transactions. */
static void test_both_ask(void)
{
    begin();
    outcome there = query(0, "0001", ask_a), back = send(1, &server, &client, "0001", ask_a, 0);
    outcome to_client = response(2, "0001", reply_a), to_server = send(3, &client, &server, "0001", reply_a, 0);
    check_pair(&there, &to_client, "asked by the client");
    check_pair(&back, &to_server, "asked by the server");
}

static void test_ipv6(void)
{
    begin();
    outcome q = send(0, &client_v6, &server_v6, "0001", ask_a, 0), r = send(1, &server_v6, &client_v6, "0001", reply_a, 0);
    check_pair(&q, &r, "IPv6");
}

/* ---- once more ---- */

static void test_retransmission(void)
{
    begin();
    outcome q = query(0, "0001", ask_a), again = query(1000, "0001", ask_a);
    CHECK(again.original == q.query && again.finding->transaction == q.finding->transaction, "sent again: the same transaction");
    CHECK(q.finding->transaction->request_frame == 1, "it began with the first");
    outcome r = response(1001, "0001", reply_a);
    check_pair(&q, &r, "retransmission");
    outcome second = response(1002, "0001", reply_a);
    CHECK(second.query && second.kind == RESPONSE_COPY && second.finding->transaction == q.finding->transaction,
          "the response to the other sending is a copy");
    CHECK(q.finding->transaction->response_frame == 3, "the first response stays the response");
}

/* The same bytes, but the first were answered, or long ago: a new question. */
static void test_not_retransmitted(void)
{
    begin();
    query(0, "0001", ask_a);
    response(1, "0001", reply_a);
    CHECK(!query(100, "0001", ask_a).original, "asked again after the answer");
    begin();
    query(0, "0001", ask_a);
    CHECK(!query(5000, "0001", ask_a).original, "asked again after 5 s");
}

/* An ID comes again for another question before the first is answered. */
static void test_reused_id(void)
{
    begin();
    outcome a = query(0, "0001", ask_a), b = query(10, "0001", ask_b);
    CHECK(!b.original && a.finding->transaction != b.finding->transaction, "two transactions");
    outcome rb = response(20, "0001", reply_b), ra = response(30, "0001", reply_a);
    check_pair(&b, &rb, "a reused ID, the second question");
    check_pair(&a, &ra, "a reused ID, the first question");
}

/* The same question with the same ID, answered each time. */
static void test_reused_in_turn(void)
{
    begin();
    for (int i = 0; i < 20; i++) {
        outcome q = query(i * 100, "0001", ask_a), r = response(i * 100 + 1, "0001", reply_a);
        check_pair(&q, &r, "asked in turn");
        CHECK(r.kind == RESPONSE_FIRST, "round %d: a first response", i);
    }
}

static void test_second_response(void)
{
    begin();
    outcome q = query(0, "0001", ask_a), forged = response(1, "0001", reply_a), real = response(2, "0001", reply_bare);
    check_pair(&q, &forged, "first response");
    check_pair(&q, &real, "second response");
    CHECK(forged.kind == RESPONSE_FIRST && real.kind == RESPONSE_FURTHER, "the second is told apart");
}

/* ---- streams, and the end of patience ---- */

static void test_connections(void)
{
    begin();
    outcome q = send(0, &client, &server, "0001", ask_a, 3), r = send(1, &server, &client, "0001", reply_a, 3);
    check_pair(&q, &r, "TCP");
    outcome q2 = send(2, &client, &server, "0001", ask_a, 4);
    CHECK(!send(3, &server, &client, "0001", reply_b, 5).query, "another connection of the same ports");
    outcome r2 = send(4, &server, &client, "0001", reply_a, 4);
    check_pair(&q2, &r2, "TCP, the next connection");
}

/* Forgotten after two minutes; the transaction that findings point to stays. */
static void test_forgotten(void)
{
    begin();
    outcome q = query(0, "0001", ask_a);
    query(121000, "0002", ask_b);
    CHECK(!response(121001, "0001", reply_a).query, "an answer after two minutes finds nothing");
    CHECK(q.finding->transaction->request_frame == 1, "the transaction stays");
}

/* One port and one ID for everything: the newest are kept, and time does not grow. */
static void test_long_chain(void)
{
    begin();
    outcome q = {0};
    for (int i = 0; i < 20000; i++) {
        char name[80];
        snprintf(name, sizeof name, " 0100 0001 0000 0000 0000 08%08x%08x04'test'00 0001 0001", i, ~i);
        q = query(i / 100, "0001", name);
    }
    outcome r = response(300, "0001", reply_bare);
    check_pair(&q, &r, "the newest of many");
}

int main(void)
{
    wmem_init();
    scope = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    test_pair();
    test_crossing();
    test_strangers();
    test_unasked();
    test_both_ask();
    test_ipv6();
    test_retransmission();
    test_not_retransmitted();
    test_reused_id();
    test_reused_in_turn();
    test_second_response();
    test_connections();
    test_forgotten();
    test_long_chain();
    wmem_destroy_allocator(scope);
    wmem_cleanup();
    return check_result("transactions");
}
