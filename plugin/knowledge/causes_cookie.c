/* causes_cookie.c
 * Why a server answers BADCOOKIE, and cookie trouble without it: texts.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "knowledge.h"

static const char *const one_secret =
    "Configure one secret on all nodes: BIND cookie-secret, Knot mod-cookies secret, NSD cookie-secret, Unbound "
    "cookie-secret or cookie-secret-file, PowerDNS edns-cookie-secret; change it in the three stages of RFC 9018 "
    "section 5.";
static const char *const clocks = "Run NTP on every node of the service, and on the machine that captures.";
static const char *const capture_both_sides =
    "Capture on the other side of the devices between client and server, and compare the option.";
static const char *const nothing = "Nothing is wrong.";

const dns_cause_row dns_cookie_causes[CAUSE_COUNT] = {
    [CAUSE_FIRST_CONTACT] =
        {"first-contact",
         "BADCOOKIE: first contact",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_CHAT,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE at first contact: the query had no server cookie, this server wants one and hands it out here. "
         "Normal: the client asks again with it.",
         "The query in frame {frame} carried only a client cookie, and this server demands a server cookie, which this "
         "response brings. The client should ask again with it.",
         {nothing,
          "To save the extra round trip, let the server answer clients without a server cookie: BIND "
          "require-server-cookie no; Unbound access-control allow instead of allow_cookie; PowerDNS without "
          "edns-cookie-secret.",
          "If the client never comes back with the cookie: see whether it supports RFC 7873, and whether the response "
          "reaches it."},
         {"RFC 7873 section 5.2.3"}},
    [CAUSE_COOKIE_NOT_LEARNED] =
        {"cookie-not-learned",
         "BADCOOKIE: cookie not learned",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_ERROR,
         "BADCOOKIE because the client does not use what it is given: the server issued a cookie in frame {other}, yet "
         "the query in frame {frame} comes without it. Fix or upgrade the client or the forwarder.",
         "This server gave the client a server cookie for this client cookie in frame {other}, yet the query in frame "
         "{frame} does not present it.",
         {"Upgrade the client or the forwarder: it ignores the cookies it gets.",
          "Else stop it from sending cookies: BIND send-cookie no; dig +nocookie.", "Or let it ask over TCP.",
          "When the response may be lost on its way to the client: capture at the client."},
         {"RFC 7873 section 5.3"}},
    [CAUSE_STALE_SERVER_COOKIE] =
        {"stale-server-cookie",
         "BADCOOKIE: stale server cookie",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_CHAT,
         DNS_SEVERITY_WARN,
         "BADCOOKIE because the server cookie was too old: it was made {age} before the query in frame {frame}, "
         "and 1 h is the limit. The client takes the fresh one from this response and asks again.",
         "The query in frame {frame} presented a server cookie made {age} earlier; servers accept one hour.",
         {"Nothing, when the client asks again with the fresh cookie from this response. BIND 9.20 and later answer so "
          "by default.",
          "If it goes on: the client does not take the new cookie, or the clocks are wrong (NTP)."},
         {"RFC 9018 section 4.3"}},
    [CAUSE_FUTURE_SERVER_COOKIE] =
        {"future-server-cookie",
         "BADCOOKIE: server cookie from the future",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "BADCOOKIE because the server cookie comes from the future: its timestamp lies {age} after the query in frame "
         "{frame}, 5 min is the limit. Check the clocks (NTP) of all nodes of the service.",
         "The query in frame {frame} presented a server cookie stamped {age} later than the query itself; servers "
         "accept five minutes.",
         {clocks, "Find the node whose clock is ahead: it issued this cookie."},
         {"RFC 9018 section 4.3"}},
    [CAUSE_SERVER_CLOCK_SKEW] =
        {"server-clock-skew",
         "Server clock off",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "The server's clock is {age} off: that is how far the timestamp of the cookie it just issued is from the "
         "capture's time. Check NTP on every node; the capture's own clock could be the wrong one.",
         "The server cookie issued in frame {frame} bears a timestamp {age} away from the time of the frame.",
         {clocks, "Nodes whose clocks differ by more than 5 min refuse each other's cookies.",
          "When every server of the capture seems off by the same, the capture's own clock is wrong."},
         {"RFC 9018 section 4.3", "RFC 9018 section 8.2"}},
    [CAUSE_OWN_COOKIE_REJECTED] =
        {"own-cookie-rejected",
         "BADCOOKIE: own cookie rejected",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "BADCOOKIE for a cookie that this server address itself issued to this client (frame {other}). Likely nodes "
         "with different secrets behind the address, or NAT changing the client's. One secret on all nodes.",
         "The cookie in frame {frame} was issued by this server address to this client with this client cookie {age} "
         "earlier (frame {other}). Here the address refused {n} of its own cookies and accepted {m}.",
         {one_secret,
          "If all nodes share the secret: look for NAT or a proxy that changes the client's address on its way to the "
          "server; the cookie holds for one address only.",
          "If the server never accepts a cookie: upgrade it, or stop it from demanding one.", capture_both_sides},
         {"RFC 9018 section 4.4", "RFC 9018 section 5", "RFC 7873 section 6"}},
    [CAUSE_NO_COOKIE_ACCEPTED] =
        {"no-cookie-accepted",
         "BADCOOKIE: no cookie is accepted",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "No cookie is ever accepted: each BADCOOKIE brings another one, and all are refused when they come back. One "
         "secret "
         "on all nodes cures nothing where cookies are drawn at random: upgrade the server.",
         "The cookie in frame {frame} was issued in frame {other}. Over UDP this address refused {n} of its own "
         "cookies and "
         "accepted none, and cookies that it made for the same client in the same second are all different.",
         {"Upgrade the server: it seems to draw its cookies at random.",
          "Or many nodes with a secret of their own stand behind the address, or the client's address changes on its "
          "way to "
          "the server for each query.",
          "Until then stop clients from sending cookies to it: BIND server … { send-cookie no; };", capture_both_sides},
         {"RFC 7873 section 5.2.3", "RFC 9018 section 4.4"}},
    [CAUSE_SERVER_SECRET_CHANGED] =
        {"server-secret-changed",
         "BADCOOKIE: server secret changed",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE for a cookie issued in frame {other}; newer cookies hold. The server seems to have changed "
         "its secret (restart, roll-over). Configure a fixed secret and keep the old one for an hour.",
         "The server refused a cookie that it had issued in frame {other}, and has accepted those issued since: its "
         "secret seems to have changed in between.",
         {"Configure a secret, so that a restart does not draw a new one, and on a change keep the old one for "
          "verification for an hour (RFC 9018 section 5).",
          "Knot mod-cookies draws a new secret every secret-lifetime unless one is configured."},
         {"RFC 9018 section 5"}},
    [CAUSE_CLIENT_ADDRESS_CHANGED] =
        {"client-address-changed",
         "BADCOOKIE: client address changed",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "BADCOOKIE because the cookie belongs to another client address: it was issued to {address}, the query in "
         "frame {frame} comes from elsewhere. Look for a NAT pool, several interfaces, a proxy in front.",
         "The query in frame {frame} presents a server cookie that was issued to {address}; a cookie holds for the "
         "address that it was issued to.",
         {"Find what changes the address: a NAT pool (give each client one address), several interfaces, IPv6 "
          "temporary "
          "addresses, a proxy in front of the server (PROXY protocol).",
          "A client must take a new client cookie when its address changes (RFC 9018 section 3)."},
         {"RFC 9018 section 3", "RFC 9018 section 4.4"}},
    [CAUSE_CLIENT_COOKIE_CHANGED] =
        {"client-cookie-changed",
         "BADCOOKIE: client cookie changed",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "BADCOOKIE because client cookie and server cookie do not belong together: the server cookie in frame {frame} "
         "was issued with another client cookie (frame {other}). A bug of the client or forwarder.",
         "The server cookie presented in frame {frame} was issued in frame {other} together with another client "
         "cookie; "
         "the two are one credential.",
         {"Fix or upgrade the client: it must keep client and server cookie together.",
          "Behind a forwarder: see whether it hands out cached COOKIE options of other clients."},
         {"RFC 7873 section 5.3", "RFC 9018 section 4.4"}},
    [CAUSE_WRONG_SERVER] =
        {"wrong-server",
         "BADCOOKIE: cookie of another server",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "BADCOOKIE because the cookie is another server's: {address} issued it (frame {other}), the query in frame "
         "{frame} takes it elsewhere. The client or forwarder keys its cookie cache wrongly.",
         "The server cookie presented in frame {frame} was issued by {address} in frame {other}.",
         {"Fix or upgrade the client or forwarder: cookies are kept per server address.",
          "If both addresses are meant to be one service, give them one secret."},
         {"RFC 7873 section 5.1", "RFC 9018 section 3"}},
    [CAUSE_SUPERSEDED_SERVER_COOKIE] =
        {"superseded-server-cookie",
         "BADCOOKIE: superseded server cookie",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE for an older cookie: the client presents the one of frame {other} although the server gave it a "
         "newer one in frame {n}. The client should use the latest.",
         "The query in frame {frame} presents the cookie issued in frame {other}; a newer one was issued in frame {n}.",
         {"Let the client use the latest cookie that it got.", one_secret},
         {"RFC 7873 section 5.3"}},
    [CAUSE_ALTERED_SERVER_COOKIE] =
        {"altered-server-cookie",
         "BADCOOKIE: altered server cookie",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "BADCOOKIE because the cookie was changed: the one in frame {frame} is nearly the one issued in frame "
         "{other}. "
         "Look for a device on the way, or a client, that damages the option.",
         "The server cookie presented in frame {frame} equals the one issued in frame {other} but for a few bytes.",
         {capture_both_sides, "Compare with what the client stored: it may be cut or changed there."},
         {"RFC 7873 section 5.3"}},
    [CAUSE_RESERVED_BYTES_REJECTED] =
        {"reserved-bytes-rejected",
         "BADCOOKIE: reserved bytes rejected",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE for a cookie whose reserved bytes are not zero (query in frame {frame}). BIND wants zeros there, "
         "RFC 9018 does not: let all nodes issue zeros.",
         "The server cookie in frame {frame} is of version 1 and fresh, with reserved bytes that are not zero; BIND "
         "refuses that, against RFC 9018 section 4.2.",
         {"Let every node of the service issue cookies with reserved bytes of zero, as RFC 9018 demands.",
          "Upgrade the server that refuses them."},
         {"RFC 9018 section 4.2"}},
    [CAUSE_RATE_LIMIT_SLIP] =
        {"rate-limit-slip",
         "BADCOOKIE: rate limiting",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE as part of rate limiting, it seems: the server answers this client without server cookie too "
         "(frame "
         "{other}), and refuses some of a burst. A client that uses the cookie is exempt.",
         "The server answered a query without server cookie normally in frame {other}, and BADCOOKIE to another of the "
         "same burst in frame {frame}: this is how response rate limiting lets known clients through.",
         {"Let the client use the cookie from this response: it is exempt then.",
          "BIND: rate-limit { exempt-clients { … }; responses-per-second …; slip …; };",
          "Find out why this client asks so often."},
         {"RFC 7873 section 5.2.3"}},
    [CAUSE_MIXED_COOKIE_FORMATS] =
        {"mixed-cookie-formats",
         "Mixed cookie formats",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "Cookies of different make come from one server address: its nodes do not agree on the algorithm, and refuse "
         "each other's cookies. Use one: BIND cookie-algorithm siphash24; upgrade the odd node.",
         "The server cookies issued by this address alternate between different formats: different software or "
         "algorithms answer there.",
         {"Use one algorithm on all nodes: BIND cookie-algorithm siphash24; (RFC 9018).", "Upgrade the odd node.",
          one_secret},
         {"RFC 9018 section 6"}},
    [CAUSE_UNKNOWN_COOKIE_FORMAT] =
        {"unknown-cookie-format",
         "BADCOOKIE: unknown cookie format",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE for a server cookie in another format: {bytes}, first byte {m} (query in frame {frame}). RFC 9018 "
         "knows 16 bytes and version 1. Was it issued by other software?",
         "The server cookie presented in frame {frame} has {bytes} and begins with {m}: it is not of RFC 9018.",
         {"Find out who issued it: another server behind this address, or an older version or algorithm.",
          "BIND cookie-algorithm siphash24; makes cookies of RFC 9018."},
         {"RFC 9018 section 4", "RFC 9018 section 7"}},
    [CAUSE_MALFORMED_COOKIE] =
        {"malformed-cookie",
         "Malformed COOKIE",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "The COOKIE option in frame {frame} has an illegal length, {bytes}: legal are 8 (client cookie) and 16 to 40 "
         "(with server cookie). Servers answer FORMERR; look at who builds the option.",
         "The COOKIE option in frame {frame} has {bytes}; legal are 8, and 16 to 40.",
         {"Fix or upgrade what built this option.", "If the sender is sound: a device on the way cuts the option."},
         {"RFC 7873 section 4", "RFC 7873 section 5.2.2"}},
    [CAUSE_NO_COOKIE_IN_QUERY] =
        {"no-cookie-in-query",
         "BADCOOKIE: no COOKIE in the query",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "BADCOOKIE although the query in frame {frame} has no COOKIE at all: a server must answer as without cookies. "
         "Or something on the way removed or added the option: capture on the other side, too.",
         "The query in frame {frame} carries no COOKIE option, and yet the server answers BADCOOKIE.",
         {capture_both_sides, "If the query left the client like this: the server breaks RFC 7873; upgrade it.",
          "Let the client send cookies (BIND send-cookie yes;), or ask over TCP."},
         {"RFC 7873 section 5.2.1"}},
    [CAUSE_BADCOOKIE_WITHOUT_COOKIE] =
        {"badcookie-without-cookie",
         "BADCOOKIE without cookie",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "BADCOOKIE that brings no server cookie: the client cannot do better next time (query in frame {frame}). A "
         "broken server, or a device on the way that strips the option. BIND resolvers give up at once.",
         "The response refuses the cookie of frame {frame} and carries no server cookie to use instead.",
         {capture_both_sides, "Upgrade the server: a BADCOOKIE must carry a server cookie.",
          "Until then stop the client from sending cookies to it: BIND server … { send-cookie no; };"},
         {"RFC 7873 section 5.2.3"}},
    [CAUSE_BADCOOKIE_OVER_STREAM] =
        {"badcookie-over-stream",
         "BADCOOKIE over TCP or TLS",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "BADCOOKIE over a connection (query in frame {frame}): the handshake has proven the client's address, so "
         "this must not be. A client that falls back to TCP can loop for ever. Fix the server or the proxy.",
         "The server answers BADCOOKIE to the query in frame {frame} over a connection.",
         {"Upgrade the server, or let the proxy in front of it speak TCP to it as well.",
          "Stop the client from sending cookies over TCP."},
         {"RFC 7873 section 5.2.3"}},
    [CAUSE_FORGED_OR_FOREIGN_COOKIE] =
        {"forged-or-foreign-cookie",
         "BADCOOKIE: forged or foreign cookie",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "BADCOOKIE for a cookie that none of the configured secrets made for this client address (query in frame "
         "{frame}): it is forged, of another server, or the client's address is changed on the way.",
         "The hash of the server cookie in frame {frame} fits no configured secret with any client address seen here.",
         {"Check that the configured secret is the server's.",
          "If it is: the cookie is made up, comes from a node with another secret, or was issued to an address that "
          "this capture does not show (NAT)."},
         {"RFC 9018 section 4.4"}},
    [CAUSE_QUERY_NOT_CAPTURED] =
        {"query-not-captured",
         "BADCOOKIE: query not captured",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE, and its query is not in this capture (or was cut), so the reason cannot be told. Capture both "
         "directions, from the start, with full packet length.",
         "The query that this response answers is missing, so its COOKIE is unknown.",
         {"Capture both directions and from the start.", "Capture whole packets (tcpdump -s 0)."},
         {"RFC 7873 section 5.2"}},
    [CAUSE_NOT_SEEN_ISSUED] =
        {"not-seen-issued",
         "BADCOOKIE: origin of the cookie unknown",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "BADCOOKIE for a fresh, well-formed cookie that was not issued in this capture (query in frame {frame}). "
         "Whose "
         "it is, only an earlier capture or the server's secret (in the preferences) can tell.",
         "The server cookie presented in frame {frame} was not issued in this capture: it may belong to another "
         "address, "
         "client cookie, server or secret.",
         {"Capture from before the cookie was issued, or enter the server's secret in the preferences (dnsrcode).",
          one_secret},
         {"RFC 9018 section 4"}},
    [CAUSE_CLIENT_COOKIE_MISMATCH] =
        {"client-cookie-mismatch",
         "Foreign client cookie",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "The client must discard this {rcode}: it returns another client cookie than the query in frame {frame} had. "
         "The user sees a time-out. Likely a cache that replays COOKIE options, or a forged answer.",
         "The response in frame {other} ({rcode}) returns a client cookie that is not the one of the query in frame "
         "{frame}; a client that checks must discard it, and its user sees a time-out.",
         {"Stop the forwarder or cache from replaying EDNS options: it must not cache the COOKIE (dnsdist: "
          "cookieHashing=true for the packet cache, or strip the option).",
          "If a second response with the right cookie exists, somebody is forging answers."},
         {"RFC 7873 section 5.3"}},
    [CAUSE_COOKIE_VANISHED] =
        {"cookie-vanished",
         "Cookie vanished",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "No server cookie in this response to the COOKIE of frame {frame}, though this server gave one out before "
         "(frame "
         "{other}). Without any COOKIE, a strict client discards it. Look for mixed nodes, a cache or a filter.",
         "The server gave out server cookies before (frame {other}) and answers the COOKIE query in frame {frame} "
         "without.",
         {"Look for nodes behind the address of which only some do cookies, and for caches and filters that strip the "
          "option.",
          capture_both_sides},
         {"RFC 7873 section 5.3"}},
    [CAUSE_COOKIE_ECHOED] =
        {"cookie-echoed",
         "Cookie echoed",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "Only the client cookie of the query in frame {frame} came back, without a server cookie: whoever answered "
         "copies options it does not understand. Its cookies protect nothing.",
         "The response's COOKIE option is the query's 8 bytes of client cookie (frame {frame}): an echo, not a server "
         "cookie.",
         {"Upgrade the server or middlebox that copies unknown EDNS options into responses."},
         {"RFC 7873 section 5.2.3", "RFC 6891 section 6.1.2"}},
    [CAUSE_FORMERR_ON_COOKIE] =
        {"formerr-on-cookie",
         "FORMERR to a good COOKIE",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "FORMERR to a query with a well-formed COOKIE (frame {frame}): it seems that this server, or a device in "
         "front "
         "of it, cannot take the option. Try without: dig +nocookie.",
         "The query in frame {frame} has a well-formed COOKIE of {bytes} and was answered FORMERR.",
         {"Ask without the option (dig +nocookie) to make sure.",
          "Upgrade the server or the device in front of it; until then BIND: server … { send-cookie no; };"},
         {"RFC 7873 section 5.2.2", "RFC 6891 section 6.1.2"}},
    [CAUSE_SILENCE_ON_COOKIE] =
        {"silence-on-cookie",
         "Silence on COOKIE",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "No answer to the question with COOKIE (sent {times}, from frame {frame} on), but to the same question "
         "without "
         "it or over TCP (frame {other}). Queries with the option are dropped, it seems, or UDP as a whole.",
         "The question with COOKIE over UDP stayed unanswered (sent {times}, from frame {frame} on), and frame {other} "
         "answers the same question without it or over TCP.",
         {"Look for a firewall or an old server that drops queries with unknown EDNS options.",
          "Until then: BIND server … { send-cookie no; };", capture_both_sides},
         {"RFC 6891 section 6.1.2"}},
    [CAUSE_FORGED_RESPONSE] =
        {"forged-response",
         "Forged response",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "Forged response: it lacks the client cookie of the query, and another response to the same query brings it. "
         "Somebody who cannot read the query answers in the server's name. A client that checks cookies discards it.",
         "Two different responses answer the query: this one ({rcode}) does not bring its client cookie, the one in "
         "frame "
         "{other} does. The one in frame {other} is genuine; this one is forged, or was made by a device on the path.",
         {"Find out who answers in the name of {address}: compare TTL and arrival times of the two responses, and "
          "capture "
          "closer to the server.",
          "Make sure that the client checks cookies, or let it ask over TCP or TLS, or validate DNSSEC."},
         {"RFC 7873 section 5.3", "RFC 7873 section 6"}},
    [CAUSE_NO_EDNS] =
        {"no-edns",
         "Server without EDNS",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_WARN,
         "No EDNS here: this server, or a device in front of it, refuses or drops every query with an OPT record. "
         "COOKIE is "
         "not to blame: leaving out cookies does not help, leaving out EDNS does.",
         "The query in frame {frame} has an OPT record, and what happened to it happens to queries with EDNS here, "
         "with "
         "COOKIE or without.",
         {"Let the client ask this server without EDNS: dig +noedns; BIND server … { edns no; };",
          "Upgrade the server, or the firewall in front of it: since 2019 resolvers no longer work around this."},
         {"RFC 6891 section 7", "RFC 6891 section 6.1.1"},
         true},
    [CAUSE_EDNS_OPTIONS_REFUSED] =
        {"edns-options-refused",
         "EDNS options refused",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_WARN,
         "Every EDNS option is refused here, not just COOKIE: this server, or a device in front of it, takes EDNS only "
         "without options. Leaving out the cookie alone is not enough.",
         "The query in frame {frame} has EDNS options; queries with other options and without COOKIE fare no better "
         "here, "
         "queries without any option are answered.",
         {"Let the client ask this server without EDNS options: dig +nocookie +nosubnet +nonsid; BIND server … { "
          "send-cookie no; request-nsid no; };",
          "Upgrade the server or the device in front of it: unknown options must be ignored."},
         {"RFC 6891 section 6.1.2"},
         true},
    [CAUSE_ANSWER_DEPENDS_ON_COOKIE] =
        {"answer-depends-on-cookie",
         "Answer depends on COOKIE",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "The answer depends on COOKIE: with the option this server answers the same question in another way than "
         "without. "
         "An option that it does not know must not change its answer.",
         "With COOKIE the question was answered {rcode} in frame {frame}; without it, frame {other} says something "
         "else.",
         {"Tell the server's operator: a server must ignore EDNS options that it does not know.",
          "Until then let clients ask it without COOKIE: BIND server … { send-cookie no; }; dig +nocookie."},
         {"RFC 6891 section 6.1.2"}},
    [CAUSE_BADCOOKIE_BITS_LOST] = {"badcookie-bits-lost",
                                   "BADCOOKIE without its upper bits",
                                   DNS_SEVERITY_WARN,
                                   DNS_SEVERITY_WARN,
                                   DNS_SEVERITY_WARN,
                                   "Code 7 in answer to a query with COOKIE is half of BADCOOKIE (23): its upper bits "
                                   "are missing. The client takes it "
                                   "for YXRRSET and does not ask again with a cookie.",
                                   "The response to the query in frame {frame} bears code 7 (YXRRSET), which belongs "
                                   "to UPDATE; with the upper bits "
                                   "from an OPT record it would be 23, BADCOOKIE.",
                                   {"Upgrade the server: it sets only the lower half of the extended response code.",
                                    capture_both_sides, "Until then let the client ask without cookies, or over TCP."},
                                   {"RFC 6891 section 6.1.3", "RFC 7873 section 5.2.3"}},
    [CAUSE_TRUNCATED_OWN_COOKIE] =
        {"truncated-own-cookie",
         "Truncated in spite of its own cookie",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "Truncated although the client presents the cookie that this address gave it last: nodes with different keys "
         "seem "
         "to answer here. Every lookup costs a second round trip over TCP.",
         "The query in frame {frame} presents the server cookie issued in frame {other}, and is answered truncated and "
         "with "
         "another cookie.",
         {"Configure one key on all nodes: gdnsd cookie_key_file.", one_secret,
          "Or raise the size that is answered without a valid cookie: gdnsd max_nocookie_response."},
         {"RFC 7873 section 5.2.3", "RFC 7873 section 6"}},
    [CAUSE_REFUSED_WITHOUT_COOKIE] =
        {"refused-without-cookie",
         "Refused without cookie",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "REFUSED and truncated, because the query in frame {frame} has no COOKIE: this server wants a cookie or TCP. "
         "Let the client send cookies, or come back over TCP.",
         "The query in frame {frame} has no COOKIE option, and the server refuses it over UDP.",
         {"Let the client send cookies, or ask over TCP.",
          "Unbound: access-control … allow instead of allow_cookie for this client."},
         {"RFC 7873 section 5.2.1", "RFC 8914 section 2"}},
    [CAUSE_DUPLICATE_COOKIE_OPTION] =
        {"duplicate-cookie-option",
         "Two COOKIE options",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "{n} COOKIE options in frame {frame}: only the first counts, and not all software agrees (Knot and PowerDNS "
         "take "
         "the last). Find out who adds the second one.",
         "The message in frame {frame} carries {n} COOKIE options; only the first counts.",
         {"Find the forwarder or library that adds an option of its own to a message that has one."},
         {"RFC 7873 section 5.2"}},
    [CAUSE_CLIENT_COOKIE_SHARED] =
        {"client-cookie-shared",
         "Client cookie shared",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "One client cookie for several servers: frame {frame} sends the one that {address} got in frame {other}. Each "
         "server could forge answers of the other. The client should draw one per server.",
         "The client cookie in frame {frame} was sent to another server, {address}, in frame {other}.",
         {"Upgrade the client: it must use a different client cookie for each server address."},
         {"RFC 9018 section 3"}},
    [CAUSE_CLIENT_COOKIE_REUSED] =
        {"client-cookie-reused",
         "Client cookie reused",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "One client cookie from several addresses: frame {frame} uses the one that {address} used in frame {other}. "
         "The "
         "client can be followed from network to network; or a NAT pool changes its address.",
         "The client cookie in frame {frame} came from another address, {address}, in frame {other}.",
         {"Upgrade the client: it must draw a new client cookie when its address changes.",
          "Behind a NAT pool the client cannot know: give it one address."},
         {"RFC 9018 section 3", "RFC 9018 section 8.1"}},
    [CAUSE_MESSAGE_CUT] = {"message-cut",
                           "Message cut by the capture",
                           DNS_SEVERITY_CHAT,
                           DNS_SEVERITY_CHAT,
                           DNS_SEVERITY_CHAT,
                           "Only {n} of {m} bytes of this message were captured: what lies behind is unknown.",
                           "The capture holds {n} of the {m} bytes of this message.",
                           {"Capture whole packets (tcpdump -s 0, dumpcap without -s)."},
                           {"RFC 1035 section 4"}},
    [CAUSE_NOT_DNS] = {"not-dns",
                       "Not a DNS message",
                       DNS_SEVERITY_CHAT,
                       DNS_SEVERITY_CHAT,
                       DNS_SEVERITY_CHAT,
                       "This does not seem to be a DNS message: its counts or records do not fit its length. Another "
                       "protocol uses the port, "
                       "or Wireshark took it for DNS by guessing.",
                       "The {bytes} of this message cannot hold what its header announces.",
                       {"In Wireshark: Analyze, Decode As… tells it what the port carries; Analyze, Enabled Protocols "
                        "turns the guess off."},
                       {"RFC 1035 section 4"}},
    [CAUSE_MESSAGE_BROKEN] =
        {"message-broken",
         "Broken message",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "This DNS message is broken: a header, name, record or option runs past its end ({m} bytes) or loops. What "
         "follows the broken part cannot be read, by the other side either.",
         "A header, name, record or option of this message does not fit into its {m} bytes.",
         {"Find out which software sent it; or whether the capture lost bytes of the connection."},
         {"RFC 1035 section 4"}},
    [CAUSE_RCODE_UNKNOWN] =
        {"rcode-unknown",
         "Upper RCODE bits not captured",
         DNS_SEVERITY_CHAT,
         DNS_SEVERITY_CHAT,
         DNS_SEVERITY_CHAT,
         "Code 7 in the header, and the OPT record with the upper bits was not captured ({n} of {m} bytes): this may "
         "be "
         "YXRRSET or BADCOOKIE. Capture whole packets to tell.",
         "The header says 7; the upper bits of the code stand in the OPT record, which was not captured.",
         {"Capture whole packets (tcpdump -s 0, dumpcap without -s)."},
         {"RFC 6891 section 6.1.3"}},
};
