/* rate_limit.h
 * BADCOOKIE as a part of rate limiting: the server answers queries without a server cookie as well, and refuses some of a
 * burst.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All such refusals of one server are one claim. What speaks against it comes later: the server refuses such queries
 * outside of a burst, too, and answers none any more. Then it demands cookies, and the refusals were first contacts.
 */
#ifndef DNSRCODE_COOKIE_RATE_LIMIT_H
#define DNSRCODE_COOKIE_RATE_LIMIT_H

#include "response.h"

/* An ordinary answer, with a server cookie, to a query without one. */
void cookie_note_plain_answer(cookie_response *r);

#endif
