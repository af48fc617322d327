/* rules.c
 * The rules of RFC 8490 and RFC 8765: one small check per rule, in rules_header.c, rules_tlv.c, rules_session.c and
 * rules_push.c; here they are called.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

static const dso_checks *const parts[] = {&dso_checks_of_header, &dso_checks_of_tlvs, &dso_checks_of_session,
                                          &dso_checks_of_push};

static unsigned kind_of(const dso_context *c)
{
    if (!c->dso)
        return ON_ORDINARY;
    if (c->qr_missing)
        return ON_REQUEST | ON_RESPONSE;
    if (c->view.kind != DSO_RESPONSE)
        return ON_REQUEST;
    return c->implementer ? ON_RESPONSE : ON_FOREIGN;
}

static void check(dso_context *c, const dso_check *rule, dns_facts facts)
{
    dso_breach b = {.facts = facts, .severity = dns_rule_find(rule->rule)->severity};
    if (!rule->broken(c, &b))
        return;
    dns_violation *v = dns_violate(c->engine->scope, c->finding, rule->rule, b.severity, b.facts);
    if (b.keep)
        *b.keep = v;
}

void dso_check_message(dso_context *c)
{
    unsigned kind = kind_of(c);
    dns_facts facts = {.frame = c->packet->frame,
                       .address = c->connection ? dso_address(c->connection, c->end) : c->packet->source};
    facts.untyped = !c->dso || !dso_primary(c, &facts.type);
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
        for (size_t i = 0; i < parts[part]->count; i++)
            if (parts[part]->checks[i].on & kind)
                check(c, &parts[part]->checks[i], facts);
}
