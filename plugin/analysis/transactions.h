/* transactions.h
 * Queries that wait for a response, matched by addresses, ports, ID and direction.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's own matching cannot be used: its DNS dissector skips it for messages that it
 * calls malformed. Memory: a query is forgotten five seconds (unanswered: two minutes) after it was sent, or when
 * 200,000 newer ones are known (about 250 bytes each); the dns_transaction stays, since findings point to it.
 */
#ifndef DNSRCODE_TRANSACTIONS_H
#define DNSRCODE_TRANSACTIONS_H

#include "analysis.h"
#include "list.h"

/* A response, by its bytes. */
typedef struct {
    uint32_t hash;
    dns_finding *finding; /* NULL: a free place */
} dns_heard;

typedef struct dns_query {
    struct dns_query *older; /* with the same ends and ID */
    dns_link by_age;
    dns_endpoint client, server;
    uint32_t connection; /* 0 for datagrams */
    uint32_t hash;       /* of all these and the ID */
    uint16_t id;
    uint8_t transport;
    bool seen_before, answered;
    bool unreadable;   /* cut by the capture, or broken: what it lacks proves nothing */
    uint8_t kind;      /* dns_query_kind: what it asks of EDNS */
    bool options;      /* it has options beside COOKIE */
    uint16_t udp_size; /* of its OPT record; 0 without one */
    uint32_t question_hash;
    uint32_t content_hash;  /* of all its bytes: tells a retransmission */
    uint32_t response_hash; /* likewise, of the first response */
    dns_heard heard;        /* its first response */
    dns_heard *further;     /* different ones, RESPONSES_MAX - 1 places; NULL: none */
    int64_t time;
    dns_finding *finding;
    struct dns_query *inner, *outer; /* the same query on the other side of an address translation: see find_twin() */
    struct dns_query *beside;        /* the same query from the same client to another server, likewise */
    dns_finding *copied;             /* see dns_transactions_copied() */
    dns_finding *answer;             /* its first response, the genuine one where some are forged */
    dns_episode *ended;              /* the story that it ended */
    struct dns_doubtful *doubtful;   /* of the cookie engine: responses without the query's client cookie */
    uint8_t last_client_cookie[8];   /* of the last COOKIE option, where there are several */
    void *exchange;                  /* of the cookie engine, with the generation that it belongs to */
    unsigned generation;
    struct dns_server_record *record; /* of its server, likewise */
    unsigned record_generation;
} dns_query;

typedef struct dns_transactions dns_transactions;

dns_transactions *dns_transactions_new(wmem_allocator_t *scope);

/* A query: a new transaction, or the retransmission of one that waits (then its transaction is
 * shared and the older query returned as `*original`, good until the next query). Sets finding->transaction. Returns NULL
 * for a copy of the packet of `*original`, sooner than any client sends again: seen at two points, say. */
dns_query *dns_transactions_query(dns_transactions *transactions, const dns_packet *packet, const dns_message *message,
                                  dns_finding *finding, dns_query **original);

typedef enum {
    RESPONSE_FIRST,
    RESPONSE_COPY,   /* the very bytes of the first one again */
    RESPONSE_FURTHER /* another one */
} dns_response_kind;

/* The query that this response answers, or NULL. A second response finds it again. Sets
 * finding->transaction and, for the first response, completes it. */
dns_query *dns_transactions_response(dns_transactions *transactions, const dns_packet *packet,
                                     const dns_message *message, dns_finding *finding, dns_response_kind *kind);

/* A query is known that this packet, with this ID, may answer. */
bool dns_transactions_awaits(const dns_transactions *transactions, const dns_packet *packet, uint16_t id);

/* The response of which the last one, a RESPONSE_COPY to this query, is a copy. */
dns_finding *dns_transactions_copied(const dns_query *query);

#endif
