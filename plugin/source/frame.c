/* frame.c
 * Ends, time, transport and TCP connection of a frame.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frame.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

/* Bits of tcp_analysis.conversation_completeness, see tcp.completeness in Wireshark's documentation. */
enum { SYN_SEEN = 0x01, SYN_ACK_SEEN = 0x02 };
/* Bits of tcp_acked.flags behind "Previous segment not captured" and "ACKed segment that wasn't captured", the same in
 * 4.0 to 4.6. */
enum { LOST_PACKET = 0x0002, ACK_LOST_PACKET = 0x0004 };

static int tcp_protocol;

/* What each protocol id means here, so that a frame's layers cost one look each. */
static uint16_t *layer_of;
static unsigned layer_count;

void frame_init(void)
{
    static const struct {
        const char *name;
        frame_layer layer;
    } wanted[] = {{"icmp", LAYER_ICMP},    {"icmpv6", LAYER_ICMP},
                  {"tcp", LAYER_TCP},      {"tls", LAYER_TLS},
                  {"dtls", LAYER_DTLS},    {"http", LAYER_HTTP},
                  {"http2", LAYER_HTTP},   {"http3", LAYER_HTTP},
                  {"quic", LAYER_QUIC},    {"dns", LAYER_DNS},
                  {"udp", LAYER_UDP},      {"ip", LAYER_IP},
                  {"ipv6", LAYER_IP},      {"netlink-netfilter", LAYER_CONTAINER},
                  {"llc", LAYER_CONTAINER}};
    for (size_t i = 0; i < array_length(wanted); i++) {
        int id = proto_get_id_by_filter_name(wanted[i].name);
        if (id < 0)
            continue;
        if ((unsigned)id >= layer_count) {
            layer_of = g_renew(uint16_t, layer_of, (size_t)id + 1);
            memset(layer_of + layer_count, 0, ((size_t)id + 1 - layer_count) * sizeof *layer_of);
            layer_count = (unsigned)id + 1;
        }
        layer_of[id] = wanted[i].layer;
    }
    tcp_protocol = proto_get_id_by_filter_name("tcp");
}

unsigned frame_layer_of(void *protocol)
{
    unsigned id = GPOINTER_TO_UINT(protocol);
    return id < layer_count ? layer_of[id] : 0;
}

unsigned frame_read_layers(const packet_info *pinfo)
{
    unsigned layers = 0, below = 0;
    for (wmem_list_frame_t *l = wmem_list_head(pinfo->layers); l; l = wmem_list_frame_next(l)) {
        unsigned layer = frame_layer_of(wmem_list_frame_data(l));
        if (layer == LAYER_IP && (layers & LAYER_DNS)) /* nothing stands on DNS */
            layers |= LAYER_SEVERAL;
        if (layer == LAYER_DNS && (below & (LAYER_UDP | LAYER_TCP | LAYER_TLS | LAYER_DTLS)))
            layers |= LAYER_DIRECT;
        layers |= layer;
        below = layer;
    }
    unsigned beside_icmp = LAYER_ICMP | LAYER_CONTAINER | LAYER_DNS;
    if ((layers & beside_icmp) == beside_icmp)
        layers |= LAYER_SEVERAL;
    return layers;
}

static dns_transport transport(unsigned layers)
{
    if (layers & LAYER_HTTP)
        return TRANSPORT_HTTPS;
    if (layers & LAYER_QUIC)
        return TRANSPORT_QUIC;
    if (layers & LAYER_TCP)
        return layers & LAYER_TLS ? TRANSPORT_TLS : TRANSPORT_TCP;
    return layers & LAYER_DTLS ? TRANSPORT_DTLS : TRANSPORT_UDP;
}

bool frame_has_length_prefix(dns_transport t)
{
    return dns_transport_is_stream(t) || t == TRANSPORT_QUIC; /* RFC 7766 section 8, RFC 9250 section 4.2 */
}

static dns_endpoint endpoint(const address *addr, uint32_t port)
{
    dns_endpoint e = {.port = (uint16_t)port};
    if ((addr->type == AT_IPv4 && addr->len == 4) || (addr->type == AT_IPv6 && addr->len == 16)) {
        e.address.length = (uint8_t)addr->len;
        memcpy(e.address.bytes, addr->data, (size_t)addr->len);
    }
    return e;
}

void source_ends(const packet_info *pinfo, dns_endpoint *source, dns_endpoint *destination)
{
    *source = endpoint(&pinfo->src, pinfo->srcport);
    *destination = endpoint(&pinfo->dst, pinfo->destport);
}

int64_t source_time(const packet_info *pinfo)
{
    return (int64_t)pinfo->abs_ts.secs * 1000000000 + pinfo->abs_ts.nsecs;
}

static conversation_t *conversation_of(const dns_packet *p, packet_info *pinfo)
{
    address source, destination;
    const dns_address *from = &p->source.address, *to = &p->destination.address;
    if (!from->length || !to->length)
        return find_conversation_pinfo(pinfo, 0);
    set_address(&source, from->length == 4 ? AT_IPv4 : AT_IPv6, from->length, from->bytes);
    set_address(&destination, to->length == 4 ? AT_IPv4 : AT_IPv6, to->length, to->bytes);
    return find_conversation(pinfo->num, &source, &destination, CONVERSATION_TCP, p->source.port, p->destination.port,
                             0);
}

/* The TCP dissector has analysed the segment already; what it knows of the connection is used. (Read
 * from the conversation, since get_tcp_conversation_data() forgets the segment's own analysis.) */
void frame_read_connection(source_frame *frame, packet_info *pinfo)
{
    dns_packet *p = &frame->packet;
    conversation_t *conversation = conversation_of(p, pinfo);
    const struct tcp_analysis *tcp =
        conversation ? (const struct tcp_analysis *)conversation_get_proto_data(conversation, tcp_protocol) : NULL;
    if (!tcp)
        return;
    p->connection = tcp->stream;
    /* Both, else one direction may be missing as a whole. */
    p->beginning_seen = (tcp->conversation_completeness & (SYN_SEEN | SYN_ACK_SEEN)) == (SYN_SEEN | SYN_ACK_SEEN);
    if (tcp->conversation_completeness & (SYN_SEEN | SYN_ACK_SEEN))
        p->opener = tcp->server_port == p->source.port ? OPENER_DESTINATION : OPENER_SOURCE;
    p->gap_before = tcp->ta && (tcp->ta->flags & (LOST_PACKET | ACK_LOST_PACKET));
    frame->next_known = tcp->fwd && tcp->fwd->tcp_analyze_seq_info;
    if (frame->next_known)
        frame->next_sequence = tcp->fwd->tcp_analyze_seq_info->nextseq;
    p->sequenced = frame->next_known;
    p->sent_to = frame->next_sequence;
    p->acknowledged = frame->next_known ? tcp->fwd->tcp_analyze_seq_info->lastack : 0;
}

void frame_read_packet(source_frame *frame, packet_info *pinfo, unsigned layers)
{
    dns_packet *p = &frame->packet;
    p->frame = pinfo->num;
    p->time = source_time(pinfo);
    source_ends(pinfo, &p->source, &p->destination);
    p->transport = transport(layers);
    if (layers & LAYER_TCP)
        frame_read_connection(frame, pinfo);
}

int frame_udp_payload(tvbuff_t *tvb, int header)
{
    enum { LENGTH = 4 }; /* its offset; header included */
    int there = tvb_reported_length_remaining(tvb, header + UDP_HEADER_LENGTH);
    int declared = header >= 0 && tvb_bytes_exist(tvb, header, UDP_HEADER_LENGTH)
                       ? tvb_get_ntohs(tvb, header + LENGTH) - UDP_HEADER_LENGTH
                       : -1;
    return MAX(0, declared < 0 ? there : declared);
}

void frame_read_message(dns_message *m, tvbuff_t *tvb, int offset, int reported)
{
    int captured = tvb_captured_length_remaining(tvb, offset);
    captured = captured < 0 ? 0 : captured > reported ? reported : captured;
    dns_message_read(m, captured ? tvb_get_ptr(tvb, offset, captured) : NULL, (uint32_t)captured, (uint32_t)reported);
}

int frame_tcp_header(tvbuff_t *tvb, int header)
{
    enum { DATA_OFFSET = 12 };
    if (header < 0 || !tvb_bytes_exist(tvb, header + DATA_OFFSET, 1))
        return 0;
    return 4 * (ws_tvb_get_uint8(tvb, header + DATA_OFFSET) >> 4);
}

void frame_read_tls(source_frame *frame, tvbuff_t *tvb, int header)
{
    enum { RECORD_HEADER = 5, MAJOR_VERSION = 3, ALERT_MAX = 24 };
    dns_tls_records *records = &frame->tls;
    int length_of_header = frame_tcp_header(tvb, header);
    if (!length_of_header)
        return;
    int at = header + length_of_header;
    while (records->count < TLS_RECORDS_MAX && tvb_bytes_exist(tvb, at, RECORD_HEADER)) {
        uint8_t type = ws_tvb_get_uint8(tvb, at), major = ws_tvb_get_uint8(tvb, at + 1);
        int length = tvb_get_ntohs(tvb, at + 3);
        if (type < TLS_CHANGE_CIPHER_SPEC || type > TLS_APPLICATION_DATA || major != MAJOR_VERSION)
            return;
        bool alert = type == TLS_APPLICATION_DATA && length <= ALERT_MAX;
        records->types[records->count++] = alert ? TLS_ALERT : type;
        at += RECORD_HEADER + length;
    }
}

static void keep_only(source_frame *frame)
{
    frame->messages = &frame->only;
    frame->count = 1;
}

void frame_keep_message(source_frame *frame, tvbuff_t *tvb, int offset, int reported)
{
    frame_read_message(&frame->only, tvb, offset, reported);
    keep_only(frame);
}

/* Reads the header where it stands: nearly all messages come by here. */
void frame_keep_datagram(source_frame *frame, tvbuff_t *tvb)
{
    enum { LENGTH = 4 };
    uint32_t captured = tvb_captured_length(tvb), declared = tvb_reported_length(tvb), there = 0;
    const uint8_t *data = NULL;
    if (captured >= UDP_HEADER_LENGTH) {
        data = tvb_get_ptr(tvb, 0, (int)captured);
        declared = read_u16(data + LENGTH);
        data += UDP_HEADER_LENGTH;
        there = captured - UDP_HEADER_LENGTH;
    }
    uint32_t length = declared > UDP_HEADER_LENGTH ? declared - UDP_HEADER_LENGTH : 0;
    dns_message_read(&frame->only, data, MIN(there, length), length);
    keep_only(frame);
}

bool frame_add_message(wmem_array_t *messages, tvbuff_t *tvb, int offset, int reported)
{
    dns_message m;
    frame_read_message(&m, tvb, offset, reported);
    wmem_array_append_one(messages, m);
    return wmem_array_get_count(messages) < SOURCE_MESSAGES_MAX;
}

void frame_add_prefixed(source_frame *frame, wmem_array_t *messages, tvbuff_t *tvb, bool cut)
{
    int offset = 0;
    while (tvb_captured_length_remaining(tvb, offset) >= 2 && tvb_reported_length_remaining(tvb, offset) >= 2) {
        int length = tvb_get_ntohs(tvb, offset), there = tvb_reported_length_remaining(tvb, offset + 2);
        frame->missing = length > there ? (uint32_t)(length - there) : 0;
        if ((length > there && !cut) || !frame_add_message(messages, tvb, offset + 2, length))
            return;
        offset += 2 + length;
    }
}

void frame_keep_messages(source_frame *frame, wmem_array_t *messages)
{
    frame->messages = (const dns_message *)wmem_array_get_raw(messages);
    frame->count = wmem_array_get_count(messages);
}
