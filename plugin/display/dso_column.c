/* dso_column.c
 * DSO messages in the Info column.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The DNS dissector writes "DNS Stateful operations (DSO) response 0x0002" for each, whatever it is; 4.0 keeps only
 * the last message of a frame, later versions leave out those on which they threw.
 */
#include "../finding/dso_finding.h"
#include "../knowledge/text.h"
#include "../knowledge/types.h"
#include "dso.h"

static const char wireshark_name[] = "DNS Stateful operations (DSO)";
enum { ITEMS_SHOWN = 2, TIMER_TEXT_MAX = 48, DSO_TYPE_TEXT_MAX = 80 };

static const char *type_text(packet_info *pinfo, uint16_t type)
{
    char text[DSO_TYPE_TEXT_MAX];
    dso_type_text(text, sizeof text, type);
    return wmem_strdup(pinfo->pool, text);
}

static const char *timer_text(packet_info *pinfo, uint32_t milliseconds)
{
    char text[TIMER_TEXT_MAX];
    dns_text_timer(text, sizeof text, milliseconds);
    return wmem_strdup(pinfo->pool, text);
}

static const char *keepalive_text(packet_info *pinfo, const dns_dso_message *m)
{
    if (!m->has_interval)
        return "DSO Keepalive";
    return wmem_strdup_printf(pinfo->pool, "DSO Keepalive %s / %s", timer_text(pinfo, m->inactivity),
                              timer_text(pinfo, m->interval));
}

static void append_item(wmem_strbuf_t *to, const dns_dso_item *item)
{
    static const char *const changes[] = {
        "", "add ", "remove ", "remove all ", "remove all types of ", "remove all of ", "ignored "};
    char type[RRTYPE_TEXT_MAX];
    dns_rrtype_text(type, sizeof type, item->type);
    wmem_strbuf_append_printf(to, "%s%s", changes[item->change], item->name);
    if (item->change < DSO_CHANGE_REMOVE_NAME_IN_CLASS)
        wmem_strbuf_append_printf(to, " %s", type);
    if (item->rdata)
        wmem_strbuf_append_printf(to, " %s", item->rdata);
}

static const char *items_text(packet_info *pinfo, const dns_dso_message *m)
{
    wmem_strbuf_t *text = wmem_strbuf_new(pinfo->pool, "");
    unsigned shown = 0;
    for (const dns_dso_item *item = m->items; item && shown < ITEMS_SHOWN; item = item->next) {
        wmem_strbuf_append(text, shown++ ? ", " : " ");
        append_item(text, item);
    }
    if (m->item_total > shown)
        wmem_strbuf_append_printf(text, ", %u more", m->item_total - shown);
    return wmem_strbuf_get_str(text);
}

static const char *unsubscribe_text(packet_info *pinfo, const dns_dso_message *m)
{
    if (!m->names_id)
        return "DSO UNSUBSCRIBE";
    const char *text = wmem_strdup_printf(pinfo->pool, "DSO UNSUBSCRIBE 0x%04x", m->unsubscribes);
    if (!m->link_count)
        return text;
    return wmem_strdup_printf(pinfo->pool, "%s (frame %u)", text, m->subscribed_in[0]);
}

static const char *request_text(packet_info *pinfo, const dns_finding *f, const dns_dso_message *m)
{
    if (!m->counts_zero)
        return "DSO with counts that are not 0";
    if (!m->has_primary)
        return m->cut ? "DSO (cut by the capture)" : "DSO without TLV";
    switch (m->primary) {
    case DSO_KEEPALIVE:
        return keepalive_text(pinfo, m);
    case DSO_RETRY_DELAY:
        return wmem_strdup_printf(pinfo->pool, "DSO Retry Delay %s, %s",
                                  m->has_retry_delay ? timer_text(pinfo, m->retry_delay) : "not readable",
                                  dns_rcode_find(f->rcode, false)->name);
    case DSO_UNSUBSCRIBE:
        return unsubscribe_text(pinfo, m);
    default:
        return wmem_strdup_printf(pinfo->pool, "DSO %s%s", type_text(pinfo, m->primary), items_text(pinfo, m));
    }
}

static const char *response_text(packet_info *pinfo, const dns_finding *f, const dns_dso_message *m)
{
    const char *code = dns_rcode_find(f->rcode, false)->name;
    if (!m->has_primary)
        return f->rcode ? code : "DSO NOERROR";
    const char *type = type_text(pinfo, m->primary);
    if (m->cancels)
        return wmem_strdup_printf(pinfo->pool, "%s cancels %s", code, type);
    if (f->rcode)
        return wmem_strdup_printf(pinfo->pool, "%s to %s", code, type);
    if (m->primary == DSO_KEEPALIVE)
        return m->tlv_total || m->cut ? keepalive_text(pinfo, m) : "DSO NOERROR to Keepalive, without timers";
    return wmem_strdup_printf(pinfo->pool, "DSO %s accepted", type);
}

const char *dso_operation_text(packet_info *pinfo, const dns_finding *f)
{
    const dns_dso_message *m = f->more->dso ? f->more->dso->message : NULL;
    if (!m)
        return NULL;
    return m->kind == DSO_RESPONSE ? response_text(pinfo, f, m) : request_text(pinfo, f, m);
}

/* ---- into the column ---- */

/* Wireshark's own words for the message, without the response code. */
static const char *own_words(packet_info *pinfo, const dns_finding *f)
{
    return wmem_strdup_printf(pinfo->pool, "%s %s0x%04x", wireshark_name, f->response ? "response " : "", f->id);
}

/* Where the words about the message that stands at `from` end: where the next one's begin, or with the text. */
static size_t message_end(const char *text, size_t from)
{
    static const char *const names[] = {wireshark_name, "Standard query", "Dynamic update", "Zone change notification"};
    for (const char *at = text + from; (at = strstr(at, ", ")); at += 2)
        for (size_t i = 0; i < array_length(names); i++)
            if (strncmp(at + 2, names[i], strlen(names[i])) == 0)
                return (size_t)(at - text);
    return strlen(text);
}

/* Behind the words of an ordinary message, which stay as they are. */
static size_t pass_over(packet_info *pinfo, const char *text, size_t from, const dns_finding *f)
{
    const char *at = strstr(text + from, wmem_strdup_printf(pinfo->pool, "0x%04x", f->id));
    return at ? message_end(text, (size_t)(at - text)) : from;
}

/* Wireshark has words for this message: the operation goes behind them, in place of the code as Wireshark names it. */
static char *splice(packet_info *pinfo, const char *text, const char *at, const dns_finding *f, const char *operation,
                    size_t *from)
{
    const char *end = at, *name = f->response ? place_header_rcode_name(f->rcode & 15) : NULL;
    if (name && *end == ' ' && strncmp(end + 1, name, strlen(name)) == 0)
        end += 1 + strlen(name);
    char *begin = wmem_strdup_printf(pinfo->pool, "%.*s %s", (int)(at - text), text, operation);
    *from = strlen(begin);
    return wmem_strdup_printf(pinfo->pool, "%s%s", begin, end);
}

/* Wireshark has none: they come between those of the messages before and after it. */
static char *insert(packet_info *pinfo, const char *text, const char *words, size_t *from)
{
    const char *rest = text + *from;
    if (*from)
        words = wmem_strdup_printf(pinfo->pool, "%.*s, %s", (int)*from, text, words);
    bool parted = !*from && *rest && *rest != '[';
    *from = strlen(words);
    return wmem_strdup_printf(pinfo->pool, "%s%s%s", words, parted ? ", " : "", rest);
}

char *dso_column_text(packet_info *pinfo, char *text, const dns_finding *findings)
{
    size_t from = 0;
    for (const dns_finding *f = findings; f; f = f->more->next) {
        const char *operation = dso_operation_text(pinfo, f);
        if (!operation) {
            from = f->message ? pass_over(pinfo, text, from, f) : from;
            continue;
        }
        const char *words = own_words(pinfo, f), *at = strstr(text + from, words);
        if (at)
            text = splice(pinfo, text, at + strlen(words), f, operation, &from);
        else
            text = insert(pinfo, text, wmem_strdup_printf(pinfo->pool, "%s %s", words, operation), &from);
    }
    return text;
}
