/* notices.h
 * What the plugin says outside a capture's findings: Wireshark shows it in a dialog, tshark on stderr.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_NOTICES_H
#define DNSRCODE_NOTICES_H

typedef enum {
    NOTICE_UNWATCHED, /* messages that only the tree shows */
    NOTICE_NO_TRANSPORT,
    NOTICE_COUNT,
} dns_notice;

const char *dns_notice_text(dns_notice notice);

#endif
