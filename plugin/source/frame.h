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
    LAYER_UDP = 1 << 7,
    LAYER_DIRECT = 1 << 8, /* DNS directly on one of the four transports: what they carry is what it was given */
    LAYER_IP = 1 << 9,
    LAYER_CONTAINER = 1 << 10, /* a protocol that may stand several times side by side, with a packet in each */
    LAYER_SEVERAL = 1 << 11,   /* the frame holds several packets, DNS not in the last alone: see several.c */
} frame_layer;

enum { UDP_HEADER_LENGTH = 8, PORT_DNS_OVER_TLS = 853, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

/* Bytes behind the UDP header at `header`, as it declares them: less than what follows where Ethernet padded the frame, more
 * in the first fragment of a datagram. */
int frame_udp_payload(tvbuff_t *tvb, int header);

/* Looks up protocol ids; once, when all protocols are registered. */
void frame_init(void);

unsigned frame_layer_of(void *protocol); /* an entry of pinfo->layers */
unsigned frame_read_layers(const packet_info *pinfo);
bool frame_has_length_prefix(dns_transport transport);
void frame_read_packet(source_frame *frame, packet_info *pinfo, unsigned layers);
void frame_read_connection(source_frame *frame, packet_info *pinfo); /* of frame->packet's ends */

/* The message of `reported` bytes at `offset`, of which fewer may have been captured. */
void frame_read_message(dns_message *m, tvbuff_t *tvb, int offset, int reported);

/* Messages (an array of dns_message) from a tvb: one at `offset`; or those behind length prefixes (RFC 7766 section 8).
 * One that is not whole comes again when it is, but in a segment `cut` by the capture, which Wireshark does not
 * reassemble. frame_add_message() says whether more are wanted. */
bool frame_add_message(wmem_array_t *messages, tvbuff_t *tvb, int offset, int reported);
void frame_keep_message(source_frame *frame, tvbuff_t *tvb, int offset, int reported); /* the only one, as over UDP */
void frame_keep_datagram(source_frame *frame,
                         tvbuff_t *tvb); /* the only one, behind the UDP header that `tvb` begins with */
void frame_add_prefixed(source_frame *frame, wmem_array_t *messages, tvbuff_t *tvb, bool cut);
void frame_keep_messages(source_frame *frame, wmem_array_t *messages);

/* The length of the TCP header that begins at `header`; 0 where the capture does not hold it. */
int frame_tcp_header(tvbuff_t *tvb, int header);

/* The TLS records in the TCP segment whose header is at `header`. A segment that goes on with a record of an earlier one
 * has none that can be told. */
void frame_read_tls(source_frame *frame, tvbuff_t *tvb, int header);

/* ---- several.c: frames that hold several packets ---- */

/* A transport header, and where it stands. */
typedef struct {
    uint8_t protocol;  /* PROTOCOL_TCP, PROTOCOL_UDP */
    tvbuff_t *frame;   /* the data that the packet was read from ... */
    int header;        /* ... and the offset in it */
    tvbuff_t *payload; /* UDP: what was captured behind the header, none of the next packet; NULL: not known */
    int length;        /* UDP: as it declares it */
} frame_transport;

/* All of a frame, in its order, those quoted in ICMP errors as well. */
typedef struct {
    frame_transport *all; /* in the frame's memory pool */
    unsigned count;
} frame_transports;

/* False when nothing of it is wanted. Further packets follow by frame->next. */
bool several_read(source_frame *frame, packet_info *pinfo, const frame_transports *found);

/* ---- tree.c: works wherever there is a tree ---- */
void tree_init(void);
void tree_want(dissector_handle_t handle, bool wanted);
void tree_read_messages(source_frame *frame, packet_info *pinfo, proto_tree *tree, unsigned layers);
frame_transports tree_transports(packet_info *pinfo, proto_tree *tree);
void tree_read_tcp_flags(source_frame *frame, proto_tree *tree);
void tree_read_tls(source_frame *frame, proto_tree *tree);

/* ---- taps.c: works where the first pass runs with taps, and costs little ---- */
void taps_listen(bool wanted);
bool taps_run(unsigned layers); /* in this pass, as a frame of these layers shows */
void taps_read_messages(source_frame *frame, packet_info *pinfo, tvbuff_t *tvb, unsigned layers);
frame_transports taps_transports(packet_info *pinfo, tvbuff_t *tvb);
void taps_read_tcp_flags(source_frame *frame);
void taps_read_tls(source_frame *frame, tvbuff_t *tvb);

/* ---- unfinished.c: TCP segments cut by the capture ---- */
void unfinished_init(void); /* for each capture */
/* The segment is the rest of a message that began in an earlier one: nothing in it is a message. Ask once per segment. */
bool unfinished_goes_on(const source_frame *frame);
/* Notes where the segment's last message ends, if that is in a later one. */
void unfinished_begins(const source_frame *frame, const packet_info *pinfo);

/* ---- ports.c: TCP segments that may matter though no message is in them ---- */
void ports_start(void); /* for each capture */
void ports_learn(const dns_packet *packet);
bool ports_lead_to_dns(unsigned one, unsigned other);

/* ---- stand_in.c: works on every first pass, costs little, but must not be seen in Wireshark's Decode As; HTTP and QUIC
 * have no other source ---- */
void stand_in_register(void);
void stand_in_init(void); /* takes the places in HTTP and QUIC */
bool stand_in_leads_to_dns(dissector_handle_t handle);
void stand_in_forget(void);            /* what was noted of a frame */
void stand_in_everywhere(void);        /* takes all places, for good; again after every change of preferences */
void stand_in_reassemble(bool wanted); /* also for what Wireshark itself shows */
/* False when something else led to the DNS dissector, another plugin or a script, say. */
bool stand_in_read_messages(source_frame *frame, packet_info *pinfo, unsigned layers);
frame_transports stand_in_transports(packet_info *pinfo);
void stand_in_read_tcp_flags(source_frame *frame, const packet_info *pinfo);
void stand_in_read_tls(source_frame *frame, const packet_info *pinfo);

#endif
