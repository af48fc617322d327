/* windows.c
 * Report and stories as windows of Wireshark.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The windows are those that Wireshark makes for scripts (epan/funnel.h): text, and buttons below it. While one is open, it
 * listens; its text is renewed whenever Wireshark has read the capture anew.
 */
#include "windows.h"

#include "../compat.h"

#include <epan/funnel.h>

#include "../knowledge/stories.h"
#include "../source/source.h"
#include "../statistics/inside.h"
#include "../statistics/report.h"
#include "text.h"

typedef enum { WINDOW_REPORT, WINDOW_STORIES } window_kind;

typedef struct {
    listening messages; /* first: what the listener is given leads to this */
    window_kind kind;
    bool listens;
    const funnel_ops_t *ops;
    funnel_text_window_t *window;
    char *filter;     /* the display filter that it was read with */
    char *text;       /* as "Copy" copies it */
    GPtrArray *shown; /* char *: the filters of what the text tells, in its order */
    unsigned chosen;
    unsigned capture; /* that the text is about */
} dns_window;

/* ---- what it shows ---- */

static char *render(const char *text, const dns_facts *facts)
{
    size_t size = dns_text_render(NULL, 0, text, facts) + 1;
    char *rendered = g_malloc(size);
    dns_text_render(rendered, size, text, facts);
    return rendered;
}

static char *words(dns_words_kind kind, const char *name)
{
    return render(dns_words(kind, 0), &(dns_facts){.name = name});
}

static char *make_report(dns_window *w)
{
    report *r = report_make(&w->messages.messages);
    for (unsigned i = 0; i < r->order->len; i++) {
        const trouble *t = (const trouble *)g_ptr_array_index(r->order, i);
        if (t->count)
            g_ptr_array_add(w->shown, report_filter(t));
    }
    report_free(r);
    return report_text(&(report_input){&w->messages.messages, w->messages.filtered, w->messages.all, NULL});
}

static char *make_stories(dns_window *w)
{
    story_book *book = book_make(&w->messages);
    for (unsigned i = 0; i < book->stories->len; i++)
        g_ptr_array_add(w->shown, story_filter((const story *)g_ptr_array_index(book->stories, i)));
    char *text = stories_text(&(story_view){&w->messages, book, NULL});
    book_free(book);
    return text;
}

static const char *chosen_filter(const dns_window *w)
{
    return w->shown->len ? (const char *)g_ptr_array_index(w->shown, w->chosen % w->shown->len) : NULL;
}

/* NULL: there is nothing to choose. */
static char *choice_text(const dns_window *w)
{
    dns_facts facts = {.n = w->chosen + 1, .m = w->shown->len, .name = chosen_filter(w)};
    return facts.name ? render(dns_words(WORDS_CHOSEN, facts.m), &facts) : NULL;
}

/* Above the text stands what is only of use in the window. */
static void show(const dns_window *w)
{
    GString *text = g_string_new(NULL);
    char *filter = *w->filter ? words(WORDS_FILTERED, w->filter) : NULL;
    char *choice = choice_text(w);
    const char *const above[] = {filter, choice};
    for (size_t i = 0; i < array_length(above); i++)
        if (above[i])
            g_string_append_printf(text, "%s\n", above[i]);
    g_string_append_printf(text, "%s%s\n", text->len ? "\n" : "", w->text);
    w->ops->set_text(w->window, text->str);
    g_string_free(text, TRUE);
    g_free(filter);
    g_free(choice);
}

static void set_text(dns_window *w, char *text)
{
    g_free(w->text);
    w->text = text;
    show(w);
}

/* While a live capture goes on, Wireshark draws every few seconds: the text that somebody reads does not move away then. */
static void draw(listening *l)
{
    dns_window *w = (dns_window *)l;
    if (w->capture == statistics_capture() && !statistics_so_far().complete)
        return;
    w->capture = statistics_capture();
    g_ptr_array_set_size(w->shown, 0);
    set_text(w, w->kind == WINDOW_REPORT ? make_report(w) : make_stories(w));
}

/* ---- listening ---- */

static void stop(dns_window *w)
{
    if (w->listens)
        listening_stop(&w->messages);
    w->listens = false;
    listening_free(&w->messages);
}

static void gone(listening *l)
{
    ((dns_window *)l)->listens = false;
}

/* With the display filter that is set now; reads the capture anew. */
static void start(dns_window *w)
{
    const char *filter = w->ops->get_filter ? w->ops->get_filter(w->ops->ops_id) : NULL;
    g_free(w->filter);
    w->filter = g_strdup(filter ? filter : "");
    w->chosen = 0;
    w->capture = statistics_capture() - 1;
    listening_init(&w->messages, w->kind == WINDOW_STORIES);
    w->messages.draw = draw;
    w->messages.gone = gone;
    GString *error = listening_start(&w->messages, w->filter);
    w->listens = !error;
    if (error) {
        set_text(w, words(WORDS_BAD_FILTER, error->str));
        g_string_free(error, TRUE);
    } else {
        set_text(w, words(WORDS_READING, NULL));
        w->ops->retap_packets(w->ops->ops_id);
    }
}

/* ---- buttons ---- */

static ws_bool show_frames(funnel_text_window_t *window _U_, void *data)
{
    const dns_window *w = (const dns_window *)data;
    const char *filter = chosen_filter(w);
    if (!filter)
        return true;
    w->ops->set_filter(w->ops->ops_id, filter);
    w->ops->apply_filter(w->ops->ops_id);
    return true;
}

static ws_bool next(funnel_text_window_t *window _U_, void *data)
{
    dns_window *w = (dns_window *)data;
    w->chosen = w->shown->len ? (w->chosen + 1) % w->shown->len : 0;
    show(w);
    return true;
}

static ws_bool copy(funnel_text_window_t *window _U_, void *data)
{
    const dns_window *w = (const dns_window *)data;
    GString *text = g_string_new(w->text);
    g_string_append_c(text, '\n');
    w->ops->copy_to_clipboard(text);
    g_string_free(text, TRUE);
    return true;
}

static ws_bool again(funnel_text_window_t *window _U_, void *data)
{
    dns_window *w = (dns_window *)data;
    stop(w);
    start(w);
    return true;
}

static void add_button(dns_window *w, dns_words_kind label, funnel_bt_cb_t function)
{
    funnel_bt_t *button = g_new0(funnel_bt_t, 1);
    *button = (funnel_bt_t){.tw = w->window, .func = function, .data = w, .free_fcn = g_free};
    w->ops->add_button(w->window, button, dns_words(label, 0));
}

/* ---- opening and closing ---- */

static void closed(void *data)
{
    dns_window *w = (dns_window *)data;
    stop(w);
    g_ptr_array_free(w->shown, TRUE);
    g_free(w->filter);
    g_free(w->text);
    g_free(w);
}

static void open_window(void *kind)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    if (!ops || !ops->new_text_window)
        return;
    dns_window *w = g_new0(dns_window, 1);
    w->kind = (window_kind)GPOINTER_TO_INT(kind);
    w->ops = ops;
    w->shown = g_ptr_array_new_with_free_func(g_free);
    w->window = ops->new_text_window(
        ops->ops_id, dns_words(w->kind == WINDOW_REPORT ? WORDS_WINDOW_REPORT : WORDS_WINDOW_STORIES, 0));
    ops->set_close_cb(w->window, closed, w);
    add_button(w, WORDS_BUTTON_SHOW, show_frames);
    add_button(w, WORDS_BUTTON_NEXT, next);
    add_button(w, WORDS_BUTTON_COPY, copy);
    add_button(w, WORDS_BUTTON_AGAIN, again);
    start(w);
}

void windows_register(void)
{
    if (!source_has_windows())
        return;
    funnel_register_menu(dns_words(WORDS_WINDOW_REPORT, 0), WS_WINDOW_GROUP, open_window,
                         GINT_TO_POINTER(WINDOW_REPORT), NULL, FALSE);
    funnel_register_menu(dns_words(WORDS_WINDOW_STORIES, 0), WS_WINDOW_GROUP, open_window,
                         GINT_TO_POINTER(WINDOW_STORIES), NULL, FALSE);
}
