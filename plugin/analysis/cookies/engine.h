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
 * State: cookie_store.h, ../episodes.h. The engine decides on the first pass; what only later
 * frames show (outcomes, whether a rejection happens again) completes earlier findings.
 */
#ifndef DNSRCODE_COOKIES_H
#define DNSRCODE_COOKIES_H

#include "response.h"

void cookie_engine_init(cookie_engine *engine, wmem_allocator_t *scope, const dns_secrets *secrets,
                        dns_records *records, dns_strays *strays);

/* `original` is the query that this one retransmits, or NULL. */
void cookie_engine_query(cookie_engine *engine, const dns_packet *packet, const dns_message *message, dns_query *query,
                         const dns_query *original);

/* A copy of the packet of `original`. */
void cookie_engine_copy(cookie_engine *engine, const dns_message *message, dns_finding *finding,
                        const dns_query *original);

/* `query` is NULL when it was not captured. */
void cookie_engine_response(cookie_engine *engine, const dns_packet *packet, const dns_message *message,
                            dns_finding *finding, dns_query *query, dns_response_kind kind);

#endif
