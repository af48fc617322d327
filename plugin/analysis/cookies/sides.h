/* sides.h
 * Addresses that may be one and the same, seen on both sides of an address translation; and what is said of a client
 * cookie that goes to, or comes from, several addresses (RFC 9018 section 3), which is not true of such ones.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One message that is seen with two addresses within a moment joins them. Nodes behind a translated address are joined through
 * it. What was said of two addresses is taken back when they are joined, whenever that comes, and stands again when the same
 * query is seen to be answered by each in its own way: then something asks several servers at a time.
 *
 * Memory: of the scope, for SIDES_MAX addresses and REMARKS_MAX remarks; further remarks are not made.
 */
#ifndef DNSRCODE_COOKIE_SIDES_H
#define DNSRCODE_COOKIE_SIDES_H

#include "../diagnose.h"
#include "../limits.h"

enum { SIDES_MAX = DNS_LIMIT(256, 4), REMARKS_MAX = DNS_LIMIT(1024, 4) };

typedef struct cookie_sides cookie_sides;

cookie_sides *cookie_sides_new(wmem_allocator_t *scope);

/* The same message was seen with either address. */
void cookie_sides_join(cookie_sides *sides, const dns_address *a, const dns_address *b);

/* The same query got different answers from these two. */
void cookie_sides_part(cookie_sides *sides, const dns_address *a, const dns_address *b);

/* They may be one, or stand behind one. */
bool cookie_sides_joined(const cookie_sides *sides, const dns_address *a, const dns_address *b);

/* `cause` (with `kind` as its evidence) is said of the query that the finding is about, as long as the two addresses, `here`
 * and that of the facts, are not joined. `first_use`: the frame of the client cookie's first use. */
void cookie_sides_remark(cookie_sides *sides, dns_finding *query, dns_cause cause, dns_evidence_kind kind,
                         dns_facts facts, const dns_address *here, uint32_t first_use);

#endif
