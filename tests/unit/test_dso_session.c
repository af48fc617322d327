/* test_dso_session.c
 * The DSO session from tables of events: state, causes, outcomes and broken rules after each of them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/analysis.h"
#include "finding/dso_finding.h"
#include "knowledge/rules.h"

#include <string.h>

#include "check.h"

enum { FRAMES_MAX = 64 };

/* Messages in hex. */
#define ZERO "0000000000000000 "
#define KEEPALIVE(id) id " 3000 " ZERO "0001 0008 00003a98 0036ee80"
#define KEEPALIVE_OK(id) id " b000 " ZERO "0001 0008 00003a98 0036ee80"
#define KEEPALIVE_OK_1S(id) id " b000 " ZERO "0001 0008 000003e8 00002710"
#define KEEPALIVE_OK_INFINITE(id) id " b000 " ZERO "0001 0008 ffffffff ffffffff"
#define SERVER_KEEPALIVE(timers) "0000 3000 " ZERO "0001 0008 " timers
#define EMPTY(id, rcode) id " b00" rcode " " ZERO
#define REQUEST(id, tlv) id " 3000 " ZERO tlv
#define UNIDIRECTIONAL(tlv) "0000 3000 " ZERO tlv
#define NAME "07'example'03'com'00 "
#define SUBSCRIBE(id) id " 3000 " ZERO "0040 0011 " NAME "000c0001"
#define PUSH_PTR "0000 3000 " ZERO "0041 0019 " NAME "000c0001 0000003c 0002 c010"
#define UNSUBSCRIBE(id) "0000 3000 " ZERO "0042 0002 " id
#define RETRY_DELAY(rcode, ms) "0000 300" rcode " " ZERO "0002 0004 " ms
#define QUERY(id) id " 0100 0001 0000 0000 0000 " NAME "0001 0001"
#define ANSWER(id) id " 8180 0001 0000 0000 0000 " NAME "0001 0001"

/* What happens: a message from the client ('c') or server ('s'), of the connection that is open; or from another client
 * ('d') and back ('D'), on a connection of its own. */
typedef struct {
    int ms;            /* after the start */
    char side;         /* 'c', 's'; '.' = another frame of the capture, which only shows the time */
    const char *event; /* message, or SYN, FIN, RST, GONE (a RST without ACK), GAP; NULL: the end */
    const char *state;
    const char *violations; /* slugs with a comma between, at the end of the table's run; "" none */
    const char *cause;      /* slug, ">outcome" where there is one */
} event;

typedef struct {
    const char *name;
    bool whole, tls;
    const event *events;
} story;

#define STORY(name, ...) static const event name[] = {__VA_ARGS__, {0, 0, NULL, NULL, NULL, NULL}}

STORY(healthy, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK("0001"), "established", "", ""}, {20, 'c', SUBSCRIBE("0002"), "established", "", ""},
      {30, 's', EMPTY("0002", "0"), "established", "", ""}, {40, 's', PUSH_PTR, "established", "", ""},
      {50, 'c', QUERY("0002"), "established", "", ""}, {60, 's', ANSWER("0002"), "established", "", ""},
      {3500000, 'c', KEEPALIVE("0003"), "established", "", ""},
      {3500010, 's', KEEPALIVE_OK("0003"), "established", "", ""},
      {3500020, 'c', UNSUBSCRIBE("0002"), "established", "", ""},
      {3501000, 's', SERVER_KEEPALIVE("00003a98 ffffffff"), "established", "", ""},
      {3515020, 'c', "FIN", "closed", "", ""}, {9000000, '.', "", "", "", ""});
STORY(push_refused, {0, 'c', SUBSCRIBE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "b"), "establishment-failed", "", "push-not-implemented>session-established-later"},
      {20, 'c', KEEPALIVE("0002"), "establishing", "", ""}, {30, 's', KEEPALIVE_OK("0002"), "established", "", ""});
STORY(push_retried, {0, 'c', SUBSCRIBE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "b"), "establishment-failed", "", "push-not-implemented>retried-too-early"},
      {3599000, 'c', SUBSCRIBE("0002"), "establishing", "", ""},
      {3599010, 's', EMPTY("0002", "b"), "establishment-failed", "", "push-not-implemented>connection-closed"},
      {3599020, 'c', "FIN", "closed", "", ""});
STORY(push_retried_in_time, {0, 'c', SUBSCRIBE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "b"), "establishment-failed", "", "push-not-implemented>capture-ends"},
      {3600010, 'c', SUBSCRIBE("0002"), "establishing", "", ""});
STORY(fell_back, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "b"), "establishment-failed", "dsotypeni-to-keepalive",
       "keepalive-rejected>fell-back-to-queries"},
      {20, 'c', QUERY("0002"), "establishment-failed", "", ""},
      {30, 's', ANSWER("0002"), "establishment-failed", "", ""});
STORY(not_implemented, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "4"), "establishment-failed", "", "dso-not-implemented>retried-too-early"},
      {900, 'c', KEEPALIVE("0002"), "establishing", "dso-after-not-implemented", ""},
      {910, 's', EMPTY("0002", "4"), "establishment-failed", "", "dso-not-implemented"});
STORY(types, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 'c', REQUEST("0002", "f801 0001 aa"), "established", "", ""},
      {30, 's', EMPTY("0002", "b"), "established", "", "dso-type-private>connection-closed"},
      {40, 'c', REQUEST("0003", "0044 0000"), "established", "", ""},
      {50, 's', EMPTY("0003", "b") "0044 0000", "established", "dsotypeni-with-copied-primary-tlv",
       "dso-type-unassigned>connection-closed"},
      {60, 'c', REQUEST("0004", "fc00 0000"), "established", "reserved-tlv-type", ""},
      {70, 's', EMPTY("0004", "b"), "established", "", "dso-type-reserved>connection-closed"},
      {80, 'c', REQUEST("0005", "0042 0002 0001"), "established", "unidirectional-nonzero-id", ""},
      {90, 's', EMPTY("0005", "b"), "established", "", "dso-type-not-implemented>connection-closed"},
      {100, 's', REQUEST("0001", "f802 0000"), "established", "", ""},
      {110, 'c', EMPTY("0001", "b"), "established", "", "client-lacks-dso-type>connection-closed"},
      {120, 's', "RST", "aborted", "", "dso-session-aborted"});
STORY(failures_in_session, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 'c', SUBSCRIBE("0002"), "established", "", ""},
      {30, 's', EMPTY("0002", "5"), "established", "", "dso-refused>session-went-on"},
      {400000, 'c', SUBSCRIBE("0003"), "established", "", ""},
      {400010, 's', EMPTY("0003", "9"), "established", "", "dso-notauth>session-went-on"},
      {800000, 'c', SUBSCRIBE("0004"), "established", "", ""},
      {800010, 's', EMPTY("0004", "2"), "established", "", "dso-servfail>session-went-on"},
      {1200000, 'c', SUBSCRIBE("0005"), "established", "", ""},
      {1200010, 's', EMPTY("0005", "3"), "established", "subscribe-nxdomain", ""},
      {1600000, 'c', SUBSCRIBE("0006"), "established", "", ""},
      {1600010, 's', EMPTY("0006", "0"), "established", "", ""},
      {1600020, 's', EMPTY("0006", "9"), "established", "", "dso-notauth"},
      {1600030, 'c', UNSUBSCRIBE("0006"), "established", "", ""},
      {1700000, 'c', UNSUBSCRIBE("0006"), "established", "unsubscribe-unknown", ""});
STORY(crossing_cancellation, {0, 'c', SUBSCRIBE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "0"), "established", "", ""}, {20, 'c', UNSUBSCRIBE("0001"), "established", "", ""},
      {21, 's', EMPTY("0001", "9"), "established", "", ""},
      {100, 's', PUSH_PTR, "established", "push-without-subscription", ""},
      {5000, 's', PUSH_PTR, "established", "push-without-subscription", ""});
STORY(early_unsubscribe, {0, 'c', SUBSCRIBE("0001"), "establishing", "", ""},
      {1, 'c', UNSUBSCRIBE("0001"), "establishing", "unidirectional-before-session", ""},
      {2, 'c', SUBSCRIBE("0002"), "establishing", "", ""}, {10, 's', EMPTY("0001", "0"), "established", "", ""},
      {11, 's', EMPTY("0002", "0"), "established", "", ""},
      {20, 'c', SUBSCRIBE("0003"), "established", "duplicate-subscription", ""});
STORY(ids, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {5, 'c', KEEPALIVE("0001"), "establishing", "duplicate-message-id", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 's', KEEPALIVE_OK("0001"), "established", "", ""}, /* to the second one */
      {25, 's', KEEPALIVE_OK("0001"), "established", "unsolicited-response", ""},
      {30, 'c', KEEPALIVE("0000"), "established", "request-id-zero", ""},
      {40, 's', EMPTY("0000", "b"), "established", "dsotypeni-to-unidirectional",
       "dsotypeni-to-unidirectional>capture-ends"},
      {50, 's', KEEPALIVE("0001"), "established", "unidirectional-nonzero-id", ""});
STORY(forgotten_qr, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE("0001"), "established", "qr-bit-clear-in-response", ""});
STORY(wrong_opcode, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', "0001 8004 0000 0000 0000 0000", "establishment-failed", "", "dso-not-implemented"});
STORY(wrong_opcode_of_implementer, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', "0001 8004 0000 0000 0000 0000", "establishment-failed", "wrong-opcode-in-response", ""},
      {20, 'c', KEEPALIVE("0002"), "establishing", "", ""},
      {30, 's', KEEPALIVE_OK_INFINITE("0002"), "established", "", ""});
STORY(before_session,
      {0, 'c', UNSUBSCRIBE("0001"), "sessionless", "unidirectional-before-session,unsubscribe-unknown", ""},
      {10, 's', SERVER_KEEPALIVE("00003a98 0036ee80"), "sessionless", "server-initiated-before-session", ""});
STORY(keepalives, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "0"), "established", "keepalive-response-missing-keepalive-tlv", ""},
      {20, 's', SERVER_KEEPALIVE("ffffffff 000003e8"), "established", "keepalive-interval-under-10s",
       "keepalive-fields-exchanged"},
      {30, 'c', "0002 3000 " ZERO "0001 0004 00003a98", "established", "keepalive-bad-length", ""});
STORY(silence, {0, 'c', KEEPALIVE("0001"), "establishing", "", "dso-no-response>connection-closed"},
      {29000, '.', "", "", "", ""}, {31000, 'c', "RST", "aborted", "", ""});
STORY(late, {0, 'c', KEEPALIVE("0001"), "establishing", "", "dso-no-response>session-established-later"},
      {31000, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""});
STORY(lost, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""}, {31000, 's', "GAP", "", "", ""});
STORY(dropped, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {5, 's', "RST", "aborted", "", "dso-connection-dropped"});
/* ---- One server, several connections and clients: "no DSO there" is a claim ---- */

STORY(known_later, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "4"), "establishment-failed", "", "dso-notimp>connection-closed"},
      {900, 'c', KEEPALIVE("0002"), "establishing", "", ""},
      {910, 's', EMPTY("0002", "1"), "establishment-failed", "", "dso-formerr>connection-closed"},
      {1000, 'c', "FIN", "closed", "", ""}, {2000, 'c', "SYN", "", "", ""},
      {2010, 'c', SUBSCRIBE("0001"), "establishing", "", ""},
      {2020, 's', EMPTY("0001", "b"), "establishment-failed", "", "push-not-implemented>capture-ends"});
STORY(known_from_other_client, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "5"), "establishment-failed", "", "dso-refused>capture-ends"},
      {900, 'c', KEEPALIVE("0002"), "establishing", "", ""}, {1000, 'd', KEEPALIVE("0001"), "establishing", "", ""},
      {1010, 'D', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""});
STORY(known_before, {0, 'd', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 'D', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {1000, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {1010, 's', EMPTY("0001", "4"), "establishment-failed", "", "dso-notimp"},
      {1900, 'c', KEEPALIVE("0002"), "establishing", "", ""},
      {1910, 's', EMPTY("0002", "1"), "establishment-failed", "", "dso-formerr"});
STORY(dropped_by_implementer, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {5, 's', "RST", "aborted", "", "dso-session-aborted"}, {1000, 'd', KEEPALIVE("0001"), "establishing", "", ""},
      {1010, 'D', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""});
STORY(closed_by_implementer, {0, 'd', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 'D', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {1000, 'c', KEEPALIVE("0001"), "establishing", "", ""}, {1005, 's', "FIN", "closed", "", ""});
STORY(doubtful, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "1"), "establishment-failed", "", "dso-not-implemented>retried-too-early"},
      {900, 'c', KEEPALIVE("0002"), "establishing", "dso-after-not-implemented", ""},
      {910, 's', EMPTY("0002", "1"), "establishment-failed", "", "dso-not-implemented>retried-too-early"},
      {1900, 'c', KEEPALIVE("0003"), "establishing", "", ""});
STORY(answered_unidirectional,
      {0, 'c', UNIDIRECTIONAL("f801 0000"), "sessionless", "unidirectional-before-session", ""},
      {10, 's', EMPTY("0000", "4"), "sessionless", "", "dso-not-implemented"});
STORY(answered_unidirectional_by_implementer,
      {0, 'c', UNIDIRECTIONAL("f801 0000"), "sessionless", "unidirectional-before-session", ""},
      {10, 's', EMPTY("0000", "4"), "sessionless", "response-to-unidirectional", ""},
      {1000, 'd', KEEPALIVE("0001"), "establishing", "", ""},
      {1010, 'D', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""});

/* ---- Who broke it off ---- */

STORY(aborted_for_rule, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 'c', KEEPALIVE("0000"), "established", "request-id-zero", ""},
      {30, 's', "RST", "aborted", "", "dso-session-aborted"});
STORY(gone_before_the_rule, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 'c', KEEPALIVE("0000"), "established", "request-id-zero", ""}, {30, 's', "GONE", "aborted", "", ""});
STORY(first_request_breaks_rule, {0, 'c', "0001 3000 " ZERO, "establishing", "request-without-tlv", ""},
      {5, 's', "RST", "aborted", "", "dso-session-aborted"});
STORY(aborted_for_type, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 'c', UNIDIRECTIONAL("f801 0000"), "established", "", "unidirectional-unknown-type"},
      {30, 's', "RST", "aborted", "", "dso-session-aborted"});
STORY(refused_type_unidirectional, {0, 'c', REQUEST("0001", "f801 0000"), "establishing", "", ""},
      {10, 's', EMPTY("0001", "b"), "establishment-failed", "", "dso-type-private>session-established-later"},
      {20, 'c', KEEPALIVE("0002"), "establishing", "", ""},
      {30, 's', KEEPALIVE_OK_INFINITE("0002"), "established", "", ""},
      {40, 'c', UNIDIRECTIONAL("f801 0000"), "established", "", "unidirectional-unknown-type"});
STORY(aborted_without_delay, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {9000, 's', "RST", "aborted", "", "dso-session-aborted"});
STORY(client_resets_idle_session, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""}, {9000, 'c', "RST", "aborted", "", ""});
STORY(pushed_before_response, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 'c', SUBSCRIBE("0002"), "established", "", ""}, {30, 's', PUSH_PTR, "established", "", ""},
      {40000, 's', EMPTY("0002", "0"), "established", "", ""}, {40010, 's', PUSH_PTR, "established", "", ""});
STORY(zero_interval, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', SERVER_KEEPALIVE("00003a98 00000000"), "establishing",
       "keepalive-interval-under-10s,server-initiated-before-session", ""},
      {20, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {30, 's', SERVER_KEEPALIVE("00ffffff 00000000"), "established", "keepalive-interval-under-10s", ""},
      {19000, 'c', "FIN", "closed", "", ""});

STORY(client_left, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""}, {5, 'c', "FIN", "closed", "", ""},
      {6, 's', "FIN", "", "", ""});
STORY(idle, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_1S("0001"), "established", "", ""},
      {9000, 'c', "FIN", "closed", "inactive-session-not-closed", ""});
STORY(idle_in_time, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_1S("0001"), "established", "", ""}, {1100, 'c', "FIN", "closed", "", ""});
STORY(quiet, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_1S("0001"), "established", "", ""}, {20, 'c', SUBSCRIBE("0002"), "established", "", ""},
      {30, 's', EMPTY("0002", "0"), "established", "", ""}, {9000, 'c', KEEPALIVE("0003"), "established", "", ""},
      {9010, 's', KEEPALIVE_OK_1S("0003"), "established", "keepalive-overdue", ""}, {30000, '.', "", "", "", ""});
STORY(shutdown, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 's', RETRY_DELAY("2", "0000ea60"), "server-shutdown", "client-ignores-retry-delay", "retry-delay"},
      {25, 'c', QUERY("0001"), "server-shutdown", "", ""},
      {30, 's', ANSWER("0001"), "server-shutdown", "message-after-retry-delay", ""}, {6000, '.', "", "", "", ""});
STORY(shutdown_late, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 's', RETRY_DELAY("2", "0000ea60"), "server-shutdown", "", "retry-delay"},
      {7000, 's', "RST", "aborted", "client-ignores-retry-delay", ""});
STORY(shutdown_heeded, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 's', RETRY_DELAY("0", "0000ea60"), "server-shutdown", "", "retry-delay>retried-too-early"},
      {30, 'c', "FIN", "closed", "", ""},
      {59000, 'c', "SYN", "", "reconnect-before-retry-delay", "reconnected-too-early"},
      {61000, 'c', "SYN", "", "", ""});
STORY(padding, {0, 'c', KEEPALIVE("0001") "0003 0002 0000", "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "padding-not-answered", ""},
      {20, 'c', REQUEST("0002", "0003 0000"), "established", "padding-as-primary", ""},
      {30, 's', EMPTY("0002", "b"), "established", "", "dso-type-not-implemented>capture-ends"});
STORY(wrong_sides, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""},
      {20, 's', SUBSCRIBE("0001"), "established", "subscribe-from-server", ""},
      {30, 'c', PUSH_PTR, "established", "push-from-client", ""},
      {40, 'c', RETRY_DELAY("0", "00000001"), "established", "client-sent-retry-delay", ""},
      {50, 's', PUSH_PTR, "established", "push-without-subscription", ""},
      {60, 's', UNIDIRECTIONAL("0041 0000"), "established", "push-without-records", ""});
STORY(echo, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', "0001 b184 " ZERO "0001 0008 00003a98 00000001 fc00 0000", "establishment-failed", "",
       "dso-not-implemented"});
STORY(middle, {0, 's', PUSH_PTR, "established", "", ""}, {10, 'c', UNSUBSCRIBE("0009"), "established", "", ""},
      {20, 's', EMPTY("0007", "b"), "established", "", "dsotypeni-unmatched>capture-ends"},
      {30, 's', EMPTY("0008", "0"), "established", "", ""}, {99000, '.', "", "", "", ""});
STORY(gap, {0, 'c', KEEPALIVE("0001"), "establishing", "", ""},
      {10, 's', KEEPALIVE_OK_INFINITE("0001"), "established", "", ""}, {20, 'c', "GAP", "", "", ""},
      {30, 's', EMPTY("0007", "0"), "established", "", ""}, {40, 's', PUSH_PTR, "established", "", ""});

static const story stories[] = {
    {"healthy", true, true, healthy},
    {"push refused", true, true, push_refused},
    {"push retried", true, true, push_retried},
    {"push retried in time", true, true, push_retried_in_time},
    {"fell back", true, true, fell_back},
    {"not implemented", true, true, not_implemented},
    {"types", true, true, types},
    {"failures in session", true, true, failures_in_session},
    {"crossing cancellation", true, true, crossing_cancellation},
    {"early unsubscribe", true, true, early_unsubscribe},
    {"ids", true, true, ids},
    {"forgotten QR", true, true, forgotten_qr},
    {"wrong opcode", true, true, wrong_opcode},
    {"wrong opcode of an implementer", true, true, wrong_opcode_of_implementer},
    {"known later", true, true, known_later},
    {"known from another client", true, true, known_from_other_client},
    {"known before", true, true, known_before},
    {"dropped by an implementer", true, true, dropped_by_implementer},
    {"closed by an implementer", true, true, closed_by_implementer},
    {"doubtful", true, true, doubtful},
    {"answered unidirectional", true, true, answered_unidirectional},
    {"answered unidirectional by an implementer", true, true, answered_unidirectional_by_implementer},
    {"aborted for a rule", true, true, aborted_for_rule},
    {"gone before the rule", true, true, gone_before_the_rule},
    {"first request breaks a rule", true, true, first_request_breaks_rule},
    {"aborted for a type", true, true, aborted_for_type},
    {"refused type, unidirectional", true, true, refused_type_unidirectional},
    {"aborted without Retry Delay", true, true, aborted_without_delay},
    {"client resets an idle session", true, true, client_resets_idle_session},
    {"pushed before the response", true, true, pushed_before_response},
    {"zero interval", true, true, zero_interval},
    {"before session", true, true, before_session},
    {"keepalives", true, true, keepalives},
    {"silence", true, true, silence},
    {"late", true, true, late},
    {"lost", true, true, lost},
    {"dropped", true, true, dropped},
    {"client left", true, true, client_left},
    {"idle", true, true, idle},
    {"idle in time", true, true, idle_in_time},
    {"quiet", true, true, quiet},
    {"shutdown", true, true, shutdown},
    {"shutdown late", true, true, shutdown_late},
    {"shutdown heeded", true, true, shutdown_heeded},
    {"padding", true, true, padding},
    {"wrong sides", true, true, wrong_sides},
    {"echo", true, true, echo},
    {"middle", false, true, middle},
    {"gap", true, true, gap},
};

static dns_packet packet_of(const story *s, const event *e, uint32_t frame, uint32_t connection)
{
    static const dns_endpoint server = {.address = {4, {192, 0, 2, 1}}, .port = 853};
    bool other = e->side == 'd' || e->side == 'D', from_client = e->side == 'c' || e->side == 'd';
    dns_endpoint client = {.address = {4, {192, 0, 2, other ? 3 : 2}}, .port = 40000};
    return (dns_packet){.frame = frame,
                        .time = INT64_C(1800000000) * 1000000000 + e->ms * INT64_C(1000000),
                        .source = from_client ? client : server,
                        .destination = from_client ? server : client,
                        .transport = s->tls ? TRANSPORT_TLS : TRANSPORT_TCP,
                        .connection = other ? 100 : connection,
                        .opener = !s->whole     ? OPENER_UNKNOWN
                                  : from_client ? OPENER_SOURCE
                                                : OPENER_DESTINATION,
                        .beginning_seen = s->whole};
}

static const struct {
    const char *name;
    uint8_t flags;
} segments[] = {
    {"SYN", TCP_FLAG_SYN}, {"FIN", TCP_FLAG_FIN | TCP_FLAG_ACK}, {"RST", TCP_FLAG_RST | TCP_FLAG_ACK}, {"GONE", TCP_FLAG_RST},
    {"GAP", TCP_FLAG_ACK}};

static dns_finding *play(dns_analysis *a, const story *s, const event *e, uint32_t frame, uint32_t *connection)
{
    uint8_t bytes[256];
    *connection += !strcmp(e->event, "SYN");
    dns_packet p = packet_of(s, e, frame, *connection);
    p.gap_before = !strcmp(e->event, "GAP");
    dns_analysis_frame(a, frame, p.time, &p);
    if (e->side == '.')
        return NULL;
    for (size_t i = 0; i < sizeof segments / sizeof *segments; i++)
        if (!strcmp(e->event, segments[i].name))
            return dns_analysis_tcp(a, &p, segments[i].flags);
    dns_message m;
    uint32_t n = from_hex(bytes, e->event);
    dns_message_read(&m, bytes, n, n);
    return dns_analysis_message(a, &p, &m);
}

static const char *state_name(const dns_finding *f)
{
    static const char *const names[] = {
        "unknown",         "sessionless", "establishing", "established", "establishment-failed",
        "server-shutdown", "aborted",     "closed"};
    return f && f->more->dso && f->more->dso->session ? names[f->more->dso->state] : "";
}

static void violations_text(char *to, size_t size, const dns_finding *f)
{
    size_t at = 0;
    *to = '\0';
    for (const dns_violation *v = f ? f->more->violations : NULL; v; v = v->next)
        at += (size_t)snprintf(to + at, size - at, "%s%s", at ? "," : "", dns_rule_find(v->rule)->slug);
}

static void cause_text(char *to, size_t size, const dns_finding *f, int64_t last)
{
    const dns_diagnosis *d = f ? f->more->diagnoses : NULL;
    *to = '\0';
    if (!d)
        return;
    dns_so_far whole = {last, true};
    dns_outcome outcome = dns_diagnosis_outcome(d, &whole);
    snprintf(to, size, "%s%s%s", dns_cause_find(d->cause)->slug, outcome ? ">" : "",
             outcome ? dns_outcome_find(outcome)->slug : "");
}

static void tell(const story *s)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    dns_analysis *a = dns_analysis_new(scope, NULL);
    dns_finding *findings[FRAMES_MAX] = {0};
    uint32_t connection = 0;
    unsigned n = 0;
    for (; s->events[n].event; n++) {
        findings[n] = play(a, s, &s->events[n], n + 1, &connection);
        CHECK(!strcmp(state_name(findings[n]), s->events[n].state), "%s, event %u: state \"%s\", not \"%s\"", s->name,
              n + 1, state_name(findings[n]), s->events[n].state);
    }
    for (unsigned i = 0; i < n; i++) { /* only now: later frames complete earlier findings */
        char text[512];
        violations_text(text, sizeof text, findings[i]);
        CHECK(!strcmp(text, s->events[i].violations), "%s, event %u: breaks \"%s\", not \"%s\"", s->name, i + 1, text,
              s->events[i].violations);
        cause_text(text, sizeof text, findings[i], dns_analysis_last_time(a));
        CHECK(!strcmp(text, s->events[i].cause), "%s, event %u: cause \"%s\", not \"%s\"", s->name, i + 1, text,
              s->events[i].cause);
    }
    wmem_destroy_allocator(scope);
}

int main(void)
{
    wmem_init();
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
        tell(&stories[i]);
    wmem_cleanup();
    return check_result("dso_session");
}
