/* diagnosis.c
 * Causes and broken rules in the details, the answer first.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "diagnosis.h"

#include "../knowledge/rules.h"
#include "../knowledge/text.h"
#include "experts.h"
#include "fields.h"

/* ---- how it ended ---- */

static void show_outcome(display_view *v, proto_tree *tree, const dns_diagnosis *d, dns_outcome outcome)
{
    if (outcome == OUTCOME_NONE || !field_wanted(tree, hf_dnsrcode_outcome))
        return;
    const dns_outcome_row *row = dns_outcome_find(outcome);
    dns_facts facts = dns_diagnosis_outcome_facts(d, outcome);
    proto_item *item = field_text(tree, hf_dnsrcode_outcome, v->tvb, row->slug);
    proto_item_append_text(item, " (%s)", render(v->pinfo, dns_diagnosis_outcome_text(d, outcome), &facts));
}

/* ---- evidence ---- */

/* A frame gets one link, and none to itself. */
static bool is_new_link(display_view *v, uint32_t frame)
{
    if (!frame || frame == v->finding->frame || v->link_count == VIEW_LINKS_MAX)
        return false;
    for (unsigned i = 0; i < v->link_count; i++)
        if (v->links[i] == frame)
            return false;
    v->links[v->link_count++] = frame;
    return true;
}

/* Where the tree is seen, the sentence itself is the link: a double click on it goes to the frame. */
static void show_link(display_view *v, proto_tree *tree, uint32_t frame, const char *sentence)
{
    if (!field_wanted(tree, hf_dnsrcode_evidence_frame))
        return;
    proto_item *item =
        sentence ? proto_tree_add_uint_format(tree, hf_dnsrcode_evidence_frame, v->tvb, 0, 0, frame, "%s: %s",
                                              proto_registrar_get_nth((unsigned)hf_dnsrcode_evidence)->name, sentence)
                 : proto_tree_add_uint(tree, hf_dnsrcode_evidence_frame, v->tvb, 0, 0, frame);
    proto_item_set_generated(item);
}

static void show_evidence(display_view *v, proto_tree *tree, const char *text, const dns_facts *facts)
{
    if (!field_wanted(tree, hf_dnsrcode_evidence) && !field_wanted(tree, hf_dnsrcode_evidence_frame))
        return;
    uint32_t frames[2];
    unsigned count = dns_text_frames(text, facts, frames);
    const char *sentence = render(v->pinfo, text, facts);
    proto_item *item = field_text(tree, hf_dnsrcode_evidence, v->tvb, sentence);
    bool linked = false;
    for (unsigned i = 0; i < count; i++) {
        if (!is_new_link(v, frames[i]))
            continue;
        show_link(v, tree, frames[i], linked ? NULL : sentence);
        linked = true;
    }
    if (linked)
        proto_item_set_hidden(item);
}

/* ---- causes ---- */

/* Returns the explanation, NULL where nobody looks at it. */
static proto_item *show_details(display_view *v, proto_tree *tree, const dns_diagnosis *d, dns_outcome outcome)
{
    const char *text = dns_diagnosis_text(d);
    proto_item *explanation =
        text ? field_rendered(tree, v->pinfo, hf_dnsrcode_cause_text, v->tvb, text, &d->facts) : NULL;
    show_outcome(v, tree, d, outcome);
    if (outcome != OUTCOME_NONE)
        field_frame(tree, hf_dnsrcode_resolved_in, v->tvb, dns_diagnosis_resolved_in(d, outcome));
    size_t count;
    const char *const *remedies = dns_diagnosis_remedies(d, outcome, &count);
    view_texts(v, tree, hf_dnsrcode_remediation, remedies, count);
    for (const dns_evidence *e = d->evidence; e; e = e->next)
        if (dns_text_applies(dns_evidence_text(e->kind), &e->facts))
            show_evidence(v, tree, dns_evidence_text(e->kind), &e->facts);
    field_text(tree, hf_dnsrcode_confidence, v->tvb, dns_confidence_name(d->confidence));
    return explanation;
}

static void show_diagnosis(display_view *v, const dns_diagnosis *d)
{
    const dns_cause_row *row = dns_cause_find(d->cause);
    const dns_so_far *so_far = &v->pass->so_far;
    dns_outcome outcome = dns_diagnosis_outcome(d, so_far);
    proto_item *item = field_text(v->tree, hf_dnsrcode_cause, v->tvb, row->slug);
    if (v->tree) {
        proto_tree *tree = proto_item_add_subtree(item, ett_dnsrcode_diagnosis);
        proto_item *explanation = show_details(v, tree ? tree : v->tree, d, outcome);
        item = explanation ? explanation : item; /* what has an expert info is closed: not the answer */
    }
    if (!dns_diagnosis_is_told(v->finding, d, so_far))
        return;
    const char *summary = dns_diagnosis_summary(d);
    if (expert_is_read(v->tree))
        summary = render(v->pinfo, summary, &d->facts);
    expert_cause(v->pinfo, v->tree, item, d->cause, dns_diagnosis_severity(d, outcome, so_far), summary);
}

/* ---- rules ---- */

static void show_violation(display_view *v, const dns_violation *violation)
{
    const dns_rule_row *row = dns_rule_find(violation->rule);
    proto_item *item = field_text(v->tree, hf_dnsrcode_violation, v->tvb, row->slug);
    const char *summary = render(v->pinfo, row->summary, &violation->facts);
    proto_tree *tree = v->tree ? proto_item_add_subtree(item, ett_dnsrcode_diagnosis) : NULL;
    if (tree && dns_text_applies(row->evidence, &violation->facts))
        show_evidence(v, tree, row->evidence, &violation->facts);
    if (!dns_violation_is_told(v->finding, violation))
        return;
    if (field_wanted(tree, hf_dnsrcode_violation_text))
        item = field_text(tree, hf_dnsrcode_violation_text, v->tvb, summary);
    expert_rule(v->pinfo, v->tree, item, violation->rule, violation->severity, summary);
}

/* ---- both ---- */

static void show_severity(display_view *v)
{
    const dns_finding *f = v->finding;
    const dns_so_far *so_far = &v->pass->so_far;
    if (!v->tree || (!f->more->diagnoses && !f->more->violations))
        return;
    field_text(v->tree, hf_dnsrcode_severity, v->tvb, dns_severity_name(dns_finding_severity(f, so_far)));
    const char *slugs[DNS_TROUBLES_MAX];
    unsigned count = dns_finding_troubles(f, so_far, DNS_SEVERITY_WARN, slugs);
    for (unsigned i = 0; i < count; i++) /* for filters and columns; the lines above say the same */
        proto_item_set_hidden(field_text(v->tree, hf_dnsrcode_trouble, v->tvb, slugs[i]));
}

void display_diagnoses(display_view *v)
{
    for (const dns_diagnosis *d = v->finding->more->diagnoses; d; d = d->next)
        show_diagnosis(v, d);
    for (const dns_violation *x = v->finding->more->violations; x; x = x->next)
        show_violation(v, x);
    show_severity(v);
}

void display_diagnosis_references(display_view *v, proto_tree *tree)
{
    for (const dns_diagnosis *d = v->finding->more->diagnoses; d; d = d->next) {
        const dns_cause_row *row = dns_cause_find(d->cause);
        for (size_t i = 0; i < array_length(row->reference) && row->reference[i]; i++)
            view_reference(v, tree, row->reference[i]);
    }
    for (const dns_violation *x = v->finding->more->violations; x; x = x->next)
        view_reference(v, tree, dns_rule_find(x->rule)->section);
}
