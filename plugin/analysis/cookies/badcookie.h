/* badcookie.h
 * The cause of a BADCOOKIE response.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_BADCOOKIE_H
#define DNSRCODE_BADCOOKIE_H

#include "response.h"

/* Adds the diagnosis of a BADCOOKIE, and opens or continues its story. */
void cookie_explain_badcookie(cookie_response *r);

#endif
