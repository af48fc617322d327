/* describe.c
 * A DSO message as display wants it: TLVs and their roles, timers, Push bodies, links to subscriptions.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"

static dso_role role_of(const dso_context *c, const dso_tlv *tlv, bool first, bool *still_primary)
{
    if (dso_is_request_side(c))
        return first ? DSO_ROLE_PRIMARY : DSO_ROLE_ADDITIONAL;
    uint16_t type;
    if (!c->implementer || !dso_primary(c, &type))
        return DSO_ROLE_NONE;
    *still_primary = *still_primary && tlv->type == type; /* they come first (RFC 8490 section 5.4.2) */
    return *still_primary ? DSO_ROLE_RESPONSE_PRIMARY : DSO_ROLE_RESPONSE_ADDITIONAL;
}

static void keep_tlvs(dso_context *c)
{
    dns_dso_message *d = c->described;
    d->tlv_total = (uint16_t)c->view.tlvs;
    if (!c->view.tlvs)
        return;
    unsigned room = c->view.tlvs < DSO_TLVS_KEPT ? c->view.tlvs : DSO_TLVS_KEPT;
    d->tlvs = wmem_alloc0(c->engine->scope, room * sizeof *d->tlvs);
    uint32_t offset = DNS_HEADER_LENGTH;
    bool still_primary = true;
    dso_tlv tlv;
    while (d->tlv_count < room) {
        dso_tlv_state state = dso_tlv_next(c->message, &offset, &tlv);
        if (!tlv.data)
            break;
        dns_dso_tlv *kept = &d->tlvs[d->tlv_count++];
        kept->type = tlv.type;
        kept->length = tlv.length;
        kept->offset = tlv.offset;
        kept->broken = state == DSO_TLV_OVERRUN;
        kept->role = (uint8_t)role_of(c, &tlv, d->tlv_count == 1, &still_primary);
        if (state != DSO_TLV_OK)
            break;
    }
}

/* The timers, read within the length of their TLV. */
static void keep_timers(dso_context *c)
{
    dns_dso_message *d = c->described;
    if (c->view.keepalives) {
        const dso_tlv *tlv = &c->view.keepalive;
        d->has_inactivity = tlv->available >= 4;
        d->has_interval = tlv->available >= 8;
        d->inactivity = d->has_inactivity ? read_u32(tlv->data) : 0;
        d->interval = d->has_interval ? read_u32(tlv->data + 4) : 0;
    }
    if (c->view.retry_delays && c->view.retry_delay.available >= 4 && c->view.retry_delay.length == 4) {
        d->has_retry_delay = true;
        d->retry_delay = read_u32(c->view.retry_delay.data);
    }
}

static void add_link(dso_context *c, uint32_t frame)
{
    dns_dso_message *d = c->described;
    for (unsigned i = 0; i < d->link_count; i++)
        if (d->subscribed_in[i] == frame)
            return;
    if (d->link_count == DSO_LINKS_KEPT)
        return;
    if (!d->subscribed_in)
        d->subscribed_in = wmem_alloc0(c->engine->scope, DSO_LINKS_KEPT * sizeof *d->subscribed_in);
    d->subscribed_in[d->link_count++] = frame;
}

/* The subscriptions that a record of a PUSH belongs to. Returns the first one's frame. */
static uint32_t find_subscriptions(dso_context *c, const dso_item *item)
{
    const dso_connection *k = c->connection;
    uint32_t found = 0, ended = 0, hash = dso_name_hash(item->name);
    dso_subscription *pending = NULL;
    bool active = false;
    for (unsigned i = 0; i < k->subscription_count; i++) {
        dso_subscription *s = k->subscriptions[i];
        if (s->name_hash != hash || !dso_change_matches(item->change, item->type, item->class, s->type, s->class) ||
            g_ascii_strcasecmp(s->name, item->name))
            continue;
        if (s->state != SUBSCRIPTION_ENDED) {
            add_link(c, s->frame);
            found = found ? found : s->frame;
            active |= s->state == SUBSCRIPTION_ACTIVE;
            pending = s->state == SUBSCRIPTION_PENDING ? s : pending;
        } else if (dso_ended_moment_ago(s, c->packet)) {
            ended = s->frame;
        }
    }
    if (pending && !active) /* there is none before it that explains the record */
        pending->pushed = c->body.proves = true;
    if (found)
        return found;
    if (ended)
        add_link(c, ended);
    c->body.crossed = ended && (!c->body.unmatched || c->body.crossed);
    c->body.unmatched = true;
    return ended;
}

static void keep_item(dso_context *c, const dso_item *item, uint32_t subscribed_in)
{
    dns_dso_message *d = c->described;
    if (d->item_total++ >= DSO_ITEMS_KEPT)
        return;
    dns_dso_item **at = &d->items;
    while (*at)
        at = &(*at)->next;
    dns_dso_item *kept = *at = wmem_new0(c->engine->scope, dns_dso_item);
    kept->name = wmem_strdup(c->engine->scope, item->name);
    kept->type = item->type;
    kept->class = item->class;
    kept->ttl = item->ttl;
    kept->change = (uint8_t)item->change;
    kept->offset = item->offset;
    kept->length = item->length;
    kept->subscribed_in = subscribed_in;
    char text[1200];
    if (item->rdlength && dso_rdata_text(text, sizeof text, c->message, item))
        kept->rdata = wmem_strdup(c->engine->scope, text);
}

static void keep_push(dso_context *c)
{
    uint32_t offset = c->view.first.offset + DSO_TLV_HEADER_LENGTH;
    dso_item item;
    dso_body *b = &c->body;
    while ((b->state = dso_push_next(c->message, &c->view.first, &offset, &item)) == DSO_BODY_OK) {
        bool single = item.change == DSO_CHANGE_ADD || item.change == DSO_CHANGE_REMOVE;
        b->any |= single && (item.type == DNS_TYPE_ANY || item.class == DNS_CLASS_ANY);
        b->collective_rdata |= !single && item.change != DSO_CHANGE_IGNORED && item.rdlength;
        bool unmatched = b->unmatched;
        bool ignored = (single && (item.type == DNS_TYPE_ANY || item.class == DNS_CLASS_ANY)) ||
                       item.change == DSO_CHANGE_IGNORED || c->sender == DSO_SENDER_CLIENT;
        uint32_t frame = c->connection && !ignored ? find_subscriptions(c, &item) : 0;
        keep_item(c, &item, frame);
        if (b->unmatched && !unmatched)
            b->unmatched_name = wmem_strdup(c->engine->scope, item.name);
    }
    if (b->state == DSO_BODY_END)
        b->state = DSO_BODY_OK;
}

static void keep_body(dso_context *c)
{
    const dso_tlv *tlv = &c->view.first;
    dso_item item;
    if (!dso_is_request_side(c) || !c->view.tlvs)
        return;
    if (tlv->type == DSO_UNSUBSCRIBE) {
        if (tlv->length != 2 || tlv->available != 2) /* drafts had a name there */
            return;
        c->described->names_id = true;
        c->described->unsubscribes = read_u16(tlv->data);
        const dso_subscription *s =
            c->connection ? dso_find_subscription(c->connection, c->described->unsubscribes) : NULL;
        if (s)
            add_link(c, s->frame);
        return;
    }
    c->body.read = tlv->type == DSO_SUBSCRIBE || tlv->type == DSO_PUSH || tlv->type == DSO_RECONFIRM;
    if (!c->body.read)
        return;
    if (tlv->type == DSO_PUSH) {
        keep_push(c);
        return;
    }
    c->body.state = tlv->type == DSO_SUBSCRIBE ? dso_subscribe_read(c->message, tlv, &item)
                                               : dso_reconfirm_read(c->message, tlv, &item);
    if (c->body.state != DSO_BODY_OK)
        return;
    c->body.any = tlv->type == DSO_RECONFIRM && (item.type == DNS_TYPE_ANY || item.class == DNS_CLASS_ANY);
    keep_item(c, &item, 0);
}

/* Padding as the primary TLV breaks a rule, and is told as that. */
static unsigned sends_padding(const dso_context *c)
{
    return dso_is_request_side(c) && c->view.tlvs && c->view.first.type == DSO_PADDING;
}

dns_dso_message *dso_describe(dso_context *c)
{
    dns_dso_message *d = c->described = wmem_new0(c->engine->scope, dns_dso_message);
    bool response = !dso_is_request_side(c);
    d->kind = (uint8_t)(c->qr_missing ? DSO_RESPONSE : c->view.kind);
    d->sender = (uint8_t)c->sender;
    d->has_primary = dso_primary(c, &d->primary);
    d->counts_zero = c->view.counts_zero;
    d->cut = c->view.end == DSO_TLV_CUT;
    d->echo =
        response && c->view.tlvs && !c->implementer && c->operation && c->operation->body == dso_body_hash(c->message);
    dso_connection *k = c->connection;
    d->clear_padding = k && !k->tls && !k->padding_remarked && c->view.paddings > sends_padding(c);
    if (d->clear_padding)
        k->padding_remarked = true;
    d->again = k && !response && c->view.kind == DSO_UNIDIRECTIONAL && k->unidirectional_seen;
    d->cancels = response && c->operation && c->operation->accepted && c->finding->rcode != RCODE_NOERROR;
    d->z_bits = c->message->flags & DNS_FLAGS_DSO_Z;
    keep_tlvs(c);
    keep_timers(c);
    keep_body(c);
    return d;
}
