/* text.c
 * Stories as plain text.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include <stdio.h>

#include "../knowledge/rules.h"
#include "../knowledge/stories.h"
#include "../statistics/inside.h"
#include "../statistics/report.h"
#include "../statistics/writer.h"
#include "line.h"

enum { TEXT_SIZE = 1400, LABEL_WIDTH = 2 };

static char *rendered(const story_view *v, const char *text, const dns_facts *facts)
{
    char words[TEXT_SIZE];
    dns_text_render_masked(words, sizeof words, text, facts, v->mask);
    return g_strdup(words);
}

/* Words of the plugin's own: their names are letters and slugs, which no mask changes. */
static void append(GString *to, dns_words_kind kind, dns_facts facts)
{
    char words[TEXT_SIZE];
    dns_text_render(words, sizeof words, dns_words(kind, facts.n), &facts);
    g_string_append(to, words);
}

/* ---- before and behind the stories ---- */

/* "2 error, 1 warn" */
static void append_severities(GString *to, const uint32_t counts[DNS_SEVERITY_COUNT])
{
    const char *between = "";
    for (unsigned i = DNS_SEVERITY_COUNT; i-- > DNS_SEVERITY_NOTE;) {
        if (!counts[i])
            continue;
        g_string_append_printf(to, "%s%u %s", between, counts[i], dns_severity_name((dns_severity)i));
        between = ", ";
    }
}

static void append_causes(GString *to, const uint32_t counts[CAUSE_COUNT])
{
    const char *between = "";
    for (unsigned i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
        if (!counts[i])
            continue;
        g_string_append_printf(to, counts[i] > 1 ? "%s%s %u" : "%s%s", between, dns_cause_find((dns_cause)i)->slug,
                               counts[i]);
        between = ", ";
    }
}

char *stories_head(const story_view *v)
{
    const story_book *book = v->book;
    report_input in = {&v->from->messages, v->from->filtered, v->from->all, v->mask};
    GString *text = g_string_new(NULL);
    bool any;
    char *seen = report_head(&in, &any);
    g_string_append(text, seen);
    g_free(seen);
    if (book->wrong || any)
        g_string_append_c(text, '\n');
    if (book->wrong) {
        append(text, WORDS_COUNTED, (dns_facts){.n = book->wrong});
        append_severities(text, book->severities);
        g_string_append_c(text, '.');
        if (book->stories->len < book->wrong)
            append(text, WORDS_WORST, (dns_facts){.n = book->stories->len});
    } else if (any) {
        append(text, in.filtered ? WORDS_NONE_HERE : WORDS_NONE, (dns_facts){0});
    }
    if (book->overcome && book->examples) {
        g_string_append_c(text, '\n');
        append(text, WORDS_EXAMPLES, (dns_facts){.n = book->overcome});
        append_causes(text, book->overcome_causes);
        g_string_append_c(text, '.');
    }
    return g_string_free(text, FALSE);
}

char *stories_foot(const story_view *v)
{
    const story_book *book = v->book;
    GString *text = g_string_new(NULL);
    if (!book->examples && book->wrong > book->stories->len)
        append(text, WORDS_NOT_SHOWN, (dns_facts){.n = book->wrong - book->stories->len});
    if (!book->examples && book->overcome) {
        g_string_append(text, text->len ? "\n" : "");
        append(text, WORDS_OVERCOME, (dns_facts){.n = book->overcome});
        append_causes(text, book->overcome_causes);
        g_string_append_c(text, '.');
    }
    return g_string_free(text, text->len == 0);
}

/* ---- who and what ---- */

static char *end_name(const GArray *ends, uint32_t end, char letter)
{
    for (unsigned i = 0; ends->len > 1 && i < ends->len; i++)
        if (g_array_index(ends, uint32_t, i) == end)
            return g_strdup_printf("%c%u", letter, i + 1);
    return g_strdup("");
}

char *story_client_name(const story *s, uint32_t end)
{
    return end_name(s->clients, end, 'C');
}

char *story_server_name(const story *s, uint32_t end)
{
    return end_name(s->servers, end, 'S');
}

static void append_ends(const story_view *v, GString *to, const GArray *ends, char letter)
{
    for (unsigned i = 0; i < ends->len; i++) {
        uint32_t end = g_array_index(ends, uint32_t, i);
        dns_facts facts = {.address = *collection_end(&v->from->messages, end)};
        char *host = rendered(v, "{address}", &facts), *name = end_name(ends, end, letter);
        g_string_append_printf(to, "%s%s%s%s", i ? ", " : "", name, *name ? " " : "", host);
        g_free(host);
        g_free(name);
    }
}

char *story_ends(const story_view *v, const story *s)
{
    GString *text = g_string_new(dns_words(WORDS_CLIENTS, s->clients->len));
    append_ends(v, text, s->clients, 'C');
    g_string_append_printf(text, "; %s", dns_words(WORDS_SERVERS, s->servers->len));
    append_ends(v, text, s->servers, 'S');
    return g_string_free(text, FALSE);
}

char *story_question(const story_view *v, const story *s)
{
    if (!s->question)
        return NULL;
    const char *type = strrchr(s->question, ' ');
    char *name = g_strndup(s->question, type ? (size_t)(type - s->question) : strlen(s->question));
    dns_facts facts = {.name = name};
    char *masked = rendered(v, "{name}", &facts), *text = g_strdup_printf("%s%s", masked, type ? type : "");
    g_free(masked);
    g_free(name);
    return text;
}

char *story_title(const story_view *v, unsigned i)
{
    const story *s = (const story *)g_ptr_array_index(v->book->stories, i);
    GString *text = g_string_new(NULL);
    append(text, WORDS_TITLE, (dns_facts){.n = i + 1, .m = v->book->stories->len});
    g_string_append_printf(text, "%s (%s)", story_slug(s), dns_severity_name(s->trouble.severity));
    return g_string_free(text, FALSE);
}

/* ---- below the ladder ---- */

typedef struct {
    const story_view *view;
    story_part_function function;
    void *data;
} telling;

static void tell_words(const telling *t, story_part part, const char *text)
{
    static const dns_words_kind labels[] = {
        [PART_WHY] = WORDS_WHY,       [PART_EVIDENCE] = WORDS_EVIDENCE,
        [PART_ENDED] = WORDS_ENDED,   [PART_TOOK] = WORDS_TOOK,
        [PART_DO] = WORDS_DO,         [PART_RULE] = WORDS_RULE,
        [PART_FILTER] = WORDS_FILTER,
    };
    t->function(t->data, part, dns_words(labels[part], 0), text);
}

static void tell(const telling *t, story_part part, const char *text, const dns_facts *facts)
{
    if (!text || !dns_text_applies(text, facts))
        return;
    char *words = rendered(t->view, text, facts);
    tell_words(t, part, words);
    g_free(words);
}

static void tell_outcome(const telling *t, const story *s, const dns_diagnosis *d, dns_outcome outcome)
{
    if (outcome == OUTCOME_NONE)
        return;
    const dns_outcome_row *row = dns_outcome_find(outcome);
    dns_facts facts = dns_diagnosis_outcome_facts(d, outcome);
    const char *words = dns_diagnosis_outcome_text(d, outcome);
    if (dns_text_applies(words, &facts)) {
        char *sentence = rendered(t->view, words, &facts), *text = g_strdup_printf("%s: %s", row->slug, sentence);
        tell_words(t, PART_ENDED, text);
        g_free(text);
        g_free(sentence);
    } else {
        tell_words(t, PART_ENDED, row->slug);
    }
    if (s->answered_after < 0 || d->episode->answer_truncated)
        return;
    enum { HALF_A_TENTH = 50 };
    char waited[40];
    dns_text_waited(waited, sizeof waited, s->answered_after / 1000000 + HALF_A_TENTH);
    tell_words(t, PART_TOOK, waited);
}

static void tell_cause(const telling *t, const story *s, const dns_diagnosis *d)
{
    enum { EVIDENCE_MAX = 3, REMEDIES_MAX = 2 };
    dns_outcome outcome = collected_outcome(d);
    const char *text = dns_diagnosis_text(d);
    tell(t, PART_WHY, text ? text : dns_diagnosis_summary(d), &d->facts);
    unsigned told = 0;
    for (const dns_evidence *e = d->evidence; e && told < EVIDENCE_MAX; e = e->next, told++)
        tell(t, PART_EVIDENCE, dns_evidence_text(e->kind), &e->facts);
    tell_outcome(t, s, d, outcome);
    size_t count;
    const char *const *remedies = dns_diagnosis_remedies(d, outcome, &count);
    for (size_t i = 0; i < MIN(count, REMEDIES_MAX) && remedies[i]; i++)
        tell_words(t, PART_DO, remedies[i]);
}

static void tell_rule(const telling *t, const dns_violation *violation)
{
    const dns_rule_row *row = dns_rule_find(violation->rule);
    tell(t, PART_WHY, row->summary, &violation->facts);
    tell(t, PART_EVIDENCE, row->evidence, &violation->facts);
    tell_words(t, PART_RULE, row->section);
}

void story_parts(const story_view *v, const story *s, story_part_function function, void *data)
{
    telling t = {v, function, data};
    if (s->trouble.diagnosis)
        tell_cause(&t, s, s->trouble.diagnosis);
    else
        tell_rule(&t, s->trouble.violation);
    char *filter = story_filter(s);
    tell_words(&t, PART_FILTER, filter);
    g_free(filter);
}

/* ---- as lines ---- */

static void write_paragraph(writer *w, unsigned hang, const char *text)
{
    writer_line(w, hang > LABEL_WIDTH ? LABEL_WIDTH : 0);
    writer_words(w, hang, text);
}

static void write_line(writer *w, line_words *words, const story_line *line)
{
    enum { HANG = 26 };
    const story *s = words->story;
    char *text = line_text(words, line), *troubles = line_troubles(line), prefix[80] = "";
    bool event = line->kind <= LINE_SEGMENT;
    if (event) {
        char *time = line_time(s, line), *client = story_client_name(s, line->client),
             *server = story_server_name(s, line->server);
        snprintf(prefix, sizeof prefix, "%c%7u %11s  %s%s%s%s%s ", line->decides ? '*' : ' ', line->frame, time, client,
                 *client ? " " : "", line->to_server ? "->" : "<-", *server ? " " : "", server);
        g_free(time);
        g_free(client);
        g_free(server);
    } else {
        snprintf(prefix, sizeof prefix, "%22s ... ", "");
    }
    writer_line(w, 0);
    g_string_append(w->text, prefix);
    w->column += (unsigned)strlen(prefix);
    writer_words(w, HANG, text);
    writer_words(w, HANG, *troubles ? " " : "");
    writer_words(w, HANG, troubles);
    g_free(text);
    g_free(troubles);
}

static void write_part(void *data, story_part part, const char *label, const char *text)
{
    writer *w = (writer *)data;
    writer_line(w, LABEL_WIDTH);
    if (part == PART_TOOK) {
        dns_facts facts = {.name = text};
        char words[TEXT_SIZE];
        dns_text_render(words, sizeof words, label, &facts);
        writer_words(w, LABEL_WIDTH + 2, words);
        return;
    }
    writer_words(w, LABEL_WIDTH + 2, label);
    if (part == PART_FILTER) { /* to be copied: one line, however long */
        g_string_append(w->text, text);
        return;
    }
    writer_words(w, LABEL_WIDTH + 2, text);
}

static void write_story(writer *w, const story_view *v, unsigned i)
{
    const story *s = (const story *)g_ptr_array_index(v->book->stories, i);
    char *title = story_title(v, i), *ends = story_ends(v, s), *question = story_question(v, s);
    write_paragraph(w, LABEL_WIDTH, title);
    write_paragraph(w, LABEL_WIDTH + 2, ends);
    if (question) {
        writer_line(w, LABEL_WIDTH);
        writer_words(w, LABEL_WIDTH + 2, dns_words(WORDS_QUESTION, 0));
        writer_words(w, LABEL_WIDTH + 2, question);
    }
    g_string_append_c(w->text, '\n');
    writer_line(w, 0);
    g_string_append(w->text, dns_words(WORDS_COLUMNS, 0));
    line_words words;
    line_words_init(&words, &v->from->messages, s, v->mask);
    for (unsigned j = 0; j < s->lines->len; j++)
        write_line(w, &words, &g_array_index(s->lines, story_line, j));
    g_string_append_c(w->text, '\n');
    story_parts(v, s, write_part, w);
    g_free(title);
    g_free(ends);
    g_free(question);
}

char *story_text(const story_view *v, unsigned i)
{
    writer w = {.text = g_string_new(NULL)};
    write_story(&w, v, i);
    return g_string_free(w.text, FALSE);
}

static void write_lines(writer *w, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        write_paragraph(w, LABEL_WIDTH, *line);
    g_strfreev(lines);
}

char *stories_text(const story_view *v)
{
    writer w = {.text = g_string_new(NULL)};
    char *head = stories_head(v), *foot = stories_foot(v);
    write_lines(&w, head);
    for (unsigned i = 0; i < v->book->stories->len; i++) {
        g_string_append_c(w.text, '\n');
        write_story(&w, v, i);
    }
    if (foot) {
        g_string_append_c(w.text, '\n');
        write_lines(&w, foot);
    }
    g_free(head);
    g_free(foot);
    return g_string_free(w.text, FALSE);
}
