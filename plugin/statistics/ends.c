/* ends.c
 * -z dnsrcode,servers and -z dnsrcode,clients: one line per server or client, what is wrong with it first.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's windows keep pointers into the table as long as they are open: rows are never freed, but filled
 * anew when a capture is read again.
 */
#include "inside.h"

#include <epan/stat_tap_ui.h>

#include "../finding/dso_finding.h"
#include "../knowledge/rules.h"
#include "../knowledge/statistics.h"
#include "../knowledge/text.h"
#include "../message/message.h"
#include "collection.h"

typedef struct {
    unsigned what; /* see trouble_slug() */
    uint32_t count;
    dns_severity severity; /* the worst */
} end_trouble;

typedef struct {
    uint32_t end; /* in the collection */
    unsigned row;
    dns_severity worst;
    uint32_t numbers[COLUMN_COUNT]; /* 0 for columns of text */
    GArray *troubles;               /* end_trouble: of note or worse */
} end_sums;

/* One of the two statistics. */
typedef struct {
    bool clients;
    const char *title, *name; /* -z NAME */
    collection messages;
    GHashTable *sums;                        /* index of the end + 1 -> end_sums */
    GPtrArray *order;                        /* of end_sums, as the rows are: the worst first */
    unsigned worse_than[DNS_SEVERITY_COUNT]; /* rows that are worse than this severity: they stand above */
    before_draw *hook;
    unsigned rows; /* that the table has memory for */
    stat_tap_table_ui ui;
} end_table;

static end_table tables[] = {{.clients = false, .name = "dnsrcode,servers"},
                             {.clients = true, .name = "dnsrcode,clients"}};

static end_table *table_of_title(const char *title)
{
    return strcmp(title, tables[0].title) == 0 ? &tables[0] : &tables[1];
}

/* ---- sums ---- */

static void free_sums(void *data)
{
    end_sums *sums = (end_sums *)data;
    g_array_free(sums->troubles, TRUE);
    g_free(sums);
}

static end_sums *sums_of(end_table *t, uint32_t end)
{
    void *key = GUINT_TO_POINTER(end + 1);
    end_sums *sums = (end_sums *)g_hash_table_lookup(t->sums, key);
    if (sums)
        return sums;
    sums = g_new0(end_sums, 1);
    sums->end = end;
    sums->row = t->order->len;
    sums->troubles = g_array_new(FALSE, FALSE, sizeof(end_trouble));
    g_hash_table_insert(t->sums, key, sums);
    g_ptr_array_add(t->order, sums);
    return sums;
}

/* A query that a BADCOOKIE made necessary; its retransmissions are not counted again. */
static bool is_extra_trip(const dns_finding *f)
{
    const dns_transaction *t = f->transaction;
    return t && t->retry_of && t->request_frame == f->frame;
}

static void sum_dso(uint32_t *n, const dns_finding *f)
{
    const dns_dso_message *dso = f->more->dso ? f->more->dso->message : NULL;
    if (f->response) {
        n[f->rcode == RCODE_NOERROR ? COLUMN_DSO_OK : COLUMN_DSO_ERROR]++;
    } else if (!dso || dso->kind == DSO_REQUEST) {
        n[COLUMN_DSO]++;
        n[COLUMN_DSO_SILENT] += !f->transaction || !f->transaction->response_frame;
    }
}

static void sum_message(uint32_t *n, const dns_finding *f)
{
    if (f->opcode == DNS_OPCODE_DSO) {
        sum_dso(n, f);
    } else if (!f->response) {
        n[COLUMN_QUERIES]++;
        n[COLUMN_WITH_COOKIE] += dns_finding_cookie(f) || f->more->cookie_cut;
        n[COLUMN_EXTRA] += is_extra_trip(f);
    } else if (f->rcode_state == RCODE_JOINED && f->rcode == RCODE_BADCOOKIE) {
        n[COLUMN_BADCOOKIE]++;
        const dns_diagnosis *d = f->more->diagnoses;
        while (d && !d->episode)
            d = d->next;
        n[COLUMN_RESOLVED] += d && dns_outcome_find(collected_outcome(d))->good;
    }
}

/* Causes and rules in one row of numbers. */
static const char *trouble_slug(unsigned what)
{
    return what < CAUSE_COUNT ? dns_cause_find((dns_cause)what)->slug : dns_rule_find(what - CAUSE_COUNT)->slug;
}

static void note_trouble(end_sums *sums, unsigned what, dns_severity severity)
{
    if (severity == DNS_SEVERITY_CHAT)
        return;
    sums->worst = MAX(sums->worst, severity);
    for (unsigned i = 0; i < sums->troubles->len; i++) {
        end_trouble *trouble = &g_array_index(sums->troubles, end_trouble, i);
        if (trouble->what != what)
            continue;
        trouble->count++;
        trouble->severity = MAX(trouble->severity, severity);
        return;
    }
    end_trouble trouble = {.count = 1, .what = what, .severity = severity};
    g_array_append_val(sums->troubles, trouble);
}

static void note_troubles(end_sums *sums, const dns_finding *f)
{
    const dns_so_far so_far = statistics_so_far();
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next)
        if (dns_diagnosis_is_told(f, d, &so_far))
            note_trouble(sums, d->cause, dns_diagnosis_severity(d, dns_diagnosis_outcome(d, &so_far), &so_far));
    for (const dns_violation *v = f->more->violations; v; v = v->next)
        if (dns_violation_is_told(f, v))
            note_trouble(sums, CAUSE_COUNT + v->rule, v->severity);
}

static end_sums *sum_up(end_table *t, const collected *record)
{
    end_sums *sums = sums_of(t, t->clients ? record->client : record->server);
    if (record->finding->message)
        sum_message(sums->numbers, record->finding);
    note_troubles(sums, record->finding);
    return sums;
}

static void clear_sums(end_table *t)
{
    g_hash_table_remove_all(t->sums);
    g_ptr_array_set_size(t->order, 0);
    memset(t->worse_than, 0, sizeof t->worse_than);
}

/* ---- the table ---- */

static int worst_first(const void *left, const void *right)
{
    const end_trouble *a = (const end_trouble *)left, *b = (const end_trouble *)right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    return a->count != b->count ? (a->count > b->count ? -1 : 1) : (int)a->what - (int)b->what;
}

/* "own-cookie-rejected 3, server-clock-skew" */
static char *troubles_text(const end_sums *sums)
{
    GString *text = g_string_new("");
    g_array_sort(sums->troubles, worst_first);
    for (unsigned i = 0; i < sums->troubles->len; i++) {
        const end_trouble *trouble = &g_array_index(sums->troubles, end_trouble, i);
        g_string_append_printf(text, "%s%s", i ? ", " : "", trouble_slug(trouble->what));
        if (trouble->count > 1)
            g_string_append_printf(text, " %u", trouble->count);
    }
    return g_string_free(text, FALSE);
}

static char *end_text(const end_table *t, uint32_t end)
{
    char text[80];
    dns_text_endpoint(text, sizeof text, collection_end(&t->messages, end));
    return g_strdup(text);
}

static void set_text(stat_tap_table_item_type *item, char *text)
{
    g_free((char *)item->user_data.ptr_value);
    item->user_data.ptr_value = text;
    item->value.string_value = text;
}

static bool is_text(unsigned column)
{
    return column == COLUMN_END || column == COLUMN_TROUBLE;
}

static stat_tap_table_item_type *row_of(end_table *t, stat_tap_table *table, unsigned row)
{
    if (row >= t->rows) {
        stat_tap_table_item_type fields[COLUMN_COUNT] = {0};
        for (unsigned i = 0; i < COLUMN_COUNT; i++)
            fields[i].type = is_text(i) ? TABLE_ITEM_STRING : TABLE_ITEM_UINT;
        stat_tap_init_table_row(table, row, COLUMN_COUNT, fields);
        t->rows = row + 1;
    }
    table->num_elements = MAX(table->num_elements, row + 1);
    return stat_tap_get_field_data(table, row, 0);
}

static void fill_row(end_table *t, stat_tap_table *table, const end_sums *sums)
{
    stat_tap_table_item_type *fields = row_of(t, table, sums->row);
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        if (!is_text(i))
            fields[i].value.uint_value = sums->numbers[i];
    set_text(&fields[COLUMN_END], end_text(t, sums->end));
    set_text(&fields[COLUMN_TROUBLE], troubles_text(sums));
}

/* Rows stand in groups by severity, the worst on top; a row goes up by changing places with the first of its group. */
static void rise(end_table *t, stat_tap_table *table, end_sums *sums, dns_severity from)
{
    for (dns_severity group = from; group < sums->worst; group++) {
        unsigned to = t->worse_than[group]++;
        end_sums *other = (end_sums *)g_ptr_array_index(t->order, to);
        t->order->pdata[sums->row] = other;
        t->order->pdata[to] = sums;
        other->row = sums->row;
        sums->row = to;
        if (table && other != sums)
            fill_row(t, table, other);
    }
}

/* With the row's old severity: a record may make it worse. */
static end_sums *sum_up_and_place(end_table *t, stat_tap_table *table, const collected *record)
{
    end_sums *sums = sums_of(t, t->clients ? record->client : record->server);
    dns_severity before = sums->worst;
    sum_up(t, record);
    rise(t, table, sums, before);
    return sums;
}

static stat_tap_table *the_table(end_table *t)
{
    return stat_tap_find_table(&t->ui, t->title);
}

static void sum_up_all(void *data)
{
    end_table *t = (end_table *)data;
    stat_tap_table *table = the_table(t);
    if (!table)
        return;
    clear_sums(t);
    for (unsigned i = 0; i < collection_count(&t->messages); i++)
        sum_up_and_place(t, NULL, collection_get(&t->messages, i));
    table->num_elements = 0;
    for (unsigned i = 0; i < t->order->len; i++)
        fill_row(t, table, (end_sums *)g_ptr_array_index(t->order, i));
}

/* ---- what Wireshark calls ---- */

/* Where the whole capture was read before, Wireshark draws the table as it stands behind the last frame. */
static tap_packet_status packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tapped,
                                tap_flags_t flags _U_)
{
    end_table *t = table_of_title(((const stat_data_t *)data)->stat_tap_data->title);
    stat_tap_table *table = the_table(t);
    const tapped_frame *frame = (const tapped_frame *)tapped;
    bool whole = !frame->first_pass;
    if (!whole && !t->hook)
        t->hook = before_draw_new(sum_up_all, t);
    unsigned before = statistics_collect(&t->messages, pinfo, frame);
    for (unsigned i = before; table && whole && i < collection_count(&t->messages); i++)
        fill_row(t, table, sum_up_and_place(t, table, collection_get(&t->messages, i)));
    return TAP_PACKET_REDRAW;
}

static void reset(stat_tap_table *table)
{
    end_table *t = table_of_title(table->title);
    collection_clear(&t->messages);
    clear_sums(t);
    table->num_elements = 0;
}

static void init(stat_tap_table_ui *new_stat)
{
    end_table *t = table_of_title(new_stat->title);
    stat_tap_table *table = the_table(t);
    if (table)
        reset(table);
    else
        stat_tap_add_table(new_stat, stat_tap_init_table(t->title, COLUMN_COUNT, 0, NULL));
}

static void free_item(stat_tap_table *table, unsigned row _U_, unsigned column, stat_tap_table_item_type *item)
{
    if (is_text(column))
        set_text(item, NULL);
    table_of_title(table->title)->rows = 0;
}

/* The columns of both: the first one is named after what the rows are. */
static void fill_fields(stat_tap_table_item *fields, char formats[][16], const char *end_name)
{
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        const char *name = i == COLUMN_END ? end_name : dns_column_names[i];
        int width = (int)strlen(name);
        snprintf(formats[i], sizeof formats[i], is_text(i) ? "%%-%ds" : "%%%du", width);
        fields[i] = (stat_tap_table_item){is_text(i) ? TABLE_ITEM_STRING : TABLE_ITEM_UINT,
                                          is_text(i) ? TAP_ALIGN_LEFT : TAP_ALIGN_RIGHT, name, formats[i]};
    }
}

static void table_register(end_table *t, stat_tap_table_item *fields)
{
    static tap_param params[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};
    collection_init(&t->messages);
    t->sums = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_sums);
    t->order = g_ptr_array_new();
    t->ui = (stat_tap_table_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = t->title,
        .tap_name = STATISTICS_TAP,
        .cli_string = t->name,
        .stat_tap_init_cb = init,
        .packet_func = packet,
        .stat_tap_reset_table_cb = reset,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMN_COUNT,
        .fields = fields,
        .nparams = array_length(params),
        .params = params,
    };
    register_stat_tap_table_ui(&t->ui);
}

void ends_register(void)
{
    static stat_tap_table_item fields[array_length(tables)][COLUMN_COUNT];
    static char formats[array_length(tables)][COLUMN_COUNT][16];
    for (size_t i = 0; i < array_length(tables); i++) {
        tables[i].title = tables[i].clients ? dns_title_clients : dns_title_servers;
        fill_fields(fields[i], formats[i], tables[i].clients ? dns_column_client : dns_column_server);
    }
    for (size_t i = 0; i < array_length(tables); i++)
        table_register(&tables[i], fields[i]);
}
