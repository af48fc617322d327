/* line.c
 * What a line of a ladder says.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "line.h"

#include <inttypes.h>

#include "../analysis/cookies/option.h"
#include "../analysis/packet.h"
#include "../finding/dso_text.h"
#include "../knowledge/stories.h"
#include "../message/message.h"
#include "../statistics/inside.h"

enum { WORDS_SIZE = 1200 };

static void add(GString *text, dns_words_kind kind, dns_facts facts)
{
    char words[WORDS_SIZE];
    dns_text_render(words, sizeof words, dns_words(kind, facts.n), &facts);
    g_string_append(text, words);
}

/* ---- letters ---- */

static unsigned letter_of(lettered *known, unsigned *count, const uint8_t *bytes, uint8_t length)
{
    for (unsigned i = 0; i < *count; i++)
        if (known[i].length == length && memcmp(known[i].bytes, bytes, length) == 0)
            return i;
    if (*count == LINES_MAX)
        return LINES_MAX - 1;
    known[*count].length = length;
    memcpy(known[*count].bytes, bytes, length);
    return (*count)++;
}

static unsigned client_letter(line_words *w, const dns_cookie *cookie)
{
    return letter_of(w->client_cookies, &w->client_count, cookie->bytes, COOKIE_CLIENT_LENGTH);
}

void line_words_init(line_words *w, const collection *ends, const story *s, const dns_text_mask *mask)
{
    memset(w, 0, sizeof *w);
    w->story = s;
    w->ends = ends;
    w->mask = mask;
    for (unsigned i = 0; i < s->lines->len; i++) {
        const story_line *line = &g_array_index(s->lines, story_line, i);
        const dns_cookie *cookie = line->finding ? dns_finding_cookie(line->finding) : NULL;
        w->cookies |= cookie != NULL;
        if (cookie && cookie->length >= COOKIE_CLIENT_LENGTH && line->kind == LINE_MESSAGE && line->to_server)
            client_letter(w, cookie);
    }
}

/* ---- the COOKIE option ---- */

static void add_age(GString *text, const dns_cookie *cookie, int64_t now)
{
    const uint8_t *server = dns_cookie_server(cookie);
    if (dns_cookie_format(server, dns_cookie_server_length(cookie), now) != COOKIE_FORMAT_RFC9018)
        return;
    int32_t age = dns_cookie_age(dns_cookie_timestamp(server), now);
    if (age < 0 || age > 1) /* made just now, as far as whole seconds tell: the usual thing */
        add(text, age < 0 ? WORDS_AHEAD : WORDS_AGE, (dns_facts){.age = age});
}

static void add_server_cookie(line_words *w, GString *text, const story_line *line, const dns_cookie *cookie)
{
    char letter[2] = "A";
    letter[0] = (char)('A' + letter_of(w->server_cookies, &w->server_count, dns_cookie_server(cookie),
                                       dns_cookie_server_length(cookie)));
    dns_words_kind kind = !line->finding->response ? WORDS_PRESENTS
                          : line->brought_before   ? WORDS_BRINGS_AGAIN
                                                   : WORDS_BRINGS;
    add(text, kind, (dns_facts){.name = letter});
    add_age(text, cookie, line->time);
}

static const dns_cookie *cookie_of_query(const line_words *w, const dns_finding *response)
{
    const dns_transaction *t = response->transaction;
    for (unsigned i = 0; t && i < w->story->lines->len; i++) {
        const dns_finding *f = g_array_index(w->story->lines, story_line, i).finding;
        if (f && f->transaction == t && !f->response)
            return dns_finding_cookie(f);
    }
    return NULL;
}

static void add_client_cookie(line_words *w, GString *text, const dns_finding *f, const dns_cookie *cookie)
{
    char letter[2] = "a";
    if (f->response) {
        add(text, WORDS_CLIENT_ONLY, (dns_facts){0});
    } else if (w->client_count > 1) {
        letter[0] = (char)('a' + client_letter(w, cookie));
        add(text, WORDS_CLIENT_NAMED, (dns_facts){.name = letter});
    } else {
        add(text, WORDS_CLIENT_ONLY, (dns_facts){0});
    }
}

static bool has_cause(const dns_finding *f, dns_cause cause)
{
    for (const dns_diagnosis *d = f->more->diagnoses; d; d = d->next)
        if (d->cause == cause)
            return true;
    return false;
}

/* What was not captured, or cannot be read, may hold one. */
static bool surely_has_none(const dns_finding *f)
{
    return !f->more->cookie_cut && !has_cause(f, CAUSE_MESSAGE_CUT) && !has_cause(f, CAUSE_MESSAGE_BROKEN);
}

static void add_cookie(line_words *w, GString *text, const story_line *line)
{
    const dns_finding *f = line->finding;
    const dns_cookie *cookie = dns_finding_cookie(f);
    if (!w->cookies || f->unread || (!cookie && !surely_has_none(f)))
        return;
    g_string_append(text, ", ");
    if (!cookie) {
        add(text, WORDS_NO_COOKIE, (dns_facts){0});
        return;
    }
    cookie_form form = dns_cookie_form(cookie->length);
    if (form == COOKIE_MALFORMED)
        add(text, WORDS_MALFORMED, (dns_facts){.n = cookie->length});
    else if (form == COOKIE_CLIENT_ONLY)
        add_client_cookie(w, text, f, cookie);
    else
        add_server_cookie(w, text, line, cookie);
    const dns_cookie *asked = f->response && form != COOKIE_MALFORMED ? cookie_of_query(w, f) : NULL;
    if (asked && asked->length >= COOKIE_CLIENT_LENGTH &&
        memcmp(asked->bytes, cookie->bytes, COOKIE_CLIENT_LENGTH) != 0) {
        g_string_append(text, ", ");
        add(text, WORDS_OTHER_CLIENT, (dns_facts){0});
    }
}

/* ---- messages ---- */

static const char *transport_name(const dns_finding *f)
{
    static const char *const names[] = {
        [TRANSPORT_UDP] = NULL,  [TRANSPORT_DTLS] = "DTLS",   [TRANSPORT_TCP] = "TCP",
        [TRANSPORT_TLS] = "TLS", [TRANSPORT_HTTPS] = "HTTPS", [TRANSPORT_QUIC] = "QUIC"};
    return names[f->transport];
}

static void add_ordinary(line_words *w, GString *text, const story_line *line)
{
    const dns_finding *f = line->finding;
    const char *transport = transport_name(f);
    if (f->unread)
        add(text, WORDS_MESSAGE_UNREADABLE, (dns_facts){0});
    else if (!f->response)
        add(text, transport ? WORDS_QUERY_OVER : WORDS_QUERY, (dns_facts){.name = transport});
    else if (f->rcode_state != RCODE_JOINED)
        add(text, WORDS_RESPONSE_UNREADABLE, (dns_facts){0});
    else
        g_string_append(text, dns_rcode_find(f->rcode, f->tsig)->name);
    if (f->truncated) {
        g_string_append(text, ", ");
        add(text, WORDS_TRUNCATED, (dns_facts){0});
    }
    add_cookie(w, text, line);
}

static void add_seen_again(GString *text, const seen_again *again, dns_words_kind once, dns_words_kind often)
{
    if (again->count)
        add(text, again->count == 1 ? once : often, (dns_facts){.n = again->count, .other = again->last_frame});
}

static void add_translated(line_words *w, GString *text, const story_line *line)
{
    char words[WORDS_SIZE];
    dns_facts facts = {.other = line->translated_in, .address = *collection_end(w->ends, line->translated)};
    dns_text_render_masked(words, sizeof words, dns_words(WORDS_TRANSLATED, 0), &facts, w->mask);
    g_string_append(text, words);
}

static void add_partner(GString *text, const dns_finding *f)
{
    const dns_transaction *t = f->transaction;
    if (f->unread || f->opcode == DNS_OPCODE_DSO) /* what DSO messages answer is told by their causes */
        return;
    if (f->response && !t && has_cause(f, CAUSE_QUERY_NOT_CAPTURED))
        add(text, WORDS_QUERY_MISSING, (dns_facts){0});
    if (!f->response && t && t->request_frame == f->frame && !t->response_frame)
        add(text, WORDS_UNANSWERED, (dns_facts){0});
}

static void add_message(line_words *w, GString *text, const story_line *line)
{
    const dns_finding *f = line->finding;
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    const char *operation = dso_operation_text(scope, f, w->mask);
    if (operation)
        g_string_append(text, operation);
    else
        add_ordinary(w, text, line);
    wmem_destroy_allocator(scope);
    add_seen_again(text, &line->sent, WORDS_AGAIN, WORDS_AGAIN_OFTEN);
    add_seen_again(text, &line->copied, WORDS_COPY, WORDS_COPIES);
    if (line->translated_in)
        add_translated(w, text, line);
    add_partner(text, f);
    if (!line->own)
        add(text, WORDS_ELSEWHERE, (dns_facts){0});
}

static void add_segment(GString *text, const story_line *line)
{
    uint8_t flags = line->flags;
    add(text,
        flags & TCP_FLAG_SYN   ? WORDS_SYN
        : flags & TCP_FLAG_RST ? WORDS_RST
        : flags & TCP_FLAG_FIN ? WORDS_FIN
                               : WORDS_SEGMENT,
        (dns_facts){0});
    if (!line->own)
        add(text, WORDS_ELSEWHERE, (dns_facts){0});
}

char *line_text(line_words *w, const story_line *line)
{
    GString *text = g_string_new("");
    if (line->kind == LINE_MESSAGE)
        add_message(w, text, line);
    else if (line->kind == LINE_SEGMENT)
        add_segment(text, line);
    else if (line->kind == LINE_PAUSE)
        add(text, WORDS_PAUSE, (dns_facts){.waited = line->time / 1000000});
    else
        add(text, WORDS_FOLD, (dns_facts){.n = line->count, .frame = line->frame, .other = line->last_frame});
    return g_string_free(text, FALSE);
}

char *line_troubles(const story_line *line)
{
    const dns_so_far so_far = statistics_so_far();
    const char *slugs[DNS_TROUBLES_MAX];
    GString *text = g_string_new("");
    unsigned count = line->finding && line->own && line->kind <= LINE_SEGMENT
                         ? dns_finding_troubles(line->finding, &so_far, DNS_SEVERITY_NOTE, slugs)
                         : 0;
    for (unsigned i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "[", slugs[i]);
    if (count)
        g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

dns_severity line_severity(const story_line *line)
{
    const dns_so_far so_far = statistics_so_far();
    const char *slugs[DNS_TROUBLES_MAX];
    dns_severity worst = DNS_SEVERITY_CHAT;
    if (line->finding && line->own)
        while (worst < DNS_SEVERITY_ERROR &&
               dns_finding_troubles(line->finding, &so_far, (dns_severity)(worst + 1), slugs))
            worst++;
    return worst;
}

char *line_time(const story *s, const story_line *line)
{
    int64_t since = line->time - s->begin;
    const char *sign = since < 0 ? "-" : "";
    uint64_t ms = (uint64_t)(since < 0 ? -since : since) / 1000000;
    if (ms < UINT64_C(1000000))
        return g_strdup_printf("%s%" PRIu64 ".%03u s", sign, ms / 1000, (unsigned)(ms % 1000));
    char text[40];
    dns_text_duration(text, sizeof text, (int64_t)(ms / 1000));
    return g_strdup_printf("%s%s", sign, text);
}
