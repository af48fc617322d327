/* strays.h
 * Copies of packets that belong to no transaction: responses whose query is not in the capture, and broken messages.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two points of capture, or a switch that mirrors a port twice, show each packet twice; of messages with a transaction that
 * one tells. Memory: one table, made with the first stray.
 */
#ifndef DNSRCODE_STRAYS_H
#define DNSRCODE_STRAYS_H

#include "../finding/finding.h"
#include "../message/message.h"
#include "packet.h"

typedef struct dns_strays dns_strays;

dns_strays *dns_strays_new(wmem_allocator_t *scope);

/* The finding of the same datagram a moment ago; NULL: it is the first, and remembered, or there is none over a connection. */
dns_finding *dns_strays_original(dns_strays *strays, const dns_packet *packet, const dns_message *message,
                                 dns_finding *finding);

#endif
