/* notices.c
 * What the plugin says outside a capture's findings.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "notices.h"

static const char *const texts[NOTICE_COUNT] = {
    [NOTICE_UNWATCHED] = "Some DNS messages are not analysed: they reached Wireshark's DNS dissector in a way that "
                         "dnsrcode does not watch, "
                         "for example through another plugin or a script. Set dnsrcode.message_source to \"tree\".",
    [NOTICE_NO_TRANSPORT] =
        "Some DNS messages are not analysed: they have neither UDP nor TCP below them (exported PDUs, for example), so "
        "the ends and the order of a connection are missing. Open the capture that they were taken from.",
};

const char *dns_notice_text(dns_notice notice)
{
    return texts[notice];
}
