/* listening.h
 * Messages as a listener of the tap gets them: those that a filter lets through, and how many there are in all.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stories also want when each message came, by which ports, and which TCP segments opened and ended connections. Memory:
 * that of the collection, with these 16 bytes more per message; 24 bytes per segment with SYN, FIN or RST, of which
 * SEGMENTS_MAX are kept.
 */
#ifndef DNSRCODE_LISTENING_H
#define DNSRCODE_LISTENING_H

#include "collection.h"

enum { SEGMENTS_MAX = 500000 };

/* Of one record of the collection. */
typedef struct {
    int64_t time;    /* nanoseconds since the epoch */
    uint32_t stream; /* index of its TCP connection (tcp.stream), NO_STREAM: none */
    uint16_t source_port, destination_port;
} moment;

#define NO_STREAM UINT32_MAX

/* A TCP segment that opens or ends a connection, whatever it carries. */
typedef struct {
    int64_t time;
    uint32_t frame, stream;
    uint16_t source_port, destination_port;
    uint8_t flags; /* as in the TCP header */
} tcp_segment;

typedef struct listening listening;
typedef void (*listening_function)(listening *l);

struct listening {
    collection messages;
    GArray *moments;  /* of moment; NULL when nobody wants them */
    GArray *segments; /* of tcp_segment, likewise */
    bool filtered;
    uint32_t all;                 /* messages in the capture, whatever the filter */
    listening_function draw;      /* all was read */
    listening_function gone;      /* Wireshark ends the statistic; NULL: nothing to do */
    listening *for_all, *for_tcp; /* the addresses of these are the data of two more listeners */
    struct {
        uint32_t frame, stream;
    } last_tcp;
};

void listening_init(listening *l, bool with_moments);
void listening_free(listening *l);
void listening_forget(listening *l); /* all but the messages, which the collection forgets by itself */

/* ---- listeners.c ---- */

/* NULL, or what is wrong with the filter: to be freed with g_string_free(). `filter` NULL or "": all messages. */
GString *listening_start(listening *l, const char *filter);
void listening_stop(listening *l);

/* Likewise for `-z NAME,…`: what is wrong is said on standard error. */
bool listening_start_named(listening *l, const char *name, const char *filter);

static inline const moment *listening_moment(const listening *l, unsigned i)
{
    return &g_array_index(l->moments, moment, i);
}

#endif
