/* source.h
 * The source room: the DNS messages of a frame, and what its TCP segment says.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It alone knows about transports, length prefixes, trees and taps. A message is handed out as
 * a dns_message whose bytes live as long as the frame's dissection. mDNS and LLMNR are
 * protocols of their own and not looked at; a DNS message quoted in an ICMP error is no message.
 */
#ifndef DNSRCODE_SOURCE_H
#define DNSRCODE_SOURCE_H

#include "../compat.h"

#include "../analysis/packet.h"
#include "../message/message.h"

/* More messages than this in one frame are not looked at: no honest frame has them. */
enum { SOURCE_MESSAGES_MAX = 1024 };

typedef struct source_frame {
    dns_packet packet;         /* ends, time and transport of the frame */
    bool tcp;                  /* the frame is a TCP segment */
    uint8_t tcp_flags;         /* when tcp */
    bool next_known;           /* TCP: ... */
    uint32_t next_sequence;    /* ... the sequence number behind what this direction has sent so far */
    uint32_t missing;          /* bytes of the last message that lie in later segments */
    bool unread_tls;           /* TLS on the port of DNS over TLS, and no DNS message came out of it ... */
    dns_tls_records tls;       /* ... its records */
    bool several;              /* the frame holds several packets: this is one of them ... */
    struct source_frame *next; /* ... and this another one, in the frame's memory pool */
    unsigned count;
    const dns_message *messages; /* in the order of the bytes; in the frame's memory pool, or `only` */
    dns_message only;
} source_frame;

/* The time of a frame in nanoseconds since the epoch. */
int64_t source_time(const packet_info *pinfo);

/* Its two ends, on every pass. */
void source_ends(const packet_info *pinfo, dns_endpoint *source, dns_endpoint *destination);

/* SOURCE_NONE: the protocol is disabled. SOURCE_TAPS is chosen by SOURCE_AUTO alone. */
typedef enum { SOURCE_AUTO, SOURCE_TAPS, SOURCE_TREE, SOURCE_NONE } source_choice;

/* When the protocols of Wireshark are registered. */
void source_register(void);

/* Looks up what the source needs. Once, when all protocols are registered. */
void source_init(void);

/* Asks Wireshark for what the source needs on the first pass: before the first frame of a capture. SOURCE_AUTO is taps
 * in Wireshark itself, whose load runs with taps and whose Decode As would show the stand-ins, and stand-ins elsewhere,
 * since the first pass of tshark -2 and sharkd's load run without taps. With `correct`, messages that come in several
 * pieces of a QUIC stream are put together for Wireshark, too. */
void source_choose(dissector_handle_t handle, source_choice choice, bool correct);

/* True when the frame may concern the plugin; then `frame` is filled in, with its first packet where it holds several. Only on the first pass. `tvb` has the bytes
 * of the whole frame, as postdissectors get them. */
bool source_read(source_frame *frame, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* This is Wireshark itself, not tshark or sharkd. */
bool source_has_windows(void);

/* True in Wireshark's window when the last frame is so young that a capture seems to be going on. */
bool source_is_live(int64_t last_time);

/* The protocol items of DNS messages in `tree`, in order; at most `max`. Works on every pass that has
 * a tree with them, for annotation in place. */
unsigned source_dns_nodes(proto_tree *tree, proto_node **nodes, unsigned max);

#endif
