/* taps.c
 * The cheap source of messages: what inner dissectors queued for taps.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A tap listener without callbacks makes fetch_tapped_data() return, inside the postdissector, what was queued
 * for this frame. "udp_follow" has the UDP payload, also where the DNS dissector threw; "OSI layer 7" what TLS and
 * DTLS decrypted, "OSI layer 4" the TCP data as handed to the DNS dissector.
 */
#include <epan/dissectors/packet-tcp.h>
#include <epan/exported_pdu.h>
#include <epan/tap.h>

#include "frame.h"

typedef struct {
    const char *name;
    int id;
} tap;

static tap udp = {"udp_follow", 0}, layer4 = {EXPORT_PDU_TAP_NAME_LAYER_4, 0},
           layer7 = {EXPORT_PDU_TAP_NAME_LAYER_7, 0}, tcp = {"tcp", 0};
static tap *const all[] = {&udp, &layer4, &layer7, &tcp};

void taps_listen(bool wanted)
{
    /* A listener is known by the address of its data. */
    for (size_t i = 0; i < array_length(all); i++) {
        if (all[i]->id)
            remove_tap_listener(all[i]);
        all[i]->id = 0;
        if (!wanted)
            continue;
        GString *error =
            register_tap_listener(all[i]->name, all[i], NULL, TL_IS_DISSECTOR_HELPER, NULL, NULL, NULL, NULL);
        if (error)
            g_string_free(error, TRUE);
        else
            all[i]->id = find_tap_id(all[i]->name);
    }
}

static const void *fetch(const tap *t, int index)
{
    return t->id ? fetch_tapped_data(t->id, index) : NULL;
}

bool taps_run(unsigned layers)
{
    return fetch(layers & LAYER_TCP ? &tcp : &udp, 0) != NULL; /* queued for every datagram and segment */
}

/* As the header before it declares it, where that is it: netlink hands out the beginnings of packets. */
static int declared_length(const source_frame *frame, tvbuff_t *payload)
{
    const dns_packet *p = &frame->packet;
    tvbuff_t *tvb = tvb_get_ds_tvb(payload);
    int header = tvb_raw_offset(payload) - UDP_HEADER_LENGTH;
    bool there = header >= 0 && tvb_bytes_exist(tvb, header, UDP_HEADER_LENGTH) &&
                 tvb_get_ntohs(tvb, header) == p->source.port && tvb_get_ntohs(tvb, header + 2) == p->destination.port;
    return there ? frame_udp_payload(tvb, header) : (int)tvb_reported_length(payload);
}

static void read_udp(source_frame *frame)
{
    tvbuff_t *payload = NULL, *next;
    for (int i = 0; (next = (tvbuff_t *)fetch(&udp, i)); i++)
        payload = next; /* tunnels: the innermost */
    if (payload)
        frame_keep_message(frame, payload, 0, declared_length(frame, payload));
}

static tvbuff_t *payload_at(unsigned i)
{
    return (tvbuff_t *)fetch(&udp, (int)i);
}

/* Payloads alone are known here: without those of all datagrams nothing is. */
frame_transports taps_transports(packet_info *pinfo, tvbuff_t *tvb)
{
    frame_transports found = {NULL, 0};
    while (payload_at(found.count))
        found.count++;
    found.all = wmem_alloc0_array(pinfo->pool, frame_transport, found.count + 1);
    for (unsigned i = 0; i < found.count; i++) {
        tvbuff_t *payload = payload_at(i);
        bool whole = tvb_get_ds_tvb(payload) == tvb_get_ds_tvb(tvb);
        found.all[i] = (frame_transport){PROTOCOL_UDP, tvb_get_ds_tvb(payload),
                                         whole ? tvb_raw_offset(payload) - UDP_HEADER_LENGTH : -1, payload, 0};
    }
    return found;
}

static void read_pdus(source_frame *frame, wmem_array_t *messages, const tap *t, bool prefixed)
{
    const exp_pdu_data_t *pdu;
    for (int i = 0; (pdu = (const exp_pdu_data_t *)fetch(t, i)); i++) {
        if (!pdu->pdu_tvb)
            continue;
        if (prefixed)
            frame_add_prefixed(frame, messages, pdu->pdu_tvb, false);
        else
            frame_add_message(messages, pdu->pdu_tvb, 0, (int)tvb_reported_length(pdu->pdu_tvb));
    }
}

static const struct tcpheader *tcp_header(void)
{
    const struct tcpheader *header = NULL, *next;
    for (int i = 0; (next = (const struct tcpheader *)fetch(&tcp, i)); i++)
        header = next;
    return header;
}

/* Where the header stands in the frame: its payload ends with the frame as it was sent; that it does is proven by the
 * header right before it. -1 when it does not. */
static int tcp_begins(tvbuff_t *tvb, const struct tcpheader *header)
{
    int start = (int)tvb_reported_length(tvb) - (int)header->th_seglen - (int)header->th_hlen;
    bool there = start >= 0 && tvb_bytes_exist(tvb, start, 8) && tvb_get_ntohs(tvb, start) == header->th_sport &&
                 tvb_get_ntohs(tvb, start + 2) == header->th_dport &&
                 tvb_get_ntohl(tvb, start + 4) == header->th_rawseq;
    return there ? start : -1;
}

/* A segment cut by the capture makes the DNS dissector throw, and nothing but its header was queued. */
static void read_cut_segment(source_frame *frame, wmem_array_t *messages, tvbuff_t *tvb)
{
    const struct tcpheader *header = tcp_header();
    if (!header || !header->th_have_seglen || tvb_captured_length(tvb) >= tvb_reported_length(tvb))
        return;
    int start = tcp_begins(tvb, header), payload = start + (int)header->th_hlen;
    if (start >= 0 && tvb_captured_length_remaining(tvb, payload) > 0)
        frame_add_prefixed(frame, messages, tvb_new_subset_remaining(tvb, payload), true);
}

void taps_read_messages(source_frame *frame, packet_info *pinfo, tvbuff_t *tvb, unsigned layers)
{
    if (!(layers & (LAYER_TCP | LAYER_DTLS))) {
        read_udp(frame);
        return;
    }
    wmem_array_t *messages = wmem_array_sized_new(pinfo->pool, sizeof(dns_message), 1);
    bool prefixed = frame_has_length_prefix(frame->packet.transport);
    read_pdus(frame, messages, layers & (LAYER_TLS | LAYER_DTLS) ? &layer7 : &layer4, prefixed);
    if ((layers & LAYER_TCP) && !(layers & LAYER_TLS) && !wmem_array_get_count(messages))
        read_cut_segment(frame, messages, tvb);
    frame_keep_messages(frame, messages);
}

void taps_read_tcp_flags(source_frame *frame)
{
    const struct tcpheader *header = tcp_header();
    if (!header)
        return;
    frame->tcp = true;
    frame->tcp_flags = (uint8_t)header->th_flags;
}

void taps_read_tls(source_frame *frame, tvbuff_t *tvb)
{
    const struct tcpheader *header = tcp_header();
    if (header && header->th_have_seglen)
        frame_read_tls(frame, tvb, tcp_begins(tvb, header));
}
