/* unfinished.c
 * Messages that go on in later TCP segments, in captures with a snap length.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark does not reassemble segments that the capture cut. It takes each for the beginning of a message, and what
 * stands in the middle of one then looks like a broken message, or like any other.
 */
#include "frame.h"

/* By direction of a TCP connection: where its unfinished message ends, and how far segments have come. */
typedef struct {
    uint32_t end, next; /* sequence numbers */
} unfinished;

static wmem_map_t *all;

void unfinished_init(void)
{
    all = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
}

static void *key_of(const dns_packet *p)
{
    unsigned direction = p->source.port != p->destination.port
                             ? p->source.port > p->destination.port
                             : memcmp(&p->source.address, &p->destination.address, sizeof p->source.address) > 0;
    return GUINT_TO_POINTER((p->connection + 1) * 2 + direction);
}

static bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

bool unfinished_goes_on(const source_frame *frame)
{
    unfinished *u = wmem_map_size(all) ? (unfinished *)wmem_map_lookup(all, key_of(&frame->packet)) : NULL;
    if (!u || !frame->next_known)
        return false;
    bool inside = before(u->next, u->end);
    if (before(u->next, frame->next_sequence))
        u->next = frame->next_sequence;
    return inside;
}

void unfinished_begins(const source_frame *frame, const packet_info *pinfo)
{
    if (!frame->missing || !frame->next_known || pinfo->fd->cap_len >= pinfo->fd->pkt_len)
        return;
    void *key = key_of(&frame->packet);
    unfinished *u = (unfinished *)wmem_map_lookup(all, key);
    if (!u) {
        u = wmem_new(wmem_file_scope(), unfinished);
        wmem_map_insert(all, key, u);
    }
    *u = (unfinished){frame->next_sequence + frame->missing, frame->next_sequence};
}
