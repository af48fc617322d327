/* causes-table.c
 * Writes the table of causes for README.md from the plugin's own tables, as Markdown.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include "knowledge/knowledge.h"

/* A cell: bars would end it, "<" begin HTML. */
static void cell(const char *text)
{
    for (; text && *text; text++)
        if (*text == '|')
            printf("\\|");
        else if (*text == '<')
            printf("&lt;");
        else
            putchar(*text);
}

static void severity(const dns_cause_row *row)
{
    dns_severity mildest = row->solved < row->severity ? row->solved : row->severity;
    dns_severity worst = row->repeated > row->severity ? row->repeated : row->severity;
    printf("%s", dns_severity_name(mildest));
    if (worst != mildest)
        printf(" to %s", dns_severity_name(worst));
}

int main(void)
{
    printf("| `dnsrcode.cause` | what it means | severity | what to do first |\n|---|---|---|---|\n");
    for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
        const dns_cause_row *row = dns_cause_find((dns_cause)i);
        printf("| `%s` | ", row->slug);
        cell(row->title);
        printf(" | ");
        severity(row);
        printf(" | ");
        cell(row->remediation[0]);
        printf(" |\n");
    }
    return 0;
}
