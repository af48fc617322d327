/* diagnose.c
 * Writing into findings.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "diagnose.h"

dns_diagnosis *dns_diagnose(wmem_allocator_t *scope, dns_finding *finding, dns_cause cause, dns_confidence confidence,
                            dns_facts facts)
{
    dns_diagnosis **at = &dns_finding_extend(scope, finding)->diagnoses;
    while (*at)
        at = &(*at)->next;
    *at = wmem_new0(scope, dns_diagnosis);
    (*at)->cause = cause;
    (*at)->frame = finding->frame;
    (*at)->confidence = confidence;
    (*at)->facts = facts;
    return *at;
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
    (*at)->severity = severity;
    (*at)->facts = facts;
    return *at;
}

void dns_withdraw(wmem_allocator_t *scope, dns_finding *finding, const dns_diagnosis *diagnosis)
{
    dns_diagnosis **at = &dns_finding_extend(scope, finding)->diagnoses;
    while (*at && *at != diagnosis)
        at = &(*at)->next;
    if (*at)
        *at = (*at)->next;
}

void dns_withdraw_violation(wmem_allocator_t *scope, dns_finding *finding, uint16_t rule)
{
    dns_violation **at = &dns_finding_extend(scope, finding)->violations;
    while (*at && (*at)->rule != rule)
        at = &(*at)->next;
    if (*at)
        *at = (*at)->next;
}

dns_diagnosis *dns_find_diagnosis(const dns_finding *finding, dns_cause cause)
{
    for (dns_diagnosis *d = finding->more->diagnoses; d; d = d->next)
        if (d->cause == cause)
            return d;
    return NULL;
}
