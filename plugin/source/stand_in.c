/* stand_in.c
 * The source of messages that works on every first pass and costs little: dissectors that stand in for others.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first pass of tshark -2 and sharkd's load have no taps, and a tree costs much. But whoever calls the DNS dissector
 * looks it up in a table. A dissector of this plugin stands in for it there: it notes the bytes of a first pass and
 * calls the one that it stands in for. TCP and UDP are stood in for as well: the flags of segments without DNS matter,
 * and over UDP the DNS dissector is also found by guess. A protocol "in name only" is seen in no frame, and is
 * enabled and disabled with the one that it stands in for.
 */
#include "frame.h"

/* A protocol of Wireshark, and the one "in name only" that stands in for it. */
typedef struct {
    const char *protocol, *short_name, *name;
    int id;
} role;

static role dns_role = {"dns", "DNS (dnsrcode)", "dnsrcode_stand_in.dns", -1},
            tcp_role = {"tcp", "TCP (dnsrcode)", "dnsrcode_stand_in.tcp", -1},
            udp_role = {"udp", "UDP (dnsrcode)", "dnsrcode_stand_in.udp", -1};
static role *const roles[] = {&dns_role, &tcp_role, &udp_role};

typedef struct {
    role *role;
    dissector_t dissect;
    dissector_handle_t original, own;
} stand_in;

static int dissect_dns(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int dissect_https(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int dissect_quic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
static int dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

static stand_in dns = {&dns_role, dissect_dns, NULL, NULL}, https = {&dns_role, dissect_https, NULL, NULL},
                quic = {&dns_role, dissect_quic, NULL, NULL}, tcp = {&tcp_role, dissect_tcp, NULL, NULL},
                udp = {&udp_role, dissect_udp, NULL, NULL};

/* Carriers that no other source reads, so that their places are always taken: HTTP and QUIC hand nothing to taps that
 * has the bytes, and QUIC hands the DNS dissector pieces of a stream that it takes for whole messages. */
static const struct {
    const char *table, *key;
    stand_in *who;
} carriers[] = {{"media_type", "application/dns-message", &https}, {"quic.proto", "doq", &quic}};

/* Where else, when this is the source. */
static const struct {
    const char *table;
    stand_in *who;
} places[] = {{"ip.proto", &tcp}, {"ip.proto", &udp}, {"tcp.port", &dns},
              {"tls.port", &dns}, {"tls.alpn", &dns}, {"dtls.port", &dns}};

enum { TCP_FLAGS = 12 }; /* offset of 16 bits, the flags in the lower 8 */

static bool reassemble;

/* ---- on a first pass: what the postdissector will find noted ---- */

/* What the DNS dissector was given. */
typedef struct {
    tvbuff_t *tvb;
    bool prefixed; /* by the length of each message (RFC 7766 section 8, RFC 9250 section 4.2) */
} noted;

/* Of the frame that is being dissected, and of no other: a read filter (tshark -R) gives one number to several, and
 * nobody reads the notes where an earlier postdissector threw. In tunnels the innermost TCP and UDP count. */
static struct {
    uint32_t frame;
    int64_t offset;       /* of the frame in its file */
    tvbuff_t *tcp, *udp;  /* from the header on */
    wmem_array_t *before; /* of frame_transport: where there are several, all but the last */
    frame_transport last;
    wmem_array_t *messages; /* of noted; in the frame's memory pool */
} notes;

static bool noted_of(const packet_info *pinfo)
{
    return notes.frame == pinfo->num && notes.offset == pinfo->fd->file_off;
}

/* True on the frame's first pass. */
static bool may_note(const packet_info *pinfo)
{
    if (pinfo->fd->visited)
        return false;
    if (!noted_of(pinfo)) {
        if (notes.frame) /* nobody read them */
            stand_in_forget();
        notes.frame = pinfo->num;
        notes.offset = pinfo->fd->file_off;
    }
    return true;
}

static void note_message(packet_info *pinfo, tvbuff_t *tvb, bool prefixed)
{
    if (!may_note(pinfo))
        return;
    if (!notes.messages)
        notes.messages = wmem_array_sized_new(pinfo->pool, sizeof(noted), 1);
    noted message = {tvb, prefixed};
    wmem_array_append_one(notes.messages, message);
}

/* One is what most frames have. */
static void note_transport(packet_info *pinfo, tvbuff_t *tvb, uint8_t protocol)
{
    if (notes.last.frame && !notes.before)
        notes.before = wmem_array_new(pinfo->pool, sizeof(frame_transport));
    if (notes.last.frame)
        wmem_array_append_one(notes.before, notes.last);
    notes.last = (frame_transport){.protocol = protocol, .frame = tvb};
}

/* ---- the dissectors ---- */

/* Every call takes one off can_desegment, which says whether TCP puts pieces together: as if this one were not there. */
static int pass_on(const stand_in *s, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return call_dissector_only(s->original, tvb, pinfo, tree, data);
}

static int dissect_dns(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    note_message(pinfo, tvb, pinfo->ptype == PT_TCP); /* as the DNS dissector decides it */
    return pass_on(&dns, tvb, pinfo, tree, data);
}

static int dissect_https(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    note_message(pinfo, tvb, false);
    return pass_on(&https, tvb, pinfo, tree, data);
}

static int dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (may_note(pinfo)) {
        notes.tcp = tvb;
        note_transport(pinfo, tvb, PROTOCOL_TCP);
    }
    return pass_on(&tcp, tvb, pinfo, tree, data);
}

static int dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (may_note(pinfo)) {
        notes.udp = tvb;
        note_transport(pinfo, tvb, PROTOCOL_UDP);
    }
    return pass_on(&udp, tvb, pinfo, tree, data);
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
    tvbuff_t *messages = tvb_new_subset_length(tvb, 0, whole);
    note_message(pinfo, messages, true);
    if (!missing || !pinfo->can_desegment || !reassemble || !WS_QUIC_REASSEMBLES)
        return call_dissector_only(quic.original, tvb, pinfo, tree, data);
    pinfo->desegment_offset = whole;
    pinfo->desegment_len = missing;
    if (whole)
        call_dissector_only(quic.original, messages, pinfo, tree, data);
    return (int)tvb_reported_length(tvb);
}

/* ---- taking their places ---- */

/* The long name is that of the original: TLS shows it of the dissector that it calls. The short one has to differ. */
static void register_role(role *r)
{
    int id = proto_get_id_by_filter_name(r->protocol);
    r->id = proto_register_protocol_in_name_only(proto_get_protocol_long_name(find_protocol_by_id(id)), r->short_name,
                                                 r->name, id, FT_PROTOCOL);
}

void stand_in_register(void)
{
    for (size_t i = 0; i < array_length(roles); i++)
        register_role(roles[i]);
}

/* The dissector has the name of the original as well: exported PDUs say by it who can read them. */
static void stand_in_for(stand_in *s, dissector_handle_t original)
{
    s->original = original;
    s->own = create_dissector_handle_with_name(s->dissect, s->role->id, dissector_handle_get_dissector_name(original));
}

/* What else stands there, and not the DNS dissector (an older Wireshark, another plugin), is left alone. */
static void take_carrier(const char *table, const char *key, stand_in *s)
{
    dissector_table_t found = find_dissector_table(table);
    dissector_handle_t there = found ? dissector_get_string_handle(found, key) : NULL;
    if (!there || dissector_handle_get_protocol_index(there) != proto_get_id_by_filter_name(s->role->protocol))
        return;
    stand_in_for(s, there);
    dissector_delete_string(table, key, there);
    dissector_add_string(table, key, s->own);
}

void stand_in_init(void)
{
    for (size_t i = 0; i < array_length(carriers); i++)
        take_carrier(carriers[i].table, carriers[i].key, carriers[i].who);
    for (size_t i = 0; i < array_length(places); i++) {
        dissector_handle_t original = find_dissector(places[i].who->role->protocol);
        if (original && !places[i].who->original)
            stand_in_for(places[i].who, original);
    }
}

/* An entry that is there is changed in place: the walk goes on. */
static void take_place(const char *table, ftenum_t type, void *key, void *entry, void *who)
{
    const stand_in *s = (const stand_in *)who;
    if (dtbl_entry_get_handle((dtbl_entry_t *)entry) != s->original)
        return;
    if (type == FT_STRING)
        dissector_change_string(table, (const char *)key, s->own);
    else
        dissector_change_uint(table, GPOINTER_TO_UINT(key), s->own);
}

void stand_in_everywhere(void)
{
    for (size_t i = 0; i < array_length(places); i++)
        if (places[i].who->original && find_dissector_table(places[i].table))
            dissector_table_foreach(places[i].table, take_place, places[i].who);
}

bool stand_in_leads_to_dns(dissector_handle_t handle)
{
    return handle && (handle == dns.original || handle == dns.own);
}

void stand_in_forget(void)
{
    memset(&notes, 0, sizeof notes);
}

void stand_in_reassemble(bool wanted)
{
    reassemble = wanted;
}

/* ---- in the postdissector ---- */

static void read_noted(source_frame *frame, wmem_array_t *messages, const noted *n)
{
    /* Wireshark does not reassemble TCP segments that the capture cut. */
    bool cut = frame->packet.transport == TRANSPORT_TCP && tvb_captured_length(n->tvb) < tvb_reported_length(n->tvb);
    if (n->prefixed)
        frame_add_prefixed(frame, messages, n->tvb, cut);
    else
        frame_add_message(messages, n->tvb, 0, (int)tvb_reported_length(n->tvb));
}

bool stand_in_read_messages(source_frame *frame, packet_info *pinfo, unsigned layers)
{
    bool there = noted_of(pinfo);
    if (there && notes.messages) {
        wmem_array_t *messages = wmem_array_sized_new(pinfo->pool, sizeof(dns_message), 1);
        for (unsigned i = 0; i < wmem_array_get_count(notes.messages); i++)
            read_noted(frame, messages, (const noted *)wmem_array_index(notes.messages, i));
        frame_keep_messages(frame, messages);
        return true;
    }
    if (!there || !notes.udp || frame->packet.transport != TRANSPORT_UDP || !(layers & LAYER_DIRECT))
        return false;
    frame_keep_datagram(frame, notes.udp);
    return true;
}

/* The tvb begins with the header. */
static void place(frame_transport *t)
{
    if (t->protocol == PROTOCOL_UDP && tvb_reported_length(t->frame) >= UDP_HEADER_LENGTH)
        t->payload = tvb_new_subset_remaining(t->frame, UDP_HEADER_LENGTH);
    t->header = tvb_raw_offset(t->frame);
    t->frame = tvb_get_ds_tvb(t->frame);
}

frame_transports stand_in_transports(packet_info *pinfo)
{
    if (!noted_of(pinfo) || !notes.last.frame)
        return (frame_transports){NULL, 0};
    if (!notes.before)
        notes.before = wmem_array_new(pinfo->pool, sizeof(frame_transport));
    wmem_array_append_one(notes.before, notes.last);
    frame_transports found = {(frame_transport *)wmem_array_get_raw(notes.before), wmem_array_get_count(notes.before)};
    for (unsigned i = 0; i < found.count; i++)
        place(&found.all[i]);
    return found;
}

void stand_in_read_tcp_flags(source_frame *frame, const packet_info *pinfo)
{
    if (!noted_of(pinfo) || !notes.tcp || !tvb_bytes_exist(notes.tcp, TCP_FLAGS, 2))
        return;
    frame->tcp = true;
    frame->tcp_flags = (uint8_t)tvb_get_ntohs(notes.tcp, TCP_FLAGS);
}

void stand_in_read_tls(source_frame *frame, const packet_info *pinfo)
{
    if (noted_of(pinfo) && notes.tcp)
        frame_read_tls(frame, notes.tcp, 0);
}
