/* line.h
 * What a line of a ladder says.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STORIES_LINE_H
#define DNSRCODE_STORIES_LINE_H

#include "../knowledge/text.h"
#include "book.h"

/* Cookies have letters, in the order in which a story first names them. */
typedef struct {
    uint8_t length;
    uint8_t bytes[32];
} lettered;

typedef struct {
    const story *story;
    const collection *ends;
    const dns_text_mask *mask; /* NULL: names as they are */
    lettered server_cookies[LINES_MAX], client_cookies[LINES_MAX];
    unsigned server_count, client_count;
    bool cookies; /* a message of the story has a COOKIE: that another one has none is worth a word */
} line_words;

/* To write the lines of this story, in their order. */
void line_words_init(line_words *w, const collection *ends, const story *s, const dns_text_mask *mask);

/* "BADCOOKIE, brings server cookie A": to be freed with g_free(). */
char *line_text(line_words *w, const story_line *line);

/* "[own-cookie-rejected]": what is told at this line, from note on; "" where nothing is. Likewise. */
char *line_troubles(const story_line *line);

/* The worst of what is told at a line. */
dns_severity line_severity(const story_line *line);

/* "0.012 s", since the story's first message. Likewise. */
char *line_time(const story *s, const story_line *line);

#endif
