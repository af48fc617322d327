/* claims.h
 * What is claimed of a server: that its failures are about COOKIE. Weighed whenever something new is known of it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Five claims (cookies.md, "Before COOKIE is blamed"), each on the mechanism of ../records/claim.h:
 *
 *   formerr.c     a FORMERR to a query with a well-formed COOKIE, one claim for each question of each client
 *   silence.c     queries with COOKIE that stay unanswered, one claim for each server
 *   one_client.c  those of one client alone, one claim for each client
 *   depends.c     answers that differ with COOKIE and without, one claim for each server
 *   unseen.c      refused cookies that were not seen being issued, one claim for each server
 *
 * Memory: of the engine's scope, for at most CLAIMED_SERVERS_MAX servers; FORMERR_CASES_MAX questions of one server, of
 * FORMERR_CLIENTS_MAX clients.
 */
#ifndef DNSRCODE_COOKIE_CLAIMS_H
#define DNSRCODE_COOKIE_CLAIMS_H

#include "../records/claim.h"
#include "../records/record.h"
#include "response.h"

enum {
    CLAIMED_SERVERS_MAX = DNS_LIMIT(4096, 4),
    FORMERR_CASES_MAX = DNS_LIMIT(32, 3),
    FORMERR_CLIENTS_MAX = DNS_LIMIT(16, 2),
    DEPENDS_MAX = DNS_LIMIT(16, 3),
    UNSEEN_CLIENTS_MAX = DNS_LIMIT(16, 4), /* the first ones */
    SILENT_MAX = DNS_LIMIT(256, 4),        /* the first ones; later ones are no longer named */
    LONE_CLIENTS_MAX = DNS_LIMIT(16, 2),   /* of one server, watched at a time */
};

/* FORMERR to one question of one client. */
typedef struct {
    dns_claim claim;
    uint32_t question_hash;
    uint32_t client;   /* dns_record_client() */
    uint8_t kind;      /* dns_query_kind of the query */
    bool options;      /* the query has other options beside COOKIE */
    bool opt;          /* the FORMERR carries an OPT record */
    uint32_t response; /* the first one's frame */
    uint32_t plain,
        edns; /* the last answer to this question of this client without EDNS, with EDNS and no COOKIE; 0: none */
    uint32_t cookie; /* likewise, with COOKIE */
} cookie_formerr_case;

/* A client whose queries with COOKIE, of one kind, got FORMERR: what may be the server's fault, or that of its path. */
typedef struct {
    uint32_t client;
    uint8_t kind;
    bool answered;            /* the client got another answer to a query with COOKIE, at any time */
    unsigned run;             /* FORMERR since the last answer to a query of this kind */
    unsigned runs;            /* how often that began anew */
    uint32_t taken;           /* the last answer to such a query of it */
    uint32_t first;           /* the first of them */
    uint32_t taken_meanwhile; /* between two of them, an answer to another client's query with COOKIE; 0: none */
} cookie_formerr_client;

/* Queries with COOKIE that stay unanswered. */
typedef struct {
    dns_claim claim;
    dns_waiting_query *queries; /* those silent now, oldest first: SILENT_MAX of them; NULL before the first */
    unsigned count;
    bool active;
    uint32_t control;      /* the last answer to such a question without COOKIE, or over TCP */
    uint32_t control_edns; /* likewise, with EDNS and no option, over UDP */
    bool over_tcp;         /* the control is */
    uint32_t
        old_cookie_answered; /* the last response to a query whose server cookie was issued before that query's kind fell
                                     silent */
} cookie_silence;

/* A client whose queries with COOKIE, of one kind, are watched: they stay unanswered, its queries without are answered. */
typedef struct {
    dns_claim claim; /* its members: the unanswered queries */
    dns_address client;
    uint8_t kind;                           /* dns_query_kind */
    bool active;                            /* false: the place is free */
    bool told;                              /* at an answer, for tools that read a capture once */
    uint32_t heard;                         /* the last answer to a query of this kind that it got; 0: none */
    unsigned tries;                         /* unanswered ones, without the copies of a packet */
    unsigned late;                          /* of them, sent after the first control */
    dns_finding *pending;                   /* the last one: an answer may be on its way */
    uint32_t control;                       /* the first answer to such a question without COOKIE */
    unsigned asked, answered;               /* its queries without COOKIE since */
    unsigned edns_asked, edns_answered;     /* of them, with EDNS */
    unsigned others_asked, others_answered; /* queries of this kind by clients that are not watched, since */
    unsigned taken;                         /* answers to those that are like this client's own, ... */
    bool taken_meanwhile;                   /* ... also before its last query, ... */
    uint32_t taken_frame;                   /* ... the first of them */
} cookie_lone_client;

/* A question answered in one way with COOKIE and in another without. */
typedef struct {
    uint32_t question_hash;
    uint32_t client;
    unsigned times;     /* how often the two were seen to differ, one after the other */
    uint32_t low, high; /* frames between which one change of the zone would explain all of them */
    bool told;          /* at one of its answers */
    bool refuted;       /* the answer without COOKIE became the same: it changed with time */
} cookie_difference;

typedef struct {
    dns_claim claim;
    cookie_difference questions[DEPENDS_MAX];
    unsigned count;
} cookie_depends;

/* Cookies that were refused and not seen being issued. */
typedef struct {
    dns_claim claim;
    uint32_t clients[UNSEEN_CLIENTS_MAX]; /* dns_record_client() of who presented them */
    bool back[UNSEEN_CLIENTS_MAX];        /* ... and has got through since with a cookie of this capture */
    unsigned count;
    bool taken; /* another cookie that was not seen being issued is taken */
} cookie_unseen;

typedef struct cookie_claims {
    cookie_formerr_case formerr[FORMERR_CASES_MAX];
    unsigned formerr_count;
    cookie_formerr_client formerr_clients[FORMERR_CLIENTS_MAX];
    unsigned formerr_client_count;
    cookie_silence silence;
    cookie_lone_client *lone; /* LONE_CLIENTS_MAX places; NULL before the first */
    cookie_depends depends;
    cookie_unseen unseen;
} cookie_claims;

/* The claims about this server; NULL when there are none, and with `create` when there are too many already. */
cookie_claims *cookie_claims_of(cookie_engine *engine, dns_server_record *server, bool create);

/* formerr.c, silence.c, one_client.c, depends.c: each may make a claim; called with the first response to a query, after the record knows
 * of it. */
void cookie_claim_formerr(cookie_response *r);
void cookie_claim_silence(cookie_response *r);
void cookie_claim_one_client(cookie_response *r);
void cookie_claim_depends(cookie_response *r);

/* The judges, for what is claimed already. */
void cookie_judge_formerr(cookie_formerr_case *one, const dns_server_record *server);
void cookie_judge_silence(cookie_engine *engine, cookie_silence *silence, const dns_server_record *server);

/* one_client.c: a query over UDP to a server of which something is claimed; any response to a query over UDP, forged ones
 * as well. */
void cookie_one_client_query(const dns_server_record *server, const dns_query *query, bool again);
void cookie_one_client_heard(cookie_response *r);
/* The silence is that of one client alone. */
bool cookie_is_one_clients(const cookie_claims *claims, const dns_waiting_query *waiting);

#endif
