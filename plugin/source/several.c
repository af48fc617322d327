/* several.c
 * Frames that hold several packets, of different hosts: netlink (nflog) puts them together, for one.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What Wireshark says of such a frame, its ends above all, is said of its last packet. So each packet is read by itself: its
 * layers from the list of the frame's layers, which is cut where a transport protocol begins; its ends from the bytes before
 * that protocol's header. The sources say where that stands. What cannot be proven so is not read.
 *
 * Read are datagrams with DNS directly on UDP. TCP segments are not put together here: their flags count, and their
 * connection is taken for one of which bytes are missing.
 */
#include "frame.h"

typedef struct {
    unsigned layers; /* the transport protocol and what stands on it */
    bool quoted;     /* in an ICMP error */
} part;

/* Below what several packets may stand side by side. */
static bool begins_packet(unsigned layer)
{
    return (layer & LAYER_CONTAINER) != 0;
}

static part *read_parts(const packet_info *pinfo, unsigned *count)
{
    part *parts = wmem_alloc0_array(pinfo->pool, part, wmem_list_count(pinfo->layers));
    bool quoted = false;
    unsigned below = 0;
    *count = 0;
    for (wmem_list_frame_t *l = wmem_list_head(pinfo->layers); l; l = wmem_list_frame_next(l)) {
        unsigned layer = frame_layer_of(wmem_list_frame_data(l));
        quoted = (layer & LAYER_ICMP) || (quoted && !begins_packet(layer));
        if (layer & (LAYER_UDP | LAYER_TCP))
            parts[(*count)++] = (part){.quoted = quoted};
        if (*count) {
            parts[*count - 1].layers |= layer;
            if (layer == LAYER_DNS && (below & LAYER_UDP))
                parts[*count - 1].layers |= LAYER_DIRECT;
        }
        below = layer;
    }
    return parts;
}

/* ---- ends ---- */

static void read_address(dns_endpoint *end, tvbuff_t *tvb, int offset, int length)
{
    end->address = (dns_address){.length = (uint8_t)length};
    tvb_memcpy(tvb, end->address.bytes, offset, (size_t)length);
}

/* The IPv4 header that ends where the transport header begins; its total length has to fit as well, where that is known. */
static bool read_ipv4(dns_packet *p, const frame_transport *t)
{
    enum {
        WORD = 4,
        WORDS_MIN = 5,
        WORDS_MAX = 15,
        TOTAL = 2,
        PROTOCOL = 9,
        SOURCE = 12,
        DESTINATION = 16,
        ADDRESS = 4
    };
    for (int words = WORDS_MIN; words <= WORDS_MAX && t->header >= words * WORD; words++) {
        int start = t->header - words * WORD;
        if (ws_tvb_get_uint8(t->frame, start) != (0x40 | words) ||
            ws_tvb_get_uint8(t->frame, start + PROTOCOL) != t->protocol)
            continue;
        if (t->length && tvb_get_ntohs(t->frame, start + TOTAL) != words * WORD + t->length)
            continue;
        read_address(&p->source, t->frame, start + SOURCE, ADDRESS);
        read_address(&p->destination, t->frame, start + DESTINATION, ADDRESS);
        return true;
    }
    return false;
}

/* Likewise IPv6, without extension headers. */
static bool read_ipv6(dns_packet *p, const frame_transport *t)
{
    enum { HEADER = 40, PAYLOAD = 4, NEXT = 6, SOURCE = 8, DESTINATION = 24, ADDRESS = 16 };
    int start = t->header - HEADER;
    if (start < 0 || ws_tvb_get_uint8(t->frame, start) >> 4 != 6 ||
        ws_tvb_get_uint8(t->frame, start + NEXT) != t->protocol)
        return false;
    if (t->length && tvb_get_ntohs(t->frame, start + PAYLOAD) != t->length)
        return false;
    read_address(&p->source, t->frame, start + SOURCE, ADDRESS);
    read_address(&p->destination, t->frame, start + DESTINATION, ADDRESS);
    return true;
}

static bool read_ends(dns_packet *p, frame_transport *t)
{
    enum { PORTS = 4, UDP_LENGTH = 4 };
    if (t->header < 0 || !tvb_bytes_exist(t->frame, 0, t->header + UDP_HEADER_LENGTH))
        return false;
    t->length = t->protocol == PROTOCOL_UDP ? tvb_get_ntohs(t->frame, t->header + UDP_LENGTH) : 0;
    p->source.port = tvb_get_ntohs(t->frame, t->header);
    p->destination.port = tvb_get_ntohs(t->frame, t->header + 2);
    return read_ipv4(p, t) || read_ipv6(p, t);
}

/* ---- packets ---- */

static source_frame *add_packet(source_frame *last, packet_info *pinfo, const dns_packet *packet)
{
    source_frame *next = last;
    if (last->several) { /* the first one has its place already */
        next = wmem_new(pinfo->pool, source_frame);
        last->next = next;
    }
    memset(next, 0, offsetof(source_frame, only));
    next->several = true;
    next->packet = *packet;
    return next;
}

static bool is_datagram(const part *p)
{
    unsigned other = LAYER_HTTP | LAYER_QUIC | LAYER_DTLS;
    return (p->layers & LAYER_UDP) && (p->layers & LAYER_DIRECT) && !(p->layers & other);
}

static source_frame *read_datagram(source_frame *last, packet_info *pinfo, frame_transport *t, dns_packet *p)
{
    if (!t->payload)
        return last;
    source_frame *frame = add_packet(last, pinfo, p);
    frame_keep_message(frame, t->payload, 0, t->length - UDP_HEADER_LENGTH);
    return frame;
}

static source_frame *read_segment(source_frame *last, packet_info *pinfo, const frame_transport *t, dns_packet *p)
{
    enum { FLAGS = 12 };
    if (!ports_lead_to_dns(p->source.port, p->destination.port) || !tvb_bytes_exist(t->frame, t->header + FLAGS, 2))
        return last;
    p->transport = TRANSPORT_TCP;
    source_frame *frame = add_packet(last, pinfo, p);
    frame_read_connection(frame, pinfo);
    frame->packet.gap_before = true;
    frame->tcp = true;
    frame->tcp_flags = (uint8_t)tvb_get_ntohs(t->frame, t->header + FLAGS);
    return frame;
}

bool several_read(source_frame *frame, packet_info *pinfo, const frame_transports *found)
{
    unsigned count;
    const part *parts = read_parts(pinfo, &count);
    frame->several = false;
    frame->next = NULL;
    if (found->count != count) /* which is which, nobody knows */
        return false;
    source_frame *last = frame;
    for (unsigned i = 0; i < count; i++) {
        frame_transport *t = &found->all[i];
        dns_packet p = {.frame = pinfo->num, .time = source_time(pinfo), .transport = TRANSPORT_UDP};
        bool wanted = is_datagram(&parts[i]) || (parts[i].layers & LAYER_TCP);
        if (!wanted || parts[i].quoted || !read_ends(&p, t))
            continue;
        last = t->protocol == PROTOCOL_UDP ? read_datagram(last, pinfo, t, &p) : read_segment(last, pinfo, t, &p);
    }
    return frame->several;
}
