/* listeners.c
 * Wireshark's taps, listened to.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "listening.h"

#include <stdio.h>

#include <epan/dissectors/packet-tcp.h>

#include "../analysis/packet.h"
#include "../source/source.h"
#include "inside.h"

static void reset(void *data)
{
    listening *l = (listening *)data;
    collection_clear(&l->messages);
    listening_forget(l);
}

static void draw(void *data)
{
    listening *l = (listening *)data;
    l->draw(l);
}

static void finish(void *data)
{
    listening *l = (listening *)data;
    if (l->gone)
        l->gone(l);
}

static tap_packet_status packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tapped,
                                tap_flags_t flags _U_)
{
    listening *l = (listening *)data;
    unsigned before = statistics_collect(&l->messages, pinfo, (const tapped_frame *)tapped);
    if (!l->moments)
        return TAP_PACKET_REDRAW;
    if (before < l->moments->len) /* the collection saw that the capture is another one */
        listening_forget(l);
    bool tcp = l->last_tcp.frame == pinfo->num;
    moment m = {source_time(pinfo), tcp ? l->last_tcp.stream : NO_STREAM, (uint16_t)pinfo->srcport,
                (uint16_t)pinfo->destport};
    while (l->moments->len < collection_count(&l->messages))
        g_array_append_val(l->moments, m);
    return TAP_PACKET_REDRAW;
}

/* Sees all frames, where a filter keeps some from the listener above. */
static tap_packet_status count_all(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tapped,
                                   tap_flags_t flags _U_)
{
    listening *l = *(listening **)data;
    for (const dns_finding *f = ((const tapped_frame *)tapped)->findings; f; f = f->more->next)
        l->all += f->message;
    return TAP_PACKET_DONT_REDRAW;
}

/* What "tcp" queued for a frame is handed out before what this plugin queued for it. */
static tap_packet_status segment(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tapped,
                                 tap_flags_t flags _U_)
{
    listening *l = *(listening **)data;
    const struct tcpheader *tcp = (const struct tcpheader *)tapped;
    l->last_tcp.frame = pinfo->num;
    l->last_tcp.stream = tcp->th_stream;
    if (!(tcp->th_flags & (TCP_FLAG_SYN | TCP_FLAG_FIN | TCP_FLAG_RST)) || l->segments->len >= SEGMENTS_MAX)
        return TAP_PACKET_DONT_REDRAW;
    tcp_segment s = {source_time(pinfo), pinfo->num,    tcp->th_stream,
                     tcp->th_sport,      tcp->th_dport, (uint8_t)tcp->th_flags};
    g_array_append_val(l->segments, s);
    return TAP_PACKET_DONT_REDRAW;
}

static void add_listener(const char *tap, listening **data, listening *l, tap_packet_cb function)
{
    *data = l;
    GString *error = register_tap_listener(tap, data, NULL, TL_REQUIRES_NOTHING, NULL, function, NULL, NULL);
    if (!error)
        return;
    *data = NULL;
    g_string_free(error, TRUE);
}

GString *listening_start(listening *l, const char *filter)
{
    l->filtered = filter && *filter;
    GString *error = register_tap_listener(STATISTICS_TAP, l, l->filtered ? filter : NULL, TL_REQUIRES_NOTHING, reset,
                                           packet, draw, finish);
    if (error)
        return error;
    if (l->filtered)
        add_listener(STATISTICS_TAP, &l->for_all, l, count_all);
    if (l->moments)
        add_listener("tcp", &l->for_tcp, l, segment);
    return NULL;
}

bool listening_start_named(listening *l, const char *name, const char *filter)
{
    GString *error = listening_start(l, filter);
    if (!error)
        return true;
    fprintf(stderr, "%s: %s\n", name, error->str);
    g_string_free(error, TRUE);
    return false;
}

void listening_stop(listening *l)
{
    l->gone = NULL;
    remove_tap_listener(l);
    if (l->for_all)
        remove_tap_listener(&l->for_all);
    if (l->for_tcp)
        remove_tap_listener(&l->for_tcp);
    l->for_all = l->for_tcp = NULL;
}
