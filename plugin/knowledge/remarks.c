/* remarks.c
 * The sentences of remarks.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "remarks.h"

static const dns_remark_row rows[REMARK_COUNT] = {
    [REMARK_EMPTY_RESPONSE] = {"dso-empty-response", "DSO response without TLV",
                               "A DSO response may end behind its header (RFC 8490 section 5.4.2): where Wireshark "
                               "calls this one malformed, it "
                               "is not."},
    [REMARK_UNIDIRECTIONAL] =
        {"dso-unidirectional", "DSO unidirectional message",
         "All unidirectional DSO messages have message ID 0 (RFC 8490 section 5.4.3): this is no retransmission of an "
         "earlier one."},
    [REMARK_CANCELLATION] =
        {"dso-cancellation", "DSO operation cancelled",
         "A second response, with an error, to an accepted operation: the server cancels it, as RFC 8490 section 5.6 "
         "allows. This is no retransmission."},
    [REMARK_CLEAR_PADDING] =
        {"dso-clear-padding", "DSO padding without encryption",
         "Encryption Padding on a connection that is not encrypted: it hides nothing there. (Told once per session.)"},
    [REMARK_ECHO] = {"dso-echo", "DSO TLVs sent back",
                     "The TLVs of this response are those of the request, sent back: from a server that seems to have "
                     "no DSO they mean nothing "
                     "(RFC 8490 section 5.1.1)."},
};

const dns_remark_row *dns_remark_find(dns_remark remark)
{
    return &rows[remark];
}
