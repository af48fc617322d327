/* dso_text.c
 * What a DSO message says, in a few words.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dso_text.h"

#include "../knowledge/types.h"

enum { ITEMS_SHOWN = 2, TIMER_TEXT_MAX = 48, DSO_TYPE_TEXT_MAX = 80 };

static const char *type_text(wmem_allocator_t *scope, uint16_t type)
{
    char text[DSO_TYPE_TEXT_MAX];
    dso_type_text(text, sizeof text, type);
    return wmem_strdup(scope, text);
}

static const char *timer_text(wmem_allocator_t *scope, uint32_t milliseconds)
{
    char text[TIMER_TEXT_MAX];
    dns_text_timer(text, sizeof text, milliseconds);
    return wmem_strdup(scope, text);
}

static const char *keepalive_text(wmem_allocator_t *scope, const dns_dso_message *m)
{
    if (!m->has_interval)
        return "DSO Keepalive";
    return wmem_strdup_printf(scope, "DSO Keepalive %s / %s", timer_text(scope, m->inactivity),
                              timer_text(scope, m->interval));
}

static void append_item(wmem_strbuf_t *to, const dns_dso_item *item, const dns_text_mask *mask)
{
    static const char *const changes[] = {
        "", "add ", "remove ", "remove all ", "remove all types of ", "remove all of ", "ignored "};
    char type[RRTYPE_TEXT_MAX];
    dns_rrtype_text(type, sizeof type, item->type);
    wmem_strbuf_append_printf(to, "%s%s", changes[item->change],
                              mask ? mask->name(mask->data, item->name) : item->name);
    if (item->change < DSO_CHANGE_REMOVE_NAME_IN_CLASS)
        wmem_strbuf_append_printf(to, " %s", type);
    if (item->rdata && !mask)
        wmem_strbuf_append_printf(to, " %s", item->rdata);
}

static const char *items_text(wmem_allocator_t *scope, const dns_dso_message *m, const dns_text_mask *mask)
{
    wmem_strbuf_t *text = wmem_strbuf_new(scope, "");
    unsigned shown = 0;
    for (const dns_dso_item *item = m->items; item && shown < ITEMS_SHOWN; item = item->next) {
        wmem_strbuf_append(text, shown++ ? ", " : " ");
        append_item(text, item, mask);
    }
    if (m->item_total > shown)
        wmem_strbuf_append_printf(text, ", %u more", m->item_total - shown);
    return wmem_strbuf_get_str(text);
}

static const char *unsubscribe_text(wmem_allocator_t *scope, const dns_dso_message *m)
{
    if (!m->names_id)
        return "DSO UNSUBSCRIBE";
    const char *text = wmem_strdup_printf(scope, "DSO UNSUBSCRIBE 0x%04x", m->unsubscribes);
    if (!m->link_count)
        return text;
    return wmem_strdup_printf(scope, "%s (frame %u)", text, m->subscribed_in[0]);
}

static const char *request_text(wmem_allocator_t *scope, const dns_finding *f, const dns_dso_message *m,
                                const dns_text_mask *mask)
{
    if (!m->counts_zero)
        return "DSO with counts that are not 0";
    if (!m->has_primary)
        return m->cut ? "DSO (cut by the capture)" : "DSO without TLV";
    switch (m->primary) {
    case DSO_KEEPALIVE:
        return keepalive_text(scope, m);
    case DSO_RETRY_DELAY:
        return wmem_strdup_printf(scope, "DSO Retry Delay %s, %s",
                                  m->has_retry_delay ? timer_text(scope, m->retry_delay) : "not readable",
                                  dns_rcode_find(f->rcode, false)->name);
    case DSO_UNSUBSCRIBE:
        return unsubscribe_text(scope, m);
    default:
        return wmem_strdup_printf(scope, "DSO %s%s", type_text(scope, m->primary), items_text(scope, m, mask));
    }
}

static const char *response_text(wmem_allocator_t *scope, const dns_finding *f, const dns_dso_message *m)
{
    const char *code = dns_rcode_find(f->rcode, false)->name;
    if (!m->has_primary)
        return f->rcode ? code : "DSO NOERROR";
    const char *type = type_text(scope, m->primary);
    if (m->cancels)
        return wmem_strdup_printf(scope, "%s cancels %s", code, type);
    if (f->rcode)
        return wmem_strdup_printf(scope, "%s to %s", code, type);
    if (m->primary == DSO_KEEPALIVE)
        return m->tlv_total || m->cut ? keepalive_text(scope, m) : "DSO NOERROR to Keepalive, without timers";
    return wmem_strdup_printf(scope, "DSO %s accepted", type);
}

const char *dso_operation_text(wmem_allocator_t *scope, const dns_finding *f, const dns_text_mask *mask)
{
    const dns_dso_message *m = f->more->dso ? f->more->dso->message : NULL;
    if (!m)
        return NULL;
    return m->kind == DSO_RESPONSE ? response_text(scope, f, m) : request_text(scope, f, m, mask);
}
