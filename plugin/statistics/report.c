/* report.c
 * -z dnsrcode,report: what is wrong in this capture, as a statistic of tshark.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

#include <stdio.h>

#include <epan/stat_tap_ui.h>

#include "../knowledge/statistics.h"
#include "inside.h"
#include "listening.h"

/* The one place of the statistics that prints: this is what was asked for. */
static void print(listening *l)
{
    char *text = report_text(&(report_input){&l->messages, l->filtered, l->all, NULL});
    printf("%s\n", text);
    g_free(text);
}

static void finish(listening *l)
{
    listening_free(l);
    g_free(l);
}

static ws_stat_init init(const char *argument, void *data _U_)
{
    static const char name[] = "dnsrcode,report,";
    listening *l = g_new(listening, 1);
    listening_init(l, false);
    l->draw = print;
    l->gone = finish;
    const char *filter = g_str_has_prefix(argument, name) ? argument + strlen(name) : NULL;
    bool success = listening_start_named(l, "dnsrcode,report", filter);
    if (!success)
        finish(l);
    WS_STAT_INIT(success);
}

void report_register(void)
{
    static stat_tap_ui ui;
    ui = (stat_tap_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = dns_title_report,
        .cli_string = "dnsrcode,report",
        .tap_init_cb = init,
    };
    register_stat_tap_ui(&ui, NULL);
}
