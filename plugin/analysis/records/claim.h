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
 *     stands  ──►  refuted: for good. Each member takes back what it says, or says something else instead, and nobody can
 *                  join any more
 *
 * A withdrawn claim comes back when the facts change again. Refuted are claims of which one fact suffices to disprove them,
 * whenever it comes: that a server has no DSO, when it is seen to do DSO. Otherwise there is no last state but the end of
 * the capture: what stands then is what the second pass shows. In one pass a frame shows the ruling of its moment; while a
 * ruling is open, later frames may overturn it, and display says no more than "warn".
 *
 * Members say what the ruling says, all the same; those with words of their own (another cause that rests on the same
 * claim, a broken rule) keep them while the claim stands.
 *
 * Memory: of the scope, 64 bytes a member; at most CLAIM_MEMBERS_MAX members are settled. Further ones keep the ruling that
 * they came under; what may be refuted must not be said then: see dns_claim_can_join().
 */
#ifndef DNSRCODE_CLAIM_H
#define DNSRCODE_CLAIM_H

#include "../../knowledge/rules.h"
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

/* What a member says when the claim is refuted. */
typedef struct {
    dns_cause cause; /* of its diagnosis, observed then; CAUSE_NONE: that vanishes */
    bool mild;       /* of the milder kind */
    uint16_t rule;   /* what its finding breaks, RULE_COUNT: nothing */
    dns_facts facts; /* of that rule */
} dns_claim_otherwise;

typedef struct {
    dns_finding *finding;
    dns_diagnosis *diagnosis; /* NULL: a broken rule ... */
    uint16_t rule;            /* ... this one */
    bool shown;               /* the diagnosis stands with its finding */
    bool own_words;
    dns_claim_otherwise *otherwise; /* NULL: nothing is said when the claim is refuted */
    void *of_owner;                 /* what the claim's owner keeps with it */
} dns_claim_member;

typedef struct {
    wmem_allocator_t *scope;
    dns_ruling ruling;
    bool refuted;
    dns_evidence *shared; /* the ruling's evidence, behind each member's own */
    dns_claim_member *members;
    unsigned count, room;
} dns_claim;

void dns_claim_init(dns_claim *claim, wmem_allocator_t *scope);

/* Settled for good: the claim is freed, what it says stays with its findings. NULL does nothing. */
void dns_claim_close(dns_claim *claim);

/* A finding that the claim speaks for, with `count` pieces of evidence of its own; what the ruling names follows them. The
 * diagnosis gets the ruling in force. Never NULL; it stands with the finding only while the claim does. */
dns_diagnosis *dns_claim_join(dns_claim *claim, dns_finding *finding, dns_facts facts, const dns_claim_evidence *own,
                              unsigned count);

/* Likewise a diagnosis that stands already, with its own evidence: it says what the ruling says from now on. */
void dns_claim_adopt(dns_claim *claim, dns_finding *finding, dns_diagnosis *diagnosis);

/* Members with words of their own, a diagnosis or a broken rule, which the caller puts there. The member is good until the
 * next one joins. Only where one can join. */
bool dns_claim_can_join(const dns_claim *claim);
dns_claim_member *dns_claim_join_own(dns_claim *claim, dns_finding *finding, dns_diagnosis *diagnosis,
                                     const dns_claim_otherwise *otherwise);
void dns_claim_join_rule(dns_claim *claim, dns_finding *finding, dns_rule rule);

/* The finding speaks for another story now: its diagnosis of this claim is taken back for good. */
void dns_claim_leave(dns_claim *claim, const dns_finding *finding);

/* Does nothing when the ruling is the one in force. */
void dns_claim_rule(dns_claim *claim, const dns_ruling *ruling);

/* For good. The members stay, for the owner to look at. */
void dns_claim_refute(dns_claim *claim);

/* Appends to a ruling; what does not fit is left out. */
void dns_ruling_evidence(dns_ruling *ruling, dns_evidence_kind kind, dns_facts facts);

/* The same for a text whose only fact is a frame; frame 0 shows nothing and appends nothing. */
void dns_ruling_frame(dns_ruling *ruling, dns_evidence_kind kind, uint32_t frame);

#endif
