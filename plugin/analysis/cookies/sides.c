/* sides.c
 * Addresses that may be one and the same, and what is said of a client cookie used with several.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sides.h"

/* Addresses with the same number are joined; the number is the place of one of them. */
typedef struct {
    dns_address address;
    unsigned group;
    bool parted; /* of the group whose number is this place: its addresses answer each in its own way */
} side;

typedef struct {
    dns_finding *finding;
    dns_diagnosis *diagnosis;
    dns_address here, there;
    uint32_t first_use;
    bool shown;
} remark;

struct cookie_sides {
    wmem_allocator_t *scope;
    side *sides; /* SIDES_MAX; NULL before the first */
    unsigned count;
    remark *remarks; /* REMARKS_MAX; NULL before the first */
    unsigned remark_count;
};

cookie_sides *cookie_sides_new(wmem_allocator_t *scope)
{
    cookie_sides *s = wmem_new0(scope, cookie_sides);
    s->scope = scope;
    return s;
}

static side *find(const cookie_sides *s, const dns_address *address)
{
    for (unsigned i = 0; i < s->count; i++)
        if (dns_address_equal(&s->sides[i].address, address))
            return &s->sides[i];
    return NULL;
}

bool cookie_sides_joined(const cookie_sides *s, const dns_address *a, const dns_address *b)
{
    const side *x = find(s, a), *y = x ? find(s, b) : NULL;
    return y && x->group == y->group && !s->sides[x->group].parted;
}

/* A condition that lasts is an entry of the expert panel once for a client cookie; later messages only carry the field. */
static bool told_before(const cookie_sides *s, const remark *r)
{
    for (const remark *other = s->remarks; other < r; other++)
        if (other->shown && other->first_use == r->first_use && other->diagnosis->cause == r->diagnosis->cause)
            return true;
    return false;
}

static void settle(cookie_sides *s, remark *r)
{
    bool wanted = !cookie_sides_joined(s, &r->here, &r->there);
    if (r->shown && !wanted)
        dns_take_back(r->finding, r->diagnosis);
    else if (!r->shown && wanted)
        dns_put_back(s->scope, r->finding, r->diagnosis);
    r->shown = wanted;
}

static void settle_all(cookie_sides *s)
{
    for (unsigned i = 0; i < s->remark_count; i++)
        settle(s, &s->remarks[i]);
    for (unsigned i = 0; i < s->remark_count; i++)
        s->remarks[i].diagnosis->repetition = told_before(s, &s->remarks[i]);
}

static side *find_or_add(cookie_sides *s, const dns_address *address)
{
    side *found = find(s, address);
    if (found || s->count == SIDES_MAX)
        return found;
    if (!s->sides)
        s->sides = wmem_alloc_array(s->scope, side, SIDES_MAX);
    s->sides[s->count] = (side){.address = *address, .group = s->count};
    return &s->sides[s->count++];
}

void cookie_sides_join(cookie_sides *s, const dns_address *a, const dns_address *b)
{
    const side *x = find_or_add(s, a), *y = find_or_add(s, b);
    if (!x || !y || x->group == y->group)
        return;
    unsigned from = y->group, to = x->group;
    for (unsigned i = 0; i < s->count; i++)
        if (s->sides[i].group == from)
            s->sides[i].group = to;
    s->sides[to].parted |= s->sides[from].parted;
    settle_all(s);
}

void cookie_sides_part(cookie_sides *s, const dns_address *a, const dns_address *b)
{
    if (!cookie_sides_joined(s, a, b))
        return;
    s->sides[find(s, a)->group].parted = true;
    settle_all(s);
}

void cookie_sides_remark(cookie_sides *s, dns_finding *query, dns_cause cause, dns_evidence_kind kind, dns_facts facts,
                         const dns_address *here, uint32_t first_use)
{
    if (s->remark_count == REMARKS_MAX || cookie_sides_joined(s, here, &facts.address.address))
        return;
    if (!s->remarks)
        s->remarks = wmem_alloc_array(s->scope, remark, REMARKS_MAX);
    dns_diagnosis *d = dns_diagnose(s->scope, query, cause, CONFIDENCE_OBSERVED, facts);
    dns_add_evidence(s->scope, d, kind, facts);
    remark *r = &s->remarks[s->remark_count++];
    *r = (remark){query, d, *here, facts.address.address, first_use, true};
    d->repetition = told_before(s, r);
}
