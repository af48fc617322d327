/* frame.c
 * The findings of a frame in the tree: the plugin's subtree, annotations in place, expert infos.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../knowledge/rules.h"
#include "../knowledge/text.h"
#include "../source/source.h"
#include "columns.h"
#include "cookie.h"
#include "dso.h"
#include "experts.h"
#include "fields.h"

/* One finding in one pass. */
typedef struct {
    const dns_finding *finding;
    const display_pass *pass;
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree; /* the plugin's subtree; NULL without a tree */
    proto_item *item;
    display_place place;
} view;

void display_register(int protocol)
{
    fields_register(protocol);
    experts_register(protocol);
    display_dso_register_filter();
}

void display_init(void)
{
    place_init();
    display_dso_init();
}

/* ---- the response code ---- */

static const dns_rcode_row *rcode_row(const dns_finding *f)
{
    return dns_rcode_find(f->rcode, f->tsig);
}

static void add_texts(view *v, int field, const char *const *texts, size_t count)
{
    if (!field_wanted(v->tree, field))
        return;
    for (size_t i = 0; i < count && texts[i]; i++)
        field_text(v->tree, field, v->tvb, texts[i]);
}

static void show_rcode(view *v)
{
    const dns_finding *f = v->finding;
    if (f->rcode_state != RCODE_JOINED)
        return;
    const dns_rcode_row *row = rcode_row(f);
    field_rcode(v->tree, v->tvb, f->rcode, row->name);
    if (!f->response) { /* a Retry Delay: the code is its reason */
        field_text(v->tree, hf_dnsrcode_meaning, v->tvb, dns_shutdown_reason(f->rcode));
        return;
    }
    if (f->opcode == DNS_OPCODE_DSO && f->rcode == RCODE_NOERROR)
        return; /* what is said of ordinary responses has no place there */
    add_texts(v, hf_dnsrcode_meaning, &row->meaning, 1);
    add_texts(v, hf_dnsrcode_seen_when, &row->seen_when, 1);
    if (f->tsig_error) {
        proto_item *item =
            proto_tree_add_uint_format_value(v->tree, hf_dnsrcode_tsig_error, v->tvb, 0, 0, f->tsig_error, "%s (%u)",
                                             dns_rcode_find(f->tsig_error, true)->name, f->tsig_error);
        proto_item_set_generated(item);
    }
    if (!f->more->diagnoses)
        add_texts(v, hf_dnsrcode_remediation, row->remediation, array_length(row->remediation));
    add_texts(v, hf_dnsrcode_reference, row->reference, array_length(row->reference));
}

/* The DNS dissector's own lines: right where they stand. */
static void correct_in_place(view *v)
{
    const dns_finding *f = v->finding;
    bool differs = f->rcode_state == RCODE_JOINED && f->rcode > 15;
    if (!v->pass->correct_dns || !differs)
        return;
    proto_node *const places[] = {v->place.flags, v->place.rcode, v->place.extended_rcode};
    static const char *const formats[] = {" [with the EDNS bits: %s (%u)]", " [lower half of %s (%u)]",
                                          " [upper half of %s (%u)]"};
    for (size_t i = 0; i < array_length(places); i++)
        if (places[i])
            proto_item_append_text(places[i], formats[i], rcode_row(f)->name, f->rcode);
}

/* ---- the transaction ---- */

static void show_transaction(view *v)
{
    const dns_finding *f = v->finding;
    const dns_transaction *t = f->transaction;
    if (!t)
        return;
    if (f->response) {
        field_frame(v->tree, hf_dnsrcode_request_in, v->tvb, t->request_frame);
        if (t->request_frame) {
            int64_t ns = (f->frame == t->response_frame ? t->response_time : 0) - t->request_time;
            nstime_t delta = {.secs = (time_t)(ns / 1000000000), .nsecs = (int)(ns % 1000000000)};
            if (f->frame == t->response_frame)
                field_time(v->tree, hf_dnsrcode_time, v->tvb, delta);
        }
        return;
    }
    field_frame(v->tree, hf_dnsrcode_response_in, v->tvb, t->response_frame);
    bool resent = f->frame != t->request_frame; /* a retransmission shares the transaction of the original */
    field_frame(v->tree, hf_dnsrcode_retry_of, v->tvb, resent ? t->request_frame : t->retry_of);
    if (!resent)
        field_frame(v->tree, hf_dnsrcode_retried_in, v->tvb, t->retried_in);
}

/* ---- diagnoses ---- */

/* Where the story ended, for the texts of outcomes. */
static dns_facts outcome_facts(const dns_episode *e, dns_outcome outcome)
{
    dns_facts facts = {.frame = e->end_frame, .n = e->count};
    if (outcome == OUTCOME_UNRESOLVED)
        facts.frame = e->retry_frame;
    return facts;
}

static void show_outcome(view *v, proto_tree *tree, const dns_diagnosis *d, dns_outcome outcome)
{
    if (outcome == OUTCOME_NONE)
        return;
    const dns_outcome_row *row = dns_outcome_find(outcome);
    dns_facts facts = outcome_facts(d->episode, outcome);
    proto_item *item = field_text(tree, hf_dnsrcode_outcome, v->tvb, row->slug);
    proto_item_append_text(item, " (%s)", render(v->pinfo, row->text, &facts));
    field_frame(tree, hf_dnsrcode_resolved_in, v->tvb, dns_diagnosis_resolved_in(d, outcome));
}

static void show_details(view *v, proto_tree *tree, const dns_diagnosis *d, const dns_cause_row *row)
{
    field_rendered(tree, v->pinfo, hf_dnsrcode_cause_text, v->tvb, dns_diagnosis_text(d), &d->facts);
    field_text(tree, hf_dnsrcode_confidence, v->tvb, dns_confidence_name(d->confidence));
    for (const dns_evidence *e = d->evidence; e; e = e->next)
        field_rendered(tree, v->pinfo, hf_dnsrcode_evidence, v->tvb, dns_evidence_text(e->kind), &e->facts);
    view inner = *v;
    inner.tree = tree;
    add_texts(&inner, hf_dnsrcode_remediation, row->remediation, array_length(row->remediation));
    add_texts(&inner, hf_dnsrcode_reference, row->reference, array_length(row->reference));
}

static void show_diagnosis(view *v, const dns_diagnosis *d)
{
    const dns_cause_row *row = dns_cause_find(d->cause);
    dns_outcome outcome = dns_diagnosis_outcome(d, v->pass->last_time, v->pass->complete);
    proto_item *item = field_text(v->tree, hf_dnsrcode_cause, v->tvb, row->slug);
    if (v->tree) {
        proto_tree *tree = proto_item_add_subtree(item, ett_dnsrcode_diagnosis);
        show_details(v, tree ? tree : v->tree, d, row);
        show_outcome(v, tree ? tree : v->tree, d, outcome);
    }
    if (!d->repetition && !(d->first_pass_only && v->pass->complete))
        expert_cause(v->pinfo, v->tree, item, d->cause, dns_diagnosis_severity(d, outcome),
                     render(v->pinfo, dns_diagnosis_summary(d), &d->facts));
}

/* A rule that is one fault with a cause of the same message was raised there. */
static bool raised_as_cause(const dns_finding *f, unsigned rule)
{
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next)
        if (dns_rule_is_cause(rule, d->cause))
            return true;
    return false;
}

static void show_violation(view *v, const dns_violation *violation)
{
    const dns_rule_row *row = dns_rule_find(violation->rule);
    proto_item *item = field_text(v->tree, hf_dnsrcode_violation, v->tvb, row->slug);
    if (dns_text_applies(row->evidence, &violation->facts))
        field_rendered(v->tree, v->pinfo, hf_dnsrcode_evidence, v->tvb, row->evidence, &violation->facts);
    field_text(v->tree, hf_dnsrcode_reference, v->tvb, row->section);
    if (!raised_as_cause(v->finding, violation->rule))
        expert_rule(v->pinfo, v->tree, item, violation->rule, violation->severity,
                    render(v->pinfo, row->summary, &violation->facts));
}

/* ---- the worst of both ---- */

static void show_severity(view *v)
{
    const dns_finding *f = v->finding;
    dns_severity worst = DNS_SEVERITY_CHAT;
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next) {
        dns_outcome outcome = dns_diagnosis_outcome(d, v->pass->last_time, v->pass->complete);
        worst = MAX(worst, dns_diagnosis_severity(d, outcome));
    }
    for (const dns_violation *x = f->more->violations; x; x = x->next)
        worst = MAX(worst, x->severity);
    if (f->more->diagnoses || f->more->violations)
        field_text(v->tree, hf_dnsrcode_severity, v->tvb, dns_severity_name(worst));
}

/* ---- the whole ---- */

static bool has_something(const dns_finding *f)
{
    return f->rcode_state != RCODE_ABSENT || f->transaction || dns_finding_cookie(f) || f->more->dso ||
           f->more->diagnoses || f->more->violations;
}

/* "DNS response code analysis: BADCOOKIE (23), first-contact" */
static void label(view *v)
{
    const dns_finding *f = v->finding;
    if (f->rcode_state == RCODE_JOINED)
        proto_item_append_text(v->item, ": %s (%u)", rcode_row(f)->name, f->rcode);
    else if (f->rcode_state == RCODE_HEADER_ONLY)
        proto_item_append_text(v->item, ": response code %u in the header, upper bits unknown", f->rcode);
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next)
        proto_item_append_text(v->item, ", %s", dns_cause_find(d->cause)->slug);
}

/* In an invisible tree that nobody asks for a field of this plugin, a message with nothing to report leaves
 * no trace: most messages of most captures. */
static bool looked_at(proto_tree *tree, const dns_finding *f)
{
    if (!tree)
        return false;
    return PTREE_DATA(tree)->visible || f->more->diagnoses || f->more->violations || f->more->dso ||
           proto_registrar_get_nth((unsigned)proto_dnsrcode)->ref_type != HF_REF_TYPE_NONE;
}

static void open_tree(view *v, proto_tree *tree)
{
    if (!looked_at(tree, v->finding))
        return;
    v->item = proto_tree_add_item(tree, proto_dnsrcode, v->tvb, 0, 0, ENC_NA);
    proto_item_set_generated(v->item);
    v->tree = proto_item_add_subtree(v->item, ett_dnsrcode);
    if (PTREE_DATA(tree)->visible)
        label(v);
}

static void display_finding(view *v, proto_tree *tree)
{
    open_tree(v, tree);
    if (v->tree) {
        correct_in_place(v);
        show_rcode(v);
        show_transaction(v);
        if (dns_finding_cookie(v->finding))
            display_cookie(dns_finding_cookie(v->finding), &v->place, v->tvb, v->tree);
    }
    if (v->finding->more->dso)
        display_dso(v->finding, &v->place, v->tvb, v->pinfo, v->tree, v->item);
    for (const dns_diagnosis *d = v->finding->more->diagnoses; d; d = d->next)
        show_diagnosis(v, d);
    for (const dns_violation *x = v->finding->more->violations; x; x = x->next)
        show_violation(v, x);
    show_severity(v);
}

void display_frame(const dns_finding *findings, const display_pass *pass, tvbuff_t *tvb, packet_info *pinfo,
                   proto_tree *tree)
{
    proto_node *nodes[SOURCE_MESSAGES_MAX];
    /* In place is where it is seen: an invisible tree gets the fields in the plugin's own subtree. */
    bool in_place = tree && PTREE_DATA(tree)->visible;
    unsigned count = in_place ? source_dns_nodes(tree, nodes, SOURCE_MESSAGES_MAX) : 0, message = 0;
    if (pass->correct_dns)
        columns_correct(findings, pinfo, tree);
    for (const dns_finding *f = findings; f; f = f->more->next) {
        proto_node *node = f->message && message < count ? nodes[message] : NULL;
        message += f->message;
        if (!has_something(f))
            continue;
        view v = {.finding = f, .pass = pass, .tvb = tvb, .pinfo = pinfo, .place = place_find(node)};
        display_finding(&v, tree);
    }
}
