/* test_finding.c
 * What a finding says, with the capture read so far and at its end: outcomes, severities, troubles, frames in evidence.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "check.h"
#include "finding/finding.h"
#include "knowledge/rules.h"
#include "knowledge/text.h"

static const dns_so_far first_pass = {INT64_C(100) * 1000000000, false}, whole = {INT64_C(100) * 1000000000, true};

static void test_outcomes(void)
{
    dns_episode episode = {.number = 1, .count = 1, .last_frame = 2, .last_time = INT64_C(1000000000)};
    dns_diagnosis d = {.cause = CAUSE_STALE_SERVER_COOKIE, .frame = 2, .episode = &episode};
    CHECK(dns_diagnosis_outcome(&d, &first_pass) == OUTCOME_OPEN, "frames to come may decide it");
    CHECK(dns_diagnosis_severity(&d, OUTCOME_OPEN, &first_pass) == DNS_SEVERITY_CHAT, "open: as if it ends well");
    CHECK(dns_diagnosis_outcome(&d, &whole) == OUTCOME_GAVE_UP, "nobody asked again");
    CHECK(dns_diagnosis_severity(&d, OUTCOME_GAVE_UP, &whole) == DNS_SEVERITY_WARN, "not overcome");
    episode.decided = OUTCOME_RESOLVED;
    CHECK(dns_diagnosis_outcome(&d, &first_pass) == OUTCOME_RESOLVED, "decided is decided");
}

static void test_open_claims(void)
{
    dns_diagnosis d = {.cause = CAUSE_CLIENT_COOKIE_MISMATCH, .frame = 2, .open = true};
    CHECK(dns_diagnosis_severity(&d, OUTCOME_NONE, &first_pass) == DNS_SEVERITY_WARN,
          "may be overturned: warn at most");
    CHECK(dns_diagnosis_severity(&d, OUTCOME_NONE, &whole) == DNS_SEVERITY_ERROR, "settled");
    d.open = false;
    CHECK(dns_diagnosis_severity(&d, OUTCOME_NONE, &first_pass) == DNS_SEVERITY_ERROR, "certain from the start");
}

static void test_troubles(void)
{
    dns_violation same = {.frame = 5, .rule = RULE_DSOTYPENI_OUTSIDE_DSO, .severity = DNS_SEVERITY_ERROR};
    dns_violation other = {.frame = 5, .next = &same, .rule = RULE_REQUEST_WITHOUT_TLV, .severity = DNS_SEVERITY_WARN};
    dns_diagnosis chat = {.cause = CAUSE_MESSAGE_CUT, .frame = 5};
    dns_diagnosis repeated = {.next = &chat, .cause = CAUSE_SERVER_CLOCK_SKEW, .frame = 5, .repetition = true};
    dns_diagnosis bad = {.next = &repeated, .cause = CAUSE_DSOTYPENI_OUTSIDE_DSO, .frame = 5};
    dns_finding_more more = {.diagnoses = &bad, .violations = &other};
    dns_finding f = {.frame = 5, .more = &more};
    const char *slugs[DNS_TROUBLES_MAX];
    unsigned count = dns_finding_troubles(&f, &whole, DNS_SEVERITY_WARN, slugs);
    if (CHECK(count == 2, "%u troubles", count))
        CHECK(!strcmp(slugs[0], "dsotypeni-outside-dso") && !strcmp(slugs[1], "request-without-tlv"), "%s, %s",
              slugs[0], slugs[1]);
    CHECK(dns_finding_severity(&f, &whole) == DNS_SEVERITY_ERROR, "the worst of all");
    bad.first_pass_only = true;
    CHECK(dns_finding_troubles(&f, &whole, DNS_SEVERITY_WARN, slugs) == 1, "told at other frames");
    CHECK(dns_finding_troubles(&f, &first_pass, DNS_SEVERITY_WARN, slugs) == 2, "told here, in one pass");
}

static void test_frames_in_texts(void)
{
    dns_facts facts = {.frame = 3, .other = 7};
    uint32_t frames[2];
    CHECK(dns_text_frames("nothing", &facts, frames) == 0, "no slot");
    CHECK(dns_text_frames("in {other}", &facts, frames) == 1 && frames[0] == 7, "{other}");
    CHECK(dns_text_frames("{other} after {frame}", &facts, frames) == 2 && frames[0] == 3 && frames[1] == 7, "both");
}

int main(void)
{
    test_outcomes();
    test_open_claims();
    test_troubles();
    test_frames_in_texts();
    return check_result("finding");
}
