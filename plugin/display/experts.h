/* experts.h
 * Expert infos: one per slug of the tables, dnsrcode.expert.SLUG.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark ties one severity to one expert info, while the severity of a cause follows its outcome. So a slug with several
 * severities is registered with each, all under the same name: one filter finds them all.
 */
#ifndef DNSRCODE_EXPERTS_H
#define DNSRCODE_EXPERTS_H

#include "../knowledge/remarks.h"
#include "display.h"

void experts_register(int protocol);

/* Somebody may read what expert infos of this frame say; else only their severity is looked at. */
bool expert_is_read(const proto_tree *tree);

void expert_cause(packet_info *pinfo, proto_tree *tree, proto_item *item, dns_cause cause, dns_severity severity,
                  const char *summary);
void expert_rule(packet_info *pinfo, proto_tree *tree, proto_item *item, unsigned rule, dns_severity severity,
                 const char *summary);
void expert_remark(packet_info *pinfo, proto_tree *tree, proto_item *item, dns_remark remark);

#endif
