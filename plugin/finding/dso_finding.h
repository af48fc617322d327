/* dso_finding.h
 * What analysis knows about DNS Stateful Operations in one message (RFC 8490, RFC 8765).
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lives in the scope of the findings (Wireshark's file scope). Ordinary messages on connections
 * without DSO have none of this; ordinary messages on a connection with DSO have a dns_dso with
 * `message` NULL. `state` is a snapshot taken behind the message; the session is shared by all
 * findings of its connection and completed by later frames. Timers are milliseconds
 * (0xFFFFFFFF = infinite), frame number 0 means "none".
 */
#ifndef DNSRCODE_DSO_FINDING_H
#define DNSRCODE_DSO_FINDING_H

#include "finding.h"

enum {
    DSO_TLVS_KEPT = 16,     /* per message; `tlv_total` counts all */
    DSO_ITEMS_KEPT = 64,    /* per message; `item_total` counts all */
    DSO_LINKS_KEPT = 16,    /* SUBSCRIBEs that one message belongs to */
    DSO_RDATA_HEX_MAX = 64, /* bytes of unknown rdata that are written out */
};

typedef enum { DSO_REQUEST, DSO_RESPONSE, DSO_UNIDIRECTIONAL } dso_kind;

/* DSO_ROLE_NONE: a response whose request is not known, or TLVs that a server without DSO merely sent back. */
typedef enum {
    DSO_ROLE_NONE,
    DSO_ROLE_PRIMARY,
    DSO_ROLE_ADDITIONAL,
    DSO_ROLE_RESPONSE_PRIMARY,
    DSO_ROLE_RESPONSE_ADDITIONAL,
} dso_role;

typedef enum {
    DSO_STATE_UNKNOWN, /* the capture starts inside the connection, and nothing tells yet */
    DSO_STATE_SESSIONLESS,
    DSO_STATE_ESTABLISHING,
    DSO_STATE_ESTABLISHED,
    DSO_STATE_FAILED,
    DSO_STATE_SERVER_SHUTDOWN,
    DSO_STATE_ABORTED,
    DSO_STATE_CLOSED,
} dso_state;

typedef enum { DSO_SENDER_UNKNOWN, DSO_SENDER_CLIENT, DSO_SENDER_SERVER } dso_sender;

/* One per connection with opcode 6 in it. */
typedef struct {
    uint32_t index;          /* of the session in the capture, from 0 */
    uint32_t connection;     /* dns_packet.connection */
    uint32_t first_frame;    /* its first DSO message */
    uint32_t established_in; /* 0: not, or not seen */
    uint32_t ended_in;       /* the first FIN or the RST, 0 while open */
    bool beginning_seen;     /* the capture has the connection's SYN */
} dns_dso_session;

typedef struct {
    uint16_t type, length; /* as announced */
    uint32_t offset;       /* of the TLV's header in the message */
    uint8_t role;          /* dso_role */
    bool broken;           /* runs past the end of the message */
} dns_dso_tlv;

typedef enum {
    DSO_CHANGE_NONE, /* SUBSCRIBE, RECONFIRM: no change is announced */
    DSO_CHANGE_ADD,
    DSO_CHANGE_REMOVE,
    DSO_CHANGE_REMOVE_RRSET,
    DSO_CHANGE_REMOVE_NAME_IN_CLASS, /* all types of the class */
    DSO_CHANGE_REMOVE_NAME,          /* all types of all classes */
    DSO_CHANGE_IGNORED,              /* a TTL without a meaning: receivers ignore the record */
} dso_change;

/* The subscription of a SUBSCRIBE, a record of a PUSH or RECONFIRM. */
typedef struct dns_dso_item {
    struct dns_dso_item *next;
    const char *name; /* presentation form */
    uint16_t type, class;
    uint32_t ttl;            /* of an added record */
    uint8_t change;          /* dso_change */
    const char *rdata;       /* presentation form, hex of unknown types; NULL when there is none */
    uint32_t offset, length; /* in the message */
    uint32_t subscribed_in;  /* PUSH: the SUBSCRIBE that it matches */
} dns_dso_item;

/* What a message of opcode 6 holds. */
typedef struct {
    uint8_t kind;   /* dso_kind */
    uint8_t sender; /* dso_sender */
    bool has_primary;
    uint16_t primary;   /* in a response: of its request */
    bool counts_zero;   /* false: not a DSO message at all, and its body was not read */
    bool cut;           /* the capture ends inside the message */
    bool echo;          /* a server without DSO: TLVs in its response mean nothing */
    bool again;         /* unidirectional, and not the first of its connection: others may take it for resent */
    bool clear_padding; /* padded without encryption; said once in a session */
    bool cancels;       /* an error response that ends an accepted subscription (RFC 8490 section 5.6) */
    bool has_inactivity, has_interval, has_retry_delay;
    uint32_t inactivity, interval, retry_delay;
    uint16_t z_bits;       /* in place, DNS_FLAGS_DSO_Z */
    bool names_id;         /* UNSUBSCRIBE: its TLV is a message ID ... */
    uint16_t unsubscribes; /* ... this one */
    uint16_t tlv_total, tlv_count;
    dns_dso_tlv *tlvs; /* tlv_count of them */
    uint32_t item_total;
    dns_dso_item *items;
    uint8_t link_count;
    uint32_t *subscribed_in; /* link_count frames: what a PUSH or UNSUBSCRIBE belongs to */
} dns_dso_message;

typedef struct dns_dso {
    dns_dso_session *session; /* NULL over datagrams */
    uint8_t state;            /* dso_state, behind this message or segment */
    dns_dso_message *message; /* NULL for ordinary messages and segments */
} dns_dso;

#endif
