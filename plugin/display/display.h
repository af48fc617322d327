/* display.h
 * The display room: a finding made visible, on every pass, from the finding alone.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It decides nothing. Columns are written on every pass, tree items where there is a tree, in place next
 * to Wireshark's own items where these exist, else in a subtree of the plugin's own.
 */
#ifndef DNSRCODE_DISPLAY_H
#define DNSRCODE_DISPLAY_H

#include "../compat.h"

#include "../finding/finding.h"

/* What holds for all findings of a frame in this pass. */
typedef struct {
    dns_so_far so_far;
    bool correct_dns;   /* the preference: correct what the DNS dissector shows */
    bool cause_in_info; /* the preference: causes and broken rules in the Info column */
} display_pass;

/* Registers fields, expert infos and subtrees with the protocol. Once. */
void display_register(int protocol);

/* Looks up the DNS dissector's fields. Once, when all protocols are registered. */
void display_init(void);

/* All findings of one frame. `tree` may be NULL. */
void display_frame(const dns_finding *findings, const display_pass *pass, tvbuff_t *tvb, packet_info *pinfo,
                   proto_tree *tree);

#endif
