/* engine.h
 * The cookie engine: why a server answered BADCOOKIE, and cookie trouble without it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The procedure, per message (sources: RFC 7873 section 5, RFC 9018 sections 3 to 5):
 *
 *   query     1. note breaches on the bytes: illegal length, two options
 *             2. note the exchange (client, server, client cookie); one client cookie used
 *                towards several servers, or from several addresses
 *             3. link the server cookie presented to the response that issued it
 *             4. if it repeats a question that went wrong, continue that episode
 *   response  1. compare its client cookie with the query's
 *             2. BADCOOKIE: find the cause (badcookie.c), open or continue the episode
 *                otherwise: end the episode; the troubles without BADCOOKIE (cookie_trouble.c)
 *             3. learn the server cookie it brings; formats and clock of the server
 *
 * State: cookie_store.h, episodes.h. The engine decides on the first pass; what only later
 * frames show (outcomes, whether a rejection happens again) completes earlier findings.
 */
#ifndef DNSRCODE_COOKIES_H
#define DNSRCODE_COOKIES_H

#include "store.h"
#include "../diagnose.h"
#include "../episodes.h"
#include "../transactions.h"

typedef struct {
    wmem_allocator_t *scope;
    const dns_secrets *secrets; /* may be NULL */
    cookie_store *store;
    dns_episodes *episodes;
    uint32_t clock_stepped; /* the frame at which the capture's clock went back, or 0 */
} cookie_engine;

void cookie_engine_init(cookie_engine *engine, wmem_allocator_t *scope, const dns_secrets *secrets);

/* `original` is the query that this one retransmits, or NULL. */
void cookie_engine_query(cookie_engine *engine, const dns_packet *packet, const dns_message *message, dns_query *query,
                         const dns_query *original);

/* `query` is NULL when it was not captured. */
void cookie_engine_response(cookie_engine *engine, const dns_packet *packet, const dns_message *message,
                            dns_finding *finding, const dns_query *query, dns_response_kind kind);

/* ---- between the files of the engine ---- */

/* One response with all that is known about it. */
typedef struct {
    cookie_engine *engine;
    const dns_packet *packet;
    const dns_message *message;
    dns_finding *finding;
    const dns_query *query;     /* not NULL */
    const dns_cookie *asked;    /* the query's COOKIE or NULL */
    const dns_cookie *answered; /* the response's COOKIE or NULL */
    bool first;                 /* no response to the query came before */
    bool mismatch;              /* the client cookies differ */
    cookie_exchange *exchange;  /* of the query; NULL when its COOKIE is absent or malformed */
} cookie_response;

/* badcookie.c: adds the diagnosis of a BADCOOKIE. */
void cookie_explain_badcookie(cookie_response *r);
/* badcookie.c: a presented cookie of its own that the server did not refuse. */
void cookie_note_accepted(cookie_server *server, const cookie_issued *issued, const dns_packet *packet,
                          const dns_address *client);

/* cookie_trouble.c */
void cookie_query_trouble(cookie_engine *engine, const dns_packet *packet, const dns_message *message, dns_query *query,
                          cookie_exchange *exchange);
void cookie_response_trouble(cookie_response *r);
void cookie_mismatch(cookie_response *r);
void cookie_server_trouble(cookie_response *r, cookie_server *server, const uint8_t *issued, uint8_t length);

/* The server cookie in this option was issued by this very server to this client with this client
 * cookie; NULL when that was not seen. */
cookie_issued *cookie_find_own(cookie_engine *engine, const cookie_exchange *exchange, const dns_cookie *cookie);

/* The query was sent after the response at time `learned` could reach the client, and not side by side with the query
 * of that response. */
bool cookie_could_know(const cookie_exchange *exchange, int64_t learned, const dns_query *query);

#endif
