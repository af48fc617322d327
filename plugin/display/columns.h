/* columns.h
 * The Info column, corrected.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COLUMNS_H
#define DNSRCODE_COLUMNS_H

#include "place.h"

/* Rewrites the Info column where the DNS dissector named a response code wrongly or called a valid
 * message malformed, and hides that item in the tree (which may be NULL). */
void columns_correct(const dns_finding *findings, packet_info *pinfo, proto_tree *tree);

#endif
