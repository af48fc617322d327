/* text.h
 * Stories as plain text for a terminal, a window or a ticket.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STORIES_TEXT_H
#define DNSRCODE_STORIES_TEXT_H

#include "../knowledge/text.h"
#include "book.h"

/* What all ways to show stories need. */
typedef struct {
    const listening *from;
    const story_book *book;
    const dns_text_mask *mask; /* NULL: addresses and names as they are */
} story_view;

/* What stands before the first story, and behind the last. To be freed with g_free(), as are all texts here. */
char *stories_head(const story_view *v);
char *stories_foot(const story_view *v); /* NULL: nothing */

/* "Story 2 of 3: own-cookie-rejected (error)". */
char *story_title(const story_view *v, unsigned i);
/* "Client 192.0.2.1, server 192.0.2.53", and the question. Several have names: C1, C2, S1. */
char *story_ends(const story_view *v, const story *s);
char *story_question(const story_view *v, const story *s); /* NULL: not known */
/* "C1", "S2"; "" where there is only one of its kind. */
char *story_client_name(const story *s, uint32_t end);
char *story_server_name(const story *s, uint32_t end);

/* What stands below the ladder. */
typedef enum { PART_WHY, PART_EVIDENCE, PART_ENDED, PART_TOOK, PART_DO, PART_RULE, PART_FILTER } story_part;
typedef void (*story_part_function)(void *data, story_part part, const char *label, const char *text);
void story_parts(const story_view *v, const story *s, story_part_function function, void *data);

/* One story; all of them with head and foot. */
char *story_text(const story_view *v, unsigned i);
char *stories_text(const story_view *v);

#endif
