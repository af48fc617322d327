/* statistics.h
 * Words of the statistics: titles, headings, sentences.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_KNOWLEDGE_STATISTICS_H
#define DNSRCODE_KNOWLEDGE_STATISTICS_H

#include <stdint.h>

#include "knowledge.h"

/* Titles in Wireshark's Statistics menu. */
extern const char *const dns_title_tree, *const dns_title_servers, *const dns_title_report;

/* ---- the tree ---- */

typedef enum {
    SECTION_MESSAGES,
    SECTION_RCODES,
    SECTION_CAUSES,
    SECTION_OUTCOMES,
    SECTION_RULES,
    SECTION_COOKIE_QUERIES,
    SECTION_COOKIE_RESPONSES,
    SECTION_COOKIE_AGES,
    SECTION_DSO,
    SECTION_COUNT
} dns_section;

extern const char *const dns_section_names[SECTION_COUNT];

typedef enum {
    LABEL_QUERIES,
    LABEL_RESPONSES,
    LABEL_DSO_REQUESTS,
    LABEL_DSO_RESPONSES,
    LABEL_DSO_UNIDIRECTIONAL,
    LABEL_RCODE_UNKNOWN,
    LABEL_NO_COOKIE,
    LABEL_CLIENT_ONLY,
    LABEL_CLIENT_AND_SERVER,
    LABEL_MALFORMED,
    LABEL_AGE_UNKNOWN,
    LABEL_NO_TYPE,
    LABEL_REQUESTS,
    LABEL_UNIDIRECTIONAL,
    LABEL_COUNT
} dns_label;

extern const char *const dns_labels[LABEL_COUNT];

/* The bucket of a server cookie's age in seconds (negative: from the future). */
const char *dns_age_bucket(int32_t age);

/* ---- the table of servers ---- */

typedef enum {
    COLUMN_SERVER,
    COLUMN_QUERIES,
    COLUMN_WITH_COOKIE,
    COLUMN_BADCOOKIE,
    COLUMN_RESOLVED,
    COLUMN_EXTRA,
    COLUMN_DSO,
    COLUMN_DSO_OK,
    COLUMN_DSO_ERROR,
    COLUMN_DSO_SILENT,
    COLUMN_CAUSES,
    COLUMN_COUNT
} dns_column;

extern const char *const dns_column_names[COLUMN_COUNT];

/* ---- the report ---- */

typedef enum {
    PHRASE_NO_MESSAGES,
    PHRASE_SEEN,           /* {n} messages, frames {frame} to {other} */
    PHRASE_NOTHING,        /* in {n} messages */
    PHRASE_TIMES,          /* {n} times, frames {frame} to {other} */
    PHRASE_TIMES_IN_FRAME, /* {n} times, all in frame {frame} */
    PHRASE_OVERCOME,       /* and {n} more of the same cause that need nothing */
    PHRASE_ENDED,          /* before the outcomes */
    PHRASE_SERVERS,        /* {n} of them, before their addresses */
    PHRASE_CLIENTS,
    PHRASE_MORE,   /* {n} more addresses */
    PHRASE_FIRST,  /* before the sentence on the first case, {frame} */
    PHRASE_DO,     /* before what to do */
    PHRASE_RULE,   /* a broken rule: before its RFC section */
    PHRASE_NORMAL, /* before causes that need nothing */
    PHRASE_FILTER, /* before a display filter */
    PHRASE_COUNT
} dns_phrase;

/* What to do first about troubles that were not overcome. */
const char *dns_remedy(dns_cause cause);

/* The form for the number `n`: a text with slots, see text.h. */
const char *dns_phrase_text(dns_phrase phrase, uint32_t n);

#endif
