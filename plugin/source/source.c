/* source.c
 * The source room's door: chooses where the messages come from, and reads a frame.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frame.h"

#include <wsutil/report_message.h>

#include "../knowledge/notices.h"

static source_choice chosen;
static unsigned said; /* notices, as bits */

void source_register(void)
{
    stand_in_register();
}

void source_init(void)
{
    frame_init();
    tree_init();
    stand_in_init();
}

bool source_has_windows(void)
{
    const char *program = g_get_prgname();
    return program && g_ascii_strncasecmp(program, "wireshark", strlen("wireshark")) == 0;
}

bool source_is_live(int64_t last_time)
{
    enum { YOUNG = 10 }; /* seconds: as long as a story waits for its end */
    int64_t age = g_get_real_time() * 1000 - last_time;
    return age >= 0 && age < YOUNG * INT64_C(1000000000) && source_has_windows();
}

void source_choose(dissector_handle_t handle, source_choice choice, bool correct)
{
    /* The tests read the way of the window in tshark, too. */
    bool as_window = source_has_windows() || getenv("DNSRCODE_AS_WINDOW");
    chosen = choice == SOURCE_AUTO && as_window ? SOURCE_TAPS : choice;
    said = 0;
    taps_listen(chosen == SOURCE_TAPS);
    tree_want(handle, chosen == SOURCE_TREE);
    stand_in_forget();
    if (chosen == SOURCE_AUTO)
        stand_in_everywhere();
    ports_start();
    stand_in_reassemble(correct);
    unfinished_init();
}

/* Once in a capture, rather than to find nothing in silence. */
static void say(dns_notice notice)
{
    if (!(said & 1U << notice))
        report_warning("%s", dns_notice_text(notice));
    said |= 1U << notice;
}

static void read_messages(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, unsigned layers)
{
    if (chosen == SOURCE_AUTO || (layers & (LAYER_HTTP | LAYER_QUIC))) {
        if (!stand_in_read_messages(frame, pinfo, layers) && chosen == SOURCE_AUTO)
            say(NOTICE_UNWATCHED);
    } else if (chosen == SOURCE_TREE && tree) {
        tree_read_messages(frame, pinfo, tree, layers);
    } else if (chosen == SOURCE_TAPS) {
        if (!taps_run(layers) || !(layers & LAYER_DIRECT))
            say(NOTICE_UNWATCHED);
        else
            taps_read_messages(frame, pinfo, tvb, layers);
    }
}

static void read_tcp_flags(source_frame *frame, packet_info *pinfo, proto_tree *tree)
{
    if (chosen == SOURCE_AUTO)
        stand_in_read_tcp_flags(frame, pinfo);
    else if (chosen == SOURCE_TAPS)
        taps_read_tcp_flags(frame);
    else if (tree)
        tree_read_tcp_flags(frame, tree);
}

static void read_tls_records(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    if (chosen == SOURCE_AUTO)
        stand_in_read_tls(frame, pinfo);
    else if (chosen == SOURCE_TAPS)
        taps_read_tls(frame, tvb);
    else if (tree)
        tree_read_tls(frame, tree);
}

static bool read_several(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    frame_transports found = chosen == SOURCE_AUTO   ? stand_in_transports(pinfo)
                             : chosen == SOURCE_TAPS ? taps_transports(pinfo, tvb)
                                                     : tree_transports(pinfo, tree);
    return several_read(frame, pinfo, &found);
}

static bool read_frame(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    unsigned layers = frame_read_layers(pinfo);
    if (layers & LAYER_SEVERAL)
        return read_several(frame, tvb, pinfo, tree);
    bool matters = (layers & LAYER_DNS) || ((layers & LAYER_TCP) && ports_lead_to_dns(pinfo->srcport, pinfo->destport));
    if ((layers & LAYER_ICMP) || !matters)
        return false;
    if (!(layers & (LAYER_UDP | LAYER_TCP))) {
        say(NOTICE_NO_TRANSPORT);
        return false;
    }
    memset(frame, 0, offsetof(source_frame, only));
    frame_read_packet(frame, pinfo, layers);
    bool middle = (layers & LAYER_TCP) && unfinished_goes_on(frame);
    if ((layers & LAYER_DNS) && !middle)
        read_messages(frame, tvb, pinfo, tree, layers);
    if (frame->count && dns_transport_is_stream(frame->packet.transport))
        ports_learn(&frame->packet);
    if (frame->packet.transport == TRANSPORT_TCP)
        unfinished_begins(frame, pinfo);
    if (layers & LAYER_TCP)
        read_tcp_flags(frame, pinfo, tree);
    bool dot = frame->packet.source.port == PORT_DNS_OVER_TLS || frame->packet.destination.port == PORT_DNS_OVER_TLS;
    frame->unread_tls = (layers & LAYER_TCP) && (layers & LAYER_TLS) && dot && !frame->count;
    if (frame->unread_tls)
        read_tls_records(frame, tvb, pinfo, tree);
    return frame->count || frame->tcp;
}

bool source_read(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    bool any = read_frame(frame, tvb, pinfo, tree);
    stand_in_forget();
    return any;
}
