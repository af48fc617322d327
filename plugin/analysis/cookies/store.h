/* store.h
 * What servers issued to clients, and what clients presented: the memory of the cookie engine.
 *
 *   server    (its record)             formats, clock, rejections of its own cookies
 *   pair      (client address, server) rate-limit evidence, whether cookies work at all
 *   exchange  (pair, client cookie)    the last cookies issued and rejected
 *   use       (client cookie)          where it came from, and the last queries with it
 *   visit     (client address, server) all of these, of a client that came once: see visit.h
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * State is per client and server, never per name. DNS ports of one address (53, 443, 853) are one
 * server. One look-up, of the pair, finds what nearly every message concerns: the pair's last exchange.
 * Memory: at most EXCHANGES_MAX exchanges (some 400 bytes each with what hangs on them) and visits (128), PAIR_EXCHANGES_MAX
 * of one pair; the least recently used goes first, its pair and server with the last of their exchanges. A pair remembers that
 * one of its exchanges was forgotten. */
#ifndef DNSRCODE_COOKIE_STORE_H
#define DNSRCODE_COOKIE_STORE_H

#include "../analysis.h"
#include "../limits.h"
#include "../list.h"
#include "../records/claim.h"
#include "../records/record.h"
#include "option.h"

enum {
    EXCHANGES_MAX = DNS_LIMIT(65536, 6),
    PAIR_EXCHANGES_MAX = DNS_LIMIT(1024, 3),
    ISSUED_MAX = DNS_LIMIT(6, 2),          /* cookies remembered per exchange */
    REJECTED_MAX = 2,                      /* rejected cookies remembered per exchange */
    QUERY_TIMES_MAX = 4,                   /* last client-only queries of a pair */
    MAKES_MAX = 4,                         /* ways of making cookies remembered per server */
    SAME_COOKIE_MAX = DNS_LIMIT(16, 3),    /* holders of one and the same server cookie that can be found */
    CLIENTS_TRIED_MAX = DNS_LIMIT(256, 3), /* client addresses tried with a secret, latest first */
    USE_QUERIES_MAX = DNS_LIMIT(8, 3),     /* last queries remembered per client cookie */
};

struct cookie_exchange;
struct cookie_pair;

/* A server cookie seen in a response. */
typedef struct cookie_issued {
    struct cookie_issued *older; /* of the same exchange */
    struct cookie_issued *same;  /* another one with the same bytes */
    struct cookie_exchange *exchange;
    int64_t time;
    uint32_t hash; /* of the bytes */
    uint32_t frame;
    uint32_t last_frame; /* where it was issued again, unchanged: cookies made in one second are equal */
    uint8_t depth;       /* how many follow by `same` */
    bool indexed : 1;    /* can be found by its bytes */
    bool followed : 1;   /* another one with the same bytes came later */
    bool presented : 1;  /* by the client that it was issued to */
    uint8_t length;
    uint8_t bytes[];
} cookie_issued;

/* A server cookie that was answered with BADCOOKIE and a fresh cookie. */
typedef struct {
    uint32_t frame; /* 0: none */
    int64_t time;
    unsigned times;
    uint8_t length;
    uint8_t bytes[COOKIE_SERVER_MAX];
} cookie_rejected;

/* How cookies are made, as far as their bytes tell, and where one was issued. */
typedef struct {
    bool rfc9018;
    uint8_t length;
    uint32_t last_frame;
} cookie_make;

typedef struct cookie_server {
    dns_server_record *record;
    dns_endpoint endpoint; /* of the record */
    dns_list clients;      /* pairs and visits by their `caller`, the latest last */

    /* the makes of the cookies it issued, in the order of their first appearance, and the present one */
    cookie_make makes[MAKES_MAX];
    unsigned make_count, make_now;
    bool mixed_reported;

    /* clock: the last fresh stamps within the limits of the capture's clock, and outside */
    uint32_t clock_right_frame;
    bool skew_ahead_reported, skew_behind_reported;

    /* cookies made for one client cookie in the same second: another hash, and one that was there before */
    unsigned voices_other, voices_back;
    uint32_t voices_frame, voices_other_frame; /* the last pair that differs */

    /* own cookies rejected: one moment of change in (moment_low, moment_high] explains them all, unless `again` */
    dns_claim *own;   /* NULL before the first */
    dns_claim *mixed; /* those that were answered with a cookie of another make */
    unsigned rejection_count, accepted_count;
    int64_t moment_low, moment_high;
    unsigned held; /* cookies issued after the moment and accepted */
    bool again;
    bool side_by_side;        /* several secrets at a time: no restart comes so soon, or an older cookie holds again */
    unsigned accepted_before; /* the last refusal ... */
    int64_t refused_last;     /* ... and its time */
    unsigned returns;         /* how often an older cookie held after a refusal, and whether after the last one */
    bool returned;
    unsigned epochs; /* further moments of change, each well apart */
    dns_address first_client;
    bool several_clients, refused_other_make;
    bool refused_what_it_makes;           /* a refusal brought the very cookie that it refuses */
    uint32_t accepted_other_client_frame; /* the last of those counted below, ... */
    uint32_t accepted_other_meanwhile;    /* ... and the last one between two refusals */
    unsigned accepted_others;             /* cookies of other clients from before a refusal, after it */
    uint32_t accepted_over_stream;        /* a TCP query with an own cookie that was answered */

    /* BADCOOKIEs that look like rate limiting, and what speaks against it: client-only queries refused outside of a burst since
     * the last one that was answered normally */
    dns_claim *slips; /* NULL before the first */
    int64_t slip_time;
    unsigned calm_refusals;
    uint32_t calm_refusal_frame;

    uint32_t cookie_frame; /* last response with a COOKIE, to any client */
} cookie_server;

/* What a client asked without a server cookie, over UDP. */
typedef struct {
    int64_t query_times[QUERY_TIMES_MAX]; /* a ring */
    unsigned query_count;
    uint32_t plain_answer_frame; /* the last ordinary answer to such a query */
    int64_t plain_answer_time;
} cookie_unlearned;

/* What pairs and visits have in common. */
typedef struct {
    dns_link link; /* in the server's clients */
    uint32_t hash; /* of client and server */
    bool visit;    /* a cookie_visit, else a cookie_pair */
} cookie_caller;

typedef struct cookie_visit cookie_visit;

typedef struct cookie_pair {
    cookie_caller caller;
    dns_address client;
    bool forgot; /* an exchange of it was dropped */

    /* does this client use the cookies that it gets? */
    bool used;         /* it presented one */
    bool answered;     /* a query with COOKIE over UDP got more than BADCOOKIE */
    uint8_t lock_step; /* queries in a row that were sent when all before were answered */
    uint8_t waiting;   /* queries without answer now */
    uint32_t last_question;
    int64_t last_query;  /* time */
    dns_claim *contacts; /* BADCOOKIEs to client-only queries while neither was seen; NULL: none; see contacts.c */

    cookie_server *server;
    dns_list exchanges;    /* of cookie_exchange, least recently used first */
    uint32_t cookie_frame; /* last response with a COOKIE to this client */
    uint32_t heard[2];     /* last response over UDP to a query with a client cookie only, with a server cookie */

    uint32_t truncated_issued; /* where the cookie was issued that the client presented, ... */
    dns_finding *truncated; /* ... and got this: the first response that is truncated in spite of the latest cookie */
    cookie_unlearned *unlearned; /* NULL: nothing */
} cookie_pair;

typedef struct cookie_exchange {
    uint8_t client_cookie[COOKIE_CLIENT_LENGTH];
    cookie_pair *pair;
    dns_link in_pair, in_store;
    struct cookie_exchange *same_older, *same_newer; /* others with the same client cookie */
    struct cookie_use *use;                          /* of the client cookie; NULL: no more than first_frame says */
    uint32_t first_frame, first_message;             /* its first query, 0: none yet; and the hash of ID and question */
    cookie_issued *last_issued;                      /* the last ISSUED_MAX, linked by `older` */
    cookie_issued *presented_last;                   /* the issued cookie that the client presented last */
    cookie_rejected *rejected;                       /* the last REJECTED_MAX; NULL before the first */
    uint32_t last_question, last_cookie;             /* of the last query, to tell that it is sent again ... */
    int64_t last_time;                               /* ... and its time */
    unsigned issued_count;                           /* of all that were issued */
    uint32_t presented_frame;                        /* where the client first showed a server cookie; 0: not yet */
    unsigned resent : 31;
    bool never_learns : 1; /* it was found not to */
} cookie_exchange;

/* All uses of one client cookie, where there was more than one query. */
typedef struct cookie_use {
    uint32_t frame;             /* of the first use, 0: none yet */
    dns_address client, server; /* likewise */
    unsigned exchanges;         /* that have it */
    unsigned count;
    uint32_t last[USE_QUERIES_MAX]; /* hashes of ID and question of the last queries, a ring */
} cookie_use;

typedef struct cookie_store cookie_store;

cookie_store *cookie_store_new(wmem_allocator_t *scope);

/* The exchange of this client, server and client cookie (8 bytes), made when it is not known. Never NULL. The
 * pointer holds until the next call. */
cookie_exchange *cookie_store_exchange(cookie_store *store, dns_server_record *server, const dns_address *client,
                                       const uint8_t *client_cookie);

/* What is known of this client at this server; NULL: nothing. */
const cookie_pair *cookie_store_pair(cookie_store *store, const dns_server_record *server, const dns_address *client);

/* Nothing was to be told of the last response in this exchange, and no query waits in it. Where that is all that is known of
 * its client, it becomes a visit: returns true, and the exchange is gone. */
bool cookie_store_fold(cookie_store *store, cookie_exchange *exchange);

/* A client of a server, and what it asked without a server cookie. */
typedef struct {
    const cookie_pair *pair; /* NULL: it came once */
    const dns_address *address;
    cookie_unlearned unlearned; /* all zero: nothing */
} cookie_client;

/* Reads the client at `*at`, of `clients.last`, and goes on to the one before. False: there is none. */
bool cookie_store_client(const dns_link **at, cookie_client *client);

/* What this client asked without a server cookie. */
cookie_unlearned *cookie_store_unlearned(cookie_store *store, cookie_pair *pair);

/* Changes whenever an exchange is forgotten: a pointer kept together with this number is good while the number
 * is the same. */
unsigned cookie_store_generation(const cookie_store *store);

/* Where a client cookie came from first; false when no exchange has it, or no query was seen. */
typedef struct {
    uint32_t frame;
    dns_address client;
} cookie_origin;
bool cookie_store_origin(cookie_store *store, const uint8_t *client_cookie, cookie_origin *origin);

/* All uses of this exchange's client cookie so far. */
cookie_use *cookie_store_use(cookie_store *store, cookie_exchange *exchange);

/* Notes an issued server cookie unless it is the exchange's last one. */
void cookie_store_issue(cookie_store *store, cookie_exchange *exchange, const uint8_t *bytes, uint8_t length,
                        uint32_t frame, int64_t time);

/* All issued cookies with these bytes, newest first, linked by `same`. */
cookie_issued *cookie_store_issued(cookie_store *store, const uint8_t *bytes, uint8_t length);

/* This server cookie will be asked for, or issued, in a moment. */
void cookie_store_expect(const cookie_store *store, const uint8_t *bytes, uint8_t length);

/* The latest with these bytes that this very exchange was issued; NULL when there is none. */
cookie_issued *cookie_own_issued(const cookie_exchange *exchange, const uint8_t *bytes, uint8_t length);

#endif
