/* test_dso_texts.c
 * The sentences of rules and DSO causes: every slot is known, and what they say fits an expert info.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "knowledge/rules.h"
#include "knowledge/text.h"

#include <string.h>

#include "check.h"

enum { SUMMARY_MAX = 240 }; /* Wireshark cuts the rest (ITEM_LABEL_LENGTH) */

/* Long values, as they come in real captures. */
static const dns_facts facts = {
    .frame = 1234567,
    .other = 1234566,
    .n = 65535,
    .m = 65535,
    .age = 7384,
    .timer = 3600000,
    .type = 0xf900,
    .rcode = 11,
    .address = {.address = {16,
                            {0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x12, 0x34, 0x56,
                             0x78}},
                .port = 853},
    .name = "Printer\\032One._ipp._tcp.home.example.com",
};

static void check_text(const char *slug, const char *text, size_t most)
{
    char filled[2048];
    size_t length = dns_text_render(filled, sizeof filled, text, &facts);
    CHECK(length <= most, "%s: %zu characters: %s", slug, length, filled);
    CHECK(!strpbrk(filled, "{}"), "%s: a slot that is not known: %s", slug, filled);
    CHECK(length > 0, "%s: empty", slug);
}

/* The same words for the same trouble, so that Wireshark groups and counts them: values stand in texts and evidence. */
static void check_same(const char *slug, const char *summary)
{
    static const char *const values[] = {"{frame}", "{other}", "{n}",    "{m}",     "{age}", "{waited}",
                                         "{timer}", "{bytes}", "{name}", "{times}", "{id}",  "{hex}"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        CHECK(!strstr(summary, values[i]), "%s: %s in its summary", slug, values[i]);
}

static void check_slots(void)
{
    char text[80];
    dns_facts few = {.n = 0x45f, .waited = 340, .untyped = true};
    dns_text_render(text, sizeof text, "{id} {waited} {type}", &few);
    CHECK(!strcmp(text, "0x045f 0.3 s no readable TLV"), "%s", text);
    dns_text_waited(text, sizeof text, 20);
    CHECK(!strcmp(text, "less than 0.1 s"), "%s", text);
    dns_text_waited(text, sizeof text, 9999);
    CHECK(!strcmp(text, "9.9 s"), "%s", text);
    dns_text_waited(text, sizeof text, 74000);
    CHECK(!strcmp(text, "1 min 14 s"), "%s", text);
    CHECK(!dns_text_applies("", &facts) && !dns_text_applies("{other}", &few) && !dns_text_applies("{name}", &few) &&
              dns_text_applies("{id}", &few),
          "evidence that names what is not there");
}

int main(void)
{
    check_slots();
    for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
        const dns_rule_row *row = dns_rule_find(rule);
        check_text(row->slug, row->summary, SUMMARY_MAX);
        check_same(row->slug, row->summary);
        if (*row->evidence)
            check_text(row->slug, row->evidence, 225);
        CHECK(strstr(row->section, "RFC ") == row->section, "%s: section %s", row->slug, row->section);
    }
    for (unsigned cause = CAUSE_NONE + 1; cause < CAUSE_COUNT; cause++) {
        const dns_cause_row *row = &dns_dso_causes[cause];
        if (!row->slug)
            continue;
        check_text(row->slug, row->summary, SUMMARY_MAX);
        check_text(row->slug, row->text, 1024);
        check_same(row->slug, row->summary);
        CHECK(!row->mild_summary == !row->mild_text, "%s: half of a milder kind", row->slug);
        if (row->mild_summary) {
            check_text(row->slug, row->mild_summary, SUMMARY_MAX);
            check_text(row->slug, row->mild_text, 225);
            check_same(row->slug, row->mild_summary);
        }
        CHECK(row->title && row->remediation[0] && row->reference[0], "%s: incomplete", row->slug);
    }
    for (unsigned kind = 0; kind < EVIDENCE_COUNT; kind++)
        CHECK(dns_evidence_text((dns_evidence_kind)kind) != NULL, "evidence %u has no text", kind);
    return check_result("dso_texts");
}
