/* test_records.c
 * The record of a server, and claims: facts before, after, against, and forgotten.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/cookies/claims.h"
#include "analysis/records/claim.h"
#include "analysis/records/record.h"

#include <string.h>

#include "check.h"

static wmem_allocator_t *scope;
static dns_records *records;
static uint32_t frame;

static const dns_endpoint server = {{4, {192, 0, 2, 53}}, 53};
static const dns_address client = {4, {192, 0, 2, 1}}, other_client = {4, {192, 0, 2, 2}};

enum { NOERROR_, FORMERR_ = 1 };

/* A query of a kind for a question, and perhaps its answer. */
static dns_finding *ask(dns_query_kind kind, uint32_t question, int rcode, bool opt, const dns_address *asker)
{
    dns_finding *query = wmem_new0(scope, dns_finding);
    query->frame = ++frame;
    query->more = &dns_finding_nothing;
    query->transaction = wmem_new0(scope, dns_transaction);
    query->transaction->request_frame = frame;
    dns_message m;
    memset(&m, 0, sizeof m);
    m.has_header = m.rcode_known = true;
    m.question_hash = question;
    dns_server_record *s = dns_records_server(records, &server);
    dns_record_query(records, s, kind, &m, query, frame * INT64_C(1000000000), asker, false);
    if (rcode < 0)
        return query;
    dns_finding *answer = wmem_new0(scope, dns_finding);
    answer->frame = ++frame;
    answer->rcode = (uint16_t)rcode;
    answer->response = true;
    answer->more = &dns_finding_nothing;
    answer->transaction = query->transaction;
    query->transaction->response_frame = frame;
    m.has_opt = opt;
    dns_record_answer(records, s, kind, &m, answer, frame * INT64_C(1000000000), asker);
    return answer;
}

static void begin(void)
{
    records = dns_records_new(scope);
    frame = 0;
}

/* ---- the record ---- */

static void test_facts(void)
{
    begin();
    ask(KIND_EDNS, 7, NOERROR_, true, &client);
    ask(KIND_CLIENT_ONLY, 7, -1, false, &client);
    ask(KIND_CLIENT_ONLY, 9, FORMERR_, false, &client);
    const dns_server_record *s = dns_records_server(records, &server);
    CHECK(s->opt.frame == 2, "OPT was seen in frame 2, not %u", s->opt.frame);
    CHECK(s->kinds[KIND_CLIENT_ONLY].asked == 2 && s->kinds[KIND_CLIENT_ONLY].answered == 1,
          "asked twice, answered once");
    CHECK(!s->kinds[KIND_CLIENT_ONLY].last_answer.frame && s->kinds[KIND_CLIENT_ONLY].formerr.frame == 5,
          "FORMERR is no answer that takes the COOKIE");
    const dns_question_record *q = dns_record_question(s, 7);
    CHECK(q && q->answers[ASKED_EDNS].frame == 2 && !q->answers[ASKED_COOKIE].frame, "answers by sort");
    CHECK(!dns_record_question(s, 11), "a question that nobody asked");
}

static void count(dns_waiting_query *w, void *data)
{
    (void)w;
    ++*(unsigned *)data;
}

static void test_unanswered(void)
{
    begin();
    dns_finding *query = ask(KIND_CLIENT_ONLY, 7, -1, false, &client);
    ask(KIND_SERVER_COOKIE, 7, -1, false, &client);
    ask(KIND_EDNS, 7, -1, false, &client);
    unsigned n = 0;
    dns_record_unanswered(dns_records_server(records, &server), count, &n);
    CHECK(n == 2, "two queries with COOKIE wait, not %u", n);
    query->transaction->response_frame = 99;
    n = 0;
    dns_record_unanswered(dns_records_server(records, &server), count, &n);
    CHECK(n == 1, "one was answered, %u wait", n);
}

/* Which questions are remembered does not hang on their hashes alone: those that share a place stand beside each other, and the
 * one not heard of for longest goes. */
static void test_questions_that_share_a_place(void)
{
    enum { STEP = 2 * QUESTIONS_MAX };
    begin();
    dns_server_record *s = dns_records_server(records, &server);
    for (uint32_t i = 0; i < QUESTION_PLACES; i++)
        ask(KIND_EDNS, 1 + i * STEP, NOERROR_, true, &client);
    for (uint32_t i = 0; i < QUESTION_PLACES; i++)
        CHECK(dns_record_question(s, 1 + i * STEP), "question %u of one place was forgotten", i);
    ask(KIND_EDNS, 1, NOERROR_, true, &client);
    ask(KIND_EDNS, 1 + QUESTION_PLACES * STEP, NOERROR_, true, &client);
    CHECK(dns_record_question(s, 1), "the question that was asked again was forgotten");
    CHECK(!dns_record_question(s, 1 + STEP), "the one not heard of for longest is still there");
    for (uint32_t i = 0; i < 4 * QUESTIONS_MAX; i++)
        ask(KIND_EDNS, 1001 + 2 * i, NOERROR_, true, &client);
    CHECK(dns_record_question(s, 1001 + 2 * (4 * QUESTIONS_MAX - 1)), "the latest question was forgotten");
}

static void test_forgotten(void)
{
    begin();
    ask(KIND_EDNS, 7, NOERROR_, true, &client);
    unsigned generation = dns_records_generation(records);
    for (unsigned i = 0; i <= SERVERS_MAX; i++) {
        dns_endpoint another = {{4, {198, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}}, 53};
        dns_records_server(records, &another);
    }
    CHECK(dns_records_generation(records) != generation, "nothing was forgotten");
    CHECK(!dns_records_server(records, &server)->opt.frame, "the server's facts are still there");
}

/* ---- claims ---- */

static dns_cause cause_of(const dns_finding *f)
{
    return f->more->diagnoses ? f->more->diagnoses->cause : CAUSE_NONE;
}

static unsigned evidence_count(const dns_finding *f)
{
    unsigned n = 0;
    for (const dns_evidence *e = f->more->diagnoses ? f->more->diagnoses->evidence : NULL; e; e = e->next)
        n++;
    return n;
}

static void test_claim(void)
{
    begin();
    dns_finding *first = ask(KIND_CLIENT_ONLY, 7, FORMERR_, true, &client);
    dns_finding *second = ask(KIND_CLIENT_ONLY, 7, FORMERR_, true, &other_client);
    dns_claim claim;
    dns_claim_init(&claim, scope);
    dns_claim_evidence own = {EVIDENCE_FORMERR, {.frame = 1}};
    dns_claim_join(&claim, first, (dns_facts){.frame = 1}, &own, 1);
    CHECK(cause_of(first) == CAUSE_NONE, "no ruling, no diagnosis");
    dns_ruling stands;
    memset(&stands, 0, sizeof stands);
    stands.cause = CAUSE_FORMERR_ON_COOKIE;
    stands.open = true;
    dns_ruling_evidence(&stands, EVIDENCE_EDNS_ANSWERED, (dns_facts){.frame = 3});
    dns_claim_rule(&claim, &stands);
    dns_claim_join(&claim, second, (dns_facts){.frame = 3}, &own, 1);
    CHECK(cause_of(first) == CAUSE_FORMERR_ON_COOKIE && cause_of(second) == CAUSE_FORMERR_ON_COOKIE, "both show it");
    CHECK(evidence_count(first) == 2 && evidence_count(second) == 2, "own evidence and the ruling's");
    CHECK(first->more->diagnoses->open, "it may be overturned");
    dns_ruling none;
    memset(&none, 0, sizeof none);
    dns_claim_rule(&claim, &none);
    CHECK(cause_of(first) == CAUSE_NONE && cause_of(second) == CAUSE_NONE, "withdrawn from all");
    stands.cause = CAUSE_NO_EDNS;
    stands.evidence_count = 0;
    dns_claim_rule(&claim, &stands);
    CHECK(cause_of(first) == CAUSE_NO_EDNS && evidence_count(first) == 1, "back, with other evidence");
    dns_claim_leave(&claim, first);
    CHECK(cause_of(first) == CAUSE_NONE && cause_of(second) == CAUSE_NO_EDNS, "one left");
}

/* ---- the judge of FORMERR: like is compared with like ---- */

static dns_cause judge(const char *what, dns_confidence *confidence)
{
    cookie_formerr_case one;
    memset(&one, 0, sizeof one);
    dns_claim_init(&one.claim, scope);
    one.question_hash = 7;
    one.kind = KIND_CLIENT_ONLY;
    one.response = 2;
    cookie_judge_formerr(&one, dns_records_server(records, &server));
    *confidence = one.claim.ruling.confidence;
    (void)what;
    return one.claim.ruling.cause;
}

static void check_judge(const char *what, dns_cause wanted)
{
    dns_confidence confidence;
    dns_cause cause = judge(what, &confidence);
    CHECK(cause == wanted, "%s: cause %d, not %d", what, (int)cause, (int)wanted);
}

static void test_judge(void)
{
    begin();
    ask(KIND_CLIENT_ONLY, 7, FORMERR_, false, &client);
    check_judge("nothing else is known, no OPT: no EDNS", CAUSE_NO_EDNS);
    ask(KIND_EDNS, 7, NOERROR_, true, &other_client); /* a disproof, later, from another client */
    check_judge("the same question without COOKIE is answered", CAUSE_FORMERR_ON_COOKIE);
    ask(KIND_CLIENT_ONLY, 9, NOERROR_, true, &client);
    check_judge("COOKIE is taken with another question", CAUSE_NONE);
    begin();
    ask(KIND_PLAIN, 7, FORMERR_, false, &client); /* a fact before */
    ask(KIND_CLIENT_ONLY, 7, FORMERR_, false, &client);
    check_judge("the same question without EDNS got FORMERR", CAUSE_NONE);
    begin();
    ask(KIND_EDNS, 9, FORMERR_, false, &client);
    ask(KIND_CLIENT_ONLY, 7, FORMERR_, false, &client);
    check_judge("EDNS without COOKIE got FORMERR", CAUSE_NO_EDNS);
    ask(KIND_EDNS, 9, NOERROR_, true, &other_client);
    check_judge("EDNS is answered after all", CAUSE_FORMERR_ON_COOKIE);
    ask(KIND_OPTIONS, 9, FORMERR_, true, &client);
    check_judge("another option is refused as well", CAUSE_EDNS_OPTIONS_REFUSED);
}

int main(void)
{
    wmem_init();
    scope = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    test_facts();
    test_unanswered();
    test_questions_that_share_a_place();
    test_forgotten();
    test_claim();
    test_judge();
    wmem_destroy_allocator(scope);
    wmem_cleanup();
    return check_result("records");
}
