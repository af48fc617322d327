/* memory.h
 * Wireshark's memory pools (wmem), without the dissection engine around them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_MEMORY_H
#define DNSRCODE_MEMORY_H

#include <wireshark.h>

#include <wsutil/wmem/wmem.h>

#endif
