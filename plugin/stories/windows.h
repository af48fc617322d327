/* windows.h
 * Report and stories as windows of Wireshark.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STORIES_WINDOWS_H
#define DNSRCODE_STORIES_WINDOWS_H

/* Puts them into the menus. Does nothing where Wireshark has no windows for plugins: tshark, sharkd. */
void windows_register(void);

#endif
