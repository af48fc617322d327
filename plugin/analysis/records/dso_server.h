/* dso_server.h
 * What each server has been seen to do with DNS Stateful Operations, whoever asked, and the claims that rest on it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RFC 8490 section 5.1.1: NOERROR and DSOTYPENI (RCODE 11) show that a server does DSO. Any other code lets a client take
 * it as one without DSO, no more than that, so such a verdict is a claim. It goes through these states:
 *
 *     no record          nothing is known of the server: the claim can be made
 *     open               made, and kept with the record; all of the capture so far is silent about DSO at that server
 *     withdrawn          NOERROR or DSOTYPENI came, on whatever connection, from whatever client: every claim of the
 *                        record is handed out once, its owner takes back what it said, and the record keeps none
 *     impossible         the server is known to do DSO: from now on no such claim is made of it
 *
 * A claim that a server has no Push goes through the same states with the first SUBSCRIBE that it accepts.
 *
 * A server is an endpoint: another port may be another program. All memory is of the scope; the tables are bounded, and
 * of a server or a type that finds no place nothing is known and nothing may be claimed. Frame number 0 means "not seen".
 */
#ifndef DNSRCODE_RECORDS_DSO_SERVER_H
#define DNSRCODE_RECORDS_DSO_SERVER_H

#include "../../finding/finding.h"
#include "../limits.h"
#include "../memory.h"

enum {
    DSO_SERVERS_MAX = DNS_LIMIT(16384, 3),
    DSO_CLAIMS_MAX = DNS_LIMIT(1024, 4),      /* of one server, of each kind */
    DSO_REFUSED_TYPES_MAX = DNS_LIMIT(32, 2), /* of one server */
};

typedef enum { DSO_CLAIM_NO_DSO, DSO_CLAIM_NO_PUSH, DSO_CLAIM_KINDS } dso_claim_kind;

/* Something said of `finding` that rests on it. */
typedef struct dso_claim {
    struct dso_claim *next; /* made before this one */
    dns_finding *finding;
    dns_diagnosis *diagnosis; /* NULL: a broken rule ... */
    uint16_t rule;            /* ... this one */
    dns_cause otherwise;      /* what the diagnosis becomes; CAUSE_NONE: it vanishes */
    uint16_t otherwise_rule;  /* what the finding breaks then; 0: none. (Rule + 1.) */
    dns_facts facts;          /* of that rule */
    struct dso_story *story;  /* how it went on, NULL: nothing tells */
    dns_evidence *evidence;   /* the sentence that changes, NULL: none */
} dso_claim;

typedef struct {
    dns_endpoint endpoint;
    uint32_t known_in; /* the first NOERROR or DSOTYPENI to opcode 6 */
    uint32_t push_in;  /* the first accepted SUBSCRIBE */
    struct {
        uint16_t type;
        uint32_t frame; /* of the DSOTYPENI */
    } refused[DSO_REFUSED_TYPES_MAX];
    unsigned refused_count;
    dso_claim *claims[DSO_CLAIM_KINDS];
    unsigned claim_count[DSO_CLAIM_KINDS];
} dso_server;

typedef struct dso_servers dso_servers;

dso_servers *dso_servers_new(wmem_allocator_t *scope);

/* The server's record, a new one where there is none; NULL when the table is full. */
dso_server *dso_servers_get(dso_servers *servers, const dns_endpoint *endpoint);

/* A new claim, all zero, for its owner to fill in. NULL: the server is known to do it, or the table is full; then the
 * owner must not say it. `server` may be NULL. */
dso_claim *dso_server_claim(dso_servers *servers, dso_server *server, dso_claim_kind kind);

/* The fact that disproves such claims was seen: the open ones, for the owner to take back; the newest first. */
dso_claim *dso_server_disprove(dso_server *server, dso_claim_kind kind, uint32_t frame);

/* DSOTYPENI to a request of this type. */
void dso_server_refuse(dso_server *server, uint16_t type, uint32_t frame);
/* The frame in which it refused the type, 0 when it has not. */
uint32_t dso_server_refused_in(const dso_server *server, uint16_t type);

#endif
