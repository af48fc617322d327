/* report.c
 * -z dnsrcode,report: what is wrong in this capture, the worst first, on one screen.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "inside.h"

#include <stdio.h>

#include <epan/stat_tap_ui.h>

#include "../knowledge/rules.h"
#include "../knowledge/statistics.h"
#include "../knowledge/text.h"
#include "collection.h"
#include "writer.h"

enum {
    SUMMARY_SIZE = 1024,
    ADDRESSES_MAX = 3, /* named per trouble */
    DETAILED_MAX = 3,  /* troubles that get a sentence on their first case */
};

/* A cause or a rule, over the whole capture. */
typedef struct {
    bool is_rule;
    unsigned id;                             /* dns_cause or rule */
    dns_severity severity;                   /* the worst */
    uint32_t count, first_frame, last_frame; /* of those above chat */
    uint32_t normal;                         /* the others */
    uint32_t outcomes[OUTCOME_COUNT];        /* of those above chat */
    const dns_facts *facts;                  /* of the first of the worst */
    uint32_t facts_frame;
    GHashTable *servers, *clients; /* index of the end + 1 -> count */
} trouble;

typedef struct {
    trouble causes[CAUSE_COUNT], rules[RULE_COUNT];
    GPtrArray *order; /* those that occur, the worst first */
    uint32_t messages, first_frame, last_frame;
} report;

/* ---- counting ---- */

static void count_end(GHashTable **ends, uint32_t end)
{
    if (!*ends)
        *ends = g_hash_table_new(g_direct_hash, g_direct_equal);
    void *key = GUINT_TO_POINTER(end + 1);
    g_hash_table_insert(*ends, key, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(*ends, key)) + 1));
}

static void count_trouble(report *r, trouble *t, const collected *record, dns_severity severity, dns_outcome outcome,
                          const dns_facts *facts)
{
    if (!t->count && !t->normal)
        g_ptr_array_add(r->order, t);
    if (severity == DNS_SEVERITY_CHAT) {
        t->normal++;
        return;
    }
    uint32_t frame = record->finding->frame;
    if (!t->count++ || frame < t->first_frame)
        t->first_frame = frame;
    t->last_frame = MAX(t->last_frame, frame);
    t->outcomes[outcome]++;
    if (severity > t->severity) {
        t->severity = severity;
        t->facts = facts;
        t->facts_frame = frame;
    }
    count_end(&t->servers, record->server);
    count_end(&t->clients, record->client);
}

/* A rule that is one fault with a cause of the same message is that cause. */
static bool is_cause_of(const dns_finding *f, unsigned rule)
{
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next)
        if (dns_rule_is_cause(rule, d->cause))
            return true;
    return false;
}

static void count_record(report *r, const collected *record)
{
    const dns_finding *f = record->finding;
    if (f->message) {
        if (!r->messages++)
            r->first_frame = f->frame;
        r->last_frame = f->frame;
    }
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next) {
        dns_outcome outcome = collected_outcome(d);
        count_trouble(r, &r->causes[d->cause], record, dns_diagnosis_severity(d, outcome), outcome, &d->facts);
    }
    for (const dns_violation *x = f->more->violations; x; x = x->next)
        if (!is_cause_of(f, x->rule))
            count_trouble(r, &r->rules[x->rule], record, x->severity, OUTCOME_NONE, &x->facts);
}

static int worst_first(const void *left, const void *right)
{
    const trouble *a = *(const trouble *const *)left, *b = *(const trouble *const *)right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->first_frame < b->first_frame ? -1 : a->first_frame > b->first_frame;
}

static report *report_make(const collection *c)
{
    report *r = g_new0(report, 1);
    r->order = g_ptr_array_new();
    for (unsigned i = 0; i < CAUSE_COUNT; i++)
        r->causes[i].id = i;
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        r->rules[i].id = i;
        r->rules[i].is_rule = true;
    }
    for (unsigned i = 0; i < collection_count(c); i++)
        count_record(r, collection_get(c, i));
    g_ptr_array_sort(r->order, worst_first);
    return r;
}

static void free_ends(trouble *t)
{
    if (t->servers)
        g_hash_table_destroy(t->servers);
    if (t->clients)
        g_hash_table_destroy(t->clients);
}

static void report_free(report *r)
{
    for (unsigned i = 0; i < r->order->len; i++)
        free_ends((trouble *)g_ptr_array_index(r->order, i));
    g_ptr_array_free(r->order, TRUE);
    g_free(r);
}

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
static void write_ends(writer *w, unsigned hang, const collection *c, GHashTable *ends, dns_phrase which)
{
    GArray *sorted = sorted_ends(ends);
    phrase(w, hang, which, sorted->len, 0, 0);
    for (unsigned i = 0; i < sorted->len && i < ADDRESSES_MAX; i++) {
        char text[80];
        dns_text_endpoint(text, sizeof text, collection_end(c, g_array_index(sorted, counted_end, i).end));
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

static const char *slug_of(const trouble *t)
{
    return t->is_rule ? dns_rule_find(t->id)->slug : dns_cause_find((dns_cause)t->id)->slug;
}

/* "ERROR own-cookie-rejected: 2 times, frames 4 to 18" */
static void write_heading(writer *w, const trouble *t)
{
    char *severity = g_ascii_strup(dns_severity_name(t->severity), -1);
    char text[160];
    snprintf(text, sizeof text, "%-5s %s: ", severity, slug_of(t));
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

static void write_first_case(writer *w, const trouble *t)
{
    char text[SUMMARY_SIZE];
    const char *sentence = t->is_rule ? dns_rule_find(t->id)->summary : dns_cause_find((dns_cause)t->id)->text;
    dns_text_render(text, sizeof text, sentence, t->facts);
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

static void write_trouble(writer *w, const collection *c, const trouble *t, bool detailed)
{
    write_heading(w, t);
    writer_line(w, 6);
    write_ends(w, 6, c, t->servers, PHRASE_SERVERS);
    writer_words(w, 6, "; ");
    write_ends(w, 6, c, t->clients, PHRASE_CLIENTS);
    write_outcomes(w, 6, t);
    if (detailed)
        write_first_case(w, t);
    write_remedy(w, t);
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
        snprintf(text, sizeof text, t->normal > 1 ? "%s%s %u" : "%s%s", any ? ", " : "", slug_of(t), t->normal);
        writer_words(w, 6, text);
        any = true;
    }
}

static unsigned write_troubles(writer *w, const collection *c, const report *r)
{
    unsigned written = 0;
    for (unsigned i = 0; i < r->order->len; i++) {
        const trouble *t = (const trouble *)g_ptr_array_index(r->order, i);
        if (t->count)
            write_trouble(w, c, t, written++ < DETAILED_MAX);
    }
    return written;
}

static void write_filter(writer *w, const report *r)
{
    const trouble *t = (const trouble *)g_ptr_array_index(r->order, 0);
    char *filter = g_strdup_printf("%s == \"%s\"", t->is_rule ? "dnsrcode.violation" : "dnsrcode.cause", slug_of(t));
    writer_line(w, 0);
    phrase(w, 6, PHRASE_FILTER, 0, 0, 0);
    writer_words(w, 6, filter);
    g_free(filter);
}

static void write_report(writer *w, const collection *c, const report *r)
{
    writer_line(w, 0);
    if (!r->messages) {
        phrase(w, 0, PHRASE_NO_MESSAGES, 0, 0, 0);
        if (!r->order->len)
            return;
        writer_line(w, 0);
    }
    unsigned troubles = 0;
    for (unsigned i = 0; i < r->order->len; i++)
        troubles += ((const trouble *)g_ptr_array_index(r->order, i))->count > 0;
    if (r->messages && troubles)
        phrase(w, 0, PHRASE_SEEN, r->messages, r->first_frame, r->last_frame);
    else if (r->messages)
        phrase(w, 0, PHRASE_NOTHING, r->messages, 0, 0);
    if (write_troubles(w, c, r))
        write_filter(w, r);
    write_normal(w, r);
}

/* ---- what Wireshark calls ---- */

static void reset(void *data)
{
    collection_clear((collection *)data);
}

static tap_packet_status packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tapped,
                                tap_flags_t flags _U_)
{
    collection_add((collection *)data, pinfo, ((const tapped_frame *)tapped)->findings);
    return TAP_PACKET_REDRAW;
}

/* The one place of the plugin that prints: this is what was asked for. */
static void draw(void *data)
{
    const collection *c = (const collection *)data;
    report *r = report_make(c);
    writer w = {.text = g_string_new("")};
    write_report(&w, c, r);
    printf("%s\n", w.text->str);
    g_string_free(w.text, TRUE);
    report_free(r);
}

static void finish(void *data)
{
    collection_free((collection *)data);
    g_free(data);
}

static ws_stat_init init(const char *argument, void *data _U_)
{
    static const char name[] = "dnsrcode,report,";
    const char *filter = g_str_has_prefix(argument, name) ? argument + strlen(name) : NULL;
    collection *c = g_new0(collection, 1);
    collection_init(c);
    GString *error = register_tap_listener(STATISTICS_TAP, c, filter, TL_REQUIRES_NOTHING, reset, packet, draw, finish);
    bool success = !error;
    if (error) {
        fprintf(stderr, "dnsrcode,report: %s\n", error->str);
        g_string_free(error, TRUE);
        finish(c);
    }
    WS_STAT_INIT(success);
}

void report_register(void)
{
    static stat_tap_ui ui;
    ui = (stat_tap_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = dns_title_report,
        .cli_string = "dnsrcode,report",
        .tap_init_cb = init,
    };
    register_stat_tap_ui(&ui, NULL);
}
