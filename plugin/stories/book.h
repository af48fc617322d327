/* book.h
 * The stories of a capture, the worst first.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A story is one question of one client until its end; one session of DSO; or, of trouble that is neither, all queries and
 * responses between the two that show it. Made anew whenever it is drawn, from the findings as they are then. Memory: while a book is open, about 100
 * bytes per story with something to tell, and the messages of the STORIES_MAX worst ones (about 100 bytes each, of which
 * LINES_MAX are looked at closely); nothing else.
 */
#ifndef DNSRCODE_STORIES_BOOK_H
#define DNSRCODE_STORIES_BOOK_H

#include "../finding/dso_finding.h"
#include "../statistics/listening.h"

enum {
    STORIES_MAX = 100, /* the others are counted */
    LINES_MAX = 20,    /* of a ladder: more are folded */
};

typedef enum { LINE_MESSAGE, LINE_SEGMENT, LINE_PAUSE, LINE_FOLD } line_kind;

/* How often something was seen again, and in which frame last. */
typedef struct {
    uint32_t count, last_frame;
} seen_again;

typedef struct {
    line_kind kind;
    uint32_t frame;
    int64_t time;
    bool to_server;
    bool own;                   /* of the story itself, and not something that it rests on */
    bool told_elsewhere;        /* the other side of an address translation tells it */
    bool decides;               /* where the trouble that the story is named after is told */
    uint32_t client, server;    /* ends of the collection */
    const dns_finding *finding; /* NULL of a segment without one */
    uint8_t flags;              /* of a segment */
    bool brought_before;        /* of a response: one before it brought the same server cookie, from the same server */
    seen_again sent, copied;
    uint32_t translated_in,
        translated; /* the frame on the other side of an address translation, and the end that it had there */
    uint32_t count, last_frame; /* of a fold */
} story_line;

/* What is wrong: a cause or a broken rule. */
typedef struct {
    dns_severity severity;
    const dns_finding *finding;
    const dns_diagnosis *diagnosis; /* NULL: the rule below */
    const dns_violation *violation;
} story_trouble;

typedef struct {
    story_trouble trouble; /* the worst, the earliest of these */
    const char *question;  /* NULL: not known, or several */
    bool several_questions;
    const dns_episode *episode;
    const dns_dso_session *session;
    uint32_t rank;             /* among those with the same trouble, from 0 */
    GArray *lines;             /* story_line: what is shown, in the order of the capture */
    GArray *frames;            /* uint32_t: all frames of the story, in order */
    GArray *clients, *servers; /* uint32_t, ends of the collection: those of the lines */
    GArray *twins;             /* see ladder.c */
    unsigned messages;         /* lines before TCP segments were added */
    GHashTable *streams;       /* TCP connections that it uses, see ladder.c */
    int64_t begin;             /* the time of its first message */
    int64_t answered_after;    /* nanoseconds from the first query to the answer that it ended with; -1: not known */
} story;

typedef struct {
    GPtrArray *stories;                      /* of story */
    uint32_t wrong;                          /* how many went wrong, shown or not */
    uint32_t severities[DNS_SEVERITY_COUNT]; /* ... by severity */
    uint32_t overcome;                       /* those with nothing above chat */
    uint32_t overcome_causes[CAUSE_COUNT];   /* ... by cause */
    bool examples;                           /* nothing went wrong: the stories are one of each of those */
} story_book;

/* To be freed with book_free(). */
story_book *book_make(const listening *l);
void book_free(story_book *book);

/* The slug of its trouble. */
const char *story_slug(const story *s);

/* A display filter for exactly its frames, or, where these are many, for the story or session. To be freed with g_free(). */
char *story_filter(const story *s);

#endif
