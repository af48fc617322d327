/* unseen.h
 * Cookies from before the capture that are refused: what the rest of the capture tells of them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Of one cookie that was not seen being issued nobody can tell whose it is. When those of several clients are refused, and
 * most of these clients get through with what the server gives them instead, the server's secret has changed shortly before,
 * it seems. What speaks against that: a cookie from before the capture that is taken, or a cookie of its own that is refused.
 */
#ifndef DNSRCODE_COOKIE_UNSEEN_H
#define DNSRCODE_COOKIE_UNSEEN_H

#include "response.h"

/* BADCOOKIE for a cookie that was not seen being issued, with its diagnosis. */
void cookie_unseen_refused(cookie_response *r, dns_diagnosis *diagnosis);

/* An ordinary answer over UDP to a query with a server cookie, its own or one that was not seen being issued. */
void cookie_unseen_accepted(cookie_response *r, bool own);

/* Any BADCOOKIE to a server cookie was explained. */
void cookie_unseen_weigh(const cookie_response *r);

#endif
