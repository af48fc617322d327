/* report_text.c
 * What is wrong in this capture, the worst first, on one screen.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

#include <stdio.h>

#include "../knowledge/statistics.h"
#include "../knowledge/text.h"
#include "writer.h"

enum {
    SUMMARY_SIZE = 1024,
    ADDRESSES_MAX = 2, /* named per trouble */
    LINES_MAX = 24,    /* of a report on an ordinary capture: a terminal */
};

/* ---- writing ---- */

static void phrase(writer *w, unsigned hang, dns_phrase which, uint32_t n, uint32_t first, uint32_t last)
{
    char text[SUMMARY_SIZE];
    dns_facts facts = {.n = n, .frame = first, .other = last};
    dns_text_render(text, sizeof text, dns_phrase_text(which, n), &facts);
    writer_words(w, hang, text);
}

typedef struct {
    uint32_t end, count;
} counted_end;

static int most_first(const void *left, const void *right)
{
    const counted_end *a = (const counted_end *)left, *b = (const counted_end *)right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

static GArray *sorted_ends(GHashTable *ends)
{
    GArray *array = g_array_new(FALSE, FALSE, sizeof(counted_end));
    GHashTableIter iterator;
    void *key, *value;
    g_hash_table_iter_init(&iterator, ends);
    while (g_hash_table_iter_next(&iterator, &key, &value)) {
        counted_end e = {GPOINTER_TO_UINT(key) - 1, GPOINTER_TO_UINT(value)};
        g_array_append_val(array, e);
    }
    g_array_sort(array, most_first);
    return array;
}

/* "2 servers 192.0.2.1, 192.0.2.2" */
static void write_ends(writer *w, unsigned hang, const report_input *in, GHashTable *ends, dns_phrase which)
{
    GArray *sorted = sorted_ends(ends);
    phrase(w, hang, which, sorted->len, 0, 0);
    for (unsigned i = 0; i < sorted->len && i < ADDRESSES_MAX; i++) {
        char text[80];
        dns_facts facts = {.address = *collection_end(in->messages, g_array_index(sorted, counted_end, i).end)};
        dns_text_render_masked(text, sizeof text, "{address}", &facts, in->mask);
        writer_words(w, hang, i ? ", " : "");
        writer_words(w, hang, text);
    }
    if (sorted->len > ADDRESSES_MAX) {
        writer_words(w, hang, " ");
        phrase(w, hang, PHRASE_MORE, sorted->len - ADDRESSES_MAX, 0, 0);
    }
    g_array_free(sorted, TRUE);
}

static void write_outcomes(writer *w, unsigned hang, const trouble *t)
{
    bool any = false;
    for (unsigned i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++) {
        char text[80];
        if (!t->outcomes[i])
            continue;
        writer_words(w, hang, any ? ", " : "; ");
        if (!any)
            phrase(w, hang, PHRASE_ENDED, 0, 0, 0);
        snprintf(text, sizeof text, t->count > 1 ? "%s %u" : "%s", dns_outcome_find((dns_outcome)i)->slug,
                 t->outcomes[i]);
        writer_words(w, hang, text);
        any = true;
    }
}

/* "ERROR own-cookie-rejected: 2 times, frames 4 to 18" */
static void write_heading(writer *w, const trouble *t)
{
    char *severity = g_ascii_strup(dns_severity_name(t->severity), -1);
    char text[160];
    snprintf(text, sizeof text, "%-5s %s: ", severity, report_slug(t));
    g_free(severity);
    writer_line(w, 0);
    g_string_append(w->text, text);
    w->column += (unsigned)strlen(text);
    phrase(w, 6, t->first_frame == t->last_frame ? PHRASE_TIMES_IN_FRAME : PHRASE_TIMES, t->count, t->first_frame,
           t->last_frame);
    if (t->normal) {
        writer_words(w, 6, "; ");
        phrase(w, 6, PHRASE_OVERCOME, t->normal, 0, 0);
    }
}

static void write_first_case(writer *w, const report_input *in, const trouble *t)
{
    char text[SUMMARY_SIZE];
    const char *sentence = t->diagnosis ? dns_diagnosis_text(t->diagnosis) : dns_rule_find(t->id)->summary;
    if (!sentence)
        return;
    dns_text_render_masked(text, sizeof text, sentence, t->facts, in->mask);
    writer_line(w, 6);
    phrase(w, 6, PHRASE_FIRST, 0, t->facts_frame, 0);
    writer_words(w, 6, text);
}

static void write_remedy(writer *w, const trouble *t)
{
    writer_line(w, 6);
    if (t->is_rule) {
        phrase(w, 10, PHRASE_RULE, 0, 0, 0);
        writer_words(w, 10, dns_rule_find(t->id)->section);
        return;
    }
    phrase(w, 10, PHRASE_DO, 0, 0, 0);
    writer_words(w, 10, dns_remedy((dns_cause)t->id));
}

char *report_filter(const trouble *t)
{
    return g_strdup_printf("%s == \"%s\"", t->is_rule ? "dnsrcode.violation" : "dnsrcode.cause", report_slug(t));
}

static void write_filter(writer *w, const trouble *t)
{
    char *filter = report_filter(t);
    writer_line(w, 6);
    phrase(w, 6, PHRASE_FILTER, 0, 0, 0);
    writer_words(w, 6, filter);
    g_free(filter);
}

static void write_trouble(writer *w, const report_input *in, const trouble *t, bool detailed)
{
    write_heading(w, t);
    if (detailed) {
        writer_line(w, 6);
        write_ends(w, 6, in, t->servers, PHRASE_SERVERS);
        writer_words(w, 6, "; ");
        write_ends(w, 6, in, t->clients, PHRASE_CLIENTS);
        write_outcomes(w, 6, t);
        write_first_case(w, in, t);
        write_remedy(w, t);
    } else {
        writer_line(w, 6);
        writer_words(w, 6, t->is_rule ? dns_rule_find(t->id)->title : dns_cause_find((dns_cause)t->id)->title);
    }
    write_filter(w, t);
}

/* What needs nothing, in a line. */
static void write_normal(writer *w, const report *r)
{
    bool any = false;
    for (unsigned i = 0; i < r->order->len; i++) {
        const trouble *t = (const trouble *)g_ptr_array_index(r->order, i);
        char text[120];
        if (t->count)
            continue;
        if (!any)
            writer_line(w, 0);
        if (!any)
            phrase(w, 6, PHRASE_NORMAL, 0, 0, 0);
        snprintf(text, sizeof text, t->normal > 1 ? "%s%s %u" : "%s%s", any ? ", " : "", report_slug(t), t->normal);
        writer_words(w, 6, text);
        any = true;
    }
}

static unsigned trouble_count(const report *r)
{
    unsigned count = 0;
    for (unsigned i = 0; i < r->order->len; i++)
        count += ((const trouble *)g_ptr_array_index(r->order, i))->count > 0;
    return count;
}

static void write_troubles(writer *w, const report_input *in, const report *r, unsigned detailed)
{
    unsigned written = 0;
    for (unsigned i = 0; i < r->order->len; i++) {
        const trouble *t = (const trouble *)g_ptr_array_index(r->order, i);
        if (t->count)
            write_trouble(w, in, t, written++ < detailed);
    }
}

/* Before any verdict: what it does not speak of. */
static void write_unknown(writer *w, const report *r)
{
    const struct {
        uint32_t count;
        dns_phrase phrase;
    } unknown[] = {{r->cut, PHRASE_CUT},
                   {r->broken, PHRASE_BROKEN},
                   {r->not_dns, PHRASE_NOT_DNS},
                   {r->unreadable_tls, PHRASE_ENCRYPTED},
                   {r->unanswered, PHRASE_UNANSWERED}};
    for (size_t i = 0; i < array_length(unknown); i++) {
        if (!unknown[i].count)
            continue;
        writer_line(w, 0);
        phrase(w, 6, unknown[i].phrase, unknown[i].count, 0, 0);
    }
}

/* No message: none that the filter lets through, or none at all. */
static void write_no_messages(writer *w, const report_input *in, const report *r)
{
    bool filtered = in->filtered && in->all;
    phrase(w, 0,
           filtered            ? PHRASE_NO_MATCH
           : r->unreadable_tls ? PHRASE_NONE_READABLE
                               : PHRASE_NO_MESSAGES,
           in->all, 0, 0);
}

/* True when there is something that nothing can be said about. */
static bool write_head(writer *w, const report_input *in, const report *r)
{
    writer_line(w, 0);
    if (r->messages)
        phrase(w, 0, PHRASE_SEEN, r->messages, r->first_frame, r->last_frame);
    else
        write_no_messages(w, in, r);
    write_unknown(w, r);
    return r->cut || r->broken || r->not_dns || r->unreadable_tls || r->unanswered;
}

static void write_report(writer *w, const report_input *in, const report *r, unsigned detailed)
{
    bool unknown = write_head(w, in, r);
    if (!trouble_count(r) && r->messages) {
        writer_line(w, 0);
        dns_phrase nothing = in->filtered ? PHRASE_NOTHING_HERE : unknown ? PHRASE_NOTHING_ELSE : PHRASE_NOTHING;
        phrase(w, 0, nothing, r->messages, 0, 0);
    }
    write_troubles(w, in, r, detailed);
    write_normal(w, r);
}

static unsigned lines_of(const GString *text)
{
    unsigned count = 1;
    for (size_t i = 0; i < text->len; i++)
        count += text->str[i] == '\n';
    return count;
}

/* As many troubles with their first case as fit on the screen, one at least. */
static char *fitted(const report_input *in, const report *r)
{
    writer w = {.text = g_string_new("")};
    for (unsigned detailed = trouble_count(r);; detailed--) {
        g_string_truncate(w.text, 0);
        w.column = 0;
        write_report(&w, in, r, detailed);
        if (detailed <= 1 || lines_of(w.text) <= LINES_MAX)
            return g_string_free(w.text, FALSE);
    }
}

char *report_text(const report_input *in)
{
    report *r = report_make(in->messages);
    char *text = fitted(in, r);
    report_free(r);
    return text;
}

char *report_head(const report_input *in, bool *any)
{
    report *r = report_make(in->messages);
    writer w = {.text = g_string_new("")};
    write_head(&w, in, r);
    *any = r->messages > r->cut + r->broken;
    report_free(r);
    return g_string_free(w.text, FALSE);
}
