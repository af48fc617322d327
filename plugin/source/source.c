/* source.c
 * The source room's door: chooses where the messages come from, and reads a frame.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frame.h"

#include <wsutil/report_message.h>

#include "../knowledge/notices.h"

static bool from_taps, taps_looked_for;

void source_register(int protocol)
{
    carriers_register(protocol);
}

void source_init(void)
{
    frame_init();
    tree_init();
    carriers_stand_in();
}

static bool is_wireshark(void)
{
    const char *program = g_get_prgname();
    return program && g_ascii_strncasecmp(program, "wireshark", strlen("wireshark")) == 0;
}

void source_choose(dissector_handle_t handle, source_choice choice, bool correct)
{
    from_taps = choice == SOURCE_TAPS || (choice == SOURCE_AUTO && is_wireshark());
    taps_looked_for = false;
    taps_listen(from_taps);
    carriers_reassemble(correct);
    unfinished_init();
    tree_want(handle, !from_taps);
}

/* Said once, rather than to find nothing in silence. */
static bool look_for_taps(unsigned layers)
{
    bool run = taps_run(layers);
    if (!run && !taps_looked_for)
        report_warning("%s", dns_notice_text(NOTICE_NO_TAPS));
    taps_looked_for = true;
    return run;
}

static void read_messages(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, unsigned layers)
{
    if (layers & (LAYER_HTTP | LAYER_QUIC))
        carriers_read_messages(frame, pinfo);
    else if (!from_taps && tree)
        tree_read_messages(frame, pinfo, tree);
    else if (from_taps && look_for_taps(layers))
        taps_read_messages(frame, pinfo, tvb, layers);
}

static void read_tcp_flags(source_frame *frame, proto_tree *tree)
{
    if (from_taps)
        taps_read_tcp_flags(frame);
    else if (tree)
        tree_read_tcp_flags(frame, tree);
}

bool source_read(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    unsigned layers = frame_read_layers(pinfo);
    if ((layers & LAYER_ICMP) || !(layers & (LAYER_DNS | LAYER_TCP)))
        return false;
    memset(frame, 0, sizeof *frame);
    frame_read_packet(frame, pinfo, layers);
    bool middle = (layers & LAYER_TCP) && unfinished_goes_on(frame);
    if ((layers & LAYER_DNS) && !middle)
        read_messages(frame, tvb, pinfo, tree, layers);
    if (frame->packet.transport == TRANSPORT_TCP)
        unfinished_begins(frame, pinfo);
    if (layers & LAYER_TCP)
        read_tcp_flags(frame, tree);
    bool dot = frame->packet.source.port == 853 || frame->packet.destination.port == 853;
    frame->unread_tls = (layers & LAYER_TCP) && (layers & LAYER_TLS) && dot && !frame->count;
    return frame->count || frame->tcp;
}
