/* stories.c
 * -z dnsrcode,stories: the stories that went wrong, as a statistic of tshark.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stories.h"

#include <stdio.h>

#include <epan/stat_tap_ui.h>

#include "../knowledge/statistics.h"
#include "../statistics/inside.h"
#include "text.h"

static const char name[] = "dnsrcode,stories";

static void print(listening *l)
{
    story_book *book = book_make(l);
    char *text = stories_text(&(story_view){l, book, NULL});
    printf("%s\n", text);
    g_free(text);
    book_free(book);
}

static void finish(listening *l)
{
    listening_free(l);
    g_free(l);
}

static ws_stat_init init(const char *argument, void *data _U_)
{
    const char *filter = strlen(argument) > strlen(name) ? argument + strlen(name) + 1 : NULL;
    listening *l = g_new(listening, 1);
    listening_init(l, true);
    l->draw = print;
    l->gone = finish;
    GString *error = listening_start(l, filter);
    bool success = !error;
    if (error) {
        fprintf(stderr, "%s: %s\n", name, error->str);
        g_string_free(error, TRUE);
        finish(l);
    }
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
}
