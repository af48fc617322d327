/* forgery.h
 * Two different responses to one query, of which one is forged.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The client cookie is a secret between client and server (RFC 7873 section 4.1): of two responses that differ, the one that
 * brings it is genuine, and the other one comes from somebody on the path, or off it. Which came first does not matter.
 */
#ifndef DNSRCODE_COOKIE_FORGERY_H
#define DNSRCODE_COOKIE_FORGERY_H

#include "response.h"

/* Sets r->forged; where an earlier response turns out forged, its verdict is changed, and r->first set. */
void cookie_find_forgery(cookie_response *r);

#endif
