/* response.h
 * One response with all that is known about it, and what the causes ask of it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COOKIE_RESPONSE_H
#define DNSRCODE_COOKIE_RESPONSE_H

#include "../diagnose.h"
#include "../episodes.h"
#include "../records/record.h"
#include "../strays.h"
#include "../transactions.h"
#include "store.h"

/* A clock that was found to be off, by whole seconds, and the first frame that shows it. */
typedef struct {
    uint32_t frame; /* 0: none */
    int64_t ahead;
    dns_endpoint server;
} cookie_skew;

/* The state of the engine. */
typedef struct {
    wmem_allocator_t *scope;
    const dns_secrets *secrets; /* may be NULL */
    cookie_store *store;
    struct cookie_sides *sides; /* addresses that may be one */
    dns_episodes *episodes;
    dns_records *records; /* shared with the rest of the analysis */
    dns_strays *strays;   /* likewise */
    unsigned claimed_servers;
    uint32_t clock_stepped; /* the frame at which the capture's clock went back, or 0 */
    cookie_skew skew;       /* the first of a server */
} cookie_engine;

/* One response with all that is known about it. */
typedef struct {
    cookie_engine *engine;
    const dns_packet *packet;
    const dns_message *message;
    dns_finding *finding;
    dns_query *query;           /* not NULL */
    const dns_cookie *asked;    /* the query's COOKIE or NULL */
    const dns_cookie *answered; /* the response's COOKIE or NULL */
    bool first;                 /* no response to the query came before */
    bool mismatch;              /* the client cookies differ */
    bool by_last_option;        /* its client cookie is that of the query's last COOKIE option, not of its first */
    bool doubtful;              /* it lacks the query's client cookie, and may turn out forged */
    bool forged;                /* another response to the query is the genuine one */
    cookie_exchange *exchange;  /* of the query; NULL when its COOKIE is absent or malformed */
    dns_server_record *server;  /* what the server has been seen to do */
} cookie_response;

/* The server cookie in this option was issued by this very server to this client with this client
 * cookie; NULL when that was not seen. */
cookie_issued *cookie_find_own(const cookie_exchange *exchange, const dns_cookie *cookie);

/* The query was sent after the response at time `learned` could reach the client, and not side by side with the query
 * of that response. */
bool cookie_could_know(const cookie_exchange *exchange, int64_t learned, const dns_query *query);

/* A query sent again after a time-out, unchanged or not, is no proof that the client did not learn: the answers may have been
 * lost behind the capture. So it stays until the client shows that it gets some. */
bool cookie_perhaps_lost(const cookie_exchange *exchange);

/* Of a pair's `lock_step`: the client waits for one answer before the next query, for sure; its answers may be lost. */
enum { COOKIE_LOCK_STEP_MIN = 2, COOKIE_LOCK_STEP_LOST = UINT8_MAX };
static inline bool cookie_in_lock_step(const cookie_pair *pair)
{
    return pair->lock_step >= COOKIE_LOCK_STEP_MIN && pair->lock_step != COOKIE_LOCK_STEP_LOST;
}

/* The query repeats a refused question, sooner than it could time out. */
static inline bool cookie_is_quick_retry(const dns_query *query)
{
    const dns_transaction *t = query->finding->transaction;
    return t->retry_of && !t->retry_late;
}

/* The client got what this server gave it at `learned`: it asks the same again at once, which only an answer makes it do; each
 * of its queries follows the answer to the one before; or it was given several cookies, of which not all can have been lost
 * (then the confidence is no more than inferred). */
bool cookie_got_answers(const cookie_response *r, int64_t learned);
dns_confidence cookie_confidence_of_learning(const cookie_response *r);

/* The query brings no server cookie. It has a COOKIE. */
bool cookie_client_only(const cookie_response *r);

/* The server cookie that the query presented. */
typedef struct {
    const uint8_t *bytes;
    uint8_t length;
    bool rfc9018;
    int32_t age; /* when rfc9018 */
    cookie_age_verdict verdict;
} cookie_presented;

cookie_presented cookie_read_presented(const cookie_response *r);

/* The cookie that comes with the BADCOOKIE is made in another way than the one refused. */
bool cookie_other_format_given(const cookie_response *r);

/* ---- writing what was found ---- */

uint32_t cookie_query_frame(const cookie_response *r);

/* Adds a diagnosis; where the facts name no frame and address, they are those of the query. */
dns_diagnosis *cookie_diagnose(cookie_response *r, dns_cause cause, dns_confidence confidence, dns_facts facts);

void cookie_evidence(cookie_response *r, dns_diagnosis *diagnosis, dns_evidence_kind kind, dns_facts facts);

#endif
