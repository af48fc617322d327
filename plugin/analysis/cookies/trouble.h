/* trouble.h
 * Cookie trouble that shows no BADCOOKIE, and breaches of the cookie rules.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COOKIE_TROUBLE_H
#define DNSRCODE_COOKIE_TROUBLE_H

#include "response.h"

/* `exchange` is NULL when the query's COOKIE is malformed. */
void cookie_query_trouble(cookie_engine *engine, const dns_packet *packet, const dns_message *message, dns_query *query,
                          cookie_exchange *exchange);

/* Of any message whose COOKIE the capture cut. */
void cookie_cut_trouble(cookie_engine *engine, dns_finding *finding);

/* Of a response that is not BADCOOKIE. */
void cookie_response_trouble(cookie_response *r);

/* A response without COOKIE to a query that presented a server cookie: a client that checks discards it. */
bool cookie_is_to_discard(const cookie_response *r);

/* A response whose client cookie is not the query's. */
void cookie_mismatch(cookie_response *r);

/* Code 7 to a QUERY with COOKIE: the lower half of BADCOOKIE. The second adds the diagnosis. */
bool cookie_bits_lost(const cookie_response *r);
void cookie_explain_bits_lost(cookie_response *r);

/* A first response: was the same query answered by another server in another way? Then two servers got one client cookie. */
void cookie_asked_several(cookie_engine *engine, const dns_query *query, cookie_exchange *exchange);

#endif
