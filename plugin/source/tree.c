/* tree.c
 * The source of messages that works everywhere: the protocol tree.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wanted fields make Wireshark build a tree on the first pass, also where nobody else needs one.
 */
#include "frame.h"

static struct {
    int dns, udp, tcp, tcp_flags;
} fields = {-1, -1, -1, -1};

/* Protocols of nearly every frame, below whose items no other protocol stands; and ICMP, below which only quotations do. */
static int plain[6];

void tree_init(void)
{
    fields.dns = proto_get_id_by_filter_name("dns");
    fields.udp = proto_get_id_by_filter_name("udp");
    fields.tcp = proto_get_id_by_filter_name("tcp");
    fields.tcp_flags = proto_registrar_get_id_byname("tcp.flags");
    static const char *const names[] = {"frame", "eth", "ip", "ipv6", "icmp", "icmpv6"};
    for (size_t i = 0; i < array_length(plain); i++)
        plain[i] = proto_get_id_by_filter_name(names[i]);
}

/* Messages stand below HTTP and QUIC, too. */
static bool may_hold_messages(const field_info *info)
{
    if (info && info->hfinfo->type != FT_PROTOCOL)
        return false;
    for (size_t i = 0; info && i < array_length(plain); i++)
        if (plain[i] == info->hfinfo->id)
            return false;
    return true;
}

void tree_want(dissector_handle_t handle, bool wanted)
{
    GArray *array = NULL;
    if (wanted) {
        array = g_array_new(FALSE, FALSE, sizeof(int));
        g_array_append_val(array, fields.dns);
        g_array_append_val(array, fields.udp);
        g_array_append_val(array, fields.tcp);
        g_array_append_val(array, fields.tcp_flags);
    }
    set_postdissector_wanted_hfids(handle, array); /* takes the array */
}

/* The items of one protocol, not below those of others of its kind. */
static unsigned collect(proto_tree *tree, int protocol, proto_node **nodes, unsigned count, unsigned max)
{
    for (proto_node *n = tree ? tree->first_child : NULL; n && count < max; n = n->next) {
        const field_info *info = PNODE_FINFO(n);
        if (info && info->hfinfo->id == protocol)
            nodes[count++] = n;
        else if (may_hold_messages(info))
            count = collect((proto_tree *)n, protocol, nodes, count, max);
    }
    return count;
}

static tvbuff_t *up_to(tvbuff_t *tvb, int end)
{
    return tvb_new_subset_length(tvb, 0, MIN(end, (int)tvb_reported_length(tvb)));
}

/* The UDP and TCP items of the whole tree, in its order. */
static void find_transports(proto_tree *tree, wmem_array_t *found)
{
    for (proto_node *n = tree ? tree->first_child : NULL; n; n = n->next) {
        const field_info *info = PNODE_FINFO(n);
        bool is_udp = info && info->hfinfo->id == fields.udp, is_tcp = info && info->hfinfo->id == fields.tcp;
        if (is_udp || is_tcp) {
            frame_transport t = {is_udp ? PROTOCOL_UDP : PROTOCOL_TCP, info->ds_tvb, info->start, NULL, 0};
            if (info->ds_tvb)
                wmem_array_append_one(found, t);
        } else {
            find_transports((proto_tree *)n, found);
        }
    }
}

/* The bytes of a DNS item are those that were captured of the datagram. */
static void find_payload(frame_transport *t, proto_node *const *nodes, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const field_info *info = PNODE_FINFO(nodes[i]);
        if (info->ds_tvb == t->frame && info->start == t->header + UDP_HEADER_LENGTH)
            t->payload = tvb_new_subset_remaining(up_to(info->ds_tvb, info->start + info->length), info->start);
    }
}

frame_transports tree_transports(packet_info *pinfo, proto_tree *tree)
{
    proto_node *nodes[SOURCE_MESSAGES_MAX];
    wmem_array_t *found = wmem_array_new(pinfo->pool, sizeof(frame_transport));
    find_transports(tree, found);
    unsigned count = source_dns_nodes(tree, nodes, SOURCE_MESSAGES_MAX);
    frame_transports all = {(frame_transport *)wmem_array_get_raw(found), wmem_array_get_count(found)};
    for (unsigned i = 0; i < all.count; i++)
        find_payload(&all.all[i], nodes, count);
    return all;
}

unsigned source_dns_nodes(proto_tree *tree, proto_node **nodes, unsigned max)
{
    return collect(tree, fields.dns, nodes, 0, max);
}

/* How a message is bounded: the data that holds it may go on with the padding of Ethernet, or the next message. */
typedef enum { BY_DATA, BY_PREFIX, BY_UDP_LENGTH } bound;

static bound bound_of(const source_frame *frame, unsigned layers)
{
    if (frame_has_length_prefix(frame->packet.transport))
        return BY_PREFIX;
    return frame->packet.transport == TRANSPORT_UDP && (layers & LAYER_DIRECT) ? BY_UDP_LENGTH : BY_DATA;
}

/* The message begins `before` bytes behind the beginning of the node. */
static bool read_node(source_frame *frame, dns_message *m, const proto_node *node, int before, bound by)
{
    const field_info *info = PNODE_FINFO(node);
    if (!info || !info->ds_tvb)
        return false;
    int start = info->start + before;
    int reported = tvb_reported_length_remaining(info->ds_tvb, start);
    tvbuff_t *tvb = info->ds_tvb;
    if (by == BY_UDP_LENGTH) {
        reported = frame_udp_payload(tvb, start - UDP_HEADER_LENGTH);
        if (!before) /* the item of the message itself: what follows it in the frame is of no concern */
            tvb = up_to(tvb, start + info->length);
    }
    if (by == BY_PREFIX && start >= 2 && tvb_captured_length_remaining(info->ds_tvb, start) >= 0) {
        int length = tvb_get_ntohs(info->ds_tvb, start - 2);
        frame->missing = length > reported ? (uint32_t)(length - reported) : 0;
        reported = length;
    }
    if (reported < 0)
        return false;
    frame_read_message(m, tvb, start, reported);
    return true;
}

static bool is_cut(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) < tvb_reported_length(tvb);
}

/* The DNS dissector gives up on fewer than 4 bytes before it has made an item: then they lie behind the header of UDP, or,
 * in a cut segment, of TCP and the length; in tunnels the innermost. Sets `before` to the bytes from that header to the
 * message. */
static unsigned find_stub(const source_frame *frame, proto_tree *tree, proto_node **nodes, int *before)
{
    enum { LENGTH_PREFIX = 2 };
    bool udp = frame->packet.transport == TRANSPORT_UDP;
    if (!udp && frame->packet.transport != TRANSPORT_TCP)
        return 0;
    unsigned count = collect(tree, udp ? fields.udp : fields.tcp, nodes, 0, SOURCE_MESSAGES_MAX);
    if (!count)
        return 0;
    nodes[0] = nodes[count - 1];
    *before = UDP_HEADER_LENGTH;
    if (udp)
        return 1;
    /* A whole segment that holds part of a message is put together with the next. The item's own length is not set in a
     * tree that nobody sees (4.4 and later). */
    const field_info *info = PNODE_FINFO(nodes[0]);
    int header = info && info->ds_tvb && is_cut(info->ds_tvb) ? frame_tcp_header(info->ds_tvb, info->start) : 0;
    *before = header + LENGTH_PREFIX;
    return header != 0;
}

void tree_read_messages(source_frame *frame, packet_info *pinfo, proto_tree *tree, unsigned layers)
{
    proto_node *nodes[SOURCE_MESSAGES_MAX];
    bound by = bound_of(frame, layers);
    int before = by == BY_PREFIX ? 2 : 0;
    unsigned count = source_dns_nodes(tree, nodes, SOURCE_MESSAGES_MAX);
    if (!count)
        count = find_stub(frame, tree, nodes, &before);
    if (!count)
        return;
    dns_message *messages = wmem_alloc_array(pinfo->pool, dns_message, count);
    for (unsigned i = 0; i < count; i++)
        if (read_node(frame, &messages[frame->count], nodes[i], before, by))
            frame->count++;
    frame->messages = messages;
}

void tree_read_tcp_flags(source_frame *frame, proto_tree *tree)
{
    GPtrArray *found = proto_get_finfo_ptr_array(tree, fields.tcp_flags);
    if (!found || !found->len)
        return;
    frame->tcp = true;
    frame->tcp_flags = (uint8_t)fvalue_get_uinteger(WS_FVALUE(found->pdata[0]));
}

void tree_read_tls(source_frame *frame, proto_tree *tree)
{
    enum { FLAGS_OFFSET = 12 };
    GPtrArray *found = proto_get_finfo_ptr_array(tree, fields.tcp_flags);
    const field_info *info = found && found->len ? (const field_info *)found->pdata[0] : NULL;
    if (info && info->ds_tvb)
        frame_read_tls(frame, info->ds_tvb, info->start - FLAGS_OFFSET);
}
