/* notices.c
 * What the plugin says outside a capture's findings.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "notices.h"

static const char *const texts[NOTICE_COUNT] = {
    [NOTICE_NO_TAPS] = "dnsrcode.message_source is \"taps\", but Wireshark reads this capture without taps (tshark -2, "
                       "sharkd): DNS messages are not analysed. Set it to \"auto\" or \"tree\".",
    [NOTICE_UNWATCHED] =
        "Some DNS messages reached Wireshark's DNS dissector in a way that dnsrcode does not watch (through "
        "another plugin or a script, say): they are not analysed. Set dnsrcode.message_source to \"tree\".",
    [NOTICE_NO_TRANSPORT] =
        "Some DNS messages of this capture have neither UDP nor TCP below them (exported PDUs, say): they "
        "are not analysed, since ends and order of a connection are missing. Open the capture that "
        "they were taken from.",
};

const char *dns_notice_text(dns_notice notice)
{
    return texts[notice];
}
