/* stories.c
 * -z dnsrcode,stories: the stories that went wrong, as a statistic of tshark.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stories.h"

#include <stdio.h>

#include <epan/stat_tap_ui.h>

#include "../knowledge/statistics.h"
#include "../knowledge/stories.h"
#include "../statistics/inside.h"
#include "html.h"
#include "mask.h"
#include "windows.h"

static const char name[] = "dnsrcode,stories";

/* What was asked for behind the name. */
typedef struct {
    listening messages; /* first: what the listener is given leads to this */
    char *file;         /* the page; NULL: text on standard output */
    bool masked;
    char *filter; /* NULL: all messages */
} telling;

/* ---- "html=FILE,mask,FILTER" ---- */

/* Takes one option off the front; false when what stands there is none. */
static bool take_option(telling *t, const char **rest)
{
    static const char html[] = "html=", masked[] = "mask";
    size_t length = strcspn(*rest, ",");
    if (g_str_has_prefix(*rest, html) && length > strlen(html)) {
        g_free(t->file);
        t->file = g_strndup(*rest + strlen(html), length - strlen(html));
    } else if (length == strlen(masked) && g_str_has_prefix(*rest, masked)) {
        t->masked = true;
    } else {
        return false;
    }
    *rest += length + ((*rest)[length] == ',');
    return true;
}

static void read_options(telling *t, const char *argument)
{
    const char *rest = argument[strlen(name)] == ',' ? argument + strlen(name) + 1 : "";
    while (*rest && take_option(t, &rest))
        ;
    t->filter = *rest ? g_strdup(rest) : NULL;
}

/* ---- the end of the capture ---- */

static void write_file(const char *path, const char *text)
{
    GError *error = NULL;
    if (g_file_set_contents(path, text, -1, &error))
        return;
    fprintf(stderr, "%s: %s\n", name, error->message);
    g_error_free(error);
}

static void draw(listening *l)
{
    telling *t = (telling *)l;
    mask *other_names = t->masked ? mask_new(&l->messages) : NULL;
    story_view v = {l, book_make(l), other_names ? mask_texts(other_names) : NULL};
    char *text = t->file ? stories_html(&v) : stories_text(&v);
    if (t->file)
        write_file(t->file, text);
    else
        printf("%s\n", text);
    g_free(text);
    book_free((story_book *)(uintptr_t)v.book);
    if (other_names)
        mask_free(other_names);
}

static void finish(listening *l)
{
    telling *t = (telling *)l;
    listening_free(l);
    g_free(t->file);
    g_free(t->filter);
    g_free(t);
}

static ws_stat_init init(const char *argument, void *data _U_)
{
    telling *t = g_new0(telling, 1);
    listening_init(&t->messages, true);
    t->messages.draw = draw;
    t->messages.gone = finish;
    read_options(t, argument);
    bool success = listening_start_named(&t->messages, name, t->filter);
    if (!success)
        finish(&t->messages);
    WS_STAT_INIT(success);
}

void stories_register(void)
{
    static stat_tap_ui ui;
    ui = (stat_tap_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = dns_title_stories,
        .cli_string = name,
        .tap_init_cb = init,
    };
    register_stat_tap_ui(&ui, NULL);
    windows_register();
}
