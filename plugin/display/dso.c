/* dso.c
 * DNS Stateful Operations in the tree: TLVs next to Wireshark's own, Push bodies, the session.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dso.h"

#include "../finding/dso_text.h"
#include "../knowledge/types.h"
#include "experts.h"
#include "fields.h"

static const char *const kind_names[] = {"request", "response", "unidirectional"};
static const char *const role_names[] = {NULL, "primary", "additional", "response-primary", "response-additional"};
static const char *const change_names[] = {NULL,          "add",    "remove", "remove-rrset", "remove-name-in-class",
                                           "remove-name", "ignored"};
static const char *const state_names[] = {
    NULL, "sessionless", "establishing", "established", "establishment-failed", "server-shutdown", "aborted", "closed"};

static struct {
    int tlv;
} wireshark_fields;

void display_dso_init(void)
{
    wireshark_fields.tlv = proto_registrar_get_id_byname("dns.dso.tlv");
}

/* ---- small helpers ---- */

static proto_item *add_uint(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t value, const char *text)
{
    proto_item *item = proto_tree_add_uint_format_value(tree, field, tvb, 0, 0, value, "%s", text);
    proto_item_set_generated(item);
    return item;
}

static proto_item *add_type(proto_tree *tree, int field, tvbuff_t *tvb, uint16_t type)
{
    char text[80];
    dso_type_text(text, sizeof text, type);
    proto_item *item = add_uint(tree, field, tvb, type, text);
    if (dso_type_find(type)->range == DSO_RANGE_ASSIGNED)
        proto_item_append_text(item, " (0x%04x)", type);
    return item;
}

static void add_timer(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t milliseconds)
{
    char text[64];
    dns_text_timer(text, sizeof text, milliseconds);
    proto_item *item = add_uint(tree, field, tvb, milliseconds, text);
    if (milliseconds != UINT32_MAX && milliseconds >= 1000)
        proto_item_append_text(item, " (%u ms)", milliseconds);
}

/* ---- the session ---- */

static void show_session(const dns_dso *dso, tvbuff_t *tvb, proto_tree *own)
{
    const dns_dso_session *session = dso->session;
    if (!session)
        return;
    proto_item *item = proto_tree_add_uint(own, hf_dnsrcode_dso_session, tvb, 0, 0, session->index);
    proto_item_set_generated(item);
    proto_tree *tree = proto_item_add_subtree(item, ett_dnsrcode_dso);
    if (!tree)
        tree = own;
    if (state_names[dso->state]) {
        proto_item_append_text(item, ", %s", state_names[dso->state]);
        proto_item *state = field_text(tree, hf_dnsrcode_dso_session_state, tvb, state_names[dso->state]);
        if (dso->state == DSO_STATE_ESTABLISHED && !session->established_in)
            proto_item_append_text(state, " (its establishment was not captured)");
    }
    field_frame(tree, hf_dnsrcode_dso_established, tvb, session->established_in);
    field_frame(tree, hf_dnsrcode_dso_ended, tvb, session->ended_in);
}

/* ---- Push ---- */

static void show_item(const dns_dso_item *item, tvbuff_t *tvb, proto_tree *parent)
{
    char type[RRTYPE_TEXT_MAX], class_[RRTYPE_TEXT_MAX];
    dns_rrtype_text(type, sizeof type, item->type);
    dns_class_text(class_, sizeof class_, item->class);
    proto_item *name = field_text(parent, hf_dnsrcode_dso_push_name, tvb, item->name);
    proto_item_append_text(name, " %s %s%s%s", class_, type, item->rdata ? " " : "", item->rdata ? item->rdata : "");
    if (item->change)
        proto_item_append_text(name, " (%s)", change_names[item->change]);
    proto_tree *tree = proto_item_add_subtree(name, ett_dnsrcode_dso);
    if (!tree)
        tree = parent;
    add_uint(tree, hf_dnsrcode_dso_push_type, tvb, item->type, type);
    add_uint(tree, hf_dnsrcode_dso_push_class, tvb, item->class, class_);
    field_text(tree, hf_dnsrcode_dso_push_change, tvb, change_names[item->change]);
    if (item->change == DSO_CHANGE_ADD)
        proto_item_set_generated(proto_tree_add_uint(tree, hf_dnsrcode_dso_push_ttl, tvb, 0, 0, item->ttl));
    field_text(tree, hf_dnsrcode_dso_push_rdata, tvb, item->rdata);
}

static void show_body(const dns_dso_message *m, tvbuff_t *tvb, proto_tree *tree)
{
    for (const dns_dso_item *item = m->items; item; item = item->next)
        show_item(item, tvb, tree);
    if (m->kind == DSO_UNIDIRECTIONAL && m->names_id)
        proto_item_set_generated(
            proto_tree_add_uint(tree, hf_dnsrcode_dso_push_message_id, tvb, 0, 0, m->unsubscribes));
    for (unsigned i = 0; i < m->link_count; i++)
        field_frame(tree, hf_dnsrcode_dso_subscribed, tvb, m->subscribed_in[i]);
}

/* ---- TLVs ---- */

/* The n-th TLV that the DNS dissector shows, below `parent`. */
static proto_node *find_tlv(proto_node *parent, unsigned *n)
{
    for (proto_node *node = parent ? parent->first_child : NULL; node; node = node->next) {
        const field_info *info = PNODE_FINFO(node);
        if (info && info->hfinfo->id == wireshark_fields.tlv && (*n)-- == 0)
            return node;
        proto_node *found = find_tlv(node, n);
        if (found)
            return found;
    }
    return NULL;
}

static void show_timers(const dns_dso_message *m, const dns_dso_tlv *tlv, tvbuff_t *tvb, proto_tree *tree)
{
    if (tlv->type == DSO_KEEPALIVE && m->has_inactivity)
        add_timer(tree, hf_dnsrcode_dso_inactivity, tvb, m->inactivity);
    if (tlv->type == DSO_KEEPALIVE && m->has_interval)
        add_timer(tree, hf_dnsrcode_dso_interval, tvb, m->interval);
    if (tlv->type == DSO_RETRY_DELAY && m->has_retry_delay)
        add_timer(tree, hf_dnsrcode_dso_retry_delay, tvb, m->retry_delay);
}

/* Of several Keepalive or Retry Delay TLVs the first one was read. */
static bool is_first_of_type(const dns_dso_message *m, unsigned i)
{
    for (unsigned before = 0; before < i; before++)
        if (m->tlvs[before].type == m->tlvs[i].type)
            return false;
    return true;
}

static void show_tlv(const dns_dso_message *m, unsigned i, const display_place *place, tvbuff_t *tvb, proto_tree *own)
{
    const dns_dso_tlv *tlv = &m->tlvs[i];
    unsigned n = i;
    proto_node *node = find_tlv(place->message, &n);
    proto_tree *parent = node ? proto_item_add_subtree(node, ett_dnsrcode_dso) : own;
    proto_item *item = add_type(parent, hf_dnsrcode_dso_tlv_type, tvb, tlv->type);
    if (tlv->broken)
        proto_item_append_text(item, ", runs past the end of the message");
    else if (m->echo)
        proto_item_append_text(item, ", sent back by a server that seems to have no DSO: it means nothing");
    proto_tree *tree = proto_item_add_subtree(item, ett_dnsrcode_dso);
    if (!tree)
        tree = parent;
    proto_item_set_generated(proto_tree_add_uint(tree, hf_dnsrcode_dso_tlv_length, tvb, 0, 0, tlv->length));
    if (role_names[tlv->role])
        proto_item_append_text(item, ", %s", role_names[tlv->role]);
    field_text(tree, hf_dnsrcode_dso_tlv_role, tvb, role_names[tlv->role]);
    if (is_first_of_type(m, i))
        show_timers(m, tlv, tvb, tree);
    if (i == 0)
        show_body(m, tvb, tree);
}

/* ---- the message ---- */

static void show_message(const dns_finding *f, const display_place *place, tvbuff_t *tvb, packet_info *pinfo,
                         proto_tree *own)
{
    const dns_dso_message *m = f->more->dso->message;
    field_text(own, hf_dnsrcode_dso_kind, tvb, kind_names[m->kind]);
    if (m->has_primary)
        add_type(own, hf_dnsrcode_dso_primary, tvb, m->primary);
    if (m->z_bits && m->counts_zero) {
        proto_item *item = proto_tree_add_uint(own, hf_dnsrcode_dso_z, tvb, 0, 0, m->z_bits);
        proto_item_set_generated(item);
        proto_item_append_text(item, " (reserved in DSO; not AA, TC, RD, RA, AD, CD)");
    }
    for (unsigned i = 0; i < m->tlv_count; i++)
        show_tlv(m, i, place, tvb, own);
    const char *operation = dso_operation_text(pinfo->pool, f, NULL);
    if (place->message && operation)
        proto_item_append_text(place->message, ": %s", operation);
    if (place->flags && m->kind != DSO_RESPONSE && f->rcode_state == RCODE_JOINED)
        proto_item_append_text(place->flags, " [reason of the Retry Delay: %s]", dns_rcode_find(f->rcode, false)->name);
}

static void remark(const dns_finding *f, packet_info *pinfo, proto_tree *own, proto_item *item)
{
    const dns_dso_message *m = f->more->dso->message;
    const struct {
        bool applies;
        dns_remark remark;
    } remarks[] = {{f->response && f->empty_dso && !f->more->violations, REMARK_EMPTY_RESPONSE},
                   {m->again, REMARK_UNIDIRECTIONAL},
                   {m->cancels, REMARK_CANCELLATION},
                   {m->clear_padding, REMARK_CLEAR_PADDING},
                   {m->echo, REMARK_ECHO}};
    for (size_t i = 0; i < array_length(remarks); i++)
        if (remarks[i].applies)
            expert_remark(pinfo, own, item, remarks[i].remark);
}

void display_dso(const dns_finding *f, const display_place *place, tvbuff_t *tvb, packet_info *pinfo, proto_tree *own,
                 proto_item *item)
{
    if (own) {
        show_session(f->more->dso, tvb, own);
        if (f->more->dso->message)
            show_message(f, place, tvb, pinfo, own);
    }
    if (f->more->dso->message)
        remark(f, pinfo, own, item);
}
