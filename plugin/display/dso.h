/* dso.h
 * DNS Stateful Operations made visible: TLVs, Push bodies, the session.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_DISPLAY_DSO_H
#define DNSRCODE_DISPLAY_DSO_H

#include "place.h"

/* Looks up the DNS dissector's fields. Once, when all protocols are registered. */
void display_dso_init(void);

/* `own` is the plugin's subtree, for what has no place in the DNS dissector's; NULL without a tree. `item` carries
 * the remarks. */
void display_dso(const dns_finding *finding, const display_place *place, tvbuff_t *tvb, packet_info *pinfo,
                 proto_tree *own, proto_item *item);

/* The Info column's text with the operation of every DSO message of the frame. */
char *dso_column_text(packet_info *pinfo, char *text, const dns_finding *findings);

#endif
