/* svg.c
 * A story drawn: a life line for each end, an arrow for each message.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Narrow, so that it can be read on a phone: the words of a message stand above its arrow, in as many lines as they need.
 */
#include "svg.h"

#include <string.h>

#include "../knowledge/stories.h"
#include "escape.h"
#include "line.h"

enum {
    WIDTH = 460,
    MARGIN = 24,       /* of the outermost life lines */
    TOP = 52,          /* where life lines begin */
    LINE_HEIGHT = 15,  /* of text */
    TEXT_COLUMNS = 58, /* characters that fit between the margins */
    GAP = 12,          /* below an arrow */
};

typedef struct {
    GString *shapes;
    const story_view *view;
    const story *story;
    int y;
} drawing;

/* ---- where things stand ---- */

static unsigned actors(const story *s)
{
    return s->clients->len + s->servers->len;
}

static int x_of_actor(const story *s, unsigned i)
{
    unsigned n = actors(s);
    return n < 2 ? MARGIN : MARGIN + (int)(i * (WIDTH - 2 * MARGIN) / (n - 1));
}

static int x_of(const story *s, const GArray *ends, uint32_t end)
{
    unsigned before = ends == s->servers ? s->clients->len : 0;
    for (unsigned i = 0; i < ends->len; i++)
        if (g_array_index(ends, uint32_t, i) == end)
            return x_of_actor(s, before + i);
    return x_of_actor(s, before);
}

/* ---- text ---- */

static void text_at(drawing *d, int x, const char *anchor, const char *class, const char *text)
{
    g_string_append_printf(d->shapes, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\">", x, d->y, anchor,
                           class);
    html_text(d->shapes, text);
    g_string_append(d->shapes, "</text>\n");
}

/* How many bytes of the text go into a line: up to a space, or, of a word that is too long, as much as fits. */
static size_t line_length(const char *text)
{
    size_t fits = 0, space = 0;
    unsigned columns = 0;
    while (text[fits] && columns < TEXT_COLUMNS) {
        if (text[fits] == ' ')
            space = fits;
        fits = (size_t)(g_utf8_next_char(text + fits) - text);
        columns++;
    }
    return text[fits] && space ? space : fits;
}

static void words(drawing *d, const char *class, const char *text)
{
    while (*text) {
        size_t length = line_length(text);
        char *line = g_strndup(text, length);
        d->y += LINE_HEIGHT;
        text_at(d, WIDTH / 2, "middle", class, line);
        g_free(line);
        text += length;
        text += strspn(text, " ");
    }
}

/* ---- messages ---- */

static const char *class_of(const story_line *line)
{
    static const char *const classes[DNS_SEVERITY_COUNT] = {"plain", "note", "warn", "error"};
    return line->own && line->finding ? classes[line_severity(line)] : "plain";
}

static void arrow(drawing *d, const story_line *line)
{
    enum { HEAD = 8, HALF = 4, DOT = 5 };
    int client = x_of(d->story, d->story->clients, line->client),
        server = x_of(d->story, d->story->servers, line->server);
    int from = line->to_server ? client : server, to = line->to_server ? server : client;
    int back = to > from ? to - HEAD : to + HEAD;
    d->y += HALF + 2;
    const char *dashed = line->own ? "" : " dashed";
    g_string_append_printf(d->shapes, "<path d=\"M%d %dH%d\" class=\"arrow%s\"/>\n", from, d->y, back, dashed);
    g_string_append_printf(d->shapes, "<path d=\"M%d %dL%d %dV%dZ\" class=\"head\"/>\n", to, d->y, back, d->y - HALF,
                           d->y + HALF);
    if (line->decides)
        g_string_append_printf(d->shapes, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" class=\"head\"/>\n", from, d->y, DOT);
    d->y += GAP;
}

static void message(drawing *d, line_words *w, const story_line *line)
{
    char *time = line_time(d->story, line), *text = line_text(w, line), *troubles = line_troubles(line);
    char where[80];
    dns_facts facts = {.frame = line->frame, .name = time};
    dns_text_render(where, sizeof where, dns_words(WORDS_WHERE, 0), &facts);
    g_string_append_printf(d->shapes, "<g class=\"%s%s\">\n", class_of(line), line->decides ? " decides" : "");
    words(d, "where", where);
    words(d, "what", text);
    words(d, "trouble", troubles);
    arrow(d, line);
    g_string_append(d->shapes, "</g>\n");
    g_free(time);
    g_free(text);
    g_free(troubles);
}

static void between(drawing *d, line_words *w, const story_line *line)
{
    char *text = line_text(w, line);
    words(d, "between", text);
    d->y += GAP;
    g_free(text);
}

/* ---- life lines ---- */

/* Two ends have their addresses written above; more are told by their short names. */
static void name_actor(drawing *d, GString *to, unsigned i)
{
    const story *s = d->story;
    bool client = i < s->clients->len;
    uint32_t end =
        client ? g_array_index(s->clients, uint32_t, i) : g_array_index(s->servers, uint32_t, i - s->clients->len);
    char *name = client ? story_client_name(s, end) : story_server_name(s, end);
    const char *anchor = i == 0 ? "start" : i == actors(s) - 1 ? "end" : "middle";
    int x = i == 0 ? 0 : i == actors(s) - 1 ? WIDTH : x_of_actor(s, i);
    const char *role = dns_words(client ? WORDS_ROLE_CLIENT : WORDS_ROLE_SERVER, 1);
    char host[80];
    dns_facts facts = {.address = *collection_end(&d->view->from->messages, end)};
    dns_text_render_masked(host, sizeof host, "{address}", &facts, d->view->mask);
    const char *const lines[] = {*name ? name : role, actors(s) > 2 ? "" : host};
    for (int j = 0; j < 2; j++) {
        g_string_append_printf(to, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"actor\">", x, 16 + j * 18,
                               anchor);
        html_text(to, lines[j]);
        g_string_append(to, "</text>\n");
    }
    g_free(name);
}

void story_svg(GString *to, const story_view *v, const story *s)
{
    drawing d = {g_string_new(NULL), v, s, TOP};
    line_words w;
    line_words_init(&w, &v->from->messages, s, v->mask);
    for (unsigned i = 0; i < s->lines->len; i++) {
        const story_line *line = &g_array_index(s->lines, story_line, i);
        (line->kind <= LINE_SEGMENT ? message : between)(&d, &w, line);
    }
    g_string_append_printf(to, "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n<title>", WIDTH, d.y + GAP);
    char title[80];
    dns_facts facts = {.n = s->lines->len};
    dns_text_render(title, sizeof title, dns_words(WORDS_PAGE_LADDER, facts.n), &facts);
    html_text(to, title);
    g_string_append(to, "</title>\n");
    for (unsigned i = 0; i < actors(s); i++) {
        name_actor(&d, to, i);
        g_string_append_printf(to, "<path d=\"M%d %dV%d\" class=\"life\"/>\n", x_of_actor(s, i), TOP - 8, d.y + GAP);
    }
    g_string_append_len(to, d.shapes->str, (gssize)d.shapes->len);
    g_string_append(to, "</svg>\n");
    g_string_free(d.shapes, TRUE);
}
