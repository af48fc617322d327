/* visit.h
 * A client that came once, in little room.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What most clients of a busy server do in a capture is this: one query with COOKIE over UDP, and its answer, which brought a
 * server cookie, and of which nothing was to be told. All that is known of such a client is a visit, less than half of what
 * pair, exchange and issued cookie take. Whoever asks for one of these gets it whole: nothing is lost on the way there and
 * back.
 */
#ifndef DNSRCODE_COOKIE_VISIT_H
#define DNSRCODE_COOKIE_VISIT_H

#include "store.h"

/* Server cookies of 16 bytes are what nearly all servers make. */
enum { COOKIE_USUAL_LENGTH = 16 };

struct cookie_visit {
    cookie_caller caller;
    dns_link in_store;
    cookie_server *server;
    int64_t asked;   /* time of the query */
    uint32_t waited; /* until the answer, in nanoseconds */
    uint32_t asked_frame, answer_frame;
    uint32_t question, message, cookie; /* hashes, as the exchange has them of its last and first query */
    dns_address client;
    bool server_cookie; /* the query brought one */
    bool plain_answer;  /* see cookie_unlearned */
    uint8_t client_cookie[COOKIE_CLIENT_LENGTH], issued[COOKIE_USUAL_LENGTH];
};

/* The same, whole. Only pointers among these four and to the server are set; who finds them is the store's business. */
typedef struct {
    cookie_pair *pair;
    cookie_exchange *exchange;
    cookie_issued *issued;
    cookie_unlearned *unlearned; /* NULL: the query brought a server cookie */
} cookie_whole;

/* Nothing is known of this exchange's client but one such query and its answer. */
bool cookie_visit_fits(const cookie_exchange *exchange);

/* Of an exchange that fits. Leaves `caller.link` and `in_store` alone. */
void cookie_visit_fold(cookie_visit *visit, const cookie_exchange *exchange);

/* Into objects that are all zero. Leaves the hash of the issued cookie and all links to the store. */
void cookie_visit_unfold(const cookie_visit *visit, const cookie_whole *whole);

/* What it asked without a server cookie: all zero when it had one. */
cookie_unlearned cookie_visit_unlearned(const cookie_visit *visit);

#endif
