/* edns_rules.c
 * Rules of messages and of EDNS.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "edns_rules.h"

#include "../knowledge/rules.h"
#include "diagnose.h"

enum {
    UDP_SIZE_WITHOUT_EDNS = 512
}; /* RFC 1035 section 4.2.1; smaller sizes in OPT count as this (RFC 6891 section 6.2.3) */

typedef struct {
    const dns_packet *packet;
    const dns_message *message;
    const dns_query *query;
} message_view;

static bool duplicate_opt(const message_view *v, dns_facts *facts)
{
    facts->n = v->message->opt_count;
    facts->rcode = (uint16_t)(v->message->second_extended_rcode << 4 | v->message->header_rcode);
    return v->message->opt_count > 1;
}

static bool opt_misplaced(const message_view *v, dns_facts *facts)
{
    (void)facts;
    return v->message->opt_misplaced;
}

static bool bytes_left(const message_view *v, dns_facts *facts)
{
    facts->n = v->message->left_over;
    return v->message->left_over != 0;
}

static bool too_large(const message_view *v, dns_facts *facts)
{
    if (!v->query || v->query->unreadable || v->packet->transport != TRANSPORT_UDP)
        return false;
    facts->n = v->message->reported;
    facts->m = MAX(v->query->udp_size, UDP_SIZE_WITHOUT_EDNS);
    facts->other = v->query->finding->frame;
    return facts->n > facts->m;
}

static bool name_too_long(const message_view *v, dns_facts *facts)
{
    (void)facts;
    return (v->message->problems & MESSAGE_NAME_TOO_LONG) != 0;
}

static bool reserved_label(const message_view *v, dns_facts *facts)
{
    (void)facts;
    return (v->message->problems & MESSAGE_RESERVED_LABEL) != 0;
}

static const struct {
    dns_rule rule;
    bool (*broken)(const message_view *v, dns_facts *facts);
} rules[] = {
    {RULE_DUPLICATE_OPT, duplicate_opt},    {RULE_OPT_OUTSIDE_ADDITIONAL, opt_misplaced},
    {RULE_BYTES_AFTER_MESSAGE, bytes_left}, {RULE_PAYLOAD_SIZE_EXCEEDED, too_large},
    {RULE_NAME_TOO_LONG, name_too_long},    {RULE_RESERVED_LABEL_TYPE, reserved_label},
};

void dns_check_message(wmem_allocator_t *scope, const dns_packet *p, const dns_message *m, const dns_query *query,
                       dns_finding *finding)
{
    message_view v = {p, m, query};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        dns_facts facts = {.frame = p->frame, .address = p->source};
        if (rules[i].broken(&v, &facts))
            dns_violate(scope, finding, rules[i].rule, dns_rule_find(rules[i].rule)->severity, facts);
    }
}
