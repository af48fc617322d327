/* edns_rules.h
 * Rules of messages and of EDNS that any query or response may break (RFC 1035, RFC 6891).
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_EDNS_RULES_H
#define DNSRCODE_EDNS_RULES_H

#include "transactions.h"

/* Notes in `finding` which rules the message breaks. `query`: the one that it answers, or NULL. */
void dns_check_message(wmem_allocator_t *scope, const dns_packet *packet, const dns_message *message,
                       const dns_query *query, dns_finding *finding);

#endif
