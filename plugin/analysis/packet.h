/* packet.h
 * How a DNS message came: frame, time, ends, transport.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_PACKET_H
#define DNSRCODE_PACKET_H

#include "../finding/finding.h"

/* Which side opened the connection of a packet (sent the SYN). */
typedef enum { OPENER_UNKNOWN, OPENER_SOURCE, OPENER_DESTINATION } dns_opener;

enum { TCP_FLAG_FIN = 0x01, TCP_FLAG_SYN = 0x02, TCP_FLAG_RST = 0x04, TCP_FLAG_ACK = 0x10 };

/* Nanoseconds, as all times of the analysis. */
static inline int64_t dns_seconds(int64_t seconds)
{
    return seconds * INT64_C(1000000000);
}

/* No client gives up on an answer sooner (nanoseconds): the same bytes again before that are a copy of the packet. */
enum { DNS_TIMEOUT_MIN = 250000000 };

/* One message before and behind an address translation comes within this moment (nanoseconds). */
enum { DNS_BOTH_SIDES_MAX = 50000000 };

typedef struct {
    uint32_t frame;
    int64_t time; /* nanoseconds since the epoch */
    dns_endpoint source, destination;
    dns_transport transport;
    uint32_t connection; /* index of the TCP connection in the capture (tcp.stream); 0 for datagrams */
    dns_opener opener;   /* TCP: from the SYN, OPENER_UNKNOWN when it was not captured */
    bool beginning_seen; /* TCP: the capture has the connection's SYN */
    bool gap_before;     /* TCP: bytes of this direction are missing in the capture before this frame */
    bool sequenced;      /* TCP: the next two are known */
    uint32_t sent_to,
        acknowledged; /* sequence numbers: behind what its sender has sent, and of the other side has got */
} dns_packet;

/* Content types of TLS records (RFC 8446 section 5.1). */
enum { TLS_CHANGE_CIPHER_SPEC = 20, TLS_ALERT = 21, TLS_HANDSHAKE = 22, TLS_APPLICATION_DATA = 23 };

/* The records that begin in a segment, as far as they are looked at. What TLS 1.3 sends as application data and is no
 * longer than an alert counts as one. */
enum { TLS_RECORDS_MAX = 16 };
typedef struct {
    uint8_t types[TLS_RECORDS_MAX];
    unsigned count;
} dns_tls_records;

/* DNS ports of one address are one server. */
static inline dns_endpoint dns_server_identity(const dns_endpoint *server)
{
    dns_endpoint identity = *server;
    if (identity.port == 853 || identity.port == 443)
        identity.port = 53;
    return identity;
}

#endif
