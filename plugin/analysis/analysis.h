/* analysis.h
 * The analysis room: state over frames, and the findings that follow from it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Called once per message, in the order of the capture (Wireshark's first pass); draws
 * nothing and knows no Wireshark tree. Everything it allocates lives in the wmem scope
 * that it was created with (the file scope), so a new capture starts afresh.
 */
#ifndef DNSRCODE_ANALYSIS_H
#define DNSRCODE_ANALYSIS_H

#include "../finding/finding.h"
#include "../message/message.h"
#include "memory.h"
#include "packet.h"
#include "secrets.h"

typedef struct dns_analysis dns_analysis;

/* `secrets` may be NULL; it is read on every message and must outlive the analysis. */
dns_analysis *dns_analysis_new(wmem_allocator_t *scope, const dns_secrets *secrets);

/* Every frame of the capture, before its messages: keeps the time. `segment`: of a frame with TCP, else NULL; bytes that
 * it shows to be missing may have held what was due. */
void dns_analysis_frame(dns_analysis *analysis, uint32_t frame, int64_t time, const dns_packet *segment);

/* The time of the last frame seen. */
int64_t dns_analysis_last_time(const dns_analysis *analysis);

/* One DNS message. `message` need not outlive the call. Never NULL. */
dns_finding *dns_analysis_message(dns_analysis *analysis, const dns_packet *packet, const dns_message *message);

/* A TCP segment with SYN, FIN or RST (`flags` as in the TCP header), with or without DNS in it.
 * Returns a finding about the segment itself, or NULL. */
dns_finding *dns_analysis_tcp(dns_analysis *analysis, const dns_packet *packet, uint8_t flags);

/* A segment of DNS over TLS in which no message could be read. Returns a finding once per connection, where it is clear
 * that there was something to read, else NULL; it is taken back when a message is read after all. */
dns_finding *dns_analysis_encrypted(dns_analysis *analysis, const dns_packet *packet, const dns_tls_records *records);

#endif
