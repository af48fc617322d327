/* statistics.c
 * Words of the statistics: titles, headings, sentences.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "statistics.h"

#include <stddef.h>
#include <string.h>

const char *const dns_title_tree = "DNS Response Codes, Cookies and DSO";
const char *const dns_title_servers = "DNS Servers: Cookies and DSO";
const char *const dns_title_clients = "DNS Clients: Cookies and DSO";
const char *const dns_title_report = "DNS cookies and DSO";
const char *const dns_title_stories = "Stories of DNS cookies and DSO";

const char *const dns_section_names[SECTION_COUNT] = {
    [SECTION_MESSAGES] = "Messages",
    [SECTION_RCODES] = "Response codes (with the EDNS bits)",
    [SECTION_TROUBLE] = "Causes and broken rules",
    [SECTION_OUTCOMES] = "Outcomes",
    [SECTION_COOKIE_QUERIES] = "Queries by COOKIE",
    [SECTION_COOKIE_RESPONSES] = "Responses by COOKIE",
    [SECTION_COOKIE_AGES] = "Server cookies presented, by age",
    [SECTION_DSO] = "DSO operations, and their results",
};

const char *const dns_labels[LABEL_COUNT] = {
    [LABEL_QUERIES] = "Queries",
    [LABEL_RESPONSES] = "Responses",
    [LABEL_DSO_REQUESTS] = "DSO requests",
    [LABEL_DSO_RESPONSES] = "DSO responses",
    [LABEL_DSO_UNIDIRECTIONAL] = "DSO unidirectional",
    [LABEL_RCODE_UNKNOWN] = "upper bits not captured",
    [LABEL_NO_COOKIE] = "none",
    [LABEL_CLIENT_ONLY] = "client-only",
    [LABEL_CLIENT_AND_SERVER] = "client-and-server",
    [LABEL_MALFORMED] = "malformed",
    [LABEL_AGE_UNKNOWN] = "not of RFC 9018: no age",
    [LABEL_NO_TYPE] = "unknown operation",
    [LABEL_REQUESTS] = "requests",
    [LABEL_UNIDIRECTIONAL] = "unidirectional",
};

const char *dns_age_bucket(int32_t age)
{
    /* RFC 9018 section 4.3: 5 minutes ahead and 1 hour back are accepted, half an hour is the time to renew. */
    static const struct {
        int32_t below;
        const char *name;
    } buckets[] = {
        {-300, "over 5 min ahead: from the future"},
        {0, "up to 5 min ahead"},
        {60, "under 1 min"},
        {1800, "1 min to 30 min"},
        {3601, "30 min to 1 h"},
    };
    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++)
        if (age < buckets[i].below)
            return buckets[i].name;
    return "over 1 h: expired";
}

/* As wide as the values below them: these set the widths on a terminal. */
const char *const dns_column_server = "Server         ", *const dns_column_client = "Client         ";
const char *const dns_column_names[COLUMN_COUNT] = {
    [COLUMN_TROUBLE] = "Trouble (note or worse)  ",
    [COLUMN_QUERIES] = "Queries",
    [COLUMN_WITH_COOKIE] = "With COOKIE",
    [COLUMN_BADCOOKIE] = "BADCOOKIE",
    [COLUMN_RESOLVED] = "Resolved",
    [COLUMN_EXTRA] = "Asked again",
    [COLUMN_DSO] = "DSO requests",
    [COLUMN_DSO_OK] = "Accepted",
    [COLUMN_DSO_ERROR] = "Refused",
    [COLUMN_DSO_SILENT] = "Unanswered",
};

const char *dns_remedy(dns_cause cause)
{
    return dns_cause_find(cause)->remediation[0];
}

bool dns_follows_from(const char *consequence, const char *root)
{
    static const char *const pairs[][2] = {
        {"future-server-cookie", "server-clock-skew"},
        {"stale-server-cookie", "server-clock-skew"},
        {"own-cookie-rejected", "server-clock-skew"},
        {"own-cookie-rejected", "mixed-cookie-formats"},
        {"unknown-cookie-format", "mixed-cookie-formats"},
        {"formerr-on-cookie", "malformed-cookie"},
        {"formerr-on-cookie", "duplicate-cookie-option"},
        {"dso-formerr", "dso-nonzero-counts"},
        {"dso-formerr", "request-without-tlv"},
        {"dso-formerr", "tlv-overruns-message"},
        {"dso-connection-dropped", "keepalive-overdue"},
        {"dso-connection-dropped", "inactive-session-not-closed"},
        {"reconnected-too-early", "retry-delay"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i][0], consequence) == 0 && strcmp(pairs[i][1], root) == 0)
            return true;
    return false;
}

const char *dns_phrase_text(dns_phrase phrase, uint32_t n)
{
    static const struct {
        const char *one, *many; /* one NULL: the same */
    } phrases[PHRASE_COUNT] = {
        [PHRASE_NO_MESSAGES] = {NULL, "No DNS message in this capture."},
        [PHRASE_NONE_READABLE] = {NULL, "No DNS message that can be read in this capture."},
        [PHRASE_NO_MATCH] = {NULL, "No DNS message matches the filter ({n} in the capture)."},
        [PHRASE_CUT] = {"1 message is only partly captured: capture whole packets (tcpdump -s 0).",
                        "{n} messages are only partly captured: capture whole packets (tcpdump -s 0)."},
        [PHRASE_BROKEN] = {"1 message cannot be read: it ends too early or contradicts itself.",
                           "{n} messages cannot be read: they end too early or contradict themselves."},
        [PHRASE_NOT_DNS] = {"1 message seems to be of another protocol, not DNS.",
                            "{n} messages seem to be of another protocol, not DNS."},
        [PHRASE_ENCRYPTED] = {"1 TLS connection to a DNS port cannot be read: its keys are missing.",
                              "{n} TLS connections to DNS ports cannot be read: their keys are missing."},
        [PHRASE_UNANSWERED] = {"1 query has no response in this capture.",
                               "{n} queries have no response in this capture."},
        [PHRASE_SEEN] = {"{n} DNS message, frame {frame}", "{n} DNS messages, frames {frame} to {other}"},
        [PHRASE_NOTHING] = {NULL, "Nothing wrong with cookies or DSO."},
        [PHRASE_NOTHING_HERE] = {NULL, "Nothing wrong is told at these messages; it may be at others of the same "
                                       "exchanges, which the filter leaves out."},
        [PHRASE_NOTHING_ELSE] = {NULL, "Apart from that, nothing wrong with cookies or DSO."},
        [PHRASE_TIMES] = {"once, frame {frame}", "{n} times, frames {frame} to {other}"},
        [PHRASE_TIMES_IN_FRAME] = {"once, frame {frame}", "{n} times, all in frame {frame}"},
        [PHRASE_OVERCOME] = {"1 more was resolved as usual", "{n} more were resolved as usual"},
        [PHRASE_ENDED] = {NULL, "ended: "},
        [PHRASE_SERVERS] = {"server ", "{n} servers "},
        [PHRASE_CLIENTS] = {"client ", "{n} clients "},
        [PHRASE_MORE] = {NULL, "and {n} more"},
        [PHRASE_FIRST] = {NULL, "Frame {frame}: "},
        [PHRASE_DO] = {NULL, "Do: "},
        [PHRASE_RULE] = {NULL, "Rule: "},
        [PHRASE_NORMAL] = {NULL, "Seen, and nothing to worry about: "},
        [PHRASE_FILTER] = {NULL, "Filter: "},
    };
    return n == 1 && phrases[phrase].one ? phrases[phrase].one : phrases[phrase].many;
}
