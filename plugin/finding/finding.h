/* finding.h
 * The finding: what analysis concluded about one DNS message.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Plain data. Analysis allocates findings (and all they point to) in the scope that it
 * was created with (Wireshark's file scope), and is alone in writing them. Later frames
 * complete earlier findings (response, retry, outcome), so display reads them anew on
 * every pass. Frame number 0 means "none". Times are nanoseconds since the epoch.
 */
#ifndef DNSRCODE_FINDING_H
#define DNSRCODE_FINDING_H

#include <wsutil/wmem/wmem.h>

#include "../knowledge/knowledge.h"
#include "../knowledge/facts.h"

typedef enum {
    TRANSPORT_UDP,
    TRANSPORT_DTLS,
    TRANSPORT_TCP,
    TRANSPORT_TLS,
    TRANSPORT_HTTPS,
    TRANSPORT_QUIC,
} dns_transport;

static inline bool dns_transport_is_datagram(dns_transport t)
{
    return t == TRANSPORT_UDP || t == TRANSPORT_DTLS;
}

static inline bool dns_transport_is_stream(dns_transport t)
{
    return t == TRANSPORT_TCP || t == TRANSPORT_TLS;
}

/* A query and its response; shared by the findings of both. */
typedef struct dns_transaction {
    uint32_t request_frame, response_frame;
    int64_t request_time, response_time;
    uint32_t retry_of;           /* the query that this one repeats */
    uint32_t retried_in;         /* the query that repeats this one */
    struct dns_episode *episode; /* that its first bad response belongs to */
} dns_transaction;

/* One trouble with one question, from the first bad response to its end; shared by all
 * findings that it concerns, so that each of them knows how the story ended. */
typedef struct dns_episode {
    uint32_t first_frame, last_frame; /* bad responses */
    uint32_t count;                   /* bad responses so far */
    uint32_t retry_frame;             /* the last query for the same question */
    uint32_t end_frame;               /* the response (or other event) that ended it */
    uint32_t brought_in;              /* of a DSO operation: the response that brought what was asked for */
    int64_t last_time;                /* of the last frame above */
    dns_outcome decided;              /* set by an event; OUTCOME_NONE while open */
    bool dso;                         /* of a DSO operation: the wait for a retry does not apply */
} dns_episode;

typedef struct dns_evidence {
    struct dns_evidence *next;
    dns_evidence_kind kind;
    dns_facts facts;
} dns_evidence;

/* One diagnosis of a message. Most messages have none, few have more than one. */
typedef struct dns_diagnosis {
    struct dns_diagnosis *next;
    dns_cause cause;
    dns_confidence confidence;
    bool repetition;      /* of a lasting condition: shown in its fields, but no further expert info */
    bool mild;            /* of the milder kind that its cause has: a note, say, where no more is certain */
    bool first_pass_only; /* later passes have the expert info at the frames that the trouble began with */
    uint32_t frame;       /* of the message */
    dns_facts facts;
    dns_episode *episode; /* NULL: no outcome */
    dns_evidence *evidence;
} dns_diagnosis;

/* A protocol rule that this message breaks: rules.h names them. */
typedef struct dns_violation {
    struct dns_violation *next;
    uint16_t rule;
    dns_severity severity; /* the rule's, or milder where dso.md says so */
    dns_facts facts;
} dns_violation;

/* The COOKIE option, kept so that passes without the message's bytes can show it. */
typedef struct {
    uint16_t length;         /* as announced in the option */
    uint8_t count;           /* COOKIE options in the message */
    bool verified_known : 1; /* a configured secret applies */
    bool verified : 1;       /* ... and the hash fits one of them */
    uint32_t learned_in;     /* response that issued the server cookie presented here */
    int64_t frame_time;      /* to tell the age */
    uint8_t bytes[];         /* the first dns_cookie_kept(length) bytes of it */
} dns_cookie;

/* Bytes of a COOKIE option that are kept: all of a legal one. */
static inline uint16_t dns_cookie_kept(uint16_t length)
{
    return length < 40 ? length : 40;
}

struct dns_dso; /* see dso_finding.h */

typedef enum { RCODE_ABSENT, RCODE_JOINED, RCODE_HEADER_ONLY } dns_rcode_state;

/* What most messages have none of. */
typedef struct {
    struct dns_finding *next; /* the next of the same frame, in the order of the bytes */
    struct dns_dso *dso;
    dns_diagnosis *diagnoses;
    dns_violation *violations;
} dns_finding_more;

/* One per DNS message, so it is small; or, with `message` false, about the frame itself (a TCP segment that ends or opens a
 * connection at the wrong time), then only frame and `more` are set. */
typedef struct dns_finding {
    uint32_t frame;
    uint16_t id;
    uint16_t rcode; /* joined, by rcode_state */
    uint16_t tsig_error;
    uint8_t opcode : 4;
    uint8_t rcode_state : 2;
    bool message : 1;
    bool response : 1;
    uint8_t transport : 3;
    bool tsig : 1;
    bool unread : 1;              /* not even its first 4 bytes were captured: query or response, nobody knows */
    bool empty_dso : 1;           /* a DSO message that ends behind its header, whole */
    bool has_cookie : 1;          /* a dns_cookie stands behind the finding */
    dns_transaction *transaction; /* NULL for messages that are no part of one */
    const dns_finding_more *more; /* never NULL; written by way of dns_finding_extend() */
} dns_finding;

_Static_assert(sizeof(dns_finding) % _Alignof(dns_cookie) == 0, "a cookie stands right behind its finding");

static inline dns_cookie *dns_finding_cookie(const dns_finding *finding)
{
    return finding->has_cookie ? (dns_cookie *)(uintptr_t)(finding + 1) : NULL;
}

extern const dns_finding_more dns_finding_nothing;

/* Room for what the message has beyond others; memory of `scope`. */
dns_finding_more *dns_finding_extend(wmem_allocator_t *scope, dns_finding *finding);

/* The outcome of a diagnosis, as far as frames up to `last_time` show it. With `complete` false
 * later frames of the capture are still to come, and only what is certain is said. */
dns_outcome dns_diagnosis_outcome(const dns_diagnosis *diagnosis, int64_t last_time, bool complete);

/* The response that ended the trouble by bringing what was asked for; 0: none did. */
uint32_t dns_diagnosis_resolved_in(const dns_diagnosis *diagnosis, dns_outcome outcome);

/* Its sentences. */
const char *dns_diagnosis_summary(const dns_diagnosis *diagnosis);
const char *dns_diagnosis_text(const dns_diagnosis *diagnosis);

/* How bad it is, given the outcome. */
dns_severity dns_diagnosis_severity(const dns_diagnosis *diagnosis, dns_outcome outcome);

#endif
