/* tree.c
 * -z dnsrcode,tree: response codes, causes, outcomes, cookies and DSO operations, counted.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a message says by itself is counted as it comes. What later frames decide is counted when the tree is
 * drawn; or as it comes as well, where the whole capture was read before (Wireshark, tshark -2).
 */
#include "inside.h"

#include <epan/stats_tree.h>

#include "../analysis/cookies/option.h"
#include "../finding/dso_finding.h"
#include "../knowledge/rules.h"
#include "../knowledge/statistics.h"
#include "../knowledge/types.h"
#include "../message/message.h"
#include "../source/source.h"
#include "collection.h"

enum { NO_NODE = -1 };

/* What later frames decide. */
typedef struct {
    uint32_t causes[CAUSE_COUNT][OUTCOME_COUNT], outcomes[OUTCOME_COUNT], rules[RULE_COUNT];
    uint32_t all_troubles, all_outcomes;
} verdicts;

typedef struct {
    stats_tree *tree;
    int sections[SECTION_COUNT]; /* node ids; NO_NODE: nothing to count yet, and no empty heading */
    collection messages;
    verdicts verdicts;
    before_draw *hook; /* NULL until a frame is not known to its end */
} tree_state;

static GHashTable *states; /* stats_tree -> tree_state: there may be several windows */

/* ---- counted as it comes ---- */

/* In the order in which they have something to count: tshark prints them so. */
static int section_node(tree_state *s, dns_section section)
{
    int *node = &s->sections[section];
    if (*node != NO_NODE)
        return *node;
    *node = stats_tree_create_node(s->tree, dns_section_names[section], 0, STAT_DT_INT, TRUE);
    return *node;
}

static int tick_section(tree_state *s, dns_section section)
{
    int node = section_node(s, section);
    tick_stat_node(s->tree, dns_section_names[section], 0, TRUE);
    return node;
}

static void tick(tree_state *s, dns_section section, const char *name)
{
    tick_stat_node(s->tree, name, tick_section(s, section), FALSE);
}

static void tick_below(tree_state *s, dns_section section, const char *name, const char *below)
{
    int node = tick_stat_node(s->tree, name, tick_section(s, section), TRUE);
    tick_stat_node(s->tree, below, node, FALSE);
}

static void count_rcode(tree_state *s, const dns_finding *f)
{
    char text[64];
    if (f->rcode_state == RCODE_ABSENT)
        return;
    if (f->rcode_state == RCODE_JOINED)
        snprintf(text, sizeof text, "%s (%u)", dns_rcode_find(f->rcode, f->tsig)->name, f->rcode);
    else
        snprintf(text, sizeof text, "%u, %s", f->rcode, dns_labels[LABEL_RCODE_UNKNOWN]);
    tick(s, SECTION_RCODES, text);
}

static dns_label form_label(const dns_cookie *cookie)
{
    if (!cookie)
        return LABEL_NO_COOKIE;
    static const dns_label labels[] = {LABEL_CLIENT_ONLY, LABEL_CLIENT_AND_SERVER, LABEL_MALFORMED};
    return labels[dns_cookie_form(cookie->length)];
}

static const char *age_label(const dns_cookie *cookie, int64_t now)
{
    const uint8_t *server = dns_cookie_server(cookie);
    if (dns_cookie_format(server, dns_cookie_server_length(cookie), now) != COOKIE_FORMAT_RFC9018)
        return dns_labels[LABEL_AGE_UNKNOWN];
    return dns_age_bucket(dns_cookie_age(dns_cookie_timestamp(server), now));
}

static void count_cookie(tree_state *s, const dns_finding *f, int64_t now)
{
    dns_label label = form_label(dns_finding_cookie(f));
    tick(s, f->response ? SECTION_COOKIE_RESPONSES : SECTION_COOKIE_QUERIES, dns_labels[label]);
    if (label == LABEL_CLIENT_AND_SERVER && !f->response)
        tick(s, SECTION_COOKIE_AGES, age_label(dns_finding_cookie(f), now));
}

static void count_dso(tree_state *s, const dns_finding *f)
{
    const dns_dso_message *dso = f->more->dso ? f->more->dso->message : NULL;
    char type[80];
    snprintf(type, sizeof type, "%s", dns_labels[LABEL_NO_TYPE]);
    if (dso && dso->has_primary)
        dso_type_text(type, sizeof type, dso->primary);
    if (f->response)
        tick_below(s, SECTION_DSO, type, dns_rcode_find(f->rcode, false)->name);
    else
        tick_below(s, SECTION_DSO, type,
                   dns_labels[dso && dso->kind == DSO_UNIDIRECTIONAL ? LABEL_UNIDIRECTIONAL : LABEL_REQUESTS]);
}

static dns_label message_label(const dns_finding *f)
{
    if (f->opcode != DNS_OPCODE_DSO)
        return f->response ? LABEL_RESPONSES : LABEL_QUERIES;
    if (f->response)
        return LABEL_DSO_RESPONSES;
    const dns_dso_message *dso = f->more->dso ? f->more->dso->message : NULL;
    return dso && dso->kind == DSO_UNIDIRECTIONAL ? LABEL_DSO_UNIDIRECTIONAL : LABEL_DSO_REQUESTS;
}

static void count_message(tree_state *s, const dns_finding *f, int64_t now)
{
    if (!f->message)
        return;
    tick(s, SECTION_MESSAGES, dns_labels[message_label(f)]);
    count_rcode(s, f);
    if (f->opcode == DNS_OPCODE_DSO)
        count_dso(s, f);
    else
        count_cookie(s, f, now);
}

/* ---- counted at the end ---- */

static void judge(verdicts *v, const dns_finding *f)
{
    const dns_so_far so_far = statistics_so_far();
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next) {
        if (!dns_diagnosis_is_told(f, d, &so_far))
            continue;
        dns_outcome outcome = dns_diagnosis_outcome(d, &so_far);
        v->causes[d->cause][outcome]++;
        v->all_troubles++;
        v->outcomes[outcome]++;
        v->all_outcomes += outcome != OUTCOME_NONE;
    }
    for (const dns_violation *x = f->more->violations; x; x = x->next) {
        if (!dns_violation_is_told(f, x))
            continue;
        v->rules[x->rule]++;
        v->all_troubles++;
    }
}

static void set_section(tree_state *s, dns_section section, uint32_t value)
{
    if (!value)
        return;
    section_node(s, section);
    set_stat_node(s->tree, dns_section_names[section], 0, TRUE, (int)value);
}

static void set_cause(tree_state *s, dns_cause cause, const uint32_t *outcomes)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < OUTCOME_COUNT; i++)
        sum += outcomes[i];
    if (!sum)
        return;
    int node = set_stat_node(s->tree, dns_cause_find(cause)->slug, s->sections[SECTION_TROUBLE], TRUE, (int)sum);
    for (unsigned i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
        if (outcomes[i])
            set_stat_node(s->tree, dns_outcome_find((dns_outcome)i)->slug, node, FALSE, (int)outcomes[i]);
}

static void draw_verdicts(tree_state *s, const verdicts *v)
{
    set_section(s, SECTION_TROUBLE, v->all_troubles);
    set_section(s, SECTION_OUTCOMES, v->all_outcomes);
    for (unsigned i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
        set_cause(s, (dns_cause)i, v->causes[i]);
    for (unsigned i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
        if (v->outcomes[i])
            set_stat_node(s->tree, dns_outcome_find((dns_outcome)i)->slug, s->sections[SECTION_OUTCOMES], FALSE,
                          (int)v->outcomes[i]);
    for (unsigned i = 0; i < RULE_COUNT; i++)
        if (v->rules[i])
            set_stat_node(s->tree, dns_rule_find(i)->slug, s->sections[SECTION_TROUBLE], FALSE, (int)v->rules[i]);
}

static void judge_all(void *data)
{
    tree_state *s = (tree_state *)data;
    memset(&s->verdicts, 0, sizeof s->verdicts);
    for (unsigned i = 0; i < collection_count(&s->messages); i++)
        judge(&s->verdicts, collection_get(&s->messages, i)->finding);
    draw_verdicts(s, &s->verdicts);
}

/* ---- what Wireshark calls ---- */

static tree_state *state_of(stats_tree *tree)
{
    tree_state *s = (tree_state *)g_hash_table_lookup(states, tree);
    if (s)
        return s;
    s = g_new0(tree_state, 1);
    s->tree = tree;
    collection_init(&s->messages);
    g_hash_table_insert(states, tree, s);
    return s;
}

/* Again, too, whenever the capture is read anew. */
static void init(stats_tree *tree)
{
    tree_state *s = state_of(tree);
    collection_clear(&s->messages);
    memset(&s->verdicts, 0, sizeof s->verdicts);
    for (unsigned i = 0; i < SECTION_COUNT; i++)
        s->sections[i] = NO_NODE;
    /* What is wrong stands on top, be it that nothing is. */
    section_node(s, SECTION_TROUBLE);
    stat_node_set_flags(tree, dns_section_names[SECTION_TROUBLE], 0, TRUE, ST_FLG_SORT_TOP);
}

static tap_packet_status packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                tap_flags_t flags _U_)
{
    tree_state *s = state_of(tree);
    const tapped_frame *frame = (const tapped_frame *)data;
    bool whole = !frame->first_pass;
    if (!whole && !s->hook)
        s->hook = before_draw_new(judge_all, s);
    unsigned before = statistics_collect(&s->messages, pinfo, frame);
    for (unsigned i = before; i < collection_count(&s->messages); i++) {
        const dns_finding *f = collection_get(&s->messages, i)->finding;
        count_message(s, f, source_time(pinfo));
        if (whole && (f->more->diagnoses || f->more->violations)) {
            judge(&s->verdicts, f);
            draw_verdicts(s, &s->verdicts);
        }
    }
    return TAP_PACKET_REDRAW;
}

static void cleanup(stats_tree *tree)
{
    tree_state *s = (tree_state *)g_hash_table_lookup(states, tree);
    if (!s)
        return;
    before_draw_stop(s->hook);
    collection_free(&s->messages);
    g_hash_table_remove(states, tree);
}

void tree_register(void)
{
    states = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    char *title = g_strconcat(WS_DNS_TREES, dns_title_tree, NULL);
    /* Wireshark adds ",tree" to the name. */
    stats_tree_register_plugin(STATISTICS_TAP, "dnsrcode", title, TL_REQUIRES_NOTHING, packet, init, cleanup);
    g_free(title);
}
