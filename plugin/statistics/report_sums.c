/* report_sums.c
 * The troubles of a capture, summed up and put in order.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

#include "../knowledge/statistics.h"
#include "../message/message.h"
#include "inside.h"

static void count_end(GHashTable **ends, uint32_t end)
{
    if (!*ends)
        *ends = g_hash_table_new(g_direct_hash, g_direct_equal);
    void *key = GUINT_TO_POINTER(end + 1);
    g_hash_table_insert(*ends, key, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(*ends, key)) + 1));
}

static void count_trouble(report *r, trouble *t, const collected *record, dns_severity severity, dns_outcome outcome,
                          const dns_facts *facts, const dns_diagnosis *diagnosis)
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
        t->diagnosis = diagnosis;
        t->facts_frame = frame;
    }
    count_end(&t->servers, record->server);
    count_end(&t->clients, record->client);
}

/* A query of its own that waited in vain. (Of DSO requests this is a cause.) */
static bool is_unanswered(const dns_finding *f)
{
    const dns_transaction *t = f->transaction;
    return f->message && !f->response && f->opcode != DNS_OPCODE_DSO && t && t->request_frame == f->frame &&
           !t->response_frame;
}

/* What stands in the way of a verdict, and is no trouble of DNS. */
static uint32_t *unreadable_counter(report *r, dns_cause cause)
{
    switch (cause) {
    case CAUSE_MESSAGE_CUT:
        return &r->cut;
    case CAUSE_MESSAGE_BROKEN:
        return &r->broken;
    case CAUSE_NOT_DNS:
        return &r->not_dns;
    case CAUSE_ENCRYPTED_DNS:
        return &r->unreadable_tls;
    default:
        return NULL;
    }
}

static void count_diagnosis(report *r, const collected *record, const dns_diagnosis *d)
{
    const dns_so_far so_far = statistics_so_far();
    uint32_t *counter = unreadable_counter(r, d->cause);
    dns_outcome outcome = dns_diagnosis_outcome(d, &so_far);
    dns_severity severity = dns_diagnosis_severity(d, outcome, &so_far);
    if (counter)
        ++*counter;
    if (counter && severity == DNS_SEVERITY_CHAT)
        return;
    if (dns_diagnosis_is_told(record->finding, d, &so_far))
        count_trouble(r, &r->causes[d->cause], record, severity, outcome, &d->facts, d);
}

/* What Wireshark took for DNS, and is none: counted by itself. */
static bool is_other_protocol(const dns_finding *f)
{
    const dns_diagnosis *d = f->more->diagnoses;
    return d && d->cause == CAUSE_NOT_DNS;
}

static void count_record(report *r, const collected *record)
{
    const dns_finding *f = record->finding;
    if (f->message && !is_other_protocol(f)) {
        if (!r->messages++)
            r->first_frame = f->frame;
        r->last_frame = f->frame;
    }
    r->unanswered += is_unanswered(f);
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next)
        count_diagnosis(r, record, d);
    for (const dns_violation *x = f->more->violations; x; x = x->next)
        if (dns_violation_is_told(f, x))
            count_trouble(r, &r->rules[x->rule], record, x->severity, OUTCOME_NONE, &x->facts, NULL);
}

const char *report_slug(const trouble *t)
{
    return t->is_rule ? dns_rule_find(t->id)->slug : dns_cause_find((dns_cause)t->id)->slug;
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

/* What others follow from is told before them. */
static void roots_first(GPtrArray *order)
{
    for (unsigned i = 0; i < order->len; i++)
        for (unsigned j = i + 1; j < order->len; j++) {
            trouble *earlier = (trouble *)g_ptr_array_index(order, i), *later = (trouble *)g_ptr_array_index(order, j);
            if (!later->count || !dns_follows_from(report_slug(earlier), report_slug(later)))
                continue;
            memmove(&order->pdata[i + 1], &order->pdata[i], (j - i) * sizeof *order->pdata);
            order->pdata[i] = later;
        }
}

report *report_make(const collection *c)
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
    roots_first(r->order);
    return r;
}

static void free_ends(trouble *t)
{
    if (t->servers)
        g_hash_table_destroy(t->servers);
    if (t->clients)
        g_hash_table_destroy(t->clients);
}

void report_free(report *r)
{
    for (unsigned i = 0; i < r->order->len; i++)
        free_ends((trouble *)g_ptr_array_index(r->order, i));
    g_ptr_array_free(r->order, TRUE);
    g_free(r);
}
