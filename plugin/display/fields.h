/* fields.h
 * The filter fields (a public contract, see README) and how a value gets into them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_FIELDS_H
#define DNSRCODE_FIELDS_H

#include "display.h"

extern int proto_dnsrcode;

/* X(identifier, "abbreviation", "name", type, display, strings, "description") in fields.def. */
#define DNSRCODE_FIELD(id, abbrev, name, type, display, strings, blurb) extern int hf_dnsrcode_##id;
#include "fields.def"
#undef DNSRCODE_FIELD

extern int ett_dnsrcode, ett_dnsrcode_cookie, ett_dnsrcode_diagnosis, ett_dnsrcode_dso, ett_dnsrcode_background;

void fields_register(int protocol);

/* The answer is seen without a click, until the user closes it. When a capture begins: Wireshark has no place for it
 * earlier. */
void fields_open_subtrees(void);

/* True when somebody looks: the tree is shown, or a filter, column or -e asks for the field. Saves
 * making texts that nobody sees. */
bool field_wanted(proto_tree *tree, int field);

/* True when a filter, column or -e asks for the very field, shown or not. */
bool field_asked_for(int field);

/* Generated values, where somebody looks. */
void field_uint(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t value);
void field_bytes(proto_tree *tree, int field, tvbuff_t *tvb, const uint8_t *bytes, unsigned length);
proto_item *field_time(proto_tree *tree, int field, tvbuff_t *tvb, nstime_t time);

/* A frame number as a link, nothing when it is 0. */
void field_frame(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t frame);

/* The response code, under the name that it has in this message (16 has two). */
void field_rcode(proto_tree *tree, tvbuff_t *tvb, uint16_t code, const char *name);

/* A string, generated; nothing when it is NULL or empty. Returns the item. */
proto_item *field_text(proto_tree *tree, int field, tvbuff_t *tvb, const char *text);

/* A text with slots, filled from the facts. */
proto_item *field_rendered(proto_tree *tree, packet_info *pinfo, int field, tvbuff_t *tvb, const char *text,
                           const dns_facts *facts);

/* A filled text in the packet's memory. */
const char *render(packet_info *pinfo, const char *text, const dns_facts *facts);

#endif
