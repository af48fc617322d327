/* ladder.h
 * One story written down, line by line: inside the stories room.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STORIES_LADDER_H
#define DNSRCODE_STORIES_LADDER_H

#include "book.h"

story *ladder_new(const story_trouble *trouble, uint32_t rank);
void ladder_free(void *story);

/* Record `i`, in the order of the capture. `original`: its finding, or, of a copy of a packet, that of the first. */
void ladder_add(story *s, const listening *l, unsigned i, const dns_finding *original);

/* The TCP segments that open and end the connections of these stories. */
void ladders_add_segments(const GPtrArray *stories, const listening *l);

/* All is there: what it rests on is added, and what is too much folded. */
void ladder_finish(story *s, const listening *l);

#endif
