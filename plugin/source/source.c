/* source.c
 * The source room's door: chooses where the messages come from, and reads a frame.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frame.h"

static bool from_taps;

void source_init(void)
{
    frame_init();
    tree_init();
}

static bool is_wireshark(void)
{
    const char *program = g_get_prgname();
    return program && g_ascii_strncasecmp(program, "wireshark", strlen("wireshark")) == 0;
}

void source_choose(dissector_handle_t handle, source_choice choice)
{
    from_taps = choice == SOURCE_TAPS || (choice == SOURCE_AUTO && is_wireshark());
    taps_listen(from_taps);
    tree_want(handle, !from_taps);
}

static void read_from_taps(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, unsigned layers)
{
    if (layers & LAYER_DNS)
        taps_read_messages(frame, pinfo, tvb, layers);
    if (layers & LAYER_TCP)
        taps_read_tcp_flags(frame);
}

static void read_from_tree(source_frame *frame, packet_info *pinfo, proto_tree *tree, unsigned layers)
{
    if (!tree)
        return;
    if (layers & LAYER_DNS)
        tree_read_messages(frame, pinfo, tree);
    if (layers & LAYER_TCP)
        tree_read_tcp_flags(frame, tree);
}

bool source_read(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    unsigned layers = frame_read_layers(pinfo);
    if ((layers & LAYER_ICMP) || !(layers & (LAYER_DNS | LAYER_TCP)))
        return false;
    memset(frame, 0, sizeof *frame);
    frame_read_packet(&frame->packet, pinfo, layers);
    if (from_taps)
        read_from_taps(frame, tvb, pinfo, layers);
    else
        read_from_tree(frame, pinfo, tree, layers);
    bool dot = frame->packet.source.port == 853 || frame->packet.destination.port == 853;
    frame->unread_tls = (layers & LAYER_TCP) && (layers & LAYER_TLS) && dot && !frame->count;
    return frame->count || frame->tcp;
}
