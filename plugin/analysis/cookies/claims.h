/* claims.h
 * What is claimed of a server: that its failures are about COOKIE. Weighed whenever something new is known of it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Three claims (cookies.md, "Before COOKIE is blamed"), each on the mechanism of ../records/claim.h:
 *
 *   formerr.c   a FORMERR to a query with a well-formed COOKIE, one claim for each question
 *   silence.c   queries with COOKIE that stay unanswered, one claim for each server
 *   depends.c   answers that differ with COOKIE and without, one claim for each server
 *
 * Memory: of the engine's scope, for at most CLAIMED_SERVERS_MAX servers; FORMERR_CASES_MAX questions of one server.
 */
#ifndef DNSRCODE_COOKIE_CLAIMS_H
#define DNSRCODE_COOKIE_CLAIMS_H

#include "../records/claim.h"
#include "../records/record.h"
#include "response.h"

enum {
    CLAIMED_SERVERS_MAX = DNS_LIMIT(4096, 4),
    FORMERR_CASES_MAX = DNS_LIMIT(32, 3),
    DEPENDS_MAX = DNS_LIMIT(16, 3),
    SILENT_MAX = DNS_LIMIT(256, 4), /* the first ones; later ones are no longer named */
};

/* FORMERR to one question. */
typedef struct {
    dns_claim claim;
    uint32_t question_hash;
    uint8_t kind;      /* dns_query_kind of the query */
    bool options;      /* the query has other options beside COOKIE */
    bool opt;          /* the FORMERR carries an OPT record */
    uint32_t response; /* the first one's frame */
} cookie_formerr_case;

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

typedef struct cookie_claims {
    cookie_formerr_case formerr[FORMERR_CASES_MAX];
    unsigned formerr_count;
    cookie_silence silence;
    cookie_depends depends;
} cookie_claims;

/* The claims about this server; NULL when there are none, and with `create` when there are too many already. */
cookie_claims *cookie_claims_of(cookie_engine *engine, dns_server_record *server, bool create);

/* formerr.c, silence.c, depends.c: each may make a claim; called with the first response to a query, after the record knows
 * of it. */
void cookie_claim_formerr(cookie_response *r);
void cookie_claim_silence(cookie_response *r);
void cookie_claim_depends(cookie_response *r);

/* The judges, for what is claimed already. */
void cookie_judge_formerr(cookie_formerr_case *one, const dns_server_record *server);
void cookie_judge_silence(cookie_engine *engine, cookie_silence *silence, const dns_server_record *server);

#endif
