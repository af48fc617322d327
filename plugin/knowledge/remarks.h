/* remarks.h
 * What is worth a word although nothing is wrong: mostly where the DNS dissector cries wolf.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_REMARKS_H
#define DNSRCODE_REMARKS_H

/* Expert infos at chat level, no rule and no cause. */
typedef enum {
    REMARK_EMPTY_RESPONSE,
    REMARK_UNIDIRECTIONAL,
    REMARK_CANCELLATION,
    REMARK_CLEAR_PADDING,
    REMARK_ECHO,
    REMARK_COUNT
} dns_remark;

typedef struct {
    const char *slug;
    const char *title;
    const char *summary; /* without slots */
} dns_remark_row;

const dns_remark_row *dns_remark_find(dns_remark remark);

#endif
