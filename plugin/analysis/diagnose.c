/* diagnose.c
 * Writing into findings.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "diagnose.h"

/* Copies show the lists of their original. */
static void renew_copies(const dns_finding *original)
{
    for (dns_finding *c = original->more->copies; c; c = c->more->copies) {
        dns_finding_more *more = (dns_finding_more *)(uintptr_t)c->more;
        more->diagnoses = original->more->diagnoses;
        more->violations = original->more->violations;
    }
}

void dns_note_copy(wmem_allocator_t *scope, dns_finding *copy, dns_finding *original)
{
    dns_finding *last = copy; /* of those that it has itself */
    while (last->more->copies)
        last = last->more->copies;
    dns_finding_extend(scope, last)->copies = original->more->copies;
    dns_finding_extend(scope, original)->copies = copy;
    renew_copies(original);
}

dns_diagnosis *dns_diagnose(wmem_allocator_t *scope, dns_finding *finding, dns_cause cause, dns_confidence confidence,
                            dns_facts facts)
{
    dns_diagnosis *d = wmem_new0(scope, dns_diagnosis);
    d->cause = cause;
    d->frame = finding->frame;
    d->confidence = confidence;
    d->facts = facts;
    dns_put_back(scope, finding, d);
    return d;
}

void dns_put_back(wmem_allocator_t *scope, dns_finding *finding, dns_diagnosis *diagnosis)
{
    dns_diagnosis **at = &dns_finding_extend(scope, finding)->diagnoses;
    while (*at)
        at = &(*at)->next;
    *at = diagnosis;
    diagnosis->next = NULL;
    renew_copies(finding);
}

void dns_take_back(dns_finding *finding, dns_diagnosis *diagnosis)
{
    if (finding->more == &dns_finding_nothing)
        return;
    dns_diagnosis **at = &((dns_finding_more *)(uintptr_t)finding->more)->diagnoses;
    while (*at && *at != diagnosis)
        at = &(*at)->next;
    if (*at)
        *at = diagnosis->next;
    diagnosis->next = NULL;
    renew_copies(finding);
}

void dns_add_evidence(wmem_allocator_t *scope, dns_diagnosis *diagnosis, dns_evidence_kind kind, dns_facts facts)
{
    dns_evidence **at = &diagnosis->evidence;
    while (*at)
        at = &(*at)->next;
    *at = wmem_new0(scope, dns_evidence);
    (*at)->kind = kind;
    (*at)->facts = facts;
}

dns_violation *dns_violate(wmem_allocator_t *scope, dns_finding *finding, uint16_t rule, dns_severity severity,
                           dns_facts facts)
{
    dns_violation **at = &dns_finding_extend(scope, finding)->violations;
    for (; *at; at = &(*at)->next)
        if ((*at)->rule == rule)
            return *at;
    *at = wmem_new0(scope, dns_violation);
    (*at)->rule = rule;
    (*at)->frame = finding->frame;
    (*at)->severity = severity;
    (*at)->facts = facts;
    renew_copies(finding);
    return *at;
}

void dns_take_back_violation(dns_finding *finding, uint16_t rule)
{
    if (finding->more == &dns_finding_nothing)
        return;
    dns_violation **at = &((dns_finding_more *)(uintptr_t)finding->more)->violations;
    while (*at && (*at)->rule != rule)
        at = &(*at)->next;
    if (*at)
        *at = (*at)->next;
    renew_copies(finding);
}

dns_diagnosis *dns_find_diagnosis(const dns_finding *finding, dns_cause cause)
{
    for (dns_diagnosis *d = finding->more->diagnoses; d; d = d->next)
        if (d->cause == cause)
            return d;
    return NULL;
}
