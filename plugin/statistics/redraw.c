/* redraw.c
 * A moment right before other statistics draw.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "inside.h"

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
