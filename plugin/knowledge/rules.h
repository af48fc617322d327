/* rules.h
 * The protocol rules whose violation is named: slugs of dnsrcode.violation.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_RULES_H
#define DNSRCODE_RULES_H

#include "knowledge.h"

/* X(NAME, "slug", severity, "title", "RFC section", "summary", "evidence") in rules.def. */
typedef enum {
#define DNS_RULE_ENUM(name, slug, severity, title, section, summary, evidence) RULE_##name,
#include "rules.def"
#undef DNS_RULE_ENUM
    RULE_COUNT
} dns_rule;

typedef struct {
    const char *slug;
    dns_severity severity;
    const char *title; /* a few words: expert group */
    const char *section;
    const char *summary;  /* the expert info: at most 240 characters once filled */
    const char *evidence; /* the values that were seen, with slots; "" where there are none */
} dns_rule_row;

const dns_rule_row *dns_rule_find(unsigned rule);

/* The cause and the rule are one fault: told once. */
bool dns_rule_is_cause(unsigned rule, dns_cause cause);

#endif
