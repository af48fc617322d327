/* frame.c
 * All findings of a frame: the Info column, the plugin's lines in the details, notes on Wireshark's own.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The answer stands first (cause, how it ended, what to do), then what belongs to this message, then the background
 * (what the code means in general) in a subtree that is closed. A healthy message is one line.
 */
#include "../knowledge/rules.h"
#include "../source/source.h"
#include "columns.h"
#include "conversations.h"
#include "cookie.h"
#include "diagnosis.h"
#include "dso.h"
#include "experts.h"
#include "fields.h"

void display_register(int protocol)
{
    fields_register(protocol);
    experts_register(protocol);
    conversations_register();
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

static bool is_noerror(const dns_finding *f)
{
    return f->rcode_state == RCODE_JOINED && f->response && f->rcode == RCODE_NOERROR;
}

/* NOERROR, which the label says, and nothing told about it. */
static bool is_unremarkable(const dns_finding *f)
{
    return is_noerror(f) && !f->more->diagnoses && !f->more->violations && !f->tsig_error;
}

/* Its code for filters, columns and machines. That it means that all is well is only said when somebody asks. */
static void show_noerror(display_view *v)
{
    const dns_rcode_row *row = rcode_row(v->finding);
    field_rcode(v->tree, v->tvb, v->finding->rcode, row->name);
    if (v->finding->opcode == DNS_OPCODE_DSO)
        return; /* what it means elsewhere has no place there */
    if (proto_field_is_referenced(v->tree, hf_dnsrcode_meaning))
        field_text(v->tree, hf_dnsrcode_meaning, v->tvb, row->meaning);
    if (proto_field_is_referenced(v->tree, hf_dnsrcode_seen_when))
        field_text(v->tree, hf_dnsrcode_seen_when, v->tvb, row->seen_when);
}

/* Of codes whose cause here is not known: what they say, and what to do. */
static void show_general_answer(display_view *v)
{
    const dns_finding *f = v->finding;
    if (f->rcode_state != RCODE_JOINED || f->more->diagnoses || is_noerror(f))
        return;
    const dns_rcode_row *row = rcode_row(f);
    if (!f->response) { /* a Retry Delay: the code is its reason */
        field_text(v->tree, hf_dnsrcode_meaning, v->tvb, dns_shutdown_reason(f->rcode));
        return;
    }
    view_texts(v, v->tree, hf_dnsrcode_meaning, &row->meaning, 1);
    if (f->opcode != DNS_OPCODE_DSO) /* what helps with queries has no place there */
        view_texts(v, v->tree, hf_dnsrcode_remediation, row->remediation, array_length(row->remediation));
}

static void show_tsig_error(display_view *v)
{
    const dns_finding *f = v->finding;
    if (!f->tsig_error)
        return;
    proto_item *item =
        proto_tree_add_uint_format_value(v->tree, hf_dnsrcode_tsig_error, v->tvb, 0, 0, f->tsig_error, "%s (%u)",
                                         dns_rcode_find(f->tsig_error, true)->name, f->tsig_error);
    proto_item_set_generated(item);
}

/* The code, and what is not about this message: its meaning where a cause says more, when one sees it, where to read. */
static void show_code(display_view *v, proto_tree *tree)
{
    const dns_finding *f = v->finding;
    if (f->rcode_state != RCODE_JOINED)
        return;
    const dns_rcode_row *row = rcode_row(f);
    field_rcode(tree, v->tvb, f->rcode, row->name);
    if (!f->response || is_noerror(f))
        return;
    if (f->more->diagnoses)
        view_texts(v, tree, hf_dnsrcode_meaning, &row->meaning, 1);
    view_texts(v, tree, hf_dnsrcode_seen_when, &row->seen_when, 1);
    for (size_t i = 0; i < array_length(row->reference) && row->reference[i]; i++)
        view_reference(v, tree, row->reference[i]);
}

static void show_background(display_view *v)
{
    const dns_finding *f = v->finding;
    if (is_unremarkable(f) || (f->rcode_state != RCODE_JOINED && !f->more->diagnoses && !f->more->violations))
        return;
    proto_tree *tree = v->tree;
    if (PTREE_DATA(tree)->visible) {
        proto_item *item;
        tree = proto_tree_add_subtree(tree, v->tvb, 0, 0, ett_dnsrcode_background, &item, "Background");
        proto_item_set_generated(item);
    }
    show_code(v, tree);
    display_diagnosis_references(v, tree);
}

/* The DNS dissector's own lines: right where they stand. */
static void correct_in_place(display_view *v)
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

static nstime_t relative_time(int64_t ns)
{
    return (nstime_t){.secs = (time_t)(ns / 1000000000), .nsecs = (int)(ns % 1000000000)};
}

static void show_transaction(display_view *v)
{
    const dns_finding *f = v->finding;
    const dns_transaction *t = f->transaction;
    if (!t)
        return;
    if (f->response) {
        field_frame(v->tree, hf_dnsrcode_request_in, v->tvb, t->request_frame);
        if (t->request_frame && f->frame == t->response_frame)
            field_time(v->tree, hf_dnsrcode_time, v->tvb, relative_time(source_time(v->pinfo) - t->request_time));
        return;
    }
    field_frame(v->tree, hf_dnsrcode_response_in, v->tvb, t->response_frame);
    bool resent = f->frame != t->request_frame; /* a retransmission shares the transaction of the original */
    field_frame(v->tree, hf_dnsrcode_retry_of, v->tvb, resent ? t->request_frame : t->retry_of);
    if (!resent)
        field_frame(v->tree, hf_dnsrcode_retried_in, v->tvb, t->retried_in);
}

/* ---- the story ---- */

/* This is the response that ended it. */
static bool ends_story(const dns_finding *f, const dns_episode *story)
{
    return story && f->response && story->end_frame == f->frame && dns_outcome_find(story->decided)->good;
}

static void show_story(display_view *v)
{
    const dns_finding *f = v->finding;
    const dns_episode *story = dns_finding_story(f);
    if (!story)
        return;
    field_uint(v->tree, hf_dnsrcode_story, v->tvb, story->number);
    if (story->first_frame != f->frame)
        field_frame(v->tree, hf_dnsrcode_story_begin, v->tvb, story->first_frame);
    const dns_transaction *t = f->transaction;
    if (ends_story(f, story) && story->first_time && t && t->response_frame == f->frame)
        field_time(v->tree, hf_dnsrcode_delay, v->tvb, relative_time(source_time(v->pinfo) - story->first_time));
}

/* ---- a message with nothing to report ---- */

/* All that there is to say fits into the label. */
static bool is_healthy_answer(const dns_finding *f)
{
    return is_unremarkable(f) && !f->more->dso && !dns_finding_story(f);
}

static void hide_all_below(proto_tree *tree)
{
    for (proto_node *n = tree ? tree->first_child : NULL; n; n = n->next)
        proto_item_set_hidden(n);
}

/* ---- the whole ---- */

static bool has_something(const dns_finding *f)
{
    return f->rcode_state != RCODE_ABSENT || f->transaction || dns_finding_cookie(f) || f->more->dso ||
           f->more->diagnoses || f->more->violations;
}

/* "DNS response code analysis: BADCOOKIE (23), first-contact" */
static void label(display_view *v)
{
    const dns_finding *f = v->finding;
    const char *between = ": ";
    if (f->rcode_state == RCODE_JOINED)
        proto_item_append_text(v->item, "%s%s (%u)", between, rcode_row(f)->name, f->rcode);
    else if (f->rcode_state == RCODE_HEADER_ONLY)
        proto_item_append_text(v->item, "%sresponse code %u in the header, upper bits unknown", between, f->rcode);
    if (f->rcode_state != RCODE_ABSENT)
        between = ", ";
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next, between = ", ")
        proto_item_append_text(v->item, "%s%s", between, dns_cause_find(d->cause)->slug);
    for (const dns_violation *x = f->more->violations; x; x = x->next) {
        if (!dns_violation_is_told(f, x))
            continue;
        proto_item_append_text(v->item, "%srule broken: %s", between, dns_rule_find(x->rule)->slug);
        between = ", ";
    }
    const dns_episode *story = dns_finding_story(f);
    if (ends_story(f, story))
        proto_item_append_text(v->item, "%sresolves the trouble of frame %u", between, story->first_frame);
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

static void open_tree(display_view *v, proto_tree *tree)
{
    if (!looked_at(tree, v->finding))
        return;
    v->item = proto_tree_add_item(tree, proto_dnsrcode, v->tvb, 0, 0, ENC_NA);
    proto_item_set_generated(v->item);
    v->tree = proto_item_add_subtree(v->item, ett_dnsrcode);
    if (PTREE_DATA(tree)->visible)
        label(v);
}

static void display_finding(display_view *v, proto_tree *tree)
{
    const dns_finding *f = v->finding;
    open_tree(v, tree);
    display_diagnoses(v);
    if (v->tree) {
        correct_in_place(v);
        show_general_answer(v);
        if (is_unremarkable(f)) {
            show_noerror(v);
            hide_all_below(v->tree);
        }
        show_story(v);
        show_transaction(v);
        show_tsig_error(v);
        if (is_healthy_answer(f)) /* Wireshark's own lines say the same */
            hide_all_below(v->tree);
    }
    if (f->more->dso)
        display_dso(f, &v->place, v->tvb, v->pinfo, v->tree, v->item);
    if (v->tree && dns_finding_cookie(f))
        display_cookie(dns_finding_cookie(f), source_time(v->pinfo), &v->place, v->tvb, v->tree);
    if (v->tree && f->more->cookie_cut)
        display_cookie_form(f->more->cookie_length, v->tvb, v->tree);
    if (v->tree)
        show_background(v);
}

/* The item that begins with this message's ID and flags, from the `*message`-th on: of packets that stand side by side, one
 * may have an item and no finding. */
static proto_node *find_node(const dns_finding *f, proto_node *const *nodes, unsigned count, unsigned *message)
{
    enum { RESPONSE = 0x80 };
    for (; *message < count; ++*message) {
        const field_info *info = PNODE_FINFO(nodes[*message]);
        if (info && info->ds_tvb && tvb_bytes_exist(info->ds_tvb, info->start, 3) &&
            tvb_get_ntohs(info->ds_tvb, info->start) == f->id &&
            f->response == ((ws_tvb_get_uint8(info->ds_tvb, info->start + 2) & RESPONSE) != 0))
            return nodes[(*message)++];
    }
    return NULL;
}

static void draw(const dns_finding *findings, const display_pass *pass, tvbuff_t *tvb, packet_info *pinfo,
                 proto_tree *tree)
{
    proto_node *nodes[SOURCE_MESSAGES_MAX];
    /* In place is where it is seen: an invisible tree gets the fields in the plugin's own subtree. */
    bool in_place = tree && PTREE_DATA(tree)->visible;
    unsigned count = in_place ? source_dns_nodes(tree, nodes, SOURCE_MESSAGES_MAX) : 0, message = 0;
    for (const dns_finding *f = findings; f; f = f->more->next) {
        proto_node *node = NULL;
        if (f->message && f->more->ends)
            node = find_node(f, nodes, count, &message);
        else if (f->message && message < count)
            node = nodes[message++];
        if (!has_something(f) || (f->more == &dns_finding_nothing && !looked_at(tree, f)))
            continue;
        display_view v = {.finding = f, .pass = pass, .tvb = tvb, .pinfo = pinfo, .place = place_find(node)};
        display_finding(&v, tree);
    }
}

void display_frame(const dns_finding *findings, const display_pass *pass, tvbuff_t *tvb, packet_info *pinfo,
                   proto_tree *tree)
{
    columns_write(findings, pass, pinfo, tree);
    bool nothing = !tree && findings->more == &dns_finding_nothing; /* nearly all, where tshark prints lines */
    if (!nothing)
        draw(findings, pass, tvb, pinfo, tree);
}
