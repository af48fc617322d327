/* html.c
 * Stories as one page for a ticket.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "html.h"

#include "../knowledge/stories.h"
#include "../statistics/report.h"
#include "escape.h"
#include "svg.h"

static const char style[] =
    ":root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--soft:#57606a;--line:#c2c8cf;--panel:#f3f5f7;"
    "--error:#b3261e;--warn:#8a5a00;--note:#0550ae}\n"
    "@media(prefers-color-scheme:dark){:root{--back:#14171a;--text:#e8eaed;--soft:#a3adb8;--line:#4a525b;"
    "--panel:#1f2429;--error:#ff8a80;--warn:#e3b341;--note:#79b8ff}}\n"
    "body{margin:0 auto;max-width:46rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;background:var(--back);"
    "color:var(--text);overflow-wrap:anywhere}\n"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1.05rem;margin:0 0 .25rem}\n"
    "pre{white-space:pre-wrap;padding:.75rem;background:var(--panel);font-size:.8rem;line-height:1.35}\n"
    "article{margin:1.5rem 0;padding:1rem 0;border-top:2px solid var(--line)}\n"
    "article p{margin:.15rem 0}code{overflow-wrap:anywhere}\n"
    ".soft{color:var(--soft)}b.error,.error .trouble{color:var(--error);fill:var(--error)}\n"
    "b.warn,.warn .trouble{color:var(--warn);fill:var(--warn)}b.note,.note "
    ".trouble{color:var(--note);fill:var(--note)}\n"
    "svg{display:block;width:100%;max-width:36rem;height:auto;margin:1rem 0;font:12.5px system-ui,sans-serif}\n"
    "text{fill:var(--text);paint-order:stroke;stroke:var(--back);stroke-width:4px}\n"
    ".actor{font-weight:600}.where,.between{fill:var(--soft);font-size:11px}.between{font-style:italic}\n"
    ".decides .what{font-weight:600}.life,.arrow{stroke:var(--line);stroke-width:1.5;fill:none}\n"
    ".arrow{stroke:var(--soft)}.head{fill:var(--soft)}.dashed{stroke-dasharray:5 4}\n"
    ".error .arrow{stroke:var(--error)}.error .head{fill:var(--error)}\n"
    ".warn .arrow{stroke:var(--warn)}.warn .head{fill:var(--warn)}\n"
    ".note .arrow{stroke:var(--note)}.note .head{fill:var(--note)}.decides .arrow{stroke-width:2.5}\n"
    "dt{font-weight:600}dd{margin:0 0 .4rem 1rem}\n"
    "@media print{details{display:none}article{break-inside:avoid}}\n";

static void element(GString *to, const char *tag, const char *class, const char *text)
{
    g_string_append_printf(to, *class ? "<%s class=\"%s\">" : "<%s>", tag, class);
    html_text(to, text);
    g_string_append_printf(to, "</%s>\n", tag);
}

/* ---- one story ---- */

typedef struct {
    GString *to;
    int last; /* story_part: a second one of a kind stands below the same name */
} parts;

static void part(void *data, story_part kind, const char *label, const char *text)
{
    parts *p = (parts *)data;
    size_t length = strcspn(label, ":");
    char *name = g_strndup(label, length);
    if (p->last != (int)kind)
        element(p->to, "dt", "", name);
    p->last = kind;
    g_free(name);
    if (kind == PART_TOOK) {
        char words[200];
        dns_facts facts = {.name = text};
        dns_text_render(words, sizeof words, label + length + strspn(label + length, ": "), &facts);
        element(p->to, "dd", "", words);
        return;
    }
    g_string_append(p->to, kind == PART_FILTER ? "<dd><code>" : "<dd>");
    html_text(p->to, text);
    g_string_append(p->to, kind == PART_FILTER ? "</code></dd>\n" : "</dd>\n");
}

static void article(GString *to, const story_view *v, unsigned i)
{
    const story *s = (const story *)g_ptr_array_index(v->book->stories, i);
    char *ends = story_ends(v, s), *question = story_question(v, s), *text = story_text(v, i);
    g_string_append_printf(to, "<article id=\"story-%u\">\n<h3>", i + 1);
    html_text(to, story_slug(s));
    g_string_append_printf(to, " <b class=\"%s\">%s</b></h3>\n", dns_severity_name(s->trouble.severity),
                           dns_severity_name(s->trouble.severity));
    element(to, "p", "", ends);
    if (question) {
        char *line = g_strconcat(dns_words(WORDS_QUESTION, 0), question, NULL);
        element(to, "p", "", line);
        g_free(line);
    }
    story_svg(to, v, s);
    g_string_append(to, "<dl>\n");
    parts p = {to, -1};
    story_parts(v, s, part, &p);
    g_string_append(to, "</dl>\n<details>\n");
    element(to, "summary", "", dns_words(WORDS_PAGE_AS_TEXT, 0));
    element(to, "pre", "", text);
    g_string_append(to, "</details>\n</article>\n");
    g_free(ends);
    g_free(question);
    g_free(text);
}

/* ---- the page ---- */

static void lines(GString *to, char *text)
{
    char **each = text ? g_strsplit(text, "\n", -1) : NULL;
    for (char **line = each; line && *line; line++)
        element(to, "p", "", *line);
    g_strfreev(each);
    g_free(text);
}

char *stories_html(const story_view *v)
{
    GString *to = g_string_new("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    const char *title = dns_words(WORDS_PAGE_TITLE, 0);
    element(to, "title", "", title);
    g_string_append_printf(to, "<style>\n%s</style>\n</head>\n<body>\n", style);
    element(to, "h1", "", title);
    if (v->mask)
        element(to, "p", "soft", dns_words(WORDS_PAGE_MASKED, 0));
    report_input in = {&v->from->messages, v->from->filtered, v->from->all, v->mask};
    char *summary = report_text(&in);
    element(to, "h2", "", dns_words(WORDS_PAGE_REPORT, 0));
    element(to, "pre", "", summary);
    g_free(summary);
    element(to, "h2", "", dns_words(WORDS_PAGE_STORIES, 0));
    lines(to, stories_head(v));
    for (unsigned i = 0; i < v->book->stories->len; i++)
        article(to, v, i);
    lines(to, stories_foot(v));
    g_string_append(to, "</body>\n</html>\n");
    return g_string_free(to, FALSE);
}
