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

#include "../knowledge/facts.h"
#include "../knowledge/knowledge.h"

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
    int64_t request_time;        /* the response's is that of its frame */
    uint32_t retry_of : 31;      /* the query that this one repeats */
    uint32_t retry_late : 1;     /* ... so long after it that it may have timed out; also where that was not captured */
    uint32_t retried_in : 31;    /* the query that repeats this one */
    uint32_t refused : 1;        /* its first response was a BADCOOKIE, which `episode` counts */
    struct dns_episode *episode; /* the story that it is a part of, NULL: none */
} dns_transaction;

/* One trouble with one question, from the first bad response to its end; shared by all
 * findings that it concerns, so that each of them knows how the story ended. */
typedef struct dns_episode {
    uint32_t first_frame, last_frame; /* bad responses */
    uint32_t count;                   /* bad responses so far */
    uint32_t retry_frame;             /* the last query for the same question */
    uint32_t elsewhere_frame;         /* likewise from the same address, but to another server or under another client
                                         cookie: the first one behind `last_frame`; 0: none */
    uint32_t end_frame;               /* the response (or other event) that ended it */
    uint32_t brought_in;              /* of a DSO operation: the response that brought what was asked for */
    uint32_t number;                  /* in the capture, from 1; 0: of a DSO operation */
    int64_t first_time;               /* of the story's first query; 0 when it was not captured */
    int64_t last_time;                /* of the last frame above */
    dns_outcome decided;              /* set by an event; OUTCOME_NONE while open */
    uint32_t doubtful_frame; /* an answer that the client should discard; it ends the story unless it asks again */
    bool discarded;          /* it did: it went on asking under the same ID, or over TCP */
    uint16_t answer_rcode;   /* of the response in `end_frame` or `doubtful_frame` ... */
    bool answer_truncated;   /* ... which has TC: the whole answer comes over TCP only */
    bool dso;                /* of a DSO operation: the wait for a retry does not apply */
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
    bool once;            /* it rests on one event alone: no more than "warn" is said */
    bool to_discard;      /* a response that the client should discard; what it did next is its outcome */
    bool first_pass_only; /* later passes have the expert info at the frames that the trouble began with */
    bool open;            /* a claim that later frames may overturn: as long as they may come, warn at most */
    uint32_t frame;       /* of the message */
    dns_facts facts;
    dns_episode *episode; /* NULL: no outcome */
    dns_evidence *evidence;
} dns_diagnosis;

/* A protocol rule that this message breaks: rules.h names them. */
typedef struct dns_violation {
    struct dns_violation *next;
    uint16_t rule;
    uint32_t frame;        /* of the message */
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
    struct dns_finding
        *copies; /* the same packet again, linked by this: they show this one's verdict, and tell nothing */
    const char *
        question; /* "www.example A": of a message that had something to be told of when it was read; NULL: not known */
    const dns_endpoint *ends; /* source and destination, where the frame holds several packets; NULL: the frame's own */
    bool cookie_cut;          /* the capture cut its COOKIE option, of which only this is known: */
    uint16_t cookie_length;   /* as announced */
    struct dns_dso *dso;
    dns_diagnosis *diagnoses;
    dns_violation *violations;
} dns_finding_more;

/* One per DNS message, so it is small; or, with `message` false, about the frame itself (a TCP segment that ends or opens a
 * connection at the wrong time), then only frame and `more` are set. */
typedef struct dns_finding {
    _Alignas(dns_cookie) uint32_t frame; /* since that may stand behind it */
    uint16_t id;
    uint16_t rcode; /* joined, by rcode_state */
    uint16_t tsig_error;
    uint8_t opcode : 4;
    uint8_t rcode_state : 2;
    bool message : 1;
    bool response : 1;
    uint8_t transport : 3;
    bool tsig : 1;
    bool truncated : 1;           /* TC (RFC 1035 section 4.1.1) */
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

/* ---- what a finding says, as far as the capture was read: all that is shown or counted asks here ---- */

/* How much of the capture is known. */
typedef struct {
    int64_t last_time; /* of the last frame read */
    bool complete;     /* no frames are to come: nothing is open any more */
} dns_so_far;

/* The outcome of a diagnosis; OUTCOME_OPEN while frames to come may decide it. */
dns_outcome dns_diagnosis_outcome(const dns_diagnosis *diagnosis, const dns_so_far *so_far);

/* The response that ended the trouble by bringing what was asked for; 0: none did. */
uint32_t dns_diagnosis_resolved_in(const dns_diagnosis *diagnosis, dns_outcome outcome);

/* The text of the outcome, and what it names. Only of a diagnosis with an episode. */
const char *dns_diagnosis_outcome_text(const dns_diagnosis *diagnosis, dns_outcome outcome);
dns_facts dns_diagnosis_outcome_facts(const dns_diagnosis *diagnosis, dns_outcome outcome);

/* Its sentences. */
const char *dns_diagnosis_summary(const dns_diagnosis *diagnosis);
const char *dns_diagnosis_text(const dns_diagnosis *diagnosis); /* NULL: something that it would name is not known */

/* What to do, most useful first: `*count` of them, or up to the first NULL. */
const char *const *dns_diagnosis_remedies(const dns_diagnosis *diagnosis, dns_outcome outcome, size_t *count);

/* How bad it is, given the outcome. */
dns_severity dns_diagnosis_severity(const dns_diagnosis *diagnosis, dns_outcome outcome, const dns_so_far *so_far);

/* True when this message is the place to tell of it: no repetition, no copy of a packet, and not told at other frames. */
bool dns_diagnosis_is_told(const dns_finding *finding, const dns_diagnosis *diagnosis, const dns_so_far *so_far);

/* True when this message is the place to tell of it: no copy of a packet, and no cause of it says the same. */
bool dns_violation_is_told(const dns_finding *finding, const dns_violation *violation);

/* The worst of what it says, causes and broken rules. */
dns_severity dns_finding_severity(const dns_finding *finding, const dns_so_far *so_far);

/* The slugs of the causes and broken rules that this message is the place to tell of, those of at least `least`; at most
 * `max` of them into `slugs`. Returns how many. */
enum { DNS_TROUBLES_MAX = 16 };
unsigned dns_finding_troubles(const dns_finding *finding, const dns_so_far *so_far, dns_severity least,
                              const char *slugs[DNS_TROUBLES_MAX]);

/* The story that a message is a part of, NULL: none. */
const dns_episode *dns_finding_story(const dns_finding *finding);

#endif
