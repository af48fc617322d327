/* record.h
 * What each server has been seen to do, whoever asked.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one room that owns these facts; the engines report into it and ask it. Each fact bears the frame that shows it, so that
 * it can be evidence. Whether COOKIE is to blame for a failure is found by comparing like with like: queries are sorted by
 * what they ask of EDNS (RFC 6891, RFC 7873), and of each question is known what the last answers of each sort were.
 *
 * Memory: at most SERVERS_MAX servers without cookies (500 bytes, and up to 64 questions of 64 bytes each as the server is
 * asked more); the least recently asked goes first. Servers with cookies stay, without their questions, as long as the
 * cookie store knows them. A finding is never freed before the capture ends, so facts may point to it.
 */
#ifndef DNSRCODE_RECORD_H
#define DNSRCODE_RECORD_H

#include "../analysis.h"
#include "../limits.h"
#include "../list.h"

enum {
    SERVERS_MAX = DNS_LIMIT(16384, 4),
    QUESTIONS_MIN = DNS_LIMIT(8, 4),
    QUESTIONS_MAX = DNS_LIMIT(64, 4), /* per server; a power of two */
    QUESTION_PLACES = 4,              /* places where a question may stand; at most QUESTIONS_MIN */
    WAITING_MAX = DNS_LIMIT(8, 3),    /* last queries with COOKIE of a question */
};

/* Queries that are alike as far as EDNS goes. */
typedef enum {
    KIND_PLAIN,         /* no OPT */
    KIND_EDNS,          /* OPT, no option */
    KIND_OPTIONS,       /* OPT with options, none of them COOKIE */
    KIND_CLIENT_ONLY,   /* a client cookie, whatever other options */
    KIND_SERVER_COOKIE, /* client and server cookie, whatever other options */
    KIND_OTHER, /* not to be compared: another EDNS version, a malformed COOKIE, several, an unreadable message */
    QUERY_KINDS,
} dns_query_kind;

static inline bool dns_kind_has_cookie(dns_query_kind kind)
{
    return kind == KIND_CLIENT_ONLY || kind == KIND_SERVER_COOKIE;
}

dns_query_kind dns_query_kind_of(const dns_message *query);

/* A fact: the frame that shows it. frame 0: not seen. */
typedef struct {
    uint32_t frame;
    int64_t time;
} dns_seen;

/* Over UDP, by kind of query. A query sent again counts once; `last_answer` is of any response but FORMERR. */
typedef struct {
    uint32_t asked, answered;
    dns_seen first_asked;
    dns_seen last_answer;
    dns_seen formerr; /* the last */
} dns_kind_record;

/* The last answer to a question, over UDP. */
typedef struct {
    uint32_t frame;  /* 0: none */
    uint32_t client; /* hash of the client's address: views differ by client */
    uint16_t rcode;
    bool empty; /* no record in the answer section */
} dns_answer_seen;

typedef enum { ASKED_PLAIN, ASKED_EDNS, ASKED_COOKIE, ASKED_SORTS } dns_asked_sort;

/* A query with COOKIE over UDP. Whether it was answered, its transaction tells at any time. */
typedef struct {
    dns_finding *finding;
    int64_t time;
    uint32_t client; /* hash of its address */
    uint8_t kind;
    bool again;                             /* the very same message had been sent before */
    uint32_t others_asked, others_answered; /* queries without COOKIE over UDP at that time */
    uint32_t others_answer_frame;           /* the last answer to one of them until then */
} dns_waiting_query;

typedef struct {
    uint32_t question_hash;
    dns_answer_seen answers[ASKED_SORTS];
    dns_waiting_query *waiting; /* a ring of WAITING_MAX, of which `waiting_room` are there so far */
    unsigned waiting_count : 28, waiting_room : 4;
    uint32_t heard; /* `questions_heard` of the server when it was asked or answered last */
} dns_question_record;

/* How many of `waiting` there are. */
static inline unsigned dns_waiting_known(const dns_question_record *question)
{
    return MIN(question->waiting_count, WAITING_MAX);
}

/* Clients are told apart by this. */
uint32_t dns_record_client(const dns_address *client);

struct cookie_server;

typedef struct dns_server_record {
    dns_endpoint endpoint; /* by dns_server_identity() */
    dns_link by_use;
    dns_kind_record kinds[QUERY_KINDS];
    uint32_t others_asked, others_answered; /* queries without COOKIE over UDP */
    uint32_t others_answer_frame;           /* the last answer to one of them */
    dns_seen opt;                           /* a response with OPT: the server knows EDNS */
    dns_seen demands_cookie;                /* BADCOOKIE, or REFUSED with words about cookies */
    dns_seen stray,
        stray_cookie; /* the last response whose query was not captured before it; the last one with COOKIE */
    dns_question_record *questions, *heard_last; /* one of them, or NULL */
    unsigned question_room, question_losses, questions_heard;
    struct cookie_server *cookies; /* of the cookie engine; the record stays while it is set */
    struct cookie_claims *claims;  /* likewise: what is claimed of this server */
} dns_server_record;

typedef struct dns_records dns_records;

dns_records *dns_records_new(wmem_allocator_t *scope);

/* Changes whenever a record is forgotten: a pointer kept together with this number is good while the number is the same. */
unsigned dns_records_generation(const dns_records *records);

/* The record of this server, made when it is not known. Never NULL. */
dns_server_record *dns_records_server(dns_records *records, const dns_endpoint *server);

/* A query over UDP of this kind. `again`: it had been sent before. */
void dns_record_query(dns_records *records, dns_server_record *server, dns_query_kind kind, const dns_message *message,
                      dns_finding *finding, int64_t time, const dns_address *client, bool again);

/* The first response over UDP to a query of this kind, which the client may believe. `client`: of the query. */
void dns_record_answer(dns_records *records, dns_server_record *server, dns_query_kind kind, const dns_message *message,
                       const dns_finding *finding, int64_t time, const dns_address *client);

/* A response over UDP of this server whose query is not in the capture, or comes after it. Makes no record. */
void dns_record_stray(dns_records *records, const dns_endpoint *server, const dns_finding *finding, int64_t time);

/* What is known of a question; NULL when nothing is. */
dns_question_record *dns_record_question(const dns_server_record *server, uint32_t question_hash);

/* Queries with COOKIE that were not answered so far, oldest first: calls `take` for each. */
typedef void (*dns_waiting_function)(dns_waiting_query *waiting, void *data);
void dns_record_unanswered(const dns_server_record *server, dns_waiting_function take, void *data);

#endif
