/* statistics.h
 * The statistics room: all findings of a capture, counted and reported.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stands behind "finding", beside display. The tap "dnsrcode" hands the findings of a frame to
 * whoever listens: `-z dnsrcode,tree`, `-z dnsrcode,servers`, `-z dnsrcode,clients`, `-z dnsrcode,report`.
 */
#ifndef DNSRCODE_STATISTICS_H
#define DNSRCODE_STATISTICS_H

#include "../compat.h"

#include "../finding/finding.h"

/* How much of the capture is known, which outcomes are judged by. */
typedef dns_so_far (*statistics_clock)(void);

/* Registers the tap and the statistics. Once. */
void statistics_register(statistics_clock clock);

/* The findings of a frame, on every pass. Costs nothing when nobody listens. */
void statistics_frame(packet_info *pinfo, const dns_finding *findings, bool first_pass);

/* The findings are about to go. */
void statistics_end_capture(void);

#endif
