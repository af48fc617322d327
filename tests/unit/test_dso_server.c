/* test_dso_server.c
 * The records of servers and DSO: facts before and after a claim, tables that are full.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/records/dso_server.h"

#include "check.h"

static const dns_endpoint one = {.address = {4, {192, 0, 2, 1}}, .port = 53};
static const dns_endpoint tls = {.address = {4, {192, 0, 2, 1}}, .port = 853};

static wmem_allocator_t *scope;

static dns_finding *new_finding(void)
{
    dns_finding *f = wmem_new0(scope, dns_finding);
    f->more = &dns_finding_nothing;
    return f;
}

/* A finding that says that a server has no DSO, and what it says otherwise. */
static dns_finding *without_dso(dns_claim *claim, dns_cause cause, unsigned rule)
{
    dns_finding *f = new_finding();
    dns_diagnosis *d = dns_diagnose(scope, f, CAUSE_DSO_NOT_IMPLEMENTED, CONFIDENCE_INFERRED, (dns_facts){0});
    dns_claim_join_own(claim, f, d, &(dns_claim_otherwise){.cause = cause, .rule = (uint16_t)rule});
    return f;
}

static void test_claims(dso_servers *servers)
{
    dso_server *s = dso_servers_get(servers, &one);
    CHECK(s && dso_servers_get(servers, &one) == s, "a server has one record");
    CHECK(dso_servers_get(servers, &tls) != s, "another port is another server");
    CHECK(dns_claim_can_join(&s->no_dso), "a claim about a server of which nothing is known");
    dns_finding *vanishes = without_dso(&s->no_dso, CAUSE_NONE, RULE_COUNT);
    dns_finding *changes = without_dso(&s->no_dso, CAUSE_DSO_FORMERR, RULE_COUNT);
    dns_finding *breaks = without_dso(&s->no_dso, CAUSE_NONE, RULE_RESPONSE_TO_UNIDIRECTIONAL);
    dns_finding *again = new_finding();
    dns_violate(scope, again, RULE_DSO_AFTER_NOT_IMPLEMENTED, DNS_SEVERITY_WARN, (dns_facts){0});
    dns_claim_join_rule(&s->no_dso, again, RULE_DSO_AFTER_NOT_IMPLEMENTED);
    CHECK(vanishes->more->diagnoses && changes->more->diagnoses && again->more->violations, "said while it stands");
    dns_claim_refute(&s->no_dso);
    CHECK(!vanishes->more->diagnoses && !again->more->violations, "taken back");
    const dns_diagnosis *d = changes->more->diagnoses;
    CHECK(d && d->cause == CAUSE_DSO_FORMERR && d->confidence == CONFIDENCE_OBSERVED, "what it says instead");
    CHECK(!breaks->more->diagnoses && breaks->more->violations &&
              breaks->more->violations->rule == RULE_RESPONSE_TO_UNIDIRECTIONAL,
          "the rule that it breaks instead");
    CHECK(!dns_claim_can_join(&s->no_dso), "a claim against what is known");
    CHECK(dns_claim_can_join(&s->no_push), "Push is another matter");
    changes->more->diagnoses->confidence = CONFIDENCE_INFERRED;
    dns_claim_refute(&s->no_dso);
    CHECK(d->confidence == CONFIDENCE_INFERRED, "refuted once");
}

/* A diagnosis that stands keeps its own evidence, and the ruling's sentence behind it changes. */
static void test_push(dso_servers *servers)
{
    dso_server *s = dso_servers_get(servers, &one);
    dns_finding *f = new_finding();
    dns_diagnosis *d = dns_diagnose(scope, f, CAUSE_PUSH_NOT_IMPLEMENTED, CONFIDENCE_PROVEN, (dns_facts){0});
    dns_add_evidence(scope, d, EVIDENCE_DSO_REQUEST, (dns_facts){.other = 3});
    dns_ruling absent = {.cause = CAUSE_PUSH_NOT_IMPLEMENTED, .confidence = CONFIDENCE_PROVEN}, known = absent;
    dns_ruling_evidence(&absent, EVIDENCE_PUSH_ABSENT, (dns_facts){0});
    dns_ruling_evidence(&known, EVIDENCE_PUSH_KNOWN, (dns_facts){.other = 9});
    dns_claim_rule(&s->no_push, &absent);
    dns_claim_adopt(&s->no_push, f, d);
    CHECK(d->evidence->kind == EVIDENCE_DSO_REQUEST && d->evidence->next->kind == EVIDENCE_PUSH_ABSENT,
          "behind its own");
    dns_claim_rule(&s->no_push, &known);
    CHECK(d->evidence->next->kind == EVIDENCE_PUSH_KNOWN && d->evidence->next->facts.other == 9, "another sentence");
    CHECK(f->more->diagnoses == d && !d->next, "it stands, once");
}

static void test_types(dso_servers *servers)
{
    dso_server *s = dso_servers_get(servers, &tls);
    CHECK(!dso_server_refused_in(s, 0x40), "a type of which nothing is known");
    dso_server_refuse(s, 0x40, 3);
    dso_server_refuse(s, 0x40, 5);
    CHECK(dso_server_refused_in(s, 0x40) == 3, "the first frame that refuses it");
    for (unsigned type = 0; type < 2 * DSO_REFUSED_TYPES_MAX; type++)
        dso_server_refuse(s, (uint16_t)(0xf800 + type), 9);
    CHECK(s->refused_count == DSO_REFUSED_TYPES_MAX && dso_server_refused_in(s, 0x40) == 3, "a full table");
}

static void test_full(dso_servers *servers)
{
    dso_server *s = dso_servers_get(servers, &tls);
    unsigned made = 0;
    for (; made <= CLAIM_MEMBERS_MAX && dns_claim_can_join(&s->no_dso); made++)
        dns_claim_join_rule(&s->no_dso, new_finding(), RULE_DSO_AFTER_NOT_IMPLEMENTED);
    CHECK(made == CLAIM_MEMBERS_MAX, "%u members", made);
    dns_endpoint e = {.address = {4, {10, 0, 0, 0}}, .port = 53};
    for (unsigned i = 0; i < DSO_SERVERS_MAX; i++) {
        e.address.bytes[2] = (uint8_t)(i >> 8);
        e.address.bytes[3] = (uint8_t)i;
        e.address.bytes[1] = (uint8_t)(i >> 16);
        dso_servers_get(servers, &e);
    }
    e.address.bytes[0] = 11;
    CHECK(!dso_servers_get(servers, &e), "no room for one more");
    CHECK(dso_servers_get(servers, &tls) == s, "those that are there stay");
}

int main(void)
{
    wmem_init();
    scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    dso_servers *servers = dso_servers_new(scope);
    test_claims(servers);
    test_push(servers);
    test_types(servers);
    test_full(servers);
    wmem_destroy_allocator(scope);
    wmem_cleanup();
    return check_result("dso_server");
}
