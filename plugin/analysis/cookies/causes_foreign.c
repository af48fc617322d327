/* causes_foreign.c
 * Why BADCOOKIE: the server cookie is somebody else's, or was never seen being issued.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "causes.h"
#include "sides.h"
#include "unseen.h"

typedef enum { OWNER_OTHER_ADDRESS, OWNER_OTHER_CLIENT_COOKIE, OWNER_OTHER_SERVER, OWNER_KINDS } owner_kind;

static owner_kind owner(const cookie_response *r, const cookie_issued *issued)
{
    const cookie_exchange *e = issued->exchange;
    if (!dns_endpoint_equal(&e->pair->server->endpoint, &r->exchange->pair->server->endpoint))
        return OWNER_OTHER_SERVER;
    bool same_cookie = memcmp(e->client_cookie, r->asked->bytes, COOKIE_CLIENT_LENGTH) == 0;
    return same_cookie ? OWNER_OTHER_ADDRESS : OWNER_OTHER_CLIENT_COOKIE;
}

/* Behind a proxy the same cookie was seen twice: what this very client got tells more. */
static bool issued_to_this_client(const cookie_response *r, const cookie_issued *issued)
{
    return dns_address_equal(&issued->exchange->pair->client, &r->query->client.address);
}

/* Of the two sides of an address translation, the server's response was there first on the server's. */
static bool tells_more(const cookie_response *r, const cookie_issued *a, const cookie_issued *b)
{
    if (owner(r, a) != owner(r, b))
        return owner(r, a) < owner(r, b);
    bool own_a = issued_to_this_client(r, a), own_b = issued_to_this_client(r, b);
    return own_a != own_b ? own_a : a->frame < b->frame;
}

/* Something between client and server seems to choose among the two. */
static bool seem_to_be_one(const cookie_response *r, const dns_address *issuer)
{
    return cookie_sides_joined(r->engine->sides, &r->query->server.address, issuer);
}

/* The client of this query was seen to get the client cookie from another one: it passes on what it gets. */
static void passed_on(cookie_response *r, dns_diagnosis *d)
{
    const cookie_use *use = r->exchange->use;
    if (use && use->frame && dns_address_equal(&use->server, &r->query->client.address))
        cookie_evidence(r, d, EVIDENCE_PASSED_ON, (dns_facts){.frame = use->frame, .address = {use->client, 0}});
}

dns_diagnosis *cookie_cause_issued_elsewhere(cookie_response *r)
{
    static const dns_cause causes[OWNER_KINDS] = {CAUSE_CLIENT_ADDRESS_CHANGED, CAUSE_CLIENT_COOKIE_CHANGED,
                                                  CAUSE_WRONG_SERVER};
    cookie_presented p = cookie_read_presented(r);
    const cookie_issued *best = NULL;
    for (const cookie_issued *i = cookie_store_issued(r->engine->store, p.bytes, p.length); i; i = i->same)
        if (i->exchange != r->exchange && (!best || tells_more(r, i, best)))
            best = i;
    if (!best)
        return NULL;
    owner_kind kind = owner(r, best);
    const cookie_pair *pair = best->exchange->pair;
    dns_facts facts = {.other = best->frame};
    facts.address = kind == OWNER_OTHER_SERVER ? pair->server->endpoint : (dns_endpoint){pair->client, 0};
    dns_diagnosis *d = cookie_diagnose(r, causes[kind], CONFIDENCE_OBSERVED, facts);
    d->mild = kind == OWNER_OTHER_SERVER && seem_to_be_one(r, &pair->server->endpoint.address);
    static const dns_evidence_kind kinds[OWNER_KINDS] = {EVIDENCE_ISSUED_TO_ADDRESS, EVIDENCE_ISSUED_WITH_OTHER,
                                                         EVIDENCE_ISSUED_BY_SERVER};
    cookie_evidence(r, d, kinds[kind], (dns_facts){.frame = best->frame, .address = facts.address});
    if (kind == OWNER_OTHER_SERVER)
        passed_on(r, d);
    return d;
}

/* With a secret: does the hash fit another client address of this capture? */
dns_diagnosis *cookie_cause_verified_elsewhere(cookie_response *r)
{
    if (!r->asked->verified_known || r->asked->verified)
        return NULL;
    const cookie_server *server = r->exchange->pair->server;
    const dns_link *at = server->clients.last;
    cookie_client other;
    for (unsigned tried = 0; tried < CLIENTS_TRIED_MAX && cookie_store_client(&at, &other); tried++) {
        if (other.pair == r->exchange->pair ||
            dns_cookie_check(r->engine->secrets, &server->endpoint.address, r->asked->bytes,
                             dns_cookie_server(r->asked), other.address) != COOKIE_FITS)
            continue;
        dns_facts facts = {.address = {*other.address, 0}};
        dns_diagnosis *d = cookie_diagnose(r, CAUSE_CLIENT_ADDRESS_CHANGED, CONFIDENCE_PROVEN, facts);
        cookie_evidence(r, d, EVIDENCE_HASH_FITS_ADDRESS,
                        (dns_facts){.frame = cookie_query_frame(r), .address = facts.address});
        return d;
    }
    return NULL;
}

dns_diagnosis *cookie_cause_altered(cookie_response *r)
{
    cookie_presented p = cookie_read_presented(r);
    const cookie_issued *issued = NULL; /* the oldest of those that it is nearly */
    for (const cookie_issued *i = r->exchange->last_issued; i; i = i->older)
        if (dns_cookie_altered(i->bytes, i->length, p.bytes, p.length))
            issued = i;
    if (!issued)
        return NULL;
    dns_facts facts = {.frame = cookie_query_frame(r), .other = issued->frame, .m = issued->length};
    for (unsigned k = 0; k < issued->length && k < p.length; k++)
        facts.n += issued->bytes[k] == p.bytes[k];
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_ALTERED_SERVER_COOKIE, CONFIDENCE_OBSERVED, facts);
    facts.frame = issued->frame;
    facts.other = cookie_query_frame(r);
    cookie_evidence(r, d, EVIDENCE_NEARLY_ISSUED, facts);
    return d;
}

dns_diagnosis *cookie_cause_unknown_format(cookie_response *r)
{
    cookie_presented p = cookie_read_presented(r);
    if (p.rfc9018)
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_UNKNOWN_COOKIE_FORMAT, CONFIDENCE_OBSERVED,
                                       (dns_facts){.n = p.length, .m = p.bytes[0]});
    cookie_evidence(r, d, EVIDENCE_FORMAT, (dns_facts){.frame = cookie_query_frame(r), .n = p.length, .m = p.bytes[0]});
    return d;
}

dns_diagnosis *cookie_cause_reserved_bytes(cookie_response *r)
{
    cookie_presented p = cookie_read_presented(r);
    if (!dns_cookie_has_reserved(p.bytes))
        return NULL;
    bool fits_not = r->asked->verified_known && !r->asked->verified;
    if (fits_not)
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_RESERVED_BYTES_REJECTED,
                                       r->asked->verified ? CONFIDENCE_PROVEN : CONFIDENCE_INFERRED, (dns_facts){0});
    cookie_evidence(r, d, EVIDENCE_RESERVED, (dns_facts){.frame = cookie_query_frame(r)});
    if (r->asked->verified)
        cookie_evidence(r, d, EVIDENCE_HASH_FITS, (dns_facts){.frame = cookie_query_frame(r)});
    return d;
}

dns_diagnosis *cookie_cause_forged(cookie_response *r)
{
    if (!r->asked->verified_known || r->asked->verified)
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_FORGED_OR_FOREIGN_COOKIE, CONFIDENCE_PROVEN, (dns_facts){0});
    cookie_evidence(r, d, EVIDENCE_HASH_FITS_NOT, (dns_facts){.frame = cookie_query_frame(r)});
    return d;
}

/* The configured secret says that the cookie is good, and the server refused it all the same. */
dns_diagnosis *cookie_cause_good_cookie_rejected(cookie_response *r)
{
    if (!r->asked->verified)
        return NULL;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_OWN_COOKIE_REJECTED, CONFIDENCE_PROVEN, (dns_facts){0});
    cookie_evidence(r, d, EVIDENCE_HASH_FITS, (dns_facts){.frame = cookie_query_frame(r)});
    return d;
}

dns_diagnosis *cookie_cause_not_seen(cookie_response *r)
{
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_NOT_SEEN_ISSUED, CONFIDENCE_INFERRED,
                                       (dns_facts){.age = cookie_read_presented(r).age});
    cookie_evidence(r, d, EVIDENCE_NOT_ISSUED_HERE, (dns_facts){.frame = cookie_query_frame(r)});
    cookie_unseen_refused(r, d);
    return d;
}
