/* claim.h
 * A cause that rests on more than its own frame, and how it is settled.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A claim is made when a frame suggests it ("this FORMERR is about the COOKIE"). It speaks for its members: the findings
 * that show the same trouble. Its judge weighs it against what is known of the server, each time when something new is
 * known, and gives a ruling. The states of a claim:
 *
 *     none ──► stands, open ◄──► stands, certain       each step changes cause, confidence, evidence of all its
 *                 ▲   │                │                members together
 *                 │   ▼                ▼
 *               withdrawn: no member bears a diagnosis of it (the cause is CAUSE_NONE)
 *
 * A withdrawn claim comes back when the facts change again. There is no last state but the end of the capture: what stands
 * then is what the second pass shows. In one pass a frame shows the ruling of its moment; while a ruling is open, later
 * frames may overturn it, and display says no more than "warn".
 *
 * Memory: of the scope, 40 bytes a member; at most CLAIM_MEMBERS_MAX members are settled, further ones keep the ruling that
 * they came under.
 */
#ifndef DNSRCODE_CLAIM_H
#define DNSRCODE_CLAIM_H

#include "../diagnose.h"
#include "../limits.h"

enum {
    CLAIM_MEMBERS_MAX = DNS_LIMIT(4096, 4),
    RULING_EVIDENCE_MAX = 4,
};

/* What speaks for a ruling, beyond what each member shows by itself. */
typedef struct {
    dns_evidence_kind kind;
    dns_facts facts;
} dns_claim_evidence;

/* All zero: withdrawn. */
typedef struct {
    dns_cause cause; /* CAUSE_NONE: nothing is claimed */
    dns_confidence confidence;
    bool open;      /* later frames may overturn it */
    bool once;      /* it rests on one event alone */
    uint32_t other; /* for the texts of all members; 0: each keeps its own */
    bool counts;    /* likewise n and m, when set */
    uint32_t n, m;
    unsigned evidence_count;
    dns_claim_evidence evidence[RULING_EVIDENCE_MAX];
} dns_ruling;

typedef struct {
    dns_finding *finding;
    dns_diagnosis *diagnosis;
    bool shown; /* the diagnosis stands with its finding */
} dns_claim_member;

typedef struct {
    wmem_allocator_t *scope;
    dns_ruling ruling;
    dns_evidence *shared; /* the ruling's evidence, behind each member's own */
    dns_claim_member *members;
    unsigned count, room;
} dns_claim;

void dns_claim_init(dns_claim *claim, wmem_allocator_t *scope);

/* A finding that the claim speaks for, with `count` pieces of evidence of its own; what the ruling names follows them. The
 * diagnosis gets the ruling in force. Never NULL; it stands with the finding only while the claim does. */
dns_diagnosis *dns_claim_join(dns_claim *claim, dns_finding *finding, dns_facts facts, const dns_claim_evidence *own,
                              unsigned count);

/* The finding speaks for another story now: its diagnosis of this claim is taken back for good. */
void dns_claim_leave(dns_claim *claim, const dns_finding *finding);

/* Does nothing when the ruling is the one in force. */
void dns_claim_rule(dns_claim *claim, const dns_ruling *ruling);

/* Appends to a ruling; what does not fit is left out. */
void dns_ruling_evidence(dns_ruling *ruling, dns_evidence_kind kind, dns_facts facts);

/* The same for a text whose only fact is a frame; frame 0 shows nothing and appends nothing. */
void dns_ruling_frame(dns_ruling *ruling, dns_evidence_kind kind, uint32_t frame);

#endif
