/* capture.c
 * Which capture the findings belong to, and how far it was read.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "inside.h"

static unsigned capture;
static statistics_clock clock_of_capture;

void statistics_set_clock(statistics_clock clock)
{
    clock_of_capture = clock;
}

void statistics_end_capture(void)
{
    capture++;
}

unsigned statistics_capture(void)
{
    return capture;
}

dns_so_far statistics_so_far(void)
{
    return clock_of_capture();
}
