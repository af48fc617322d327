/* engine.h
 * DSO sessions: establishment, timers, subscriptions, failures, rule violations.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Called by analysis.c alone. It completes the finding that analysis made.
 */
#ifndef DNSRCODE_DSO_H
#define DNSRCODE_DSO_H

#include "../analysis.h"

typedef struct dso_engine dso_engine;

dso_engine *dso_engine_new(wmem_allocator_t *scope);

/* Every DNS message on any transport (ordinary queries on a connection matter to its session;
 * opcode 6 over UDP breaks a rule). Adds to `finding`: dso, diagnoses, violations, and the
 * transaction of opcode-6 messages, which analysis leaves to this engine. */
void dso_engine_message(dso_engine *engine, const dns_packet *packet, const dns_message *message, dns_finding *finding);

/* A segment before which bytes are missing, ahead of the clock. */
void dso_engine_gap(dso_engine *engine, const dns_packet *packet);

/* A segment of TLS in which no DNS message was found. */
void dso_engine_unread(dso_engine *engine, const dns_packet *packet);

/* Any TCP segment: SYN before the messages of its frame, FIN and RST after them. Returns a finding about the segment (the end of a session, a connection opened
 * too early), or NULL. */
dns_finding *dso_engine_tcp(dso_engine *engine, const dns_packet *packet, uint8_t flags);

/* Every frame: the capture's clock, for what is due without a message (silence, timeouts). */
void dso_engine_clock(dso_engine *engine, int64_t time);

#endif
