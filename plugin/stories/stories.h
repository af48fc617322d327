/* stories.h
 * The stories room: what a client asked, what came back, what it did next, how it ended.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stands behind the statistics: `-z dnsrcode,stories` prints the stories that went wrong, the worst first, as ladders;
 * with html=FILE they become a page for a ticket. In Wireshark's window they and the report are windows.
 */
#ifndef DNSRCODE_STORIES_H
#define DNSRCODE_STORIES_H

#include "../compat.h"

/* Registers the statistic, and the windows where Wireshark can have them. Once, behind the statistics. */
void stories_register(void);

#endif
