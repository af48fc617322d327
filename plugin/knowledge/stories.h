/* stories.h
 * Words of the stories: titles, what a line says, what stands below a ladder.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_KNOWLEDGE_STORIES_H
#define DNSRCODE_KNOWLEDGE_STORIES_H

#include <stdint.h>

typedef enum {
    /* what a message is; {name}: of its transport, where that is not UDP */
    WORDS_QUERY,
    WORDS_QUERY_OVER,
    WORDS_RESPONSE_UNREADABLE,
    WORDS_MESSAGE_UNREADABLE,
    WORDS_TRUNCATED,
    /* its COOKIE option; {name}: the letter of a cookie */
    WORDS_NO_COOKIE,
    WORDS_CLIENT_ONLY,
    WORDS_CLIENT_NAMED,
    WORDS_PRESENTS,
    WORDS_BRINGS,
    WORDS_BRINGS_AGAIN,
    WORDS_AGE,   /* {age} */
    WORDS_AHEAD, /* likewise, from the future */
    WORDS_MALFORMED,
    WORDS_OTHER_CLIENT,
    /* what belongs to it */
    WORDS_AGAIN,         /* sent once more, in frame {other} */
    WORDS_AGAIN_OFTEN,   /* {n} times, the last time in frame {other} */
    WORDS_COPY,          /* the same packet in frame {other} */
    WORDS_COPIES,        /* in {n} other frames, the last of them {other} */
    WORDS_TRANSLATED,    /* by NAT: {address} in frame {other} */
    WORDS_QUERY_MISSING, /* of a response */
    WORDS_UNANSWERED,    /* of a query */
    WORDS_ELSEWHERE,     /* it is no part of the story, but says something about it */
    /* TCP */
    WORDS_SYN,
    WORDS_SEGMENT, /* none of the three */
    WORDS_FIN,
    WORDS_RST,
    /* between messages */
    WORDS_PAUSE, /* {waited} */
    WORDS_FOLD,  /* {n} lines, frames {frame} to {other} */
    /* around the ladder */
    WORDS_TITLE, /* story {n} of {m} */
    WORDS_NONE,
    WORDS_NONE_HERE, /* at the messages that a filter lets through */
    WORDS_COUNTED,   /* {n} stories */
    WORDS_WORST,     /* the {n} worst of them follow */
    WORDS_NOT_SHOWN, /* {n} more */
    WORDS_OVERCOME,  /* {n} stories that needed nothing; before their causes */
    WORDS_EXAMPLES,  /* likewise, when one of each cause follows */
    WORDS_CLIENTS,   /* {n} of them: before their addresses */
    WORDS_SERVERS,
    WORDS_ROLE_CLIENT,
    WORDS_ROLE_SERVER,
    WORDS_QUESTION,
    WORDS_COLUMNS,
    WORDS_WHERE, /* in a drawing: {frame}, and its time {name} */
    WORDS_WHY,
    WORDS_EVIDENCE,
    WORDS_ENDED,
    WORDS_TOOK, /* {name}: how long it took, from the first query to the answer */
    WORDS_DO,
    WORDS_RULE,
    WORDS_FILTER,
    /* the page */
    WORDS_PAGE_TITLE,
    WORDS_PAGE_REPORT,
    WORDS_PAGE_STORIES,
    WORDS_PAGE_AS_TEXT,
    WORDS_PAGE_MASKED,
    WORDS_PAGE_LADDER, /* for those who do not see the drawing: {n} messages */
    /* the windows */
    WORDS_WINDOW_REPORT,
    WORDS_WINDOW_STORIES,
    WORDS_BUTTON_SHOW,
    WORDS_BUTTON_NEXT,
    WORDS_BUTTON_COPY,
    WORDS_BUTTON_AGAIN,
    WORDS_READING,
    WORDS_FILTERED,   /* {name}: the display filter */
    WORDS_BAD_FILTER, /* {name}: what Wireshark says of it */
    WORDS_CHOSEN,     /* number {n} of {m}, with the filter {name}; the other form where there is only one */
    WORDS_COUNT
} dns_words_kind;

/* A text with slots (text.h), in the form for the number `n` where there are two. */
const char *dns_words(dns_words_kind kind, uint32_t n);

#endif
