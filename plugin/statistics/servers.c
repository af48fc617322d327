/* servers.c
 * -z dnsrcode,servers: one line per server.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's windows keep pointers into the table as long as they are open: rows are never freed, but filled
 * anew when a capture is read again.
 */
#include "inside.h"

#include <epan/stat_tap_ui.h>

#include "../finding/dso_finding.h"
#include "../knowledge/statistics.h"
#include "../knowledge/text.h"
#include "../message/message.h"
#include "collection.h"

typedef struct {
    unsigned row;
    uint32_t numbers[COLUMN_COUNT]; /* 0 for columns of text */
    uint32_t causes[CAUSE_COUNT];
} server_sums;

static struct {
    collection messages;
    GHashTable *sums; /* index of the server's end + 1 -> server_sums */
    GArray *order;    /* of these indices: uint32_t, as they came */
    before_draw *hook;
    unsigned rows; /* that the table has memory for */
} state;

static stat_tap_table_ui ui;

/* ---- sums ---- */

static server_sums *sums_of(uint32_t server)
{
    void *key = GUINT_TO_POINTER(server + 1);
    server_sums *sums = (server_sums *)g_hash_table_lookup(state.sums, key);
    if (sums)
        return sums;
    sums = g_new0(server_sums, 1);
    sums->row = state.order->len;
    g_hash_table_insert(state.sums, key, sums);
    g_array_append_val(state.order, server);
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
        n[COLUMN_WITH_COOKIE] += dns_finding_cookie(f) != NULL;
        n[COLUMN_EXTRA] += is_extra_trip(f);
    } else if (f->rcode_state == RCODE_JOINED && f->rcode == RCODE_BADCOOKIE) {
        n[COLUMN_BADCOOKIE]++;
        const dns_diagnosis *d = f->more->diagnoses;
        while (d && !d->episode)
            d = d->next;
        dns_outcome outcome = d ? collected_outcome(d) : OUTCOME_NONE;
        n[COLUMN_RESOLVED] += outcome != OUTCOME_NONE && dns_outcome_find(outcome)->good;
    }
}

static server_sums *sum_up(const collected *record)
{
    server_sums *sums = sums_of(record->server);
    if (record->finding->message)
        sum_message(sums->numbers, record->finding);
    for (const dns_diagnosis *d = record->finding->more->diagnoses; d; d = d->next)
        sums->causes[d->cause]++;
    return sums;
}

static void clear_sums(void)
{
    g_hash_table_remove_all(state.sums);
    g_array_set_size(state.order, 0);
}

/* ---- the table ---- */

/* "first-contact 3, stale-server-cookie" */
static char *causes_text(const server_sums *sums)
{
    GString *text = g_string_new("");
    for (unsigned i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
        if (!sums->causes[i])
            continue;
        g_string_append_printf(text, "%s%s", text->len ? ", " : "", dns_cause_find((dns_cause)i)->slug);
        if (sums->causes[i] > 1)
            g_string_append_printf(text, " %u", sums->causes[i]);
    }
    return g_string_free(text, FALSE);
}

static char *server_text(uint32_t server)
{
    char text[80];
    dns_text_endpoint(text, sizeof text, collection_end(&state.messages, server));
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
    return column == COLUMN_SERVER || column == COLUMN_CAUSES;
}

static stat_tap_table_item_type *row_of(stat_tap_table *table, unsigned row)
{
    if (row >= state.rows) {
        stat_tap_table_item_type fields[COLUMN_COUNT] = {0};
        for (unsigned i = 0; i < COLUMN_COUNT; i++)
            fields[i].type = is_text(i) ? TABLE_ITEM_STRING : TABLE_ITEM_UINT;
        stat_tap_init_table_row(table, row, COLUMN_COUNT, fields);
        state.rows = row + 1;
    }
    table->num_elements = MAX(table->num_elements, row + 1);
    return stat_tap_get_field_data(table, row, 0);
}

static void fill_row(stat_tap_table *table, unsigned row)
{
    uint32_t server = g_array_index(state.order, uint32_t, row);
    const server_sums *sums = sums_of(server);
    stat_tap_table_item_type *fields = row_of(table, row);
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        if (!is_text(i))
            fields[i].value.uint_value = sums->numbers[i];
    set_text(&fields[COLUMN_SERVER], server_text(server));
    set_text(&fields[COLUMN_CAUSES], causes_text(sums));
}

static stat_tap_table *the_table(void)
{
    return stat_tap_find_table(&ui, dns_title_servers);
}

static void sum_up_all(void *data _U_)
{
    stat_tap_table *table = the_table();
    if (!table)
        return;
    clear_sums();
    for (unsigned i = 0; i < collection_count(&state.messages); i++)
        sum_up(collection_get(&state.messages, i));
    table->num_elements = 0;
    for (unsigned i = 0; i < state.order->len; i++)
        fill_row(table, i);
}

/* ---- what Wireshark calls ---- */

/* Where the whole capture was read before, Wireshark draws the table as it stands behind the last frame. */
static tap_packet_status packet(void *data _U_, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tapped,
                                tap_flags_t flags _U_)
{
    stat_tap_table *table = the_table();
    const tapped_frame *frame = (const tapped_frame *)tapped;
    bool whole = !frame->first_pass;
    if (!whole && !state.hook)
        state.hook = before_draw_new(sum_up_all, NULL);
    unsigned before = collection_add(&state.messages, pinfo, frame->findings);
    for (unsigned i = before; table && whole && i < collection_count(&state.messages); i++) {
        const server_sums *sums = sum_up(collection_get(&state.messages, i));
        fill_row(table, sums->row);
    }
    return TAP_PACKET_REDRAW;
}

static void reset(stat_tap_table *table)
{
    collection_clear(&state.messages);
    clear_sums();
    table->num_elements = 0;
}

static void init(stat_tap_table_ui *new_stat)
{
    stat_tap_table *table = the_table();
    if (table)
        reset(table);
    else
        stat_tap_add_table(new_stat, stat_tap_init_table(dns_title_servers, COLUMN_COUNT, 0, NULL));
}

static void free_item(stat_tap_table *table _U_, unsigned row _U_, unsigned column, stat_tap_table_item_type *item)
{
    if (is_text(column))
        set_text(item, NULL);
    state.rows = 0;
}

void servers_register(void)
{
    static stat_tap_table_item fields[COLUMN_COUNT];
    static char formats[COLUMN_COUNT][16];
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        int width = (int)strlen(dns_column_names[i]);
        snprintf(formats[i], sizeof formats[i], is_text(i) ? "%%-%ds" : "%%%du", width);
        fields[i] =
            (stat_tap_table_item){is_text(i) ? TABLE_ITEM_STRING : TABLE_ITEM_UINT,
                                  is_text(i) ? TAP_ALIGN_LEFT : TAP_ALIGN_RIGHT, dns_column_names[i], formats[i]};
    }
    static tap_param params[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};
    collection_init(&state.messages);
    state.sums = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    state.order = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    ui = (stat_tap_table_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = dns_title_servers,
        .tap_name = STATISTICS_TAP,
        .cli_string = "dnsrcode,servers",
        .stat_tap_init_cb = init,
        .packet_func = packet,
        .stat_tap_reset_table_cb = reset,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMN_COUNT,
        .fields = fields,
        .nparams = array_length(params),
        .params = params,
    };
    register_stat_tap_table_ui(&ui);
}
