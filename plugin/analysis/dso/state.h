/* state.h
 * What the parts of the DSO engine share: its state, and what each does.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 *     engine.c     the front door: which connection, in which order; calls the others, which do not call back
 *     read.c       what stands in a message
 *     session.c    the session of a connection: state, timers, operations, subscriptions
 *     rules.c      which rules a message breaks; the checks stand in rules_header.c, _tlv.c, _session.c and _push.c
 *     time.c       what the passing of time brings: broken rules, silence
 *     alarms.c     when that is due
 *     causes.c     why an operation failed
 *     abort.c      who broke a connection off, and why
 *     exchanged.c  servers that write the two Keepalive timers in the wrong order
 *     claims.c     what is said of a server because it seems to have no DSO or no Push, and how it is taken back
 *     stories.c    how that ended
 *     describe.c   the message as display wants it
 *
 * All memory is of the engine's scope. Times are nanoseconds, timers milliseconds. What is kept for a connection is
 * bounded by the constants below; when a table is full, what would need it is no longer claimed.
 */
#ifndef DNSRCODE_DSO_INTERNAL_H
#define DNSRCODE_DSO_INTERNAL_H

#include "../../knowledge/rules.h"
#include "../../knowledge/types.h"
#include "../diagnose.h"
#include "alarms.h"
#include "engine.h"
#include "read.h"
#include "../limits.h"
#include "../list.h"
#include "../records/dso_server.h"

enum {
    DSO_OPERATIONS_MAX = DNS_LIMIT(4096, 6),    /* open operations of a connection, both directions */
    DSO_SUBSCRIPTIONS_MAX = DNS_LIMIT(1024, 4), /* of a connection, ended ones included */
    DSO_STORIES_MAX = DNS_LIMIT(64, 3),         /* failures of a connection whose end is awaited */
    DSO_DATAGRAMS_MAX = DNS_LIMIT(4096, 4),     /* requests over UDP */
    DSO_SHUTDOWNS_MAX = DNS_LIMIT(65536, 3),    /* client and server pairs with a Retry Delay */
    DSO_REFUSALS_MAX = DNS_LIMIT(65536, 3),     /* likewise, with a refusal and a type */
};

#define dso_second INT64_C(1000000000)
#define dso_never INT64_MAX

/* Messages that cross on the wire: a PUSH and the UNSUBSCRIBE that ends it, a cancellation and an UNSUBSCRIBE. */
#define dso_crossing (2 * dso_second)

static inline int64_t dso_milliseconds(uint32_t ms)
{
    return (int64_t)ms * INT64_C(1000000);
}

#define DSO_INFINITE UINT32_MAX
enum { PORT_DNS = 53, PORT_DNS_TLS = 853 };

/* When a message was sent, and where in its direction of the connection it ends. */
typedef struct {
    uint32_t frame;
    int64_t time;
    bool sequenced;
    uint32_t sent_to; /* sequence number, if sequenced */
} dso_moment;

static inline dso_moment dso_moment_of(const dns_packet *p)
{
    return (dso_moment){p->frame, p->time, p->sequenced, p->sent_to};
}

/* The sender of this packet had not received yet what the other side sent then: the two crossed. */
static inline bool dso_crosses(const dns_packet *p, const dso_moment *sent)
{
    return p->sequenced && sent->sequenced && (int32_t)(p->acknowledged - sent->sent_to) < 0;
}

typedef enum {
    SUBSCRIPTION_PENDING, /* asked for */
    SUBSCRIPTION_ACTIVE,  /* accepted */
    SUBSCRIPTION_ENDED,   /* refused, cancelled, or given up by UNSUBSCRIBE */
} dso_subscription_state;

typedef struct {
    uint16_t id, type, class;
    uint32_t name_hash;
    const char *name;
    dso_subscription_state state;
    bool pushed;   /* a PUSH came that belongs to no other subscription: it was accepted */
    bool given_up; /* ended by UNSUBSCRIBE: what the other side sent meanwhile may cross it */
    uint32_t frame;
    dso_moment ended;
    dns_finding *finding; /* of the SUBSCRIBE */
} dso_subscription;

/* A request that awaits its response, or a subscription that was accepted. */
typedef struct dso_operation {
    dns_link in_waiting;              /* of its connection, while it awaits a response */
    struct dso_operation *next_of_id; /* the next one under the same ID, against the rules */
    uint16_t id, type;
    bool has_type, padded, counts_zero;
    bool unidirectional; /* of a type that is unidirectional by its specification: nobody may answer it */
    bool cut;            /* by the capture, before its first TLV */
    uint64_t body;       /* hash of what stands behind the header */
    bool malformed;      /* its request breaks a rule of format */
    bool additional;     /* its request has an additional TLV of no standard, the first of this type: */
    uint16_t additional_type;
    bool waiting;      /* stands in the list of those that await a response */
    bool accepted;     /* a subscription: its ID stays in use */
    bool overdue;      /* no response for 30 s: no longer waited for */
    uint8_t initiator; /* end */
    uint32_t frame;
    int64_t time;
    dns_transaction *transaction;
    dns_finding *finding;           /* of the request */
    dso_subscription *subscription; /* of a SUBSCRIBE, NULL when the table was full or the body bad */
} dso_operation;

/* A failure whose end is awaited. */
typedef struct dso_story {
    dns_diagnosis *diagnosis;
    dns_finding *finding;
    dso_moment told;            /* when the initiator was told; all 0: by nothing */
    bool has_type, established; /* the session stood when it happened */
    bool beginning_seen;        /* of the connection */
    bool asked_before;          /* there were ordinary queries of the initiator before it */
    bool dso_followed;          /* ... and DSO messages after it */
    uint16_t type;
    int initiator;      /* the end whose request failed */
    const char *name;   /* of the subscription that failed, or NULL */
    int64_t not_before; /* the same type again before this is too early; 0: nothing was said */
    uint32_t brought, succeeded, early, insisted, queries, closed; /* frames of what came after it; see stories.c */
} dso_story;

/* A Keepalive whose timers look exchanged. */
typedef struct dso_exchanged {
    struct dso_exchanged *next;
    dns_diagnosis *diagnosis;
} dso_exchanged;

/* A message that may be the reason of an abort. */
typedef struct {
    dns_finding *finding; /* NULL: none */
    int64_t time;
    dns_rule rule; /* the one that it breaks, RULE_COUNT: none */
    uint16_t type; /* of its primary TLV */
} dso_deed;

typedef struct dso_connection {
    uint32_t index;
    dns_endpoint ends[2]; /* 0: the one that sent the first DSO message seen */
    int client;           /* which end opened the connection; -1: not known */
    bool whole;           /* captured from the beginning without a gap: only then can something be missing */
    bool gap;
    bool heard[2];       /* there was a packet of this end */
    uint32_t sent_to[2]; /* what it has sent ends before this sequence number ... */
    bool sequenced[2];   /* ... where that is known */
    bool tls;
    bool unread;        /* TLS without a DNS message in it came behind the last message: it may be an alert */
    dso_server *server; /* its record, NULL while it is not known which end it is, or for want of room */
    dso_state state;
    dns_dso_session *session;

    wmem_map_t *operations[2]; /* by message ID, of each end as initiator */
    unsigned operation_count;
    bool asked[2];             /* there were ordinary queries of this end */
    bool operations_lost;      /* the table was full once */
    dns_list waiting;          /* of dso_operation that await a response, the oldest first */
    unsigned requests_waiting; /* among them, without Keepalives */
    unsigned queries_waiting; /* ordinary messages without response, those from before the first DSO message included */
    const dns_transaction *answered; /* the last of them that got its response: further ones (AXFR) do not count */
    bool long_lived_unknown;         /* an operation of unknown type was accepted: it may still be active */

    dso_subscription **subscriptions;
    unsigned subscription_count, subscription_room;
    bool subscriptions_lost;

    dso_story **stories;
    unsigned story_count, story_room;

    uint32_t inactivity, interval; /* in force */
    bool timers_known;             /* the server said them, or the session was seen from its beginning */
    int64_t timers_changed;
    int64_t last_message, last_activity; /* RFC 8490 section 6.3 */
    uint32_t last_active_frame;
    dns_finding *last_finding; /* of its last message */
    bool overdue_told;
    dns_finding *overdue_at, *inactive_at, *ignored_at; /* where it was said when the time came */
    dns_severity inactive_told;                         /* DNS_SEVERITY_CHAT: not yet */

    dns_finding *shutdown; /* of the Retry Delay message */
    int64_t shutdown_time;
    bool shutdown_told;

    uint32_t unidirectional[2]; /* last unidirectional message of each end, not yet answered */
    uint16_t unidirectional_type[2];
    bool unidirectional_untyped[2];
    bool unidirectional_seen;
    bool dso_answered;          /* there was a response of opcode 6 */
    dso_moment not_implemented; /* the response that says that the server has no DSO */
    uint16_t not_implemented_rcode;
    bool after_told;                 /* DSO after a code that leaves room for doubt is said once */
    bool push_told;                  /* Push without TLS is said once */
    bool padding_remarked;           /* padding on clear TCP */
    dns_violation *padding_told;     /* padding that was not answered, counted there */
    dso_deed last[2];                /* the last message of each end ... */
    dso_deed broke[2];               /* ... the last one by which its receiver may abort ... */
    dso_deed unidirectional_deed[2]; /* ... and the last unidirectional one */
    bool asks_for_ever;              /* the client asked for no inactivity timeout */
    dso_exchanged *exchanged;        /* the Keepalives whose timers look exchanged, the last one first */
    bool ended, fin[2];
    /* the RST that ended it; NULL: none did. Who sent it, in which state, with how many stories, how far its sender had come */
    dns_finding *reset;
    int reset_by;
    dso_state reset_in;
    unsigned reset_stories;
    uint32_t reset_sent_to;

    int64_t queued; /* the time for which it stands in the engine's queue */
} dso_connection;

/* A Retry Delay that a server gave to a client. */
typedef struct {
    dns_address client;
    dns_endpoint server;
    int64_t received, until;
    uint32_t milliseconds;
    uint32_t frame;
    uint32_t told; /* connection index + 1 of the last early SYN */
    dns_finding *finding;
} dso_shutdown;

/* A refusal that a client took away from a connection, now closed: not the same type again before the story's time. */
typedef struct {
    dns_address client;
    dns_endpoint server;
    uint16_t type;
    dso_story *story;
} dso_refusal;

struct dso_engine {
    wmem_allocator_t *scope;
    wmem_map_t *connections; /* by index */
    wmem_map_t *gaps;        /* indices of connections of which bytes are missing */
    wmem_map_t *early;       /* connection index + 1 -> ordinary queries without response + 1, while there is no DSO */
    wmem_map_t *shutdowns;   /* dso_shutdown by itself */
    wmem_map_t *refusals;    /* dso_refusal by its ends and type */
    wmem_map_t *datagrams;   /* dso_datagram by itself */
    dso_servers *servers;
    uint32_t sessions;
    dso_alarms alarms;
};

/* What the Push TLV of a message turned out to hold. */
typedef struct {
    bool read;            /* a SUBSCRIBE, PUSH or RECONFIRM TLV was there to read */
    dso_body_state state; /* DSO_BODY_OK, _BAD or _CUT */
    bool any;             /* type or class ANY where it may not stand */
    bool collective_rdata;
    bool proves;    /* a record that proves a subscription accepted */
    bool unmatched; /* a record that belongs to no subscription ... */
    bool crossed;   /* ... but to one that ended a moment ago, all of them */
    const char *unmatched_name;
} dso_body;

/* One message on its way through the engine. `connection` is NULL over datagrams. */
typedef struct {
    dso_engine *engine;
    dso_connection *connection;
    const dns_packet *packet;
    const dns_message *message;
    dns_finding *finding;
    dso_view view; /* of opcode 6 only */
    bool dso;      /* opcode 6 */
    int end;       /* which end sent it */
    dso_sender sender;
    dso_operation *operation; /* the one that it answers */
    bool implementer;         /* the sender of this response is known to do DSO */
    bool wrong_opcode;        /* an ordinary response that answers a DSO message */
    dso_body body;
    bool qr_missing; /* looks like a response but for its QR bit */
    dns_dso_message *described;
} dso_context;

/* The type of the primary TLV: of the message itself, in a response of its request. */
static inline bool dso_primary(const dso_context *c, uint16_t *type)
{
    if (c->view.kind == DSO_RESPONSE || c->qr_missing) {
        *type = c->operation ? c->operation->type : 0;
        return c->operation && c->operation->has_type;
    }
    *type = c->view.first.type;
    return c->view.tlvs > 0;
}

static inline bool dso_is_request_side(const dso_context *c)
{
    return c->view.kind != DSO_RESPONSE && !c->qr_missing;
}

/* NULL: none waits. */
static inline dso_operation *dso_oldest_waiting(const dso_connection *k)
{
    return DNS_LIST_ITEM(k->waiting.first, dso_operation, in_waiting);
}

/* Where the finding breaks the rule; NULL: it does not. */
static inline dns_violation *dso_find_violation(const dns_finding *finding, dns_rule rule)
{
    for (dns_violation *v = finding->more->violations; v; v = v->next)
        if (v->rule == rule)
            return v;
    return NULL;
}

/* The body of the message as display wants it; fills the subscriptions that a PUSH belongs to. */
dns_dso_message *dso_describe(dso_context *c);

/* The sender as sentences name it: a client without its port, so that they are the same on each connection. */
static inline dns_endpoint dso_address(const dso_connection *k, int end)
{
    dns_endpoint e = k->ends[end];
    if (end == k->client)
        e.port = 0;
    return e;
}

/* session.c */
dso_connection *dso_connection_new(dso_engine *engine, const dns_packet *packet);
void dso_connection_hear(dso_connection *k, const dns_packet *packet); /* its sender is there, and has come so far */
void dso_connection_meet(dso_engine *engine, dso_connection *k,
                         const dns_packet *packet); /* what every packet tells of its connection */
int dso_connection_end(const dso_connection *k, const dns_packet *packet);
bool dso_ended_moment_ago(const dso_subscription *s,
                          const dns_packet *packet); /* by UNSUBSCRIBE: it may have crossed */
dso_sender dso_connection_sender(const dso_connection *k, int end);
void dso_infer_client(dso_context *c);
dso_operation *dso_find_operation(const dso_connection *k, int initiator, uint16_t id);
dso_subscription *dso_find_subscription(const dso_connection *k, uint16_t id);
void dso_operation_done(dso_connection *k, dso_operation *operation); /* no longer awaits a response */
bool dso_session_stands(const dso_connection *k);
bool dso_hears(const dso_connection *k, int end); /* what this end sends is captured, and no bytes are missing */
bool dso_session_busy(const dso_connection *k);   /* an operation is active: not inactive */
bool dso_pipelines(const dso_context *c, const dso_moment *told); /* sent without waiting for what it was told */
void dso_note_deed(dso_context *c);                               /* what the message may later be the reason of */
bool dso_rule_of_format(unsigned rule);    /* the rule is one that FORMERR may be the answer to */
void dso_session_advance(dso_context *c);  /* an opcode-6 message takes effect */
void dso_session_ordinary(dso_context *c); /* another message takes effect */
void dso_session_end(dso_connection *k, const dns_packet *packet, uint8_t flags, dns_finding *segment);
void dso_session_revive(dso_connection *k); /* the RST that ended it had no effect */

/* rules.c */
void dso_check_message(dso_context *c);

/* time.c */
void dso_check_time(dso_engine *engine, dso_connection *k, int64_t now);
int64_t dso_next_due(const dso_connection *k);
void dso_move_told(dso_engine *engine, dso_connection *k, dns_finding *to);

/* causes.c */
void dso_explain(dso_context *c);         /* failures that a message announces; before it takes effect */
void dso_explain_outside(dso_context *c); /* RCODE 11 with another opcode */
void dso_explain_silence(dso_engine *engine, dso_connection *k, dso_operation *operation);
void dso_explain_wrong_opcode(dso_context *c); /* an answer to a DSO message with another opcode */
void dso_note_shutdown(dso_context *c);
bool dso_explain_reconnect(dso_engine *engine, const dns_packet *packet, dns_finding *segment);

/* abort.c */
void dso_explain_end(dso_engine *engine, dso_connection *k, const dns_packet *packet, uint8_t flags,
                     dns_finding *segment);
void dso_retract_end(dso_connection *k);       /* what was said of a RST that had no effect */
void dso_explain_unknown_type(dso_context *c); /* a unidirectional message that the other side does not know */

/* exchanged.c */
void dso_explain_timers(dso_context *c);
/* The server resets the connection; whether the exchanged timers are why. */
bool dso_timers_reset(dso_engine *engine, dso_connection *k, const dns_packet *packet);

/* claims.c */
/* An answer with another opcode that is an error, from a server not known to do DSO: no rule of DSO binds it. */
bool dso_wrong_opcode_is_foreign(const dso_context *c);
bool dso_server_known(const dso_connection *k);
/* The claim that the server has no DSO, to join; NULL: it may not be said. */
dns_claim *dso_claim_no_dso(const dso_connection *k);
void dso_claim_no_push(dso_context *c, dns_diagnosis *diagnosis);
void dso_learn(dso_context *c); /* what a response shows of its server, whoever asked */

/* stories.c */
/* See dso_story; NULL when there is no room. */
dso_story *dso_story_add(dso_context *c, dns_diagnosis *diagnosis, int64_t not_before);
void dso_story_decide(dso_engine *engine, const dso_story *story);
void dso_story_end(dso_engine *engine, const dso_story *story, dns_outcome outcome, uint32_t frame);
void dso_stories_request(dso_context *c); /* a request or ordinary query may end a story */
void dso_stories_success(dso_context *c); /* so may a message that shows success */
void dso_stories_closed(dso_engine *engine, dso_connection *k, uint32_t frame);
void dso_stories_reopened(dso_engine *engine, dso_connection *k, unsigned count);
guint dso_refusal_hash(gconstpointer key);
gboolean dso_refusal_equal(gconstpointer a, gconstpointer b);

#endif
