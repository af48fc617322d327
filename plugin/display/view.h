/* view.h
 * One finding in one pass: what the parts of the details hand to each other.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_VIEW_H
#define DNSRCODE_VIEW_H

#include "place.h"

enum { VIEW_LINKS_MAX = 32, VIEW_REFERENCES_MAX = 16 };

typedef struct {
    const dns_finding *finding;
    const display_pass *pass;
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree; /* the plugin's subtree; NULL without a tree */
    proto_item *item;
    display_place place;
    uint32_t links[VIEW_LINKS_MAX]; /* frames that this message links to as evidence */
    unsigned link_count;
    const char *references[VIEW_REFERENCES_MAX]; /* that were shown */
    unsigned reference_count;
} display_view;

/* Those that somebody looks at; the array ends with NULL, or with its size. */
void view_texts(display_view *view, proto_tree *tree, int field, const char *const *texts, size_t count);

/* An RFC and its section, once per message. */
void view_reference(display_view *view, proto_tree *tree, const char *section);

#endif
