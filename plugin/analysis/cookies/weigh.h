/* weigh.h
 * A response is weighed: it may make a claim about its server, and it may settle those that were made.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COOKIE_WEIGH_H
#define DNSRCODE_COOKIE_WEIGH_H

#include "response.h"

/* The first response to a query, which the client may believe; after the record knows of it. */
void cookie_weigh(cookie_response *r);

#endif
