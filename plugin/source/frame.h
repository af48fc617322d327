/* frame.h
 * Ends, time, transport and TCP connection of a frame: inside the source room.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_FRAME_H
#define DNSRCODE_FRAME_H

#include "source.h"

/* Protocols that a frame is made of, as bits. */
typedef enum {
    LAYER_ICMP = 1 << 0,
    LAYER_TCP = 1 << 1,
    LAYER_TLS = 1 << 2,
    LAYER_DTLS = 1 << 3,
    LAYER_HTTP = 1 << 4,
    LAYER_QUIC = 1 << 5,
    LAYER_DNS = 1 << 6,
} frame_layer;

/* Looks up protocol ids; once, when all protocols are registered. */
void frame_init(void);

unsigned frame_read_layers(const packet_info *pinfo);
bool frame_has_length_prefix(dns_transport transport);
void frame_read_packet(dns_packet *packet, packet_info *pinfo, unsigned layers);

/* ---- tree.c: works wherever there is a tree ---- */
void tree_init(void);
void tree_want(dissector_handle_t handle, bool wanted);
void tree_read_messages(source_frame *frame, packet_info *pinfo, proto_tree *tree);
void tree_read_tcp_flags(source_frame *frame, proto_tree *tree);

/* ---- taps.c: works where the first pass runs with taps, and costs little ---- */
void taps_listen(bool wanted);
void taps_read_messages(source_frame *frame, packet_info *pinfo, tvbuff_t *tvb, unsigned layers);
void taps_read_tcp_flags(source_frame *frame);

#endif
