/* cookie.h
 * The COOKIE option: its parts, next to Wireshark's own items.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_DISPLAY_COOKIE_H
#define DNSRCODE_DISPLAY_COOKIE_H

#include "place.h"

/* `now`: the time of the frame, to tell the age. `own` is the plugin's subtree, for what has no place in the DNS dissector's. */
void display_cookie(const dns_cookie *cookie, int64_t now, const display_place *place, tvbuff_t *tvb, proto_tree *own);

/* What its length says: all that is known of an option that the capture cut. */
void display_cookie_form(uint16_t length, tvbuff_t *tvb, proto_tree *tree);

#endif
