/* carriers.c
 * The source of messages inside HTTP and QUIC.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * HTTP and QUIC hand nothing to taps that has the bytes, and QUIC hands the DNS dissector pieces of a stream that it
 * takes for whole messages. But both look the DNS dissector up in tables. A dissector of this plugin stands in for it
 * there: it notes the bytes of a first pass and calls the DNS dissector. It is a protocol "in name only", so frames show
 * none of it.
 */
#include "frame.h"

#include <epan/proto_data.h>

typedef struct {
    const char *table, *key;
    dissector_t dissect;
    dissector_handle_t dns, own;
} carrier;

static int dissect_https(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int dissect_quic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

static carrier https = {"media_type", "application/dns-message", dissect_https, NULL, NULL};
static carrier quic = {"quic.proto", "doq", dissect_quic, NULL, NULL};
static carrier *const all[] = {&https, &quic};

static int protocol = -1;
static bool reassemble;

/* For the postdissector of this frame, which runs while the bytes are there. */
static void note(tvbuff_t *tvb, packet_info *pinfo)
{
    if (pinfo->fd->visited)
        return;
    wmem_list_t *noted = (wmem_list_t *)p_get_proto_data(pinfo->pool, pinfo, protocol, 0);
    if (!noted) {
        noted = wmem_list_new(pinfo->pool);
        p_add_proto_data(pinfo->pool, pinfo, protocol, 0, noted);
    }
    wmem_list_append(noted, tvb);
}

static int dissect_https(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    note(tvb, pinfo);
    return call_dissector_only(https.dns, tvb, pinfo, tree, data);
}

/* Where the last whole message ends (RFC 9250 section 4.2), and how many bytes the next one lacks. What is shorter
 * than a header is no message but the middle of one. */
static int whole_messages(tvbuff_t *tvb, uint32_t *missing)
{
    int offset = 0;
    *missing = 0;
    for (int left; (left = tvb_reported_length_remaining(tvb, offset)) > 0;) {
        if (left < 2 || !tvb_bytes_exist(tvb, offset, 2)) {
            *missing = DESEGMENT_ONE_MORE_SEGMENT;
            break;
        }
        int length = tvb_get_ntohs(tvb, offset);
        if (length < DNS_HEADER_LENGTH)
            break;
        if (2 + length > left) {
            *missing = (uint32_t)(2 + length - left);
            break;
        }
        offset += 2 + length;
    }
    return offset;
}

/* The DNS dissector takes every piece of a stream for whole messages; QUIC puts them together when asked. */
static int dissect_quic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    uint32_t missing;
    int whole = whole_messages(tvb, &missing);
    tvbuff_t *messages = whole ? tvb_new_subset_length(tvb, 0, whole) : NULL;
    if (messages)
        note(messages, pinfo);
    if (!missing || !pinfo->can_desegment || !reassemble || !WS_QUIC_REASSEMBLES)
        return call_dissector_only(quic.dns, tvb, pinfo, tree, data);
    pinfo->desegment_offset = whole;
    pinfo->desegment_len = missing;
    if (messages)
        call_dissector_only(quic.dns, messages, pinfo, tree, data);
    return (int)tvb_reported_length(tvb);
}

void carriers_register(int parent)
{
    protocol = proto_register_protocol_in_name_only("DNS response code analysis of HTTPS and QUIC", "dnsrcode carriers",
                                                    "dnsrcode.carriers", parent, FT_PROTOCOL);
    for (size_t i = 0; i < array_length(all); i++)
        all[i]->own = create_dissector_handle(all[i]->dissect, protocol);
}

/* What else stands there, and not the DNS dissector (an older Wireshark, another plugin), is left alone. */
static void stand_in(carrier *c, int dns)
{
    dissector_table_t table = find_dissector_table(c->table);
    dissector_handle_t there = table ? dissector_get_string_handle(table, c->key) : NULL;
    if (!there || dissector_handle_get_protocol_index(there) != dns)
        return;
    c->dns = there;
    dissector_delete_string(c->table, c->key, there);
    dissector_add_string(c->table, c->key, c->own);
}

void carriers_stand_in(void)
{
    int dns = proto_get_id_by_filter_name("dns");
    for (size_t i = 0; i < array_length(all); i++)
        stand_in(all[i], dns);
}

void carriers_reassemble(bool wanted)
{
    reassemble = wanted;
}

void carriers_read_messages(source_frame *frame, packet_info *pinfo)
{
    wmem_list_t *noted = (wmem_list_t *)p_get_proto_data(pinfo->pool, pinfo, protocol, 0);
    wmem_array_t *messages = wmem_array_sized_new(pinfo->pool, sizeof(dns_message), 1);
    bool prefixed = frame_has_length_prefix(frame->packet.transport);
    for (wmem_list_frame_t *l = noted ? wmem_list_head(noted) : NULL; l; l = wmem_list_frame_next(l)) {
        tvbuff_t *tvb = (tvbuff_t *)wmem_list_frame_data(l);
        if (prefixed)
            frame_add_prefixed(frame, messages, tvb, false);
        else
            frame_add_message(messages, tvb, 0, (int)tvb_reported_length(tvb));
    }
    frame_keep_messages(frame, messages);
}
