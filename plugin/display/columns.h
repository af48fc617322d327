/* columns.h
 * The Info column: corrected, and with the cause in it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COLUMNS_H
#define DNSRCODE_COLUMNS_H

#include "place.h"

/* As the preferences say: rewrites the Info column where the DNS dissector named a response code wrongly or called a valid
 * message malformed, and hides that item in the tree (which may be NULL); writes causes and broken rules, from note on, behind
 * the code of their message. */
void columns_write(const dns_finding *findings, const display_pass *pass, packet_info *pinfo, proto_tree *tree);

#endif
