/* rules.c
 * The protocol rules whose violation is named.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

static const dns_rule_row rows[RULE_COUNT + 1] = {
#define DNS_RULE_ENUM(name, slug, severity, title, section, summary)                                                   \
    [RULE_##name] = {slug, DNS_SEVERITY_##severity, title, section, summary},
#include "rules.def"
#undef DNS_RULE_ENUM
};

const dns_rule_row *dns_rule_find(unsigned rule)
{
    return &rows[rule];
}
