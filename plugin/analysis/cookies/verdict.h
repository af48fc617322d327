/* verdict.h
 * What a server's refusals of its own cookies, taken together, say: one changed secret, or nodes with different ones.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COOKIE_VERDICT_H
#define DNSRCODE_COOKIE_VERDICT_H

#include "response.h"

/* The server refused a cookie that it had issued. `diagnosis` gets the verdict of the whole history, now and later. */
void cookie_note_rejected(cookie_response *r, cookie_server *server, const cookie_issued *own,
                          dns_diagnosis *diagnosis);

/* A presented cookie of its own that the server did not refuse. */
void cookie_note_accepted(cookie_server *server, const cookie_issued *issued, const dns_packet *packet,
                          const dns_address *client);

/* All rejections of one server get the verdict that its whole history carries. */
void cookie_settle(cookie_server *server);

#endif
