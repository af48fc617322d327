/* strays.c
 * Copies of packets that belong to no transaction.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "strays.h"

#include "hash.h"
#include "limits.h"

enum { STRAYS_MAX = DNS_LIMIT(256, 4) };

typedef struct {
    uint64_t hash; /* of ends and bytes */
    int64_t time;
    dns_finding *finding; /* NULL: the place is free */
} stray;

struct dns_strays {
    wmem_allocator_t *scope;
    stray *places; /* by their hash, the last of each place; NULL before the first */
};

dns_strays *dns_strays_new(wmem_allocator_t *scope)
{
    dns_strays *s = wmem_new0(scope, dns_strays);
    s->scope = scope;
    return s;
}

static uint64_t hash_of(const dns_packet *p, const dns_message *m)
{
    uint64_t hash = dns_hash_mix(dns_hash_seed(), (uint64_t)p->source.port << 16 | p->destination.port);
    hash = dns_hash_address(hash, &p->source.address);
    hash = dns_hash_address(hash, &p->destination.address);
    return dns_hash_bytes(hash, m->data, m->length);
}

dns_finding *dns_strays_original(dns_strays *s, const dns_packet *p, const dns_message *m, dns_finding *finding)
{
    if (!dns_transport_is_datagram(p->transport) || !m->length)
        return NULL;
    if (!s->places)
        s->places = wmem_alloc0_array(s->scope, stray, STRAYS_MAX);
    uint64_t hash = hash_of(p, m);
    stray *place = &s->places[hash % STRAYS_MAX];
    if (place->finding && place->hash == hash && p->time - place->time < DNS_TIMEOUT_MIN)
        return place->finding != finding ? place->finding : NULL;
    *place = (stray){hash, p->time, finding};
    return NULL;
}
