/* unseen.c
 * Cookies from before the capture that are refused.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "unseen.h"

#include "claims.h"

enum { CLIENTS_MIN = 3 };

static int place_of(const cookie_unseen *u, uint32_t client)
{
    for (unsigned i = 0; i < u->count; i++)
        if (u->clients[i] == client)
            return (int)i;
    return -1;
}

static unsigned came_back(const cookie_unseen *u)
{
    unsigned count = 0;
    for (unsigned i = 0; i < u->count; i++)
        count += u->back[i];
    return count;
}

static void judge(cookie_unseen *u, const cookie_server *server)
{
    dns_ruling r = {.cause = CAUSE_NOT_SEEN_ISSUED, .confidence = CONFIDENCE_INFERRED, .open = true};
    unsigned back = came_back(u);
    bool most = back >= CLIENTS_MIN && 4 * back >= 3 * u->count; /* the capture may end before the others do */
    if (most && !u->taken && !server->rejection_count) {
        r.cause = CAUSE_SERVER_SECRET_CHANGED;
        dns_ruling_evidence(&r, EVIDENCE_UNSEEN_CLIENTS, (dns_facts){.n = back});
    }
    dns_claim_rule(&u->claim, &r);
}

static cookie_unseen *known(const cookie_response *r)
{
    cookie_claims *c = r->server->claims;
    return c && c->unseen.count ? &c->unseen : NULL;
}

void cookie_unseen_refused(cookie_response *r, dns_diagnosis *d)
{
    cookie_claims *c = dns_transport_is_datagram(r->packet->transport) && r->first
                           ? cookie_claims_of(r->engine, r->server, true)
                           : NULL;
    if (!c)
        return;
    cookie_unseen *u = &c->unseen;
    uint32_t client = dns_record_client(&r->query->client.address);
    int place = place_of(u, client);
    if (place >= 0)
        u->back[place] = false;
    else if (u->count < UNSEEN_CLIENTS_MAX)
        u->clients[u->count++] = client;
    dns_claim_adopt(&u->claim, r->finding, d);
    judge(u, r->exchange->pair->server);
}

void cookie_unseen_accepted(cookie_response *r, bool own)
{
    cookie_unseen *u = known(r);
    if (!u || !dns_transport_is_datagram(r->packet->transport))
        return;
    int place = own ? place_of(u, dns_record_client(&r->query->client.address)) : -1;
    if (place >= 0)
        u->back[place] = true;
    u->taken |= !own;
    judge(u, r->exchange->pair->server);
}

void cookie_unseen_weigh(const cookie_response *r)
{
    cookie_unseen *u = r->exchange ? known(r) : NULL;
    if (u)
        judge(u, r->exchange->pair->server);
}
