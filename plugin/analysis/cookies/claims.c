/* claims.c
 * What is claimed of a server.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "claims.h"

cookie_claims *cookie_claims_of(cookie_engine *engine, dns_server_record *server, bool create)
{
    if (server->claims || !create || engine->claimed_servers >= CLAIMED_SERVERS_MAX)
        return server->claims;
    engine->claimed_servers++;
    cookie_claims *c = wmem_new0(engine->scope, cookie_claims);
    for (unsigned i = 0; i < FORMERR_CASES_MAX; i++)
        dns_claim_init(&c->formerr[i].claim, engine->scope);
    dns_claim_init(&c->silence.claim, engine->scope);
    dns_claim_init(&c->depends.claim, engine->scope);
    dns_claim_init(&c->unseen.claim, engine->scope);
    server->claims = c;
    return c;
}
