/* knowledge.h
 * The knowledge room: tables of codes, causes, rules and TLV types with their texts.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Data only: every sentence that a user reads stands here, no decision does. All
 * strings are static. Texts may hold slots in braces ({frame}, {age}, …), filled by
 * dns_text_render() from the facts of a finding; text.h lists them.
 *
 * To teach the plugin a new cause: add a row to DNS_CAUSES below, its texts in
 * causes_cookie.c or causes_dso.c, and the rule in analysis that yields it.
 */
#ifndef DNSRCODE_KNOWLEDGE_H
#define DNSRCODE_KNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ordered: a larger value is worse. */
typedef enum {
    DNS_SEVERITY_CHAT,
    DNS_SEVERITY_NOTE,
    DNS_SEVERITY_WARN,
    DNS_SEVERITY_ERROR,
    DNS_SEVERITY_COUNT
} dns_severity;

/* How sure a diagnosis is (design.md): by cryptography or RFC rule on the bytes; by
 * other frames of the capture; the likeliest reading where evidence is missing. */
typedef enum { CONFIDENCE_PROVEN, CONFIDENCE_OBSERVED, CONFIDENCE_INFERRED } dns_confidence;

const char *dns_severity_name(dns_severity severity);
const char *dns_confidence_name(dns_confidence confidence);

/* ---- Response codes (IANA "DNS RCODEs"; RFC 6895 section 2.3) ---- */

enum {
    RCODE_NOERROR = 0,
    RCODE_FORMERR = 1,
    RCODE_SERVFAIL = 2,
    RCODE_NXDOMAIN = 3,
    RCODE_NOTIMP = 4,
    RCODE_REFUSED = 5,
    RCODE_YXRRSET = 7,
    RCODE_NOTAUTH = 9,
    RCODE_DSOTYPENI = 11,
    RCODE_BADVERS = 16,
    RCODE_BADCOOKIE = 23,
};

typedef struct {
    uint16_t first, last; /* one code, or a range of the registry */
    const char *name;
    const char *meaning;
    const char *seen_when;
    const char *remediation[3]; /* most useful first, NULL-terminated unless full */
    const char *reference[3];
} dns_rcode_row;

/* The row of a code; with `tsig` the reading of 9 and 16 that belongs to a message with a TSIG
 * record (RFC 8945). Never NULL: every 16-bit value is in some row's range. */
const dns_rcode_row *dns_rcode_find(uint16_t rcode, bool tsig);
const dns_rcode_row *dns_rcode_rows(size_t *count);

/* What the code says as the reason of a DSO Retry Delay (RFC 8490 section 7.2.1). Never NULL. */
const char *dns_shutdown_reason(uint16_t rcode);

/* ---- Causes and troubles: the slugs of dnsrcode.cause ---- */

#define DNS_CAUSES(X)                                                                                                  \
    /* BADCOOKIE (RCODE 23), why */                                                                                    \
    X(FIRST_CONTACT, "first-contact")                                                                                  \
    X(COOKIE_NOT_LEARNED, "cookie-not-learned")                                                                        \
    X(STALE_SERVER_COOKIE, "stale-server-cookie")                                                                      \
    X(FUTURE_SERVER_COOKIE, "future-server-cookie")                                                                    \
    X(SERVER_CLOCK_SKEW, "server-clock-skew")                                                                          \
    X(OWN_COOKIE_REJECTED, "own-cookie-rejected")                                                                      \
    X(NO_COOKIE_ACCEPTED, "no-cookie-accepted")                                                                        \
    X(SERVER_SECRET_CHANGED, "server-secret-changed")                                                                  \
    X(CLIENT_ADDRESS_CHANGED, "client-address-changed")                                                                \
    X(CLIENT_COOKIE_CHANGED, "client-cookie-changed")                                                                  \
    X(WRONG_SERVER, "wrong-server")                                                                                    \
    X(SUPERSEDED_SERVER_COOKIE, "superseded-server-cookie")                                                            \
    X(ALTERED_SERVER_COOKIE, "altered-server-cookie")                                                                  \
    X(RESERVED_BYTES_REJECTED, "reserved-bytes-rejected")                                                              \
    X(RATE_LIMIT_SLIP, "rate-limit-slip")                                                                              \
    X(MIXED_COOKIE_FORMATS, "mixed-cookie-formats")                                                                    \
    X(UNKNOWN_COOKIE_FORMAT, "unknown-cookie-format")                                                                  \
    X(MALFORMED_COOKIE, "malformed-cookie")                                                                            \
    X(NO_COOKIE_IN_QUERY, "no-cookie-in-query")                                                                        \
    X(BADCOOKIE_WITHOUT_COOKIE, "badcookie-without-cookie")                                                            \
    X(BADCOOKIE_OVER_STREAM, "badcookie-over-stream")                                                                  \
    X(FORGED_OR_FOREIGN_COOKIE, "forged-or-foreign-cookie")                                                            \
    X(QUERY_NOT_CAPTURED, "query-not-captured")                                                                        \
    X(NOT_SEEN_ISSUED, "not-seen-issued")                                                                              \
    /* cookie trouble that shows no BADCOOKIE */                                                                       \
    X(CLIENT_COOKIE_MISMATCH, "client-cookie-mismatch")                                                                \
    X(COOKIE_VANISHED, "cookie-vanished")                                                                              \
    X(COOKIE_ECHOED, "cookie-echoed")                                                                                  \
    X(FORMERR_ON_COOKIE, "formerr-on-cookie")                                                                          \
    X(SILENCE_ON_COOKIE, "silence-on-cookie")                                                                          \
    X(FORMERR_ON_COOKIE_ONE_CLIENT, "formerr-on-cookie-one-client")                                                    \
    X(SILENCE_ON_COOKIE_ONE_CLIENT, "silence-on-cookie-one-client")                                                    \
    X(FORGED_RESPONSE, "forged-response")                                                                              \
    X(GENUINE_RESPONSE, "genuine-response")                                                                            \
    X(NO_EDNS, "no-edns")                                                                                              \
    X(NO_EDNS_ON_SOME_NODES, "no-edns-on-some-nodes")                                                                  \
    X(EDNS_OPTIONS_REFUSED, "edns-options-refused")                                                                    \
    X(ANSWER_DEPENDS_ON_COOKIE, "answer-depends-on-cookie")                                                            \
    X(BADCOOKIE_BITS_LOST, "badcookie-bits-lost")                                                                      \
    X(TRUNCATED_OWN_COOKIE, "truncated-own-cookie")                                                                    \
    X(REFUSED_WITHOUT_COOKIE, "refused-without-cookie")                                                                \
    X(DUPLICATE_COOKIE_OPTION, "duplicate-cookie-option")                                                              \
    X(CLIENT_COOKIE_SHARED, "client-cookie-shared")                                                                    \
    X(CLIENT_COOKIE_REUSED, "client-cookie-reused")                                                                    \
    /* DSOTYPENI (RCODE 11), why */                                                                                    \
    X(PUSH_NOT_IMPLEMENTED, "push-not-implemented")                                                                    \
    X(DSO_TYPE_UNASSIGNED, "dso-type-unassigned")                                                                      \
    X(DSO_TYPE_PRIVATE, "dso-type-private")                                                                            \
    X(DSO_TYPE_RESERVED, "dso-type-reserved")                                                                          \
    X(KEEPALIVE_REJECTED, "keepalive-rejected")                                                                        \
    X(DSO_TYPE_NOT_IMPLEMENTED, "dso-type-not-implemented")                                                            \
    X(CLIENT_LACKS_DSO_TYPE, "client-lacks-dso-type")                                                                  \
    X(DSOTYPENI_TO_UNIDIRECTIONAL, "dsotypeni-to-unidirectional")                                                      \
    X(DSOTYPENI_OUTSIDE_DSO, "dsotypeni-outside-dso")                                                                  \
    X(DSOTYPENI_OVER_UDP, "dsotypeni-over-udp")                                                                        \
    X(DSOTYPENI_UNMATCHED, "dsotypeni-unmatched")                                                                      \
    X(REQUEST_WITHOUT_TLV, "request-without-tlv")                                                                      \
    /* DSO failures with other codes */                                                                                \
    X(DSO_NOT_IMPLEMENTED, "dso-not-implemented")                                                                      \
    X(DSO_FORMERR, "dso-formerr")                                                                                      \
    X(DSO_REFUSED, "dso-refused")                                                                                      \
    X(DSO_NOTAUTH, "dso-notauth")                                                                                      \
    X(DSO_SERVFAIL, "dso-servfail")                                                                                    \
    X(DSO_NOTIMP, "dso-notimp")                                                                                        \
    X(DSO_OTHER_RCODE, "dso-other-rcode")                                                                              \
    X(DSO_NO_RESPONSE, "dso-no-response")                                                                              \
    X(DSO_CONNECTION_DROPPED, "dso-connection-dropped")                                                                \
    X(DSO_SESSION_ABORTED, "dso-session-aborted")                                                                      \
    X(UNIDIRECTIONAL_UNKNOWN_TYPE, "unidirectional-unknown-type")                                                      \
    X(KEEPALIVE_FIELDS_EXCHANGED, "keepalive-fields-exchanged")                                                        \
    X(RETRY_DELAY, "retry-delay")                                                                                      \
    X(RECONNECTED_TOO_EARLY, "reconnected-too-early")                                                                  \
    /* what was captured does not suffice */                                                                           \
    X(MESSAGE_CUT, "message-cut")                                                                                      \
    X(NOT_DNS, "not-dns")                                                                                              \
    X(MESSAGE_BROKEN, "message-broken")                                                                                \
    X(RCODE_UNKNOWN, "rcode-unknown")                                                                                  \
    X(ENCRYPTED_DNS, "encrypted-dns")

#define DNS_CAUSE_ENUM(name, slug) CAUSE_##name,
typedef enum { CAUSE_NONE, DNS_CAUSES(DNS_CAUSE_ENUM) CAUSE_COUNT } dns_cause;
#undef DNS_CAUSE_ENUM

typedef struct {
    const char *slug;
    const char *title;     /* a few words: expert group, statistics */
    dns_severity severity; /* when the trouble was not overcome, or has no outcome */
    dns_severity solved;   /* once the outcome is good, or while nothing is known yet */
    dns_severity repeated; /* when it came again and again, or was tried again against the rule */
    const char *summary;   /* the expert info: at most 240 characters once filled */
    const char *text;      /* dnsrcode.cause.text: a sentence with the values seen */
    const char *remediation[5];
    const char *reference[3];
    bool mild_while_open;     /* while nobody knows how it ended, it is as grave as when it was overcome */
    const char *mild_summary; /* of a diagnosis of the milder kind, which has the severity `solved`; NULL: the same */
    const char *mild_text;
    const char *mild_remediation[3];   /* none: the same */
    const char *text_alone;            /* where a frame that `text` names is not known; NULL: nothing is said then */
    const char *solved_remediation[2]; /* instead of `remediation` once it was overcome; none: the same */
} dns_cause_row;

/* Never NULL for a valid id other than CAUSE_NONE. */
const dns_cause_row *dns_cause_find(dns_cause cause);
extern const dns_cause_row dns_cookie_causes[CAUSE_COUNT];
extern const dns_cause_row dns_dso_causes[CAUSE_COUNT];

/* ---- What a diagnosis rests on: the sentences of dnsrcode.evidence ---- */

typedef enum {
#define DNS_EVIDENCE_ENUM(name, text) EVIDENCE_##name,
#include "evidence.def"
#undef DNS_EVIDENCE_ENUM
    EVIDENCE_COUNT
} dns_evidence_kind;

const char *dns_evidence_text(dns_evidence_kind kind);

/* ---- How it ended: dnsrcode.outcome ---- */

typedef enum {
    OUTCOME_NONE, /* the finding has none */
    OUTCOME_OPEN, /* frames to come may decide it */
    OUTCOME_RESOLVED,
    OUTCOME_RESOLVED_OVER_TCP,
    OUTCOME_REPEATED,
    OUTCOME_GAVE_UP,
    OUTCOME_CAPTURE_ENDS,
    OUTCOME_UNRESOLVED,
    OUTCOME_SERVFAIL,
    OUTCOME_FELL_BACK_TO_QUERIES,
    OUTCOME_SESSION_ESTABLISHED_LATER,
    OUTCOME_RETRIED_TOO_EARLY,
    OUTCOME_SESSION_WENT_ON,
    OUTCOME_CONNECTION_CLOSED,
    OUTCOME_COUNT
} dns_outcome;

typedef struct {
    const char *slug;
    const char *text;           /* with slots */
    bool good;                  /* the trouble was overcome */
    const char *text_truncated; /* where the answer has TC; NULL: the same */
    const char *text_elsewhere; /* where the client asked elsewhere, {other}; NULL: the same */
} dns_outcome_row;

const dns_outcome_row *dns_outcome_find(dns_outcome outcome);

#endif
