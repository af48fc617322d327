/* verdict.h
 * What a server's refusals of its own cookies, taken together, say.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COOKIE_VERDICT_H
#define DNSRCODE_COOKIE_VERDICT_H

#include "response.h"

/* The server refused a cookie that it had issued: adds the diagnosis, which gets the verdict of the whole history, now and
 * later. `evidence`: what this refusal shows by itself. */
dns_diagnosis *cookie_claim_rejected(cookie_response *r, cookie_server *server, const cookie_issued *own,
                                     dns_facts facts, const dns_claim_evidence *evidence, unsigned count);

/* A presented cookie of its own that the server did not refuse. */
void cookie_note_accepted(cookie_server *server, const cookie_issued *issued, const dns_packet *packet,
                          const dns_address *client);

/* Something new is known of how this server makes its cookies. */
void cookie_settle(cookie_server *server);

#endif
