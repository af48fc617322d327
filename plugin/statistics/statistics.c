/* statistics.c
 * The statistics room's door: the tap, and what its statistics share.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "inside.h"

static int tap;
static unsigned capture;
static statistics_clock clock_of_capture;

void statistics_register(statistics_clock clock)
{
    clock_of_capture = clock;
    tap = register_tap(STATISTICS_TAP);
    tree_register();
    servers_register();
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

void statistics_end_capture(void)
{
    capture++;
}

unsigned statistics_capture(void)
{
    return capture;
}

int64_t statistics_last_time(void)
{
    return clock_of_capture();
}

/* ---- before others draw ---- */

struct before_draw {
    before_draw_function function;
    void *data;
};

/* Asks to be drawn whenever there was something new. */
static tap_packet_status something_new(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *frame _U_, tap_flags_t flags _U_)
{
    return TAP_PACKET_REDRAW;
}

static void call(void *data)
{
    const before_draw *hook = (const before_draw *)data;
    if (hook->function)
        hook->function(hook->data);
}

before_draw *before_draw_new(before_draw_function function, void *data)
{
    before_draw *hook = g_new(before_draw, 1);
    *hook = (before_draw){function, data};
    GString *error =
        register_tap_listener(STATISTICS_TAP, hook, NULL, TL_REQUIRES_NOTHING, NULL, something_new, call, NULL);
    if (error)
        g_string_free(error, TRUE);
    return hook;
}

void before_draw_stop(before_draw *hook)
{
    /* Not removed: a statistic may end while Wireshark walks over its listeners to free them all. */
    if (hook)
        hook->function = NULL;
}
