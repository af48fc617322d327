/* statistics.c
 * The statistics room's door: the tap.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "inside.h"

static int tap;

void statistics_register(statistics_clock clock)
{
    statistics_set_clock(clock);
    tap = register_tap(STATISTICS_TAP);
    tree_register();
    ends_register();
    report_register();
}

void statistics_frame(packet_info *pinfo, const dns_finding *findings, bool first_pass)
{
    if (!have_tap_listener(tap))
        return;
    tapped_frame *frame = wmem_new(pinfo->pool, tapped_frame);
    *frame = (tapped_frame){findings, first_pass};
    tap_queue_packet(tap, pinfo, frame);
}
