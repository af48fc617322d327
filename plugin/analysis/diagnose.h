/* diagnose.h
 * Writing into findings: the only place where diagnoses, evidence and violations are made.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_DIAGNOSE_H
#define DNSRCODE_DIAGNOSE_H

#include "../finding/finding.h"
#include "memory.h"

/* Appends; the most important diagnosis is added first. */
dns_diagnosis *dns_diagnose(wmem_allocator_t *scope, dns_finding *finding, dns_cause cause, dns_confidence confidence,
                            dns_facts facts);

/* Appends one sentence of evidence. */
void dns_add_evidence(wmem_allocator_t *scope, dns_diagnosis *diagnosis, dns_evidence_kind kind, dns_facts facts);

/* Appends; a rule is noted once per finding. `severity` is that of the rule's table row or milder. Returns what stands
 * there. */
dns_violation *dns_violate(wmem_allocator_t *scope, dns_finding *finding, uint16_t rule, dns_severity severity,
                           dns_facts facts);

/* A diagnosis that turned out wrong: it no longer stands with its finding. Nothing when it does not. */
void dns_take_back(dns_finding *finding, dns_diagnosis *diagnosis);

/* Likewise a broken rule. */
void dns_take_back_violation(dns_finding *finding, uint16_t rule);

/* Appends a diagnosis made before or taken back. */
void dns_put_back(wmem_allocator_t *scope, dns_finding *finding, dns_diagnosis *diagnosis);

/* The same packet again: it shows the verdict of `original`, as that is now and will be. */
void dns_note_copy(wmem_allocator_t *scope, dns_finding *copy, dns_finding *original);

/* The diagnosis of that cause, or NULL. */
dns_diagnosis *dns_find_diagnosis(const dns_finding *finding, dns_cause cause);

#endif
