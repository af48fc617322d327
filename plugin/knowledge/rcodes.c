/* rcodes.c
 * The response codes: names, meaning, when one sees them, what to do.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ordered by code and without gaps, so that every value has a row (a unit test says so).
 */
#include "knowledge.h"

static const char *const unassigned_meaning = "No standard gives this code a meaning.";
static const char *const unassigned_when =
    "A newer specification than this table knows, an experiment, or a broken message.";
static const char *const unassigned_do =
    "Compare with the IANA registry \"DNS RCODEs\" and find out which software sent it.";

static const dns_rcode_row rows[] = {
    {0,
     0,
     "NOERROR",
     "The server did what it was asked; an empty answer means that the name has no such records.",
     "On every successful response, also on referrals and on names without records of the type asked for.",
     {NULL},
     {"RFC 1035 section 4.1.1"}},
    {1,
     1,
     "FORMERR",
     "The server could not interpret the query: it considers the format wrong.",
     "After a malformed message or option, from servers without EDNS, and when a middlebox changes queries.",
     {"Check the query's options and lengths, and ask again without them (dig +noedns, dig +nocookie) to see which "
      "part "
      "is refused.",
      "Upgrade the server if the query is correct."},
     {"RFC 1035 section 4.1.1", "RFC 6891 section 7"}},
    {2,
     2,
     "SERVFAIL",
     "The server failed to answer because of a problem of its own or behind it.",
     "After a failed DNSSEC validation, when authoritative servers cannot be reached or misbehave, and when a zone was "
     "not loaded.",
     {"Look for an Extended DNS Error in the response, then look into the server's log.",
      "Ask again with checking disabled (dig +cd): if there is an answer then, the problem is DNSSEC."},
     {"RFC 1035 section 4.1.1", "RFC 8914"}},
    {3,
     3,
     "NXDOMAIN",
     "The name does not exist, and nothing below it does.",
     "After a typing error, when a search domain was appended, or when the record was never created.",
     {"Check the name for a missing dot or an appended search domain.", "Ask the authoritative server for it."},
     {"RFC 1035 section 4.1.1", "RFC 8020"}},
    {4,
     4,
     "NOTIMP",
     "The server does not support this kind of request (opcode).",
     "When the server does not implement the opcode: UPDATE, NOTIFY, or opcode 6 at a server without DNS Stateful "
     "Operations.",
     {"Use ordinary queries, or a server that supports the operation."},
     {"RFC 1035 section 4.1.1", "RFC 8490 section 5.1.1"}},
    {5,
     5,
     "REFUSED",
     "The server does not want to answer this client or this question.",
     "From authoritative servers that do not have the zone, from resolvers that do not serve this client, and from "
     "servers that demand a cookie or TCP.",
     {"Check the server's access lists, and whether the zone is configured there.",
      "Look for an Extended DNS Error and for the TC bit in the response."},
     {"RFC 1035 section 4.1.1"}},
    {6,
     6,
     "YXDOMAIN",
     "A name exists although it should not, or a DNAME makes a name too long.",
     "On an UPDATE whose prerequisite failed, or below a DNAME record.",
     {"Check the prerequisites of the update, or the length of the rewritten name."},
     {"RFC 2136 section 2.2", "RFC 6672 section 2.2"}},
    {7,
     7,
     "YXRRSET",
     "A set of records exists although the update demands that it does not.",
     "On an UPDATE whose prerequisite failed. (With EDNS bits this can be the lower half of 23, BADCOOKIE.)",
     {"Check the prerequisites of the update."},
     {"RFC 2136 section 2.2"}},
    {8,
     8,
     "NXRRSET",
     "A set of records does not exist although the update demands it.",
     "On an UPDATE whose prerequisite failed.",
     {"Check the prerequisites of the update."},
     {"RFC 2136 section 2.2"}},
    {9,
     9,
     "NOTAUTH",
     "The server is not authoritative for the zone named.",
     "On an UPDATE, transfer or DNS Push subscription sent to a server that does not have the zone.",
     {"Send it to a server that is authoritative for the zone."},
     {"RFC 2136 section 2.2", "RFC 8765 section 6.2.2"}},
    {10,
     10,
     "NOTZONE",
     "A name in the message lies outside the zone named.",
     "On an UPDATE with records that do not belong to its zone.",
     {"Correct the zone, or send the records in an update of their own zone."},
     {"RFC 2136 section 2.2"}},
    {11,
     11,
     "DSOTYPENI",
     "The server knows DNS Stateful Operations (DSO), but not the DSO-TYPE of this request's primary TLV.",
     "When a client tries a DSO operation that the server does not have, such as a DNS Push subscription. It is about "
     "a "
     "missing operation, not about cookies, and no retry helps.",
     {"Upgrade the server, or use one that implements the operation.",
      "Fall back to ordinary DNS queries otherwise; the connection can stay open."},
     {"RFC 8490 section 5.1.1", "RFC 8490 section 10.2"}},
    {12, 15, "unassigned", unassigned_meaning, unassigned_when, {unassigned_do}, {"RFC 6895 section 2.3"}},
    {16,
     16,
     "BADVERS",
     "The server does not support the EDNS version of the query.",
     "On a query with an EDNS version above 0.",
     {"Let the client use EDNS version 0."},
     {"RFC 6891 section 6.1.3"}},
    {17,
     17,
     "BADKEY",
     "The server does not know the key that signed the message.",
     "In the error field of a TSIG or TKEY record, seldom as a joined response code.",
     {"Configure the same key name, algorithm and secret on both ends."},
     {"RFC 8945 section 5.2.1", "RFC 2930 section 2.6"}},
    {18,
     18,
     "BADTIME",
     "The signature's time is too far from the server's clock.",
     "In the error field of a TSIG record, seldom as a joined response code.",
     {"Synchronise the clocks (NTP) of both ends."},
     {"RFC 8945 section 5.2.3"}},
    {19,
     19,
     "BADMODE",
     "The TKEY mode is not supported.",
     "In the error field of a TKEY record, seldom as a joined response code.",
     {"Use a TKEY mode that both ends support."},
     {"RFC 2930 section 2.6"}},
    {20,
     20,
     "BADNAME",
     "The TKEY key name exists already, or is not usable.",
     "In the error field of a TKEY record, seldom as a joined response code.",
     {"Choose another key name."},
     {"RFC 2930 section 2.6"}},
    {21,
     21,
     "BADALG",
     "The TKEY algorithm is not supported.",
     "In the error field of a TKEY record, seldom as a joined response code.",
     {"Use an algorithm that both ends support."},
     {"RFC 2930 section 2.6"}},
    {22,
     22,
     "BADTRUNC",
     "The message authentication code was cut shorter than the server's policy allows.",
     "In the error field of a TSIG record, seldom as a joined response code.",
     {"Send the full MAC, or relax the policy of the server."},
     {"RFC 8945 section 5.2.4"}},
    {23,
     23,
     "BADCOOKIE",
     "The server wants a server cookie that it accepts: the query had none, or not the right one. The response should "
     "bring "
     "a fresh one.",
     "When a client has no server cookie yet, or an expired one. The cookie proves the client's address and so defends "
     "against forged queries and answers. A retry with the fresh cookie is the normal cure.",
     {"Retry with the cookie just learned, as most resolvers do by themselves.",
      "Find out who breaks the cookie if the code comes again (see the cause), and whether the resolver supports RFC "
      "7873."},
     {"RFC 7873 section 5.2.3", "RFC 9018 section 4"}},
    {24, 3840, "unassigned", unassigned_meaning, unassigned_when, {unassigned_do}, {"RFC 6895 section 2.3"}},
    {3841,
     4095,
     "private use",
     "Reserved for private use: its meaning is an agreement between the two ends.",
     "Between products of one maker, or in an experiment.",
     {"Ask the maker of the two ends."},
     {"RFC 6895 section 2.3"}},
    {4096, 65534, "unassigned", unassigned_meaning, unassigned_when, {unassigned_do}, {"RFC 6895 section 2.3"}},
    {65535,
     65535,
     "reserved",
     "Reserved: must not be used.",
     "Only in a broken message.",
     {unassigned_do},
     {"RFC 6895 section 2.3"}},
};

/* With a TSIG record in the message, two codes have another meaning. */
static const dns_rcode_row tsig_rows[] = {
    {9,
     9,
     "NOTAUTH",
     "The request was not authorised: its transaction signature (TSIG) was not accepted.",
     "When the key, the time or the signature of a TSIG record does not fit; the TSIG error field says which.",
     {"Compare key name, algorithm, secret and clock of both ends."},
     {"RFC 8945 section 5.2"}},
    {16,
     16,
     "BADSIG",
     "The transaction signature (TSIG) of the message does not verify.",
     "In the error field of a TSIG record: the two ends hold different secrets, or the message was changed on the way.",
     {"Configure the same secret on both ends; look for a proxy that rewrites messages."},
     {"RFC 8945 section 5.2.2"}},
};

static const dns_rcode_row *find_in(const dns_rcode_row *table, size_t count, uint16_t rcode)
{
    for (size_t i = 0; i < count; i++)
        if (rcode >= table[i].first && rcode <= table[i].last)
            return &table[i];
    return NULL;
}

const dns_rcode_row *dns_rcode_find(uint16_t rcode, bool tsig)
{
    const dns_rcode_row *row = tsig ? find_in(tsig_rows, sizeof tsig_rows / sizeof *tsig_rows, rcode) : NULL;
    return row ? row : find_in(rows, sizeof rows / sizeof *rows, rcode);
}

const dns_rcode_row *dns_rcode_rows(size_t *count)
{
    *count = sizeof rows / sizeof *rows;
    return rows;
}

const char *dns_shutdown_reason(uint16_t rcode)
{
    static const struct {
        uint16_t rcode;
        const char *reason;
    } reasons[] = {
        {RCODE_NOERROR, "The server ends the session for a routine shutdown or restart."},
        {RCODE_FORMERR, "The server ends the session: a request of the client was too malformed to go on."},
        {RCODE_SERVFAIL, "The server ends the session: it is overloaded and needs to shed load."},
        {RCODE_REFUSED, "The server ends the session: it was reconfigured and may no longer serve this client's "
                        "operations."},
        {RCODE_NOTAUTH, "The server ends the session: it was reconfigured and is no longer authoritative for "
                        "this client's names."},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].rcode == rcode)
            return reasons[i].reason;
    return "The server ends the session for a reason that RFC 8490 does not name: to be taken as a routine shutdown.";
}
