/* ladder.c
 * One story written down, line by line.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ladder.h"

#include "../analysis/cookies/option.h"
#include "../analysis/packet.h"
#include "../knowledge/text.h"
#include "../message/message.h"
#include "../statistics/inside.h"

/* A TCP connection of a story, as its messages show it. */
typedef struct {
    uint32_t client, server;
    uint16_t client_port;
    uint8_t told; /* flags of the segments that are told already: the first one with each */
    int64_t first_time, last_time;
} stream_use;

/* A query that was captured on both sides of an address translation: its frames. */
typedef struct {
    uint32_t one, other; /* `one` answered by the response that is told, `other` by the copy of that */
} twin;

story *ladder_new(const story_trouble *trouble, uint32_t rank)
{
    const dns_finding *f = trouble->finding;
    story *s = g_new0(story, 1);
    s->trouble = *trouble;
    s->rank = rank;
    s->episode = trouble->diagnosis ? trouble->diagnosis->episode : dns_finding_story(f);
    s->session = f->more->dso ? f->more->dso->session : NULL;
    s->question = f->more->question;
    s->answered_after = -1;
    s->lines = g_array_new(FALSE, TRUE, sizeof(story_line));
    s->frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    s->clients = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    s->servers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    s->twins = g_array_new(FALSE, FALSE, sizeof(twin));
    s->streams = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    return s;
}

void ladder_free(void *data)
{
    story *s = (story *)data;
    GArray *const arrays[] = {s->lines, s->frames, s->clients, s->servers, s->twins};
    for (size_t i = 0; i < array_length(arrays); i++)
        g_array_free(arrays[i], TRUE);
    g_hash_table_destroy(s->streams);
    g_free(s);
}

static story_line *line_at(const story *s, unsigned i)
{
    return &g_array_index(s->lines, story_line, i);
}

/* ---- messages ---- */

/* Where the things of a frame begin among `count` that stand in the order of their frames, or where they would. */
typedef uint32_t (*frame_function)(const void *all, unsigned i);

static unsigned first_of(const void *all, frame_function frame_of, unsigned count, uint32_t frame)
{
    unsigned low = 0, high = count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (frame_of(all, middle) < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t frame_of_line(const void *lines, unsigned i)
{
    return g_array_index((const GArray *)lines, story_line, i).frame;
}

static uint32_t frame_of_segment(const void *segments, unsigned i)
{
    return g_array_index((const GArray *)segments, tcp_segment, i).frame;
}

static uint32_t frame_of_record(const void *records, unsigned i)
{
    return collection_get((const collection *)records, i)->finding->frame;
}

static uint32_t frame_itself(const void *frames, unsigned i)
{
    return g_array_index((const GArray *)frames, uint32_t, i);
}

/* The first line of this frame or a later one, among the first `count`, which are in order. */
static unsigned lower_bound_in(const story *s, uint32_t frame, unsigned count)
{
    return first_of(s->lines, frame_of_line, count, frame);
}

static unsigned lower_bound(const story *s, uint32_t frame)
{
    return lower_bound_in(s, frame, s->lines->len);
}

/* The line in `frame` that is about this finding, or, with `finding` NULL, about the query of this transaction. */
static story_line *find_line(const story *s, uint32_t frame, const dns_finding *finding, const dns_transaction *t)
{
    for (unsigned i = lower_bound(s, frame); i < s->lines->len && line_at(s, i)->frame == frame; i++) {
        story_line *line = line_at(s, i);
        const dns_finding *f = line->finding;
        if (f && (finding ? f == finding : f->transaction == t && !f->response))
            return line;
    }
    return NULL;
}

static void note_again(seen_again *again, uint32_t frame)
{
    again->count++;
    again->last_frame = frame;
}

/* A response that was captured on both sides of an address translation tells that its query was, too. */
static void note_twin(story *s, const dns_finding *copy, const dns_finding *original)
{
    const dns_transaction *a = original->transaction, *b = copy->transaction;
    twin t = {a ? a->request_frame : 0, b ? b->request_frame : 0};
    if (a != b && t.one && t.other && copy->response)
        g_array_append_val(s->twins, t);
}

static bool tells_something(const dns_finding *f)
{
    const dns_so_far so_far = statistics_so_far();
    const char *slugs[DNS_TROUBLES_MAX];
    return dns_finding_troubles(f, &so_far, DNS_SEVERITY_CHAT, slugs) > 0;
}

/* True when there is a line already that this message is the same as: a copy of the packet, or sent again. */
static bool is_folded(story *s, const dns_finding *f, const dns_finding *original, bool to_server)
{
    const dns_transaction *t = f->transaction;
    if (original != f) {
        story_line *line = find_line(s, original->frame, original, NULL);
        if (line)
            note_again(&line->copied, f->frame);
        note_twin(s, f, original);
        return line != NULL;
    }
    if (!f->message || f->response || !t || t->request_frame == f->frame || tells_something(f))
        return false;
    story_line *line = find_line(s, t->request_frame, NULL, t);
    if (!line || line->to_server != to_server)
        return false;
    note_again(&line->sent, f->frame);
    return true;
}

static void note_stream(story *s, const collected *record, const moment *m)
{
    if (m->stream == NO_STREAM)
        return;
    void *key = GUINT_TO_POINTER(m->stream + 1);
    stream_use *use = (stream_use *)g_hash_table_lookup(s->streams, key);
    if (!use) {
        use = g_new0(stream_use, 1);
        *use = (stream_use){.client = record->client, .server = record->server, .first_time = m->time};
        use->client_port = record->to_server ? m->source_port : m->destination_port;
        g_hash_table_insert(s->streams, key, use);
    }
    use->last_time = m->time;
}

/* What a segment of this frame says; 0: nothing that was kept. */
static uint8_t flags_in(const listening *l, uint32_t frame)
{
    unsigned i = first_of(l->segments, frame_of_segment, l->segments->len, frame);
    bool there = i < l->segments->len && frame_of_segment(l->segments, i) == frame;
    return there ? g_array_index(l->segments, tcp_segment, i).flags : 0;
}

static story_line line_of(const listening *l, unsigned i)
{
    const collected *record = collection_get(&l->messages, i);
    const dns_finding *f = record->finding;
    return (story_line){.kind = f->message ? LINE_MESSAGE : LINE_SEGMENT,
                        .frame = f->frame,
                        .time = listening_moment(l, i)->time,
                        .to_server = record->to_server,
                        .client = record->client,
                        .server = record->server,
                        .flags = f->message ? 0 : flags_in(l, f->frame),
                        .finding = f};
}

static void note_frame(story *s, uint32_t frame)
{
    if (!s->frames->len || g_array_index(s->frames, uint32_t, s->frames->len - 1) != frame)
        g_array_append_val(s->frames, frame);
}

/* Named where there is one; upper and lower case are the same (RFC 4343). */
static void note_question(story *s, const char *question)
{
    if (!question)
        return;
    if (s->question && g_ascii_strcasecmp(s->question, question) != 0)
        s->several_questions = true;
    s->question = s->several_questions ? NULL : s->question ? s->question : question;
}

void ladder_add(story *s, const listening *l, unsigned i, const dns_finding *original)
{
    const collected *record = collection_get(&l->messages, i);
    const dns_finding *f = record->finding;
    note_frame(s, f->frame);
    note_stream(s, record, listening_moment(l, i));
    note_question(s, f->more->question);
    if (is_folded(s, f, original, record->to_server))
        return;
    story_line line = line_of(l, i);
    line.own = true;
    line.decides = f == s->trouble.finding;
    g_array_append_val(s->lines, line);
}

/* ---- TCP segments ---- */

/* Where a story ended well, what became of its connection is of no interest. */
static bool is_of_interest(const story *s, const stream_use *use, const tcp_segment *segment)
{
    if (segment->flags & TCP_FLAG_SYN)
        return !(segment->flags & TCP_FLAG_ACK) && segment->time <= use->first_time;
    if (s->session)
        return true;
    bool ended_well = s->episode && s->episode->decided != OUTCOME_NONE && dns_outcome_find(s->episode->decided)->good;
    return !ended_well && segment->time >= use->last_time;
}

static void add_segment(story *s, stream_use *use, const tcp_segment *segment)
{
    unsigned messages = s->messages;
    uint8_t kind = segment->flags & TCP_FLAG_SYN   ? TCP_FLAG_SYN
                   : segment->flags & TCP_FLAG_RST ? TCP_FLAG_RST
                                                   : TCP_FLAG_FIN;
    if ((use->told & kind) || !is_of_interest(s, use, segment))
        return;
    use->told |= kind;
    story_line *there = NULL;
    for (unsigned i = lower_bound_in(s, segment->frame, messages);
         i < messages && line_at(s, i)->frame == segment->frame; i++)
        there = line_at(s, i)->kind == LINE_SEGMENT ? line_at(s, i) : there;
    if (there) {
        there->flags = kind;
        return;
    }
    story_line line = {.kind = LINE_SEGMENT,
                       .frame = segment->frame,
                       .time = segment->time,
                       .own = true,
                       .to_server = segment->source_port == use->client_port,
                       .client = use->client,
                       .server = use->server,
                       .flags = kind};
    g_array_append_val(s->lines, line);
    g_array_append_val(s->frames, segment->frame);
}

static int by_frame(const void *left, const void *right)
{
    const story_line *a = (const story_line *)left, *b = (const story_line *)right;
    if (a->frame != b->frame)
        return a->frame < b->frame ? -1 : 1;
    return (a->kind == LINE_SEGMENT) - (b->kind == LINE_SEGMENT);
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Stories by the TCP connections that they use. */
static GHashTable *by_stream(const GPtrArray *stories)
{
    GHashTable *users = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (unsigned i = 0; i < stories->len; i++) {
        GHashTableIter iterator;
        void *stream;
        g_hash_table_iter_init(&iterator, ((story *)g_ptr_array_index(stories, i))->streams);
        while (g_hash_table_iter_next(&iterator, &stream, NULL)) {
            GPtrArray *list = (GPtrArray *)g_hash_table_lookup(users, stream);
            if (!list)
                g_hash_table_insert(users, stream, list = g_ptr_array_new());
            g_ptr_array_add(list, g_ptr_array_index(stories, i));
        }
    }
    return users;
}

/* They stand behind the messages at first, and are put among them at the end. */
void ladders_add_segments(const GPtrArray *stories, const listening *l)
{
    GHashTable *users = by_stream(stories);
    for (unsigned i = 0; i < stories->len; i++) {
        story *s = (story *)g_ptr_array_index(stories, i);
        s->messages = s->lines->len;
    }
    for (unsigned i = 0; i < l->segments->len && g_hash_table_size(users); i++) {
        const tcp_segment *segment = &g_array_index(l->segments, tcp_segment, i);
        void *stream = GUINT_TO_POINTER(segment->stream + 1);
        const GPtrArray *list = (const GPtrArray *)g_hash_table_lookup(users, stream);
        for (unsigned j = 0; list && j < list->len; j++) {
            story *s = (story *)g_ptr_array_index(list, j);
            add_segment(s, (stream_use *)g_hash_table_lookup(s->streams, stream), segment);
        }
    }
    g_hash_table_destroy(users);
    for (unsigned i = 0; i < stories->len; i++)
        g_array_sort(((story *)g_ptr_array_index(stories, i))->lines, by_frame);
}

/* ---- what the story rests on, outside of itself ---- */

enum { OTHERS_MAX = 4 };

/* The first record of a frame; -1: none, or a filter keeps it. */
static int64_t record_in(const listening *l, uint32_t frame)
{
    unsigned count = MIN(collection_count(&l->messages), l->moments->len);
    unsigned i = first_of(&l->messages, frame_of_record, count, frame);
    return i < count && frame_of_record(&l->messages, i) == frame ? (int64_t)i : -1;
}

/* Of its frames, which are in order. */
static bool has_frame(const story *s, uint32_t frame)
{
    unsigned i = first_of(s->frames, frame_itself, s->frames->len, frame);
    return i < s->frames->len && frame_itself(s->frames, i) == frame;
}

static void add_other(story *s, const listening *l, uint32_t frame, unsigned *others)
{
    unsigned there = lower_bound(s, frame);
    bool known = (there < s->lines->len && line_at(s, there)->frame == frame) || has_frame(s, frame);
    int64_t record = frame && !known && *others < OTHERS_MAX ? record_in(l, frame) : -1;
    if (record < 0)
        return;
    story_line line = line_of(l, (unsigned)record);
    g_array_insert_val(s->lines, there, line);
    ++*others;
}

/* The query is told once, with the address that it had on the other side. */
static void join_twin(story *s, const listening *l, const twin *t)
{
    int64_t record = record_in(l, t->other);
    unsigned one = lower_bound(s, t->one), other = lower_bound(s, t->other);
    if (record < 0 || one >= s->lines->len || line_at(s, one)->frame != t->one)
        return;
    const collected *seen = collection_get(&l->messages, (unsigned)record);
    line_at(s, one)->translated_in = t->other;
    line_at(s, one)->translated = seen->client != line_at(s, one)->client ? seen->client : seen->server;
    g_array_append_val(s->frames, t->other); /* a frame that is there twice counts once */
    if (other < s->lines->len && line_at(s, other)->frame == t->other)
        line_at(s, other)->told_elsewhere = true;
}

static void join_twins(story *s, const listening *l)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < s->twins->len; i++)
        join_twin(s, l, &g_array_index(s->twins, twin, i));
    for (unsigned i = 0; i < s->lines->len; i++)
        if (!line_at(s, i)->told_elsewhere)
            *line_at(s, kept++) = *line_at(s, i);
    g_array_set_size(s->lines, kept);
}

static void add_named(story *s, const listening *l, const char *text, const dns_facts *facts, unsigned *others)
{
    uint32_t frames[2];
    unsigned count = text && dns_text_applies(text, facts) ? dns_text_frames(text, facts, frames) : 0;
    for (unsigned i = 0; i < count; i++)
        add_other(s, l, frames[i], others);
}

static void add_others(story *s, const listening *l)
{
    unsigned others = 0;
    const dns_diagnosis *d = s->trouble.diagnosis;
    if (!d)
        return;
    const uint32_t ends[] = {s->episode ? s->episode->end_frame : 0, s->episode ? s->episode->brought_in : 0};
    for (size_t i = 0; i < array_length(ends); i++)
        add_other(s, l, ends[i], &others);
    add_named(s, l, dns_diagnosis_text(d), &d->facts, &others);
    for (const dns_evidence *e = d->evidence; e; e = e->next)
        add_named(s, l, dns_evidence_text(e->kind), &e->facts, &others);
}

/* ---- cookies that come again ---- */

/* Before anything is folded: what is not shown counts as well. */
static void note_cookies(story *s)
{
    GHashTable *brought = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (unsigned i = 0; i < s->lines->len; i++) {
        story_line *line = line_at(s, i);
        const dns_cookie *cookie = line->finding && line->finding->response ? dns_finding_cookie(line->finding) : NULL;
        unsigned length = cookie ? dns_cookie_server_length(cookie) : 0;
        uint8_t key[sizeof line->server + COOKIE_SERVER_MAX];
        if (!length)
            continue;
        memcpy(key, &line->server, sizeof line->server);
        memcpy(key + sizeof line->server, dns_cookie_server(cookie), length);
        line->brought_before = !g_hash_table_add(brought, g_bytes_new(key, sizeof line->server + length));
    }
    g_hash_table_destroy(brought);
}

/* ---- what it cost ---- */

static void note_cost(story *s)
{
    const dns_diagnosis *d = s->trouble.diagnosis;
    if (!d || !d->episode || !d->episode->first_time || d->episode->dso)
        return;
    uint32_t answer = dns_diagnosis_resolved_in(d, collected_outcome(d));
    unsigned at = lower_bound(s, answer);
    if (answer && at < s->lines->len && line_at(s, at)->frame == answer)
        s->answered_after = line_at(s, at)->time - d->episode->first_time;
}

/* ---- too much for a screen ---- */

/* How dear a line is: 0 is the dearest. `*troubles`: lines with trouble so far; the same again and again is told by a few. */
static unsigned dearness(const story *s, unsigned i, unsigned *troubles)
{
    enum { FIRST = 3, LAST = 3, TROUBLES = 4 };
    const dns_so_far so_far = statistics_so_far();
    const story_line *line = line_at(s, i);
    const char *slugs[DNS_TROUBLES_MAX];
    if (line->decides)
        return 0;
    if (line->finding && dns_finding_troubles(line->finding, &so_far, DNS_SEVERITY_WARN, slugs) &&
        ++*troubles <= TROUBLES)
        return 1;
    return !line->own || i < FIRST || i + LAST >= s->lines->len ? 2 : 3;
}

/* Lines are kept as long as they and a line for each gap between them fit. */
static bool *choose_lines(const story *s)
{
    enum { DEAR = 4 };
    unsigned n = s->lines->len, needed = 1;
    bool *keep = g_new0(bool, n);
    for (unsigned dear = 0; dear < DEAR; dear++) {
        unsigned troubles = 0;
        for (unsigned i = 0; i < n; i++) {
            if (dearness(s, i, &troubles) != dear || keep[i])
                continue;
            unsigned more = !(i == 0 || keep[i - 1]) + !(i == n - 1 || keep[i + 1]);
            if (needed + more > LINES_MAX)
                break;
            needed += more;
            keep[i] = true;
        }
    }
    return keep;
}

static void fold(story *s)
{
    if (s->lines->len <= LINES_MAX)
        return;
    bool *keep = choose_lines(s);
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(story_line));
    for (unsigned i = 0; i < s->lines->len; i++) {
        story_line line = *line_at(s, i);
        story_line *last = lines->len ? &g_array_index(lines, story_line, lines->len - 1) : NULL;
        if (!keep[i] && last && last->kind == LINE_FOLD) {
            last->count++;
            last->last_frame = line.frame;
            continue;
        }
        if (!keep[i]) {
            line.kind = LINE_FOLD;
            line.count = 1;
            line.last_frame = line.frame;
        }
        g_array_append_val(lines, line);
    }
    g_free(keep);
    g_array_free(s->lines, TRUE);
    s->lines = lines;
}

/* Where nothing happened for a while; as many as there is room for. */
static void add_pauses(story *s)
{
    for (unsigned i = 1; i < s->lines->len && s->lines->len < LINES_MAX; i++) {
        const story_line *before = line_at(s, i - 1), *after = line_at(s, i);
        bool both = before->kind <= LINE_SEGMENT && after->kind <= LINE_SEGMENT;
        story_line pause = {.kind = LINE_PAUSE, .time = after->time - before->time};
        if (both && pause.time >= dns_seconds(1))
            g_array_insert_val(s->lines, i++, pause);
    }
}

/* ---- the whole ---- */

static void note_end(GArray *ends, uint32_t end)
{
    for (unsigned i = 0; i < ends->len; i++)
        if (g_array_index(ends, uint32_t, i) == end)
            return;
    g_array_append_val(ends, end);
}

void ladder_finish(story *s, const listening *l)
{
    join_twins(s, l);
    for (unsigned i = s->lines->len; i-- > 0;)
        if (line_at(s, i)->own)
            s->begin = line_at(s, i)->time;
    g_array_sort(s->frames, by_number);
    add_others(s, l);
    note_cost(s);
    note_cookies(s);
    fold(s);
    for (unsigned i = 0; i < s->lines->len; i++) {
        if (line_at(s, i)->kind > LINE_SEGMENT)
            continue;
        note_end(s->clients, line_at(s, i)->client);
        note_end(s->servers, line_at(s, i)->server);
    }
    add_pauses(s);
}
