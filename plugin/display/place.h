/* place.h
 * Wireshark's own items of a DNS message: where annotations go, and what is corrected.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_PLACE_H
#define DNSRCODE_PLACE_H

#include "display.h"

/* Items of the DNS dissector for one message; NULL where it made none, or in passes without them. */
typedef struct {
    proto_node *message; /* "Domain Name System (response)" */
    proto_node *flags;
    proto_node *rcode;          /* dns.flags.rcode */
    proto_node *extended_rcode; /* dns.resp.ext_rcode */
    proto_node *cookie_client, *cookie_server;
    proto_node *cookie_option; /* the option that holds the two */
} display_place;

void place_init(void);

/* The items below `message`, which may be NULL. */
display_place place_find(proto_node *message);

/* How the DNS dissector names the 4 header bits of a code: "RRset exists". NULL for codes that it does not know. */
const char *place_header_rcode_name(uint16_t rcode);

/* Hides the "[Malformed Packet]" items of a frame when there are no more of them than `at_most`. True when done
 * or when there are none. */
bool place_hide_malformed(proto_tree *tree, unsigned at_most);

/* Since 4.4 the columns are fields as well (_ws.col.info), made before postdissectors run: makes this one say
 * what the column says. */
void place_set_info_field(proto_tree *tree, const char *text);

#endif
