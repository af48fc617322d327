/* book.c
 * The stories of a capture: which message belongs to which, and which of them are the worst.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "book.h"

#include "../knowledge/rules.h"
#include "../statistics/inside.h"
#include "ladder.h"

/* What is known of a story before it is written: whether it is worth it. */
typedef struct {
    story_trouble trouble;
    uint32_t rank;
    unsigned wanted; /* its place among those to be written, from 1; 0: none */
} candidate;

typedef struct {
    const listening *from;
    GHashTable *copies;     /* a finding that is the copy of a packet -> the original */
    GHashTable *candidates; /* key, see key_of() -> candidate */
    GHashTable *joined;     /* encounter -> candidate */
    GPtrArray *order;       /* of candidate */
    story_book *book;
} writing;

static const collected *record_of(const writing *w, unsigned i)
{
    return collection_get(&w->from->messages, i);
}

static unsigned records(const writing *w)
{
    return MIN(collection_count(&w->from->messages), w->from->moments->len);
}

/* ---- what belongs together ---- */

static void find_copies(writing *w)
{
    w->copies = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (unsigned i = 0; i < records(w); i++) {
        const dns_finding *original = record_of(w, i)->finding;
        if (g_hash_table_contains(w->copies, original))
            continue;
        for (dns_finding *c = original->more->copies; c; c = c->more->copies)
            g_hash_table_insert(w->copies, c, (void *)(uintptr_t)original);
    }
}

static const dns_finding *original_of(const writing *w, const dns_finding *f)
{
    const dns_finding *original = (const dns_finding *)g_hash_table_lookup(w->copies, f);
    return original ? original : f;
}

/* The story that a finding is a part of, as far as it tells itself; NULL: it does not. */
static const void *told_story(const dns_finding *f)
{
    const dns_episode *episode = dns_finding_story(f);
    return episode ? (const void *)episode : f->more->dso ? f->more->dso->session : NULL;
}

static const void *key_of(const dns_finding *f)
{
    const void *told = told_story(f);
    return told ? told : f->transaction ? (const void *)f->transaction : f;
}

/* Trouble that is no story by itself, a query in vain, say, is one with what else is wrong in the same way between the two. */
typedef struct {
    unsigned kind;
    uint32_t client, server;
} encounter;

static unsigned hash_encounter(const void *key)
{
    const encounter *e = (const encounter *)key;
    return ((e->kind * 16777619u) ^ e->client) * 16777619u ^ e->server;
}

static gboolean equal_encounter(const void *left, const void *right)
{
    const encounter *a = (const encounter *)left, *b = (const encounter *)right;
    return a->kind == b->kind && a->client == b->client && a->server == b->server;
}

/* ---- how bad it is ---- */

/* What was captured badly is no story. */
static bool is_story(dns_cause cause, dns_severity severity)
{
    bool unread = cause == CAUSE_MESSAGE_CUT || cause == CAUSE_MESSAGE_BROKEN || cause == CAUSE_NOT_DNS ||
                  cause == CAUSE_RCODE_UNKNOWN || cause == CAUSE_ENCRYPTED_DNS;
    return !unread || severity > DNS_SEVERITY_CHAT;
}

static bool is_worse(const story_trouble *a, const story_trouble *b)
{
    return !b->finding || a->severity > b->severity;
}

/* The worst that a finding tells; `finding` is NULL when it tells nothing. */
static story_trouble trouble_of(const dns_finding *f)
{
    const dns_so_far so_far = statistics_so_far();
    story_trouble worst = {.finding = NULL};
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next) {
        story_trouble t = {dns_diagnosis_severity(d, dns_diagnosis_outcome(d, &so_far), &so_far), f, d, NULL};
        if (dns_diagnosis_is_told(f, d, &so_far) && is_story(d->cause, t.severity) && is_worse(&t, &worst))
            worst = t;
    }
    for (const dns_violation *v = f->more->violations; v; v = v->next) {
        story_trouble t = {v->severity, f, NULL, v};
        if (dns_violation_is_told(f, v) && is_worse(&t, &worst))
            worst = t;
    }
    return worst;
}

static unsigned kind_of(const story_trouble *t)
{
    return t->diagnosis ? (unsigned)t->diagnosis->cause : (unsigned)CAUSE_COUNT + t->violation->rule;
}

static candidate *candidate_new(writing *w)
{
    candidate *c = g_new0(candidate, 1);
    g_ptr_array_add(w->order, c);
    return c;
}

/* The one that this trouble makes worse, or a new one. */
static candidate *candidate_of(writing *w, const collected *record, const story_trouble *t)
{
    const void *key = key_of(record->finding);
    candidate *c = (candidate *)g_hash_table_lookup(w->candidates, key);
    if (c)
        return c;
    if (!told_story(record->finding)) {
        encounter here = {kind_of(t), record->client, record->server};
        c = (candidate *)g_hash_table_lookup(w->joined, &here);
        if (!c) {
            encounter *own = g_new(encounter, 1);
            *own = here;
            g_hash_table_insert(w->joined, own, c = candidate_new(w));
        }
    }
    if (!c)
        c = candidate_new(w);
    g_hash_table_insert(w->candidates, (void *)(uintptr_t)key, c);
    return c;
}

static void weigh(writing *w, const collected *record)
{
    story_trouble t = trouble_of(record->finding);
    if (!t.finding || g_hash_table_contains(w->copies, record->finding))
        return;
    candidate *c = candidate_of(w, record, &t);
    if (is_worse(&t, &c->trouble))
        c->trouble = t;
}

static void find_candidates(writing *w)
{
    w->candidates = g_hash_table_new(g_direct_hash, g_direct_equal);
    w->joined = g_hash_table_new_full(hash_encounter, equal_encounter, g_free, NULL);
    w->order = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < records(w); i++)
        weigh(w, record_of(w, i));
}

/* ---- which are written ---- */

/* The worst first; of these one of each kind, before the second ones. */
static int worst_first(const void *left, const void *right)
{
    const candidate *a = *(const candidate *const *)left, *b = *(const candidate *const *)right;
    if (a->trouble.severity != b->trouble.severity)
        return a->trouble.severity > b->trouble.severity ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    uint32_t one = a->trouble.finding->frame, other = b->trouble.finding->frame;
    return one == other ? (int)kind_of(&a->trouble) - (int)kind_of(&b->trouble) : one < other ? -1 : 1;
}

static void count(writing *w, const candidate *c)
{
    story_book *book = w->book;
    if (c->trouble.severity > DNS_SEVERITY_CHAT) {
        book->wrong++;
        book->severities[c->trouble.severity]++;
        return;
    }
    book->overcome++;
    if (c->trouble.diagnosis)
        book->overcome_causes[c->trouble.diagnosis->cause]++;
}

static void rank_and_count(writing *w)
{
    uint32_t *ranks = g_new0(uint32_t, CAUSE_COUNT + RULE_COUNT);
    for (unsigned i = 0; i < w->order->len; i++) {
        candidate *c = (candidate *)g_ptr_array_index(w->order, i);
        c->rank = ranks[kind_of(&c->trouble)]++;
        count(w, c);
    }
    g_free(ranks);
    w->book->examples = w->book->wrong == 0;
}

static bool is_written(const writing *w, const candidate *c)
{
    if (w->book->examples)
        return c->rank == 0;
    return c->trouble.severity > DNS_SEVERITY_CHAT;
}

static void choose(writing *w)
{
    rank_and_count(w);
    g_ptr_array_sort(w->order, worst_first);
    for (unsigned i = 0; i < w->order->len && w->book->stories->len < STORIES_MAX; i++) {
        candidate *c = (candidate *)g_ptr_array_index(w->order, i);
        if (!is_written(w, c))
            continue;
        g_ptr_array_add(w->book->stories, ladder_new(&c->trouble, c->rank));
        c->wanted = w->book->stories->len;
    }
}

/* ---- writing them ---- */

static void write_lines(writing *w)
{
    for (unsigned i = 0; i < records(w); i++) {
        const collected *record = record_of(w, i);
        const dns_finding *original = original_of(w, record->finding);
        const candidate *c = (const candidate *)g_hash_table_lookup(w->candidates, key_of(original));
        if (c && c->wanted)
            ladder_add((story *)g_ptr_array_index(w->book->stories, c->wanted - 1), w->from, i, original);
    }
}

story_book *book_make(const listening *l)
{
    writing w = {.from = l, .book = g_new0(story_book, 1)};
    w.book->stories = g_ptr_array_new_with_free_func(ladder_free);
    find_copies(&w);
    find_candidates(&w);
    choose(&w);
    write_lines(&w);
    ladders_add_segments(w.book->stories, l);
    for (unsigned i = 0; i < w.book->stories->len; i++)
        ladder_finish((story *)g_ptr_array_index(w.book->stories, i), l);
    g_hash_table_destroy(w.copies);
    g_hash_table_destroy(w.candidates);
    g_hash_table_destroy(w.joined);
    g_ptr_array_free(w.order, TRUE);
    return w.book;
}

void book_free(story_book *book)
{
    g_ptr_array_free(book->stories, TRUE);
    g_free(book);
}

const char *story_slug(const story *s)
{
    const story_trouble *t = &s->trouble;
    return t->diagnosis ? dns_cause_find(t->diagnosis->cause)->slug : dns_rule_find(t->violation->rule)->slug;
}

/* ---- its frames as a filter ---- */

enum { RANGES_MAX = 64 };

/* "1, 2, 5 .. 9"; NULL where there are too many. */
static char *ranges(const GArray *frames)
{
    GString *text = g_string_new("");
    unsigned count = 0;
    for (unsigned i = 0; i < frames->len;) {
        uint32_t first = g_array_index(frames, uint32_t, i), last = first;
        while (++i < frames->len && g_array_index(frames, uint32_t, i) <= last + 1)
            last = g_array_index(frames, uint32_t, i);
        g_string_append_printf(text, last > first ? "%s%u .. %u" : "%s%u", count++ ? ", " : "", first, last);
    }
    return g_string_free(text, count > RANGES_MAX);
}

char *story_filter(const story *s)
{
    char *text = ranges(s->frames);
    if (!text && s->episode && s->episode->number)
        return g_strdup_printf("dnsrcode.story == %u", s->episode->number);
    if (!text && s->session)
        return g_strdup_printf("dnsrcode.dso.session == %u", s->session->index);
    if (!text)
        return g_strdup_printf("dnsrcode.trouble == \"%s\"", story_slug(s));
    char *filter = g_strdup_printf(s->frames->len == 1 ? "frame.number == %s" : "frame.number in {%s}", text);
    g_free(text);
    return filter;
}
