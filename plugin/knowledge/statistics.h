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
extern const char *const dns_title_tree,
    *const dns_title_servers, *const dns_title_clients, *const dns_title_report, *const dns_title_stories;

/* ---- the tree ---- */

typedef enum {
    SECTION_TROUBLE,
    SECTION_MESSAGES,
    SECTION_RCODES,
    SECTION_OUTCOMES,
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

/* ---- the tables of servers and of clients ---- */

typedef enum {
    COLUMN_END, /* the server or client */
    COLUMN_TROUBLE,
    COLUMN_QUERIES,
    COLUMN_WITH_COOKIE,
    COLUMN_BADCOOKIE,
    COLUMN_RESOLVED,
    COLUMN_EXTRA,
    COLUMN_DSO,
    COLUMN_DSO_OK,
    COLUMN_DSO_ERROR,
    COLUMN_DSO_SILENT,
    COLUMN_COUNT
} dns_column;

extern const char *const dns_column_names[COLUMN_COUNT]; /* NULL for COLUMN_END */
extern const char *const dns_column_server, *const dns_column_client;

/* ---- the report ---- */

typedef enum {
    PHRASE_NO_MESSAGES,
    PHRASE_SEEN,           /* {n} messages, frames {frame} to {other} */
    PHRASE_NONE_READABLE,  /* with TLS that hides them */
    PHRASE_NO_MATCH,       /* of {n} messages */
    PHRASE_CUT,            /* {n} messages that the capture holds only a part of */
    PHRASE_BROKEN,         /* ... that end too early or cannot be read */
    PHRASE_NOT_DNS,        /* ... that only look like DNS to Wireshark */
    PHRASE_ENCRYPTED,      /* {n} connections with TLS that hides DNS */
    PHRASE_UNANSWERED,     /* {n} queries */
    PHRASE_NOTHING,        /* wrong with what was read */
    PHRASE_NOTHING_HERE,   /* at the messages that a filter lets through */
    PHRASE_NOTHING_ELSE,   /* likewise, where something was named before */
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

/* True when a trouble can be the consequence of another one, which is then told first: two slugs of causes or rules. */
bool dns_follows_from(const char *consequence, const char *root);

/* What to do first about troubles that were not overcome. */
const char *dns_remedy(dns_cause cause);

/* The form for the number `n`: a text with slots, see text.h. */
const char *dns_phrase_text(dns_phrase phrase, uint32_t n);

#endif
