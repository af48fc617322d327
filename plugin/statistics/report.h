/* report.h
 * What the report tells: every trouble of the capture, summed up.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Points into the findings of the collection that it was made from.
 */
#ifndef DNSRCODE_STATISTICS_REPORT_H
#define DNSRCODE_STATISTICS_REPORT_H

#include "../knowledge/rules.h"
#include "../knowledge/text.h"
#include "collection.h"

/* A cause or a rule, over the whole capture. */
typedef struct {
    bool is_rule;
    unsigned id;                             /* dns_cause or rule */
    dns_severity severity;                   /* the worst */
    uint32_t count, first_frame, last_frame; /* of those above chat */
    uint32_t normal;                         /* the others */
    uint32_t outcomes[OUTCOME_COUNT];        /* of those above chat */
    const dns_facts *facts;                  /* of the first of the worst */
    uint32_t facts_frame;
    const dns_diagnosis *diagnosis; /* likewise; NULL of a rule */
    GHashTable *servers, *clients;  /* index of the end + 1 -> count */
} trouble;

typedef struct {
    trouble causes[CAUSE_COUNT], rules[RULE_COUNT];
    GPtrArray *order; /* those that occur, the worst first */
    uint32_t messages, first_frame, last_frame;
    uint32_t cut, broken, not_dns, unreadable_tls, unanswered; /* what nothing can be said about */
} report;

/* To be freed with report_free(). */
report *report_make(const collection *c);
void report_free(report *r);

typedef struct {
    const collection *messages; /* those that a filter let through */
    bool filtered;
    uint32_t all;              /* messages in the capture, whatever the filter */
    const dns_text_mask *mask; /* NULL: addresses as they are */
} report_input;

/* The report, at most 80 columns wide: to be freed with g_free(). */
char *report_text(const report_input *input);

/* Its beginning: how many messages there are, and what nothing can be said about. Likewise. `*any`: there are messages that
 * something can be said about. */
char *report_head(const report_input *input, bool *any);

const char *report_slug(const trouble *t);

/* A display filter for the messages that show it: to be freed with g_free(). */
char *report_filter(const trouble *t);

#endif
