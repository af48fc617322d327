/* statistics.c
 * The statistics room's door: the tap.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../source/source.h"
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

unsigned statistics_collect(collection *c, const packet_info *pinfo, const tapped_frame *frame)
{
    dns_endpoint source, destination;
    source_ends(pinfo, &source, &destination);
    return collection_add(c, frame->findings, &source, &destination);
}
