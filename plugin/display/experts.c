/* experts.c
 * Expert infos, registered from the tables of causes and rules.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "experts.h"

#include <epan/expert.h>
#include <epan/tap.h>

#include "../knowledge/remarks.h"
#include "../knowledge/rules.h"
#include "fields.h"

/* One slug: an expert info for each severity that it can have. */
typedef struct {
    const char *slug;
    const char *title;
    dns_severity main;
    bool used[DNS_SEVERITY_COUNT];
    expert_field fields[DNS_SEVERITY_COUNT];
} expert_slug;

static expert_slug slugs[CAUSE_COUNT + RULE_COUNT + REMARK_COUNT];
static unsigned slug_count;
static expert_slug *of_cause[CAUSE_COUNT];
static expert_slug *of_rule[RULE_COUNT + 1];
static expert_slug *of_remark[REMARK_COUNT];

static const int wireshark_severity[DNS_SEVERITY_COUNT] = {PI_CHAT, PI_NOTE, PI_WARN, PI_ERROR};

/* Some rules have the slug of a cause: they share its expert info. */
static expert_slug *slug_entry(const char *slug, const char *title, dns_severity main)
{
    for (unsigned i = 0; i < slug_count; i++)
        if (strcmp(slugs[i].slug, slug) == 0)
            return &slugs[i];
    expert_slug *entry = &slugs[slug_count++];
    entry->slug = slug;
    entry->title = title;
    entry->main = main;
    for (unsigned i = 0; i < DNS_SEVERITY_COUNT; i++)
        entry->fields[i] = (expert_field)EI_INIT;
    entry->used[main] = true;
    return entry;
}

static void collect_slugs(void)
{
    for (unsigned i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
        const dns_cause_row *row = dns_cause_find((dns_cause)i);
        if (!row->slug)
            continue;
        of_cause[i] = slug_entry(row->slug, row->title, row->severity);
        of_cause[i]->used[row->solved] = of_cause[i]->used[row->repeated] = true;
        /* What later frames may overturn, or what rests on one event, is a warning at most. */
        of_cause[i]->used[DNS_SEVERITY_WARN] |= of_cause[i]->used[DNS_SEVERITY_ERROR];
    }
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const dns_rule_row *row = dns_rule_find(i);
        of_rule[i] = slug_entry(row->slug, row->title, row->severity);
        for (unsigned s = 0; s < DNS_SEVERITY_COUNT; s++) /* rules may be milder or stricter in context */
            of_rule[i]->used[s] = true;
    }
    for (unsigned i = 0; i < REMARK_COUNT; i++)
        of_remark[i] =
            slug_entry(dns_remark_find((dns_remark)i)->slug, dns_remark_find((dns_remark)i)->title, DNS_SEVERITY_CHAT);
}

static ei_register_info registration(expert_slug *entry, unsigned severity)
{
    ei_register_info info = {&entry->fields[severity],
                             {g_strdup_printf("dnsrcode.expert.%s", entry->slug), PI_RESPONSE_CODE,
                              wireshark_severity[severity], entry->title, EXPFILL}};
    return info;
}

void experts_register(int protocol)
{
    collect_slugs();
    /* Wireshark keeps the array. */
    ei_register_info *ei = g_new0(ei_register_info, slug_count * DNS_SEVERITY_COUNT);
    int count = 0;
    for (unsigned i = 0; i < slug_count; i++)
        for (unsigned s = 0; s < DNS_SEVERITY_COUNT; s++)
            if (slugs[i].used[s])
                ei[count++] = registration(&slugs[i], s);
    expert_register_field_array(expert_register_protocol(protocol), ei, count);
}

bool expert_is_read(const proto_tree *tree)
{
    static int tap;
    if (!tap)
        tap = find_tap_id("expert");
    return tree || !tap || have_tap_listener(tap);
}

static void raise_expert(packet_info *pinfo, proto_tree *tree, proto_item *item, expert_slug *entry,
                         dns_severity severity, const char *summary)
{
    if (!entry)
        return;
    if (!entry->used[severity])
        severity = entry->main;
    expert_add_info_format(pinfo, item, &entry->fields[severity], "%s", summary);
    if (tree)
        proto_item_set_hidden(field_text(tree, hf_dnsrcode_expert, NULL, summary));
}

void expert_cause(packet_info *pinfo, proto_tree *tree, proto_item *item, dns_cause cause, dns_severity severity,
                  const char *summary)
{
    raise_expert(pinfo, tree, item, of_cause[cause], severity, summary);
}

void expert_rule(packet_info *pinfo, proto_tree *tree, proto_item *item, unsigned rule, dns_severity severity,
                 const char *summary)
{
    raise_expert(pinfo, tree, item, of_rule[rule], severity, summary);
}

void expert_remark(packet_info *pinfo, proto_tree *tree, proto_item *item, dns_remark remark)
{
    raise_expert(pinfo, tree, item, of_remark[remark], DNS_SEVERITY_CHAT, dns_remark_find(remark)->summary);
}
