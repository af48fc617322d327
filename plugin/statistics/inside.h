/* inside.h
 * What the files of the statistics room share.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STATISTICS_INSIDE_H
#define DNSRCODE_STATISTICS_INSIDE_H

#include <epan/tap.h>

#include "collection.h"
#include "statistics.h"

#define STATISTICS_TAP "dnsrcode"

/* What the tap hands out. */
typedef struct {
    const dns_finding *findings;
    bool first_pass; /* later frames may still complete the findings */
} tapped_frame;

/* The findings of a frame that the tap handed out. Returns how many records there were before. */
unsigned statistics_collect(collection *c, const packet_info *pinfo, const tapped_frame *frame);

/* Counts captures: a change means that all findings known before are gone. */
unsigned statistics_capture(void);
dns_so_far statistics_so_far(void);
void statistics_set_clock(statistics_clock clock);

void tree_register(void);
void ends_register(void);
void report_register(void);

/* Some statistics of Wireshark have no moment at the end: their numbers are drawn as they stand. This calls
 * `function` with `data` right before (listeners are drawn last come, first served). Register it while a frame
 * is handed out, not earlier. */
typedef void (*before_draw_function)(void *data);
typedef struct before_draw before_draw;
before_draw *before_draw_new(before_draw_function function, void *data);
void before_draw_stop(before_draw *hook); /* never called again */

#endif
