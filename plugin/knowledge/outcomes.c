/* outcomes.c
 * Names of outcomes, severities and confidences.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "knowledge.h"

static const dns_outcome_row outcomes[OUTCOME_COUNT] = {
    [OUTCOME_NONE] = {"", "", true},
    [OUTCOME_OPEN] = {"open", "later frames will tell how it ends", false},
    [OUTCOME_RESOLVED] = {"resolved", "the question was answered with {rcode} in frame {frame}", true,
                          "frame {frame} is a truncated answer ({rcode}): the client has to ask again over TCP"},
    [OUTCOME_RESOLVED_OVER_TCP] = {"resolved-over-tcp",
                                   "the question was answered over TCP with {rcode} in frame {frame}", true},
    [OUTCOME_REPEATED] = {"repeated", "it happened {times}, and none of these queries was seen to get a better answer",
                          false},
    [OUTCOME_GAVE_UP] = {"gave-up",
                         "no retry of this question by this client at this server was recognized within 10 s", false,
                         .text_elsewhere =
                             "no retry at this server was recognized within 10 s; frame {other} asks the same question "
                             "from the same address, of another server or with another client cookie"},
    [OUTCOME_CAPTURE_ENDS] = {"capture-ends", "the capture ends before it is known whether the trouble was overcome",
                              false},
    [OUTCOME_UNRESOLVED] = {"unresolved", "asked again in frame {frame}, and no answer to that was captured", false},
    [OUTCOME_SERVFAIL] = {"servfail", "the asker told its own client SERVFAIL in frame {frame}", false},
    [OUTCOME_FELL_BACK_TO_QUERIES] = {"fell-back-to-queries",
                                      "the client went on with ordinary queries in frame {frame}", true},
    [OUTCOME_SESSION_ESTABLISHED_LATER] = {"session-established-later",
                                           "a DSO request succeeded later: its response is frame {frame}", true},
    [OUTCOME_RETRIED_TOO_EARLY] = {"retried-too-early", "the client tried again in frame {frame}, too early", false},
    [OUTCOME_SESSION_WENT_ON] = {"session-went-on",
                                 "the session went on: an operation in it succeeded later, see frame {frame}", true},
    [OUTCOME_CONNECTION_CLOSED] = {"connection-closed", "the connection was closed in frame {frame}", false},
};

const dns_outcome_row *dns_outcome_find(dns_outcome outcome)
{
    return &outcomes[outcome];
}

const char *dns_severity_name(dns_severity severity)
{
    static const char *const names[DNS_SEVERITY_COUNT] = {"chat", "note", "warn", "error"};
    return names[severity];
}

const char *dns_confidence_name(dns_confidence confidence)
{
    static const char *const names[] = {"proven", "observed", "inferred"};
    return names[confidence];
}
