/* issued.h
 * What the cookies that a server issues say about it: how they are made, its clock, how many voices it has.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COOKIE_ISSUED_H
#define DNSRCODE_COOKIE_ISSUED_H

#include "response.h"

/* A server cookie of `length` bytes that this response brings to this exchange; before the store knows of it. */
void cookie_note_issued(cookie_response *r, cookie_exchange *exchange, const uint8_t *issued, uint8_t length);

#endif
