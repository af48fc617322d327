/* causes-table.c
 * Writes docs/causes.md from the plugin's own tables: every cause and every rule, as Markdown.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "knowledge/knowledge.h"
#include "knowledge/rules.h"

static const struct {
    const char *told_from, *against;
} background[CAUSE_COUNT] = {
#define DNS_BACKGROUND(name, told_from, against) [CAUSE_##name] = {told_from, against},
#include "knowledge/background.def"
#undef DNS_BACKGROUND
};

/* Stands for the values of a case at hand, which a slot of the text is filled with. */
static const char *example_of(const char *slot, size_t length)
{
    static const struct {
        const char *slot, *text;
    } examples[] = {{"frame", "N"},
                    {"other", "M"},
                    {"n", "n"},
                    {"m", "m"},
                    {"bytes", "n bytes"},
                    {"times", "n times"},
                    {"type", "this type"},
                    {"address", "ADDRESS"},
                    {"name", "NAME"},
                    {"rcode", "CODE"}};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strlen(examples[i].slot) == length && strncmp(examples[i].slot, slot, length) == 0)
            return examples[i].text;
    return "…";
}

/* Text for Markdown: bars would end a cell, "<" begin HTML. */
static void put(const char *text)
{
    while (text && *text) {
        const char *close = *text == '{' ? strchr(text, '}') : NULL;
        if (close) {
            printf("%s", example_of(text + 1, (size_t)(close - text - 1)));
            text = close + 1;
            continue;
        }
        if (*text == '|')
            printf("\\|");
        else if (*text == '<')
            printf("&lt;");
        else
            putchar(*text);
        text++;
    }
}

static void line(const char *name, const char *text)
{
    if (!text)
        return;
    printf("- **%s:** ", name);
    put(text);
    printf("\n");
}

static void severity(const dns_cause_row *row)
{
    dns_severity mildest = row->solved < row->severity ? row->solved : row->severity;
    dns_severity worst = row->repeated > row->severity ? row->repeated : row->severity;
    printf("%s", dns_severity_name(mildest));
    if (worst != mildest)
        printf(" to %s", dns_severity_name(worst));
}

static void contents(void)
{
    printf("| `dnsrcode.cause` | meaning | severity |\n|---|---|---|\n");
    for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
        const dns_cause_row *row = dns_cause_find((dns_cause)i);
        printf("| [`%s`](#%s) | ", row->slug, row->slug);
        put(row->title);
        printf(" | ");
        severity(row);
        printf(" |\n");
    }
}

static void cause(dns_cause which)
{
    const dns_cause_row *row = dns_cause_find(which);
    printf("\n### %s\n\n", row->slug);
    put(row->text);
    printf("\n\n");
    line("Told from", background[which].told_from);
    line("Speaks against it", background[which].against);
    for (size_t i = 0; i < sizeof row->remediation / sizeof *row->remediation && row->remediation[i]; i++)
        line("What to do", row->remediation[i]);
    for (size_t i = 0; i < sizeof row->reference / sizeof *row->reference && row->reference[i]; i++)
        line("Reference", row->reference[i]);
}

static void rule(unsigned which)
{
    const dns_rule_row *row = dns_rule_find(which);
    printf("\n### %s\n\n**", row->slug);
    put(row->title);
    printf("** (%s). ", dns_severity_name(row->severity));
    put(row->summary);
    printf(" Reference: ");
    put(row->section);
    printf(".\n");
}

/* A new cause needs its row. */
static int without_background(void)
{
    int missing = 0;
    for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
        if (!background[i].told_from) {
            fprintf(stderr, "%s has no row in plugin/knowledge/background.def\n", dns_cause_find((dns_cause)i)->slug);
            missing++;
        }
    return missing;
}

int main(void)
{
    if (without_background())
        return 1;
    printf("# Causes and rules\n\nWritten from the plugin's tables (`cmake --build build --target causes-table`). N, M "
           "and n stand "
           "for frame numbers and counts of the case at hand.\n\n## Causes\n\n");
    contents();
    for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
        cause((dns_cause)i);
    printf("\n## Rules\n\nThe slugs of `dnsrcode.violation`. A message that breaks a rule shows it at the severity "
           "named, or milder "
           "where the RFC allows for it.\n");
    for (unsigned i = 0; i < RULE_COUNT; i++)
        rule(i);
    return 0;
}
