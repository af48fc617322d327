/* rules.c
 * The protocol rules whose violation is named.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

#include <string.h>

static const dns_rule_row rows[RULE_COUNT + 1] = {
#define DNS_RULE_ENUM(name, slug, severity, title, section, summary, evidence)                                         \
    [RULE_##name] = {slug, DNS_SEVERITY_##severity, title, section, summary, evidence},
#include "rules.def"
#undef DNS_RULE_ENUM
};

/* A cause and a rule that are one fault under two slugs. (Where the slugs are equal, they are anyway.) */
static const struct {
    dns_rule rule;
    dns_cause cause;
} same_fault[] = {
    {RULE_DSOTYPENI_TO_KEEPALIVE, CAUSE_KEEPALIVE_REJECTED},
    {RULE_RECONNECT_BEFORE_RETRY_DELAY, CAUSE_RECONNECTED_TOO_EARLY},
};

bool dns_rule_is_cause(unsigned rule, dns_cause cause)
{
    if (strcmp(rows[rule].slug, dns_cause_find(cause)->slug) == 0)
        return true;
    for (size_t i = 0; i < sizeof same_fault / sizeof *same_fault; i++)
        if (same_fault[i].rule == rule && same_fault[i].cause == cause)
            return true;
    return false;
}

const dns_rule_row *dns_rule_find(unsigned rule)
{
    return &rows[rule];
}
