/* dso_server.h
 * What each server has been seen to do with DNS Stateful Operations, whoever asked, and the claims that rest on it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RFC 8490 section 5.1.1: NOERROR and DSOTYPENI (RCODE 11) show that a server does DSO. Any other code lets a client take
 * it as one without DSO, no more than that, so such a verdict is a claim (claim.h), which the first such answer refutes, on
 * whatever connection, to whatever client. That a server has no Push is another one; the first SUBSCRIBE that it accepts
 * overturns it.
 *
 * A server is an endpoint: another port may be another program. All memory is of the scope; the tables are bounded, and
 * of a server or a type that finds no place nothing is known and nothing may be claimed. Frame number 0 means "not seen".
 */
#ifndef DNSRCODE_RECORDS_DSO_SERVER_H
#define DNSRCODE_RECORDS_DSO_SERVER_H

#include "../limits.h"
#include "claim.h"

enum {
    DSO_SERVERS_MAX = DNS_LIMIT(16384, 3),
    DSO_REFUSED_TYPES_MAX = DNS_LIMIT(32, 2), /* of one server */
};

typedef struct {
    dns_endpoint endpoint;
    uint32_t known_in; /* the first NOERROR or DSOTYPENI to opcode 6, or DSO message of its own */
    uint32_t push_in;  /* the first accepted SUBSCRIBE, or PUSH */
    struct {
        uint16_t type;
        uint32_t frame; /* of the DSOTYPENI */
    } refused[DSO_REFUSED_TYPES_MAX];
    unsigned refused_count;
    dns_claim no_dso, no_push;
} dso_server;

typedef struct dso_servers dso_servers;

dso_servers *dso_servers_new(wmem_allocator_t *scope);

/* The server's record, a new one where there is none; NULL when the table is full. */
dso_server *dso_servers_get(dso_servers *servers, const dns_endpoint *endpoint);

/* DSOTYPENI to a request of this type. */
void dso_server_refuse(dso_server *server, uint16_t type, uint32_t frame);
/* The frame in which it refused the type, 0 when it has not. */
uint32_t dso_server_refused_in(const dso_server *server, uint16_t type);

#endif
