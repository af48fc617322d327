/* claim.c
 * A cause that rests on more than its own frame, and how it is settled. See claim.h for its states.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "claim.h"

void dns_claim_init(dns_claim *claim, wmem_allocator_t *scope)
{
    memset(claim, 0, sizeof *claim);
    claim->scope = scope;
}

void dns_claim_close(dns_claim *claim)
{
    if (!claim)
        return;
    wmem_free(claim->scope, claim->members);
    wmem_free(claim->scope, claim);
}

static void cut_off_shared(dns_diagnosis *d, const dns_evidence *shared)
{
    dns_evidence **at = &d->evidence;
    while (*at && *at != shared)
        at = &(*at)->next;
    *at = NULL;
}

static void append_shared(dns_diagnosis *d, dns_evidence *shared)
{
    dns_evidence **at = &d->evidence;
    while (*at)
        at = &(*at)->next;
    *at = shared;
}

static void apply(dns_claim *claim, dns_claim_member *m)
{
    const dns_ruling *r = &claim->ruling;
    bool wanted = r->cause != CAUSE_NONE;
    if (m->shown && !wanted)
        dns_take_back(m->finding, m->diagnosis);
    else if (!m->shown && wanted)
        dns_put_back(claim->scope, m->finding, m->diagnosis);
    m->shown = wanted;
    if (!wanted)
        return;
    m->diagnosis->cause = r->cause;
    m->diagnosis->confidence = r->confidence;
    m->diagnosis->open = r->open;
    m->diagnosis->once = r->once;
    if (r->other)
        m->diagnosis->facts.other = r->other;
    if (r->counts) {
        m->diagnosis->facts.n = r->n;
        m->diagnosis->facts.m = r->m;
    }
}

static void free_evidence(wmem_allocator_t *scope, dns_evidence *e)
{
    while (e) {
        dns_evidence *next = e->next;
        wmem_free(scope, e);
        e = next;
    }
}

static dns_evidence *make_evidence(wmem_allocator_t *scope, const dns_ruling *ruling)
{
    dns_evidence *first = NULL, **at = &first;
    for (unsigned i = 0; i < ruling->evidence_count; i++) {
        *at = wmem_new0(scope, dns_evidence);
        (*at)->kind = ruling->evidence[i].kind;
        (*at)->facts = ruling->evidence[i].facts;
        at = &(*at)->next;
    }
    return first;
}

static dns_claim_member *add_member(dns_claim *claim, const dns_claim_member *member)
{
    if (claim->count == claim->room) {
        claim->room = claim->room ? 2 * claim->room : 4;
        claim->members =
            (dns_claim_member *)wmem_realloc(claim->scope, claim->members, claim->room * sizeof *claim->members);
    }
    dns_claim_member *m = &claim->members[claim->count++];
    *m = *member;
    return m;
}

/* One that the ruling in force speaks for, and those to come while there is room. */
static void add_settled(dns_claim *claim, dns_claim_member *m)
{
    if (claim->count < CLAIM_MEMBERS_MAX) {
        m = add_member(claim, m);
        append_shared(m->diagnosis, claim->shared);
    }
    apply(claim, m);
}

dns_diagnosis *dns_claim_join(dns_claim *claim, dns_finding *finding, dns_facts facts, const dns_claim_evidence *own,
                              unsigned count)
{
    dns_diagnosis *d = wmem_new0(claim->scope, dns_diagnosis);
    d->frame = finding->frame;
    d->facts = facts;
    for (unsigned i = 0; i < count; i++)
        dns_add_evidence(claim->scope, d, own[i].kind, own[i].facts);
    add_settled(claim, &(dns_claim_member){.finding = finding, .diagnosis = d});
    return d;
}

void dns_claim_adopt(dns_claim *claim, dns_finding *finding, dns_diagnosis *d)
{
    add_settled(claim, &(dns_claim_member){.finding = finding, .diagnosis = d, .shown = true});
}

/* ---- members with words of their own ---- */

bool dns_claim_can_join(const dns_claim *claim)
{
    return !claim->refuted && claim->count < CLAIM_MEMBERS_MAX;
}

dns_claim_member *dns_claim_join_own(dns_claim *claim, dns_finding *finding, dns_diagnosis *d,
                                     const dns_claim_otherwise *otherwise)
{
    dns_claim_member m = {.finding = finding, .diagnosis = d, .shown = true, .own_words = true};
    m.otherwise = wmem_new(claim->scope, dns_claim_otherwise);
    *m.otherwise = *otherwise;
    return add_member(claim, &m);
}

void dns_claim_join_rule(dns_claim *claim, dns_finding *finding, dns_rule rule)
{
    add_member(claim, &(dns_claim_member){.finding = finding, .rule = (uint16_t)rule, .own_words = true});
}

static void refute_member(const dns_claim *claim, const dns_claim_member *m)
{
    const dns_claim_otherwise *o = m->otherwise;
    if (!m->diagnosis) {
        dns_take_back_violation(m->finding, m->rule);
    } else if (!o || o->cause == CAUSE_NONE) {
        dns_take_back(m->finding, m->diagnosis);
    } else {
        m->diagnosis->cause = o->cause;
        m->diagnosis->mild = o->mild;
        m->diagnosis->confidence = CONFIDENCE_OBSERVED;
    }
    if (o && o->rule < RULE_COUNT)
        dns_violate(claim->scope, m->finding, o->rule, dns_rule_find(o->rule)->severity, o->facts);
}

void dns_claim_refute(dns_claim *claim)
{
    for (unsigned i = 0; i < claim->count && !claim->refuted; i++)
        refute_member(claim, &claim->members[i]);
    claim->refuted = true;
}

void dns_claim_leave(dns_claim *claim, const dns_finding *finding)
{
    for (unsigned i = 0; i < claim->count; i++) {
        dns_claim_member *m = &claim->members[i];
        if (m->finding != finding)
            continue;
        if (m->shown)
            dns_take_back(m->finding, m->diagnosis);
        *m = claim->members[--claim->count];
        return;
    }
}

/* Of the facts that evidence names. */
static bool same_evidence(const dns_claim_evidence *a, const dns_claim_evidence *b)
{
    const dns_facts *x = &a->facts, *y = &b->facts;
    return a->kind == b->kind && x->frame == y->frame && x->other == y->other && x->n == y->n && x->m == y->m &&
           x->age == y->age && x->rcode == y->rcode;
}

static bool same_ruling(const dns_ruling *a, const dns_ruling *b)
{
    bool same = a->cause == b->cause && a->confidence == b->confidence && a->open == b->open && a->once == b->once &&
                a->other == b->other && a->counts == b->counts && a->n == b->n && a->m == b->m &&
                a->evidence_count == b->evidence_count;
    for (unsigned i = 0; same && i < a->evidence_count; i++)
        same = same_evidence(&a->evidence[i], &b->evidence[i]);
    return same;
}

void dns_claim_rule(dns_claim *claim, const dns_ruling *ruling)
{
    if (same_ruling(&claim->ruling, ruling))
        return;
    claim->ruling = *ruling;
    for (unsigned i = 0; i < claim->count; i++)
        if (!claim->members[i].own_words)
            cut_off_shared(claim->members[i].diagnosis, claim->shared);
    free_evidence(claim->scope, claim->shared);
    claim->shared = make_evidence(claim->scope, ruling);
    for (unsigned i = 0; i < claim->count; i++) {
        if (claim->members[i].own_words)
            continue;
        append_shared(claim->members[i].diagnosis, claim->shared);
        apply(claim, &claim->members[i]);
    }
}

void dns_ruling_frame(dns_ruling *ruling, dns_evidence_kind kind, uint32_t frame)
{
    if (frame)
        dns_ruling_evidence(ruling, kind, (dns_facts){.frame = frame});
}

void dns_ruling_evidence(dns_ruling *ruling, dns_evidence_kind kind, dns_facts facts)
{
    if (ruling->evidence_count == RULING_EVIDENCE_MAX)
        return;
    ruling->evidence[ruling->evidence_count].kind = kind;
    ruling->evidence[ruling->evidence_count++].facts = facts;
}
