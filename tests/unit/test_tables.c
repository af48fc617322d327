/* test_tables.c
 * The knowledge tables: every row complete, every text fits where it is shown, only known slots.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "check.h"
#include "knowledge/knowledge.h"
#include "knowledge/rules.h"
#include "knowledge/text.h"
#include "knowledge/notices.h"
#include "knowledge/types.h"

/* Wireshark cuts an expert summary and a line of the details at 240 characters with the final NUL
 * (ITEM_LABEL_LENGTH); before a text of the details stand its field's name and a bracket. */
enum { SUMMARY_MAX = 239, DETAIL_MAX = 225, REFERENCES = 3 };

static const uint8_t eight_bytes[8] = {0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89};

/* Values as long as they come in real captures. */
static const dns_facts long_facts = {
    .frame = 9999999,
    .other = 9999998,
    .n = 65535,
    .m = 65535,
    .age = -(INT64_C(365) * 86400 + 23 * 3600),
    .timer = UINT32_MAX - 1,
    .type = DSO_UNSUBSCRIBE,
    .rcode = RCODE_BADCOOKIE,
    .address = {.address = {16, {0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf1, 0x23, 0x45, 0x67, 0x89}}},
    .name = "a-printer-with-a-name._ipps._tcp.example.test",
    .hex = eight_bytes,
    .hex_length = sizeof eight_bytes,
};

/* ---- single texts ---- */

/* A slot that got no value stays as it stands. (Braces of a BIND directive have spaces within.) */
static bool has_open_slot(const char *text)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
        if (at[1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_")] == '}' && at[1] != '}')
            return true;
    return false;
}

static void check_text(const char *where, const char *what, const char *text, size_t max)
{
    if (!CHECK(text && *text, "%s: no %s", where, what))
        return;
    char filled[2000];
    size_t length = dns_text_render(filled, sizeof filled, text, &long_facts);
    CHECK(length <= max, "%s: %s of %zu characters once filled, %zu fit: %s", where, what, length, max, filled);
    CHECK(!has_open_slot(filled), "%s: unknown slot in %s: %s", where, what, filled);
    CHECK(filled[0] != ' ' && filled[length - 1] != ' ', "%s: a space at an end of %s", where, what);
    CHECK(!strstr(filled, "  "), "%s: two spaces in %s: %s", where, what, filled);
}

static void check_sentence(const char *where, const char *what, const char *text, size_t max)
{
    check_text(where, what, text, max);
    if (!text || !*text)
        return;
    size_t length = strlen(text);
    CHECK(strchr(".)?", text[length - 1]), "%s: %s does not end as a sentence: %s", where, what, text);
}

static void check_slug(const char *slug)
{
    CHECK(slug && *slug && strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(slug), "bad slug \"%s\"",
          slug ? slug : "(none)");
}

/* A list ends at the first NULL; nothing may stand behind it. */
static void check_list(const char *where, const char *what, const char *const *list, size_t size, size_t max)
{
    CHECK(list[0], "%s: no %s", where, what);
    bool ended = false;
    for (size_t i = 0; i < size; i++) {
        if (!list[i]) {
            ended = true;
            continue;
        }
        CHECK(!ended, "%s: a gap in its %s", where, what);
        check_text(where, what, list[i], max);
    }
}

static void check_references(const char *where, const char *const *list, size_t size)
{
    check_list(where, "reference", list, size, DETAIL_MAX);
    for (size_t i = 0; i < size && list[i]; i++)
        CHECK(strstr(list[i], "RFC ") || strstr(list[i], "IANA") || strstr(list[i], "draft-"),
              "%s: a reference without a document: %s", where, list[i]);
}

/* ---- tables ---- */

static void check_cause(dns_cause cause)
{
    const dns_cause_row *row = dns_cause_find(cause);
    if (!CHECK(row && row->slug, "cause %d has no row", cause))
        return;
    const char *where = row->slug;
    check_slug(where);
    CHECK(!(dns_cookie_causes[cause].slug && dns_dso_causes[cause].slug), "%s: a row in both tables", where);
    check_text(where, "title", row->title, 60);
    check_sentence(where, "summary", row->summary, SUMMARY_MAX);
    check_sentence(where, "text", row->text, DETAIL_MAX);
    check_list(where, "remediation", row->remediation, sizeof row->remediation / sizeof *row->remediation, DETAIL_MAX);
    check_references(where, row->reference, REFERENCES);
    CHECK(row->severity < DNS_SEVERITY_COUNT && row->solved < DNS_SEVERITY_COUNT && row->repeated < DNS_SEVERITY_COUNT,
          "%s: no severity", where);
    CHECK(row->solved <= row->severity, "%s: worse when it was overcome", where);
    CHECK(row->repeated >= row->solved, "%s: better when it came again and again", where);
}

/* The slugs as people type them are those of the list in knowledge.h. */
static void test_causes(void)
{
    static const char *const slugs[CAUSE_COUNT] = {
#define SLUG(name, slug) [CAUSE_##name] = slug,
        DNS_CAUSES(SLUG)
#undef SLUG
    };
    for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
        check_cause((dns_cause)i);
        const dns_cause_row *row = dns_cause_find((dns_cause)i);
        CHECK(row->slug && strcmp(row->slug, slugs[i]) == 0, "cause %s has the row of %s", slugs[i],
              row->slug ? row->slug : "(none)");
        for (int j = CAUSE_NONE + 1; j < i; j++)
            CHECK(strcmp(slugs[i], slugs[j]) != 0, "two causes are called %s", slugs[i]);
    }
}

static void test_rules(void)
{
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const dns_rule_row *row = dns_rule_find(i);
        check_slug(row->slug);
        check_sentence(row->slug, "summary", row->summary, SUMMARY_MAX);
        CHECK(row->section && strncmp(row->section, "RFC ", 4) == 0, "%s: no RFC section", row->slug);
        for (unsigned j = 0; j < i; j++)
            CHECK(strcmp(row->slug, dns_rule_find(j)->slug) != 0, "two rules are called %s", row->slug);
    }
}

static void test_evidence(void)
{
    for (int i = 0; i < EVIDENCE_COUNT; i++) {
        char where[32];
        snprintf(where, sizeof where, "evidence %d", i);
        check_text(where, "text", dns_evidence_text((dns_evidence_kind)i), DETAIL_MAX);
    }
}

static void test_outcomes(void)
{
    for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++) {
        const dns_outcome_row *row = dns_outcome_find((dns_outcome)i);
        check_slug(row->slug);
        check_text(row->slug, "text", row->text, DETAIL_MAX - 40); /* it stands behind the slug */
        if (row->text_truncated)
            check_text(row->slug, "text_truncated", row->text_truncated, DETAIL_MAX - 40);
        if (row->text_elsewhere)
            check_text(row->slug, "text_elsewhere", row->text_elsewhere, DETAIL_MAX - 40);
    }
}

static void check_rcode_row(const dns_rcode_row *row)
{
    char where[40];
    snprintf(where, sizeof where, "rcode %u (%s)", row->first, row->name ? row->name : "");
    check_text(where, "name", row->name, 20);
    check_sentence(where, "meaning", row->meaning, DETAIL_MAX);
    check_sentence(where, "seen_when", row->seen_when, DETAIL_MAX);
    if (row->first != RCODE_NOERROR) /* there is nothing to do */
        check_list(where, "remediation", row->remediation, 3, DETAIL_MAX);
    check_references(where, row->reference, REFERENCES);
}

static void test_rcodes(void)
{
    size_t count;
    const dns_rcode_row *rows = dns_rcode_rows(&count);
    for (size_t i = 0; i < count; i++) {
        check_rcode_row(&rows[i]);
        CHECK(rows[i].first <= rows[i].last, "a range that ends before it begins: %u", rows[i].first);
        CHECK(rows[i].first == (i ? rows[i - 1].last + 1 : 0), "a gap or an overlap before rcode %u", rows[i].first);
    }
    for (uint32_t code = 0; code <= UINT16_MAX; code++)
        for (int tsig = 0; tsig < 2; tsig++) {
            const dns_rcode_row *row = dns_rcode_find((uint16_t)code, tsig);
            if (CHECK(row, "no row for rcode %u", code))
                CHECK(row->first <= code && code <= row->last, "rcode %u has the row of %u", code, row->first);
        }
    check_rcode_row(dns_rcode_find(9, true));
    check_rcode_row(dns_rcode_find(16, true));
}

/* IANA "DNS RCODEs": these names are what people search for. */
static void test_rcode_names(void)
{
    static const struct {
        uint16_t code;
        const char *name;
    } known[] = {{0, "NOERROR"},    {1, "FORMERR"},  {2, "SERVFAIL"}, {3, "NXDOMAIN"}, {4, "NOTIMP"},     {5, "REFUSED"},
                 {6, "YXDOMAIN"},   {7, "YXRRSET"},  {8, "NXRRSET"},  {9, "NOTAUTH"},  {10, "NOTZONE"},   {11, "DSOTYPENI"},
                 {12, "unassigned"}, {15, "unassigned"}, {16, "BADVERS"}, {17, "BADKEY"}, {18, "BADTIME"}, {19, "BADMODE"},
                 {20, "BADNAME"},   {21, "BADALG"},  {22, "BADTRUNC"}, {23, "BADCOOKIE"}, {24, "unassigned"},
                 {3840, "unassigned"}, {3841, "private use"}, {4095, "private use"}, {65535, "reserved"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CHECK(strcasecmp(dns_rcode_find(known[i].code, false)->name, known[i].name) == 0, "rcode %u is called %s, not %s",
              known[i].code, dns_rcode_find(known[i].code, false)->name, known[i].name);
    CHECK(strcmp(dns_rcode_find(16, true)->name, "BADSIG") == 0, "16 with TSIG is BADSIG");
    CHECK(strcmp(dns_rcode_find(23, true)->name, "BADCOOKIE") == 0, "23 with TSIG is BADCOOKIE still");
}

static void test_types(void)
{
    size_t count;
    const dso_type_row *rows = dso_type_rows(&count);
    for (size_t i = 0; i < count; i++) {
        CHECK(rows[i].name && *rows[i].name, "DSO type %u has no name", rows[i].first);
        CHECK(rows[i].first == (i ? rows[i - 1].last + 1 : 0), "a gap or an overlap before DSO type %u", rows[i].first);
    }
    for (uint32_t type = 0; type <= UINT16_MAX; type++) {
        const dso_type_row *row = dso_type_find((uint16_t)type);
        CHECK(row->first <= type && type <= row->last, "DSO type %u has the row of %u", type, row->first);
    }
    static const struct {
        uint16_t type;
        dso_range range;
    } known[] = {{0, DSO_RANGE_RESERVED},        {1, DSO_RANGE_ASSIGNED},        {4, DSO_RANGE_UNASSIGNED},
                 {0x3f, DSO_RANGE_UNASSIGNED},   {0x40, DSO_RANGE_ASSIGNED},     {0x43, DSO_RANGE_ASSIGNED},
                 {0x44, DSO_RANGE_UNASSIGNED},   {0xf7ff, DSO_RANGE_UNASSIGNED}, {0xf800, DSO_RANGE_PRIVATE},
                 {0xfbff, DSO_RANGE_PRIVATE},    {0xfc00, DSO_RANGE_RESERVED},   {0xffff, DSO_RANGE_RESERVED}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CHECK(dso_type_find(known[i].type)->range == known[i].range, "DSO type 0x%04x is in the wrong range", known[i].type);
}

/* ---- filling ---- */

static void check_rendered(const char *text, const dns_facts *facts, const char *wanted)
{
    char filled[200];
    size_t length = dns_text_render(filled, sizeof filled, text, facts);
    CHECK(strcmp(filled, wanted) == 0 && length == strlen(wanted), "%s became \"%s\", not \"%s\"", text, filled, wanted);
}

static void test_render(void)
{
    dns_facts facts = {.frame = 1, .other = 2, .n = 3, .m = 4, .age = -7325, .timer = 15000, .type = 0xf801, .rcode = 23,
                       .name = "a.test", .hex = eight_bytes, .hex_length = 2,
                       .address = {{4, {192, 0, 2, 1}}, 53}};
    check_rendered("{frame} {other} {n} {m} {hex} {name} {rcode}", &facts, "1 2 3 4 abcd a.test BADCOOKIE");
    check_rendered("{age}, {timer}, {address}", &facts, "2 h 2 min, 15 s, 192.0.2.1:53");
    check_rendered("{type}", &facts, "0xF801 (experimental or local)");
    check_rendered("{nonsense} { } }", &facts, "{nonsense} { } }");
    check_rendered("{name", &facts, "{name");
    facts.address.port = 0;
    check_rendered("{address}", &facts, "192.0.2.1");
    char four[4];
    CHECK(dns_text_render(four, sizeof four, "abcdef", &facts) == 6 && strcmp(four, "abc") == 0, "cut to its room");
    CHECK(dns_text_render(NULL, 0, "abcdef", &facts) == 6, "without room the length is told");
}

static void check_duration(int64_t seconds, const char *wanted)
{
    char text[64];
    dns_text_duration(text, sizeof text, seconds);
    CHECK(strcmp(text, wanted) == 0, "%lld s became \"%s\", not \"%s\"", (long long)seconds, text, wanted);
}

static void check_timer(uint32_t milliseconds, const char *wanted)
{
    char text[64];
    dns_text_timer(text, sizeof text, milliseconds);
    CHECK(strcmp(text, wanted) == 0, "%u ms became \"%s\", not \"%s\"", milliseconds, text, wanted);
}

static void test_durations(void)
{
    check_duration(0, "0 s");
    check_duration(59, "59 s");
    check_duration(60, "1 min");
    check_duration(3600, "1 h");
    check_duration(3603, "1 h");
    check_duration(4320, "1 h 12 min");
    check_duration(-4320, "1 h 12 min");
    check_duration(2 * 86400 + 3 * 3600, "2 d 3 h");
    check_duration(INT64_MIN, "106751991167300 d 15 h");
    check_timer(0, "0 s");
    check_timer(250, "250 ms");
    check_timer(1500, "1.500 s");
    check_timer(15000, "15 s");
    check_timer(UINT32_MAX, "infinite");
}

static void test_notices(void)
{
    for (unsigned i = 0; i < NOTICE_COUNT; i++)
        CHECK(dns_notice_text(i) && *dns_notice_text(i), "notice %u has no text", i);
}

int main(void)
{
    test_causes();
    test_rules();
    test_evidence();
    test_outcomes();
    test_rcodes();
    test_rcode_names();
    test_types();
    test_notices();
    test_render();
    test_durations();
    return check_result("tables");
}
