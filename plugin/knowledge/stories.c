/* stories.c
 * Words of the stories.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stories.h"

#include <stddef.h>

static const struct {
    const char *many, *one; /* one NULL: the same */
} words[WORDS_COUNT] = {
    [WORDS_QUERY] = {"query", NULL},
    [WORDS_QUERY_OVER] = {"query over {name}", NULL},
    [WORDS_RESPONSE_UNREADABLE] = {"response, code not readable", NULL},
    [WORDS_MESSAGE_UNREADABLE] = {"message that cannot be read", NULL},
    [WORDS_TRUNCATED] = {"truncated", NULL},

    [WORDS_NO_COOKIE] = {"no COOKIE", NULL},
    [WORDS_CLIENT_ONLY] = {"client cookie only", NULL},
    [WORDS_CLIENT_NAMED] = {"client cookie {name} only", NULL},
    [WORDS_PRESENTS] = {"presents cookie {name}", NULL},
    [WORDS_BRINGS] = {"brings cookie {name}", NULL},
    [WORDS_BRINGS_AGAIN] = {"brings cookie {name} again", NULL},
    [WORDS_AGE] = {" ({age} old)", NULL},
    [WORDS_AHEAD] = {" (dated {age} ahead)", NULL},
    [WORDS_MALFORMED] = {"malformed COOKIE option of {bytes}", NULL},
    [WORDS_OTHER_CLIENT] = {"not the query's client cookie", NULL},

    [WORDS_AGAIN] = {"; sent again in frame {other}", NULL},
    [WORDS_AGAIN_OFTEN] = {"; sent {n} more times, the last time in frame {other}", NULL},
    [WORDS_COPY] = {"; the same again in frame {other}", NULL},
    [WORDS_COPIES] = {"; the same {n} more times, the last time in frame {other}", NULL},
    [WORDS_TRANSLATED] = {"; {address} on the other side of the NAT, frame {other}", NULL},
    [WORDS_QUERY_MISSING] = {"; its query is not in the capture", NULL},
    [WORDS_UNANSWERED] = {"; no response captured", NULL},

    [WORDS_ELSEWHERE] = {" (evidence)", NULL},

    [WORDS_SYN] = {"TCP connection opened (SYN)", NULL},
    [WORDS_SEGMENT] = {"TCP segment", NULL},
    [WORDS_FIN] = {"TCP connection closed (FIN)", NULL},
    [WORDS_RST] = {"TCP connection reset (RST)", NULL},

    [WORDS_PAUSE] = {"{waited} later", NULL},
    [WORDS_FOLD] = {"{n} more, frames {frame} to {other}", "1 more, frame {frame}"},

    [WORDS_TITLE] = {"Story {n} of {m}: ", NULL},
    [WORDS_NONE] = {"No story with cookies or DSO went wrong.", NULL},
    [WORDS_NONE_HERE] = {"No story went wrong at these messages; others of the same exchanges, which the filter leaves "
                         "out, may tell more.",
                         NULL},
    [WORDS_COUNTED] = {"{n} stories went wrong: ", "1 story went wrong: "},
    [WORDS_WORST] = {" The {n} worst follow.", NULL},
    [WORDS_NOT_SHOWN] = {"{n} more stories are not shown: filter for a client or a server to see them.",
                         "1 more story is not shown: filter for its client or server to see it."},
    [WORDS_OVERCOME] = {"{n} more went as they should: ", "1 more went as it should: "},
    [WORDS_EXAMPLES] = {"{n} stories that went as they should, one of each kind below: ",
                        "1 story that went as it should: "},
    [WORDS_CLIENTS] = {"Clients ", "Client "},
    [WORDS_SERVERS] = {"servers ", "server "},
    [WORDS_ROLE_CLIENT] = {"Client", NULL},
    [WORDS_ROLE_SERVER] = {"Server", NULL},
    [WORDS_QUESTION] = {"Question: ", NULL},
    [WORDS_COLUMNS] = {"   Frame        Time      (* is where the trouble shows)", NULL},
    [WORDS_WHERE] = {"frame {frame} · {name}", NULL},
    [WORDS_WHY] = {"Why: ", NULL},
    [WORDS_EVIDENCE] = {"Evidence: ", NULL},
    [WORDS_ENDED] = {"How it ended: ", NULL},
    [WORDS_TOOK] = {"What it cost: {name} from the first query to the answer.", NULL},
    [WORDS_DO] = {"What to do: ", NULL},
    [WORDS_RULE] = {"Rule: ", NULL},
    [WORDS_FILTER] = {"Filter: ", NULL},

    [WORDS_PAGE_TITLE] = {"DNS trouble: cookies and DSO", NULL},
    [WORDS_PAGE_REPORT] = {"Report", NULL},
    [WORDS_PAGE_STORIES] = {"Stories", NULL},
    [WORDS_PAGE_AS_TEXT] = {"The same as text", NULL},
    [WORDS_PAGE_MASKED] = {"Addresses and names are replaced: the same one has the same replacement everywhere.", NULL},
    [WORDS_PAGE_LADDER] = {"Ladder of {n} messages between client and server", "Ladder of 1 message"},

    [WORDS_WINDOW_REPORT] = {"DNS trouble: report", NULL},
    [WORDS_WINDOW_STORIES] = {"DNS trouble: stories", NULL},
    [WORDS_BUTTON_SHOW] = {"Show these frames", NULL},
    [WORDS_BUTTON_NEXT] = {"Next", NULL},
    [WORDS_BUTTON_COPY] = {"Copy", NULL},
    [WORDS_BUTTON_AGAIN] = {"Again", NULL},
    [WORDS_READING] = {"Reading the capture …", NULL},
    [WORDS_FILTERED] = {"With the display filter {name}:", NULL},
    [WORDS_BAD_FILTER] = {"The display filter cannot be used: {name} Correct it, then click \"Again\".", NULL},
    [WORDS_CHOSEN] = {"\"Show these frames\" shows number {n} of {m}: {name}. \"Next\" chooses the next one.",
                      "\"Show these frames\" shows {name}."},
};

const char *dns_words(dns_words_kind kind, uint32_t n)
{
    return n == 1 && words[kind].one ? words[kind].one : words[kind].many;
}
