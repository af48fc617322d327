/* causes_cookie.c
 * Why a server answers BADCOOKIE, and cookie trouble without it: texts.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Summaries are the same for the same trouble, so that Wireshark groups and counts them; the values stand in the texts.
 */
#include "knowledge.h"

#define CHAT DNS_SEVERITY_CHAT
#define NOTE DNS_SEVERITY_NOTE
#define WARN DNS_SEVERITY_WARN
#define ERR DNS_SEVERITY_ERROR

static const char *const one_secret =
    "Configure one secret on all nodes: BIND, NSD, Unbound cookie-secret; Knot mod-cookies secret; PowerDNS "
    "edns-cookie-secret; gdnsd cookie_key_file. Change it in the three stages of RFC 9018 section 5.";
static const char *const clocks = "Run NTP on every node of the service, and on the machine that captures.";
static const char *const capture_both_sides =
    "Capture on the other side of the devices between client and server, and compare the COOKIE option.";
static const char *const no_cookies = "Until then, stop the client from sending cookies to this server: BIND server … "
                                      "{ send-cookie no; }; dig +nocookie.";

const dns_cause_row dns_cookie_causes[CAUSE_COUNT] = {
    [CAUSE_FIRST_CONTACT] =
        {"first-contact",
         "BADCOOKIE: first contact",
         NOTE,
         CHAT,
         NOTE,
         "First contact: the query had no server cookie yet, and this server demands one. The client should ask again "
         "with the cookie "
         "from this response.",
         "The query in frame {frame} carried only a client cookie, and this server demands a server cookie. The client "
         "should "
         "ask again with the one that this response brings.",
         {"Check that the client asks again with the cookie: if it never does, it may not support RFC 7873, or the "
          "response "
          "does not reach it.",
          "To save the extra round trip, let the server answer clients without a server cookie: BIND "
          "require-server-cookie no; "
          "Unbound access-control allow instead of allow_cookie; PowerDNS without edns-cookie-secret."},
         {"RFC 7873 section 5.2.3"},
         .solved_remediation =
             {"Nothing is wrong with the cookie: the question was answered when it was asked again.",
              "To save the extra round trip, let the server answer clients without a server cookie: BIND "
              "require-server-cookie no; Unbound access-control allow instead of allow_cookie; PowerDNS "
              "without edns-cookie-secret."}},
    [CAUSE_COOKIE_NOT_LEARNED] =
        {"cookie-not-learned",
         "BADCOOKIE: cookie not learned",
         WARN,
         WARN,
         ERR,
         "The client does not use the cookie that it was given: its query comes without it, or with an old one that "
         "was "
         "refused. Fix or upgrade the client or the forwarder.",
         "This server gave the client a server cookie in frame {other}, yet the query in frame {frame} does not "
         "present it.",
         {"Upgrade the client or the forwarder: it ignores the cookies that it gets.",
          "Or stop it from sending cookies: BIND send-cookie no; dig +nocookie.", "Or let it ask over TCP.",
          "If its responses may be lost on the way: capture at the client."},
         {"RFC 7873 section 5.3"},
         .text_alone =
             "This client has used none of the server cookies that it was given: the query in frame {frame} comes, "
             "like all others of it, with a client cookie only, and none of them was answered."},
    [CAUSE_STALE_SERVER_COOKIE] =
        {"stale-server-cookie",
         "BADCOOKIE: stale server cookie",
         WARN,
         CHAT,
         WARN,
         "The server cookie is too old for this server: servers accept one hour. The client should take the fresh one "
         "from this response and ask again.",
         "The query in frame {frame} presented a server cookie that is {age} old for this server; servers accept 3600 "
         "s.",
         {"Check that the client asks again with the fresh cookie from this response.",
          "If it happens again and again: the client does not take the new cookie, or the clocks are wrong (NTP)."},
         {"RFC 9018 section 4.3"},
         .solved_remediation =
             {"Nothing is wrong with the cookie: the client asked again with the fresh one. BIND 9.20 and later "
              "answer so by default."}},
    [CAUSE_FUTURE_SERVER_COOKIE] = {"future-server-cookie",
                                    "BADCOOKIE: server cookie from the future",
                                    WARN,
                                    WARN,
                                    WARN,
                                    "The server cookie comes from the future: its timestamp is more than 5 min ahead "
                                    "of this server's clock. Check the clocks (NTP) of all nodes of this service.",
                                    "The query in frame {frame} presented a server cookie whose timestamp is {age} in "
                                    "the future for this server; servers accept 300 s.",
                                    {clocks, "Find the node whose clock is ahead: it issued this cookie."},
                                    {"RFC 9018 section 4.3"}},
    [CAUSE_SERVER_CLOCK_SKEW] =
        {"server-clock-skew",
         "Server clock off",
         WARN,
         WARN,
         WARN,
         "Clock off by more than 5 min: this server's, that of one of its nodes, or the capture's, as the timestamp in "
         "its new cookie shows. Check NTP on every node, and on the machine that captures.",
         "The server cookie issued in frame {frame} was stamped {age} {ahead} the time of the frame.",
         {clocks,
          "Find the node that is off: nodes whose clocks differ by more than 5 min refuse each other's cookies.",
          "When every server of the capture is off by the same, set the clock of the machine that captures."},
         {"RFC 9018 section 4.3", "RFC 9018 section 8.2"}},
    [CAUSE_OWN_COOKIE_REJECTED] =
        {"own-cookie-rejected",
         "BADCOOKIE: own cookie rejected",
         ERR,
         ERR,
         ERR,
         "This server refuses a cookie that its own address issued to this client: nodes with different secrets behind "
         "the address, or a client whose address changes on the way (NAT, proxy).",
         "The cookie in frame {frame} was issued by this server address to this client, with this client cookie, in "
         "frame {other}, {age} earlier. Over UDP the address refused {n} of its own cookies and answered {m} others.",
         {one_secret,
          "If all nodes share the secret: look for NAT or a proxy that changes the client's address on its way to the "
          "server; the cookie holds for one address only.",
          capture_both_sides},
         {"RFC 9018 section 4.4", "RFC 9018 section 5", "RFC 7873 section 6"},
         .mild_summary = "This server refuses a cookie that it issued to this client, and brings the very same one "
                         "again: the cookie is changed on its way to the server, or the server does not take what it "
                         "makes. Capture in front of the server.",
         .mild_remediation = {"Capture right in front of the server, and compare the COOKIE option of its queries with "
                              "that of the client: a device on the way may change it.",
                              "If it arrives unchanged: upgrade the server, which does not take what it makes itself.",
                              no_cookies},
         .text_alone =
             "A configured secret made the cookie in frame {frame} for this client, and the server refused it all the "
             "same: the node that answered has another secret, or sees the client at another address."},
    [CAUSE_NO_COOKIE_ACCEPTED] =
        {"no-cookie-accepted",
         "BADCOOKIE: no cookie is accepted",
         ERR,
         ERR,
         ERR,
         "No cookie is ever accepted here: each BADCOOKIE brings a new one, and every one of them is refused when it "
         "comes back. "
         "If the server draws them at random, one secret on all nodes does not help: upgrade it.",
         "The cookie in frame {frame} was issued in frame {other}. Over UDP this address refused {n} of its own "
         "cookies and "
         "accepted none, and cookies that it made for the same client in the same second differ.",
         {"Upgrade the server if it is a single one: it seems to draw its cookies at random.",
          "If many nodes stand behind the address: configure one secret on all of them.",
          "If the client's address changes for each query on its way to the server (NAT, proxy): give it one.",
          no_cookies, capture_both_sides},
         {"RFC 7873 section 5.2.3", "RFC 9018 section 4.4"}},
    [CAUSE_SERVER_SECRET_CHANGED] =
        {"server-secret-changed",
         "BADCOOKIE: server secret changed",
         NOTE,
         NOTE,
         NOTE,
         "The server's secret seems to have changed: a cookie from before is refused, and newer ones hold. Configure a "
         "fixed secret, and keep the old one for an hour after a change.",
         "The server refused a cookie that it had issued in frame {other}, and accepted those issued since: its secret "
         "seems to have changed (restart, roll-over, another node), or the address at which it sees the client (NAT).",
         {"Configure a secret, so that a restart does not draw a new one; on a change, keep the old one for "
          "verification for an hour (RFC 9018 section 5).",
          "Knot mod-cookies draws a new secret every secret-lifetime unless one is configured.",
          "If it is the same server with the same secret: look for NAT or a proxy that changed the client's address."},
         {"RFC 9018 section 5"},
         .text_alone =
             "The cookie in frame {frame} is from before the capture and was refused, as those of other clients were; "
             "those issued since hold: the server's secret seems to have changed shortly before (restart, "
             "roll-over, another node)."},
    [CAUSE_CLIENT_ADDRESS_CHANGED] =
        {"client-address-changed",
         "BADCOOKIE: client address changed",
         WARN,
         WARN,
         WARN,
         "The cookie belongs to another client address: it was issued to that one, and the query comes from here. Look "
         "for a "
         "NAT pool, several interfaces, or a proxy in front of the server.",
         "The query in frame {frame} presents a server cookie that was issued to {address}; a cookie holds only for "
         "the "
         "address that it was issued to.",
         {"Find what changes the address: a NAT pool (give each client one address), several interfaces, IPv6 "
          "temporary "
          "addresses, a proxy in front of the server (PROXY protocol).",
          "Upgrade the client: it must take a new client cookie when its address changes (RFC 9018 section 3)."},
         {"RFC 9018 section 3", "RFC 9018 section 4.4"}},
    [CAUSE_CLIENT_COOKIE_CHANGED] =
        {"client-cookie-changed",
         "BADCOOKIE: client cookie changed",
         WARN,
         WARN,
         WARN,
         "Client cookie and server cookie do not belong together: the server cookie was issued with another client "
         "cookie. A bug "
         "of the client or forwarder.",
         "The server cookie presented in frame {frame} was issued in frame {other}, together with another client "
         "cookie; "
         "the two are one credential.",
         {"Fix or upgrade the client: it must keep client and server cookie together.",
          "Behind a forwarder: see whether it hands out cached COOKIE options of other clients."},
         {"RFC 7873 section 5.3", "RFC 9018 section 4.4"}},
    [CAUSE_WRONG_SERVER] =
        {"wrong-server",
         "BADCOOKIE: cookie of another server",
         WARN,
         WARN,
         WARN,
         "The cookie is another server's: a client keeps one for several servers, or a load balancer passes a client's "
         "cookie on to several. Keep cookies per server address, or give the servers one secret.",
         "The server cookie presented in frame {frame} was issued by {address} in frame {other}.",
         {"If the client itself chose this server: fix or upgrade it or its forwarder; cookies are kept per server "
          "address.",
          "If a load balancer or forwarder chose it, and passes COOKIE on as it came: configure one secret on all "
          "servers behind it, or let it send each client to one of them.",
          one_secret},
         {"RFC 7873 section 5.3"},
         .mild_summary = "The cookie was issued under another address that seems to be one with this: a load balancer "
                         "or address translation seems to spread queries over nodes with different secrets. Configure "
                         "one secret on all nodes.",
         .mild_remediation = {one_secret, "Or let the load balancer send each client to one node.", capture_both_sides},
         .mild_text =
             "The server cookie presented in frame {frame} was issued by {address} in frame {other}. The two addresses "
             "seem to belong together: the same messages were seen under both, or under one in front of both."},
    [CAUSE_SUPERSEDED_SERVER_COOKIE] =
        {"superseded-server-cookie",
         "BADCOOKIE: superseded server cookie",
         NOTE,
         NOTE,
         NOTE,
         "The client presents an older cookie than the last one that this server gave it. It should keep the latest.",
         "The cookie in frame {frame} was issued in frame {other}, and the server has issued a newer one since.",
         {"Upgrade the client or forwarder: it must keep the latest server cookie.",
          "If several processes share a client cookie: give each its own."},
         {"RFC 7873 section 5.3"}},
    [CAUSE_ALTERED_SERVER_COOKIE] =
        {"altered-server-cookie",
         "BADCOOKIE: altered server cookie",
         WARN,
         WARN,
         WARN,
         "The cookie was changed on its way: it equals one that was issued here but for some of its bytes. Look for a "
         "device on "
         "the way, or a bug of the client.",
         "The server cookie in frame {frame} is the one that was issued in frame {other} but for some of its bytes: "
         "{n} of {m} are the same.",
         {capture_both_sides, "Upgrade the client if the cookie leaves it like this."},
         {"RFC 7873 section 5.3"}},
    [CAUSE_RESERVED_BYTES_REJECTED] =
        {"reserved-bytes-rejected",
         "BADCOOKIE: reserved bytes",
         NOTE,
         NOTE,
         NOTE,
         "The cookie has reserved bytes that are not zero, and this server seems to refuse that, against RFC 9018 "
         "section 4.2 "
         "(BIND 9.18 and 9.20 do).",
         "The server cookie in frame {frame} is version 1 and fresh, and its reserved bytes are not zero; this server "
         "seems to "
         "refuse that, against RFC 9018 section 4.2.",
         {"Let every node of the service issue cookies with reserved bytes of zero, as RFC 9018 demands.",
          "Upgrade the server that refuses them."},
         {"RFC 9018 section 4.2"}},
    [CAUSE_RATE_LIMIT_SLIP] =
        {"rate-limit-slip",
         "BADCOOKIE: rate limiting",
         NOTE,
         NOTE,
         NOTE,
         "BADCOOKIE as part of rate limiting, it seems: the server answers queries without a server cookie as well, "
         "and refuses "
         "some of a burst. A client that uses its cookie is exempt.",
         "Frame {other} answers a query without a server cookie; the one in frame {frame}, in a burst, got "
         "BADCOOKIE. Rate limiting does so; so do nodes of which only some demand cookies, and a server that demands "
         "them from then on.",
         {"Let the client use the cookie from this response: it is exempt then.",
          "BIND: rate-limit { exempt-clients { … }; responses-per-second …; slip …; };",
          "Find out why this client asks so often."},
         {"RFC 7873 section 5.2.3"}},
    [CAUSE_MIXED_COOKIE_FORMATS] =
        {"mixed-cookie-formats",
         "Mixed cookie formats",
         WARN,
         WARN,
         WARN,
         "Cookies of different make come from this one address: different software or algorithms answer there, or the "
         "software "
         "was replaced, and they refuse each other's cookies.",
         "The server cookies issued by this address are made in different ways (see frames {frame} and {other}): "
         "different "
         "software or algorithms answer there, at a time or one after the other.",
         {"Use one algorithm on all nodes: BIND cookie-algorithm siphash24; (RFC 9018).", "Upgrade the odd node.",
          one_secret, "If the software was replaced just now: wait, clients learn the new cookies by themselves."},
         {"RFC 9018 section 6"}},
    [CAUSE_UNKNOWN_COOKIE_FORMAT] =
        {"unknown-cookie-format",
         "BADCOOKIE: unknown cookie format",
         NOTE,
         NOTE,
         NOTE,
         "The server cookie is made in another way than RFC 9018 says, and this server refuses it. Perhaps other "
         "software issued "
         "it: another server behind this address, or an older version.",
         "The server cookie presented in frame {frame} has {bytes} and begins with {byte}; RFC 9018 has 16 bytes and "
         "begins with "
         "0x01.",
         {"Find out who issued it: another server behind this address, or an older version or algorithm.",
          "BIND cookie-algorithm siphash24; makes cookies of RFC 9018."},
         {"RFC 9018 section 4", "RFC 9018 section 7"}},
    [CAUSE_MALFORMED_COOKIE] = {"malformed-cookie",
                                "Malformed COOKIE",
                                ERR,
                                ERR,
                                ERR,
                                "COOKIE option of an illegal length: legal are 8 bytes (client cookie) and 16 to 40 "
                                "(with server cookie). Servers "
                                "answer FORMERR. Fix what built the option.",
                                "The COOKIE option in frame {frame} has {bytes}; legal are 8, and 16 to 40.",
                                {"Fix or upgrade what built this option.",
                                 "If the sender is sound: a device on the way cuts the option."},
                                {"RFC 7873 section 4", "RFC 7873 section 5.2.2"}},
    [CAUSE_NO_COOKIE_IN_QUERY] =
        {"no-cookie-in-query",
         "BADCOOKIE: no COOKIE in the query",
         ERR,
         ERR,
         ERR,
         "BADCOOKIE to a query without COOKIE: the server must answer it as without cookies. Or something on the way "
         "removed the "
         "option from the query: capture on the other side, too.",
         "The query in frame {frame} carries no COOKIE option, and yet the server answers BADCOOKIE.",
         {capture_both_sides, "If the query left the client like this: upgrade the server, it breaks RFC 7873.",
          "Let the client send cookies (BIND send-cookie yes;), or ask over TCP."},
         {"RFC 7873 section 5.2.1"}},
    [CAUSE_BADCOOKIE_WITHOUT_COOKIE] =
        {"badcookie-without-cookie",
         "BADCOOKIE without cookie",
         ERR,
         ERR,
         ERR,
         "BADCOOKIE that brings no server cookie: the client cannot do better next time. A broken server, or a device "
         "on the way "
         "that strips the option. BIND resolvers give up at once.",
         "The response refuses the cookie of frame {frame} and carries no server cookie to use instead.",
         {capture_both_sides, "Upgrade the server: a BADCOOKIE must carry a server cookie.", no_cookies},
         {"RFC 7873 section 5.2.3"}},
    [CAUSE_BADCOOKIE_OVER_STREAM] = {"badcookie-over-stream",
                                     "BADCOOKIE over TCP or TLS",
                                     ERR,
                                     ERR,
                                     ERR,
                                     "BADCOOKIE over a connection, whose handshake has proven the client's address: "
                                     "the server should not answer so. A "
                                     "client that falls back to TCP can loop for ever. Fix the server or the proxy.",
                                     "The server answers BADCOOKIE to the query in frame {frame} over a connection.",
                                     {"Upgrade the server, or let the proxy in front of it speak TCP to it as well.",
                                      "Stop the client from sending cookies over TCP."},
                                     {"RFC 7873 section 5.2.3"}},
    [CAUSE_FORGED_OR_FOREIGN_COOKIE] =
        {"forged-or-foreign-cookie",
         "BADCOOKIE: forged or foreign cookie",
         WARN,
         WARN,
         WARN,
         "No configured secret made this cookie for this client address: it is forged, of another server or node, or "
         "the "
         "client's address is changed on the way.",
         "The hash of the server cookie in frame {frame} fits no configured secret with any client address seen here.",
         {"Check that the configured secret is the server's.",
          "If it is: the cookie is made up, comes from a node with another secret, or was issued to an address that "
          "this capture does not show (NAT)."},
         {"RFC 9018 section 4.4"}},
    [CAUSE_QUERY_NOT_CAPTURED] = {"query-not-captured",
                                  "BADCOOKIE: query not captured",
                                  NOTE,
                                  NOTE,
                                  NOTE,
                                  "The query of this response was not captured before it, or was cut, so the reason "
                                  "cannot be told. Capture both directions, "
                                  "from the start, with full packet length.",
                                  "The query that this response answers is missing, cut, or was captured only behind "
                                  "it, so what its COOKIE holds was not known.",
                                  {"Capture both directions and from the start.",
                                   "Capture whole packets (tcpdump -s 0)."},
                                  {"RFC 7873 section 5.2"}},
    [CAUSE_NOT_SEEN_ISSUED] =
        {"not-seen-issued",
         "BADCOOKIE: origin of the cookie unknown",
         NOTE,
         NOTE,
         NOTE,
         "Nobody issued this cookie within the capture: it is fresh and well-formed. Whose it is, only an earlier "
         "capture or the "
         "server's secret (in the preferences) can tell.",
         "The server cookie presented in frame {frame} was not issued in this capture: it may belong to another "
         "address, "
         "client cookie, server or secret.",
         {"Capture from before the cookie was issued, or enter the server's secret in the preferences (dnsrcode).",
          one_secret},
         {"RFC 9018 section 4"}},
    [CAUSE_CLIENT_COOKIE_MISMATCH] =
        {"client-cookie-mismatch",
         "Foreign client cookie",
         ERR,
         ERR,
         ERR,
         "The response returns another client cookie than its query has: a client that checks must discard it. A cache "
         "or "
         "forwarder replays COOKIE options of others, or the response is forged.",
         "The response in frame {other} ({rcode}) returns a client cookie that is not the one of the query in frame "
         "{frame}; a "
         "client that checks it must discard the response and go on waiting.",
         {"Stop the forwarder or cache from replaying EDNS options: it must not cache the COOKIE (dnsdist: "
          "cookieHashing=true for the packet cache, or strip the option; stubby: no edns_cookies).",
          "If no cache stands in between: capture closer to the server, somebody may forge answers."},
         {"RFC 7873 section 5.3"},
         .mild_summary =
             "The response returns another client cookie than its query has, one of this very client: it seems to "
             "answer another query of it. A client that checks discards it. See whether one port serves several "
             "queries.",
         .mild_remediation =
             {"See whether the client uses one port and message ID for several queries at a time, or used "
              "the port anew before a late answer came.",
              "If a forwarder or cache stands in between: it may mix up the answers of one client."}},
    [CAUSE_COOKIE_VANISHED] =
        {"cookie-vanished",
         "Cookie vanished",
         WARN,
         WARN,
         ERR,
         "No server cookie in this response, though this server gave them out before. If the query presented one, a "
         "client that checks discards the response. Look for a cache, a filter, or nodes without cookies.",
         "The server gave out server cookies before (frame {other}), and this response to the COOKIE query in frame "
         "{frame} brings none.",
         {"Look for a cache or filter in between that strips the option, and for nodes behind the address of which "
          "only some do cookies, or a server that was replaced.",
          capture_both_sides},
         {"RFC 7873 section 5.3"},
         .mild_summary =
             "No server cookie in this response over a connection, though this server gave them out "
             "before. Clients take it there (BIND does). Look for a cache, a filter, or nodes without cookies."},
    [CAUSE_COOKIE_ECHOED] =
        {"cookie-echoed",
         "Cookie echoed",
         WARN,
         WARN,
         WARN,
         "The query's own client cookie came back, without a server cookie: whoever answered copies options that it "
         "does not "
         "understand. Its cookies protect nothing.",
         "The response's COOKIE option is the query's 8 bytes of client cookie (frame {frame}): an echo, not a server "
         "cookie.",
         {"Upgrade the server or the device in front of it: it copies unknown EDNS options into responses."},
         {"RFC 7873 section 5.2.3", "RFC 6891 section 6.1.2"}},
    [CAUSE_FORMERR_ON_COOKIE] =
        {"formerr-on-cookie",
         "FORMERR to a good COOKIE",
         WARN,
         WARN,
         WARN,
         "FORMERR to a query with a well-formed COOKIE: this server, or a device in front of it, seems not to take the "
         "option. "
         "Ask without it: dig +nocookie.",
         "The query in frame {frame} has a well-formed COOKIE of {bytes} and was answered FORMERR.",
         {"Ask without the option (dig +nocookie) to make sure.",
          "Upgrade the server or the device in front of it (a client with c-ares: to 1.34.3 or later, which asks again "
          "without "
          "the option).",
          no_cookies},
         {"RFC 7873 section 5.2.2", "RFC 6891 section 6.1.2"}},
    [CAUSE_FORMERR_ON_COOKIE_ONE_CLIENT] =
        {"formerr-on-cookie-one-client",
         "FORMERR to COOKIE for one client",
         WARN,
         WARN,
         WARN,
         "FORMERR to this client's queries with COOKIE, while its queries without, and other clients' with COOKIE, are "
         "answered. Something on this client's path seems not to take the option: look there first.",
         "The query in frame {frame} has a well-formed COOKIE of {bytes} and was answered FORMERR, as all queries of "
         "this client with COOKIE; other clients' queries with COOKIE are answered.",
         {"Look at the path of this client: a firewall or proxy between it and the server may answer FORMERR to EDNS "
          "options that it does not know.",
          "Where several nodes stand behind the server's address: look at what this client gets to.",
          capture_both_sides, no_cookies},
         {"RFC 7873 section 5.2.2", "RFC 6891 section 6.1.2"}},
    [CAUSE_SILENCE_ON_COOKIE] =
        {"silence-on-cookie",
         "Silence on COOKIE",
         WARN,
         WARN,
         WARN,
         "No answer to queries with COOKIE, while the same question without it, or over TCP, is answered: queries with "
         "the "
         "option seem to be dropped. Look for a firewall, or a server that drops foreign cookies.",
         "Queries with COOKIE over UDP stayed unanswered (this one is frame {frame}), and frame {other} "
         "answers such a "
         "question without the option or over TCP.",
         {"Look for a firewall or an old server that drops queries with unknown EDNS options.",
          "If the server was replaced: the new one may drop cookies of the old one (YADIFA does: cookie-support no), "
          "until "
          "clients forget them.",
          no_cookies, capture_both_sides},
         {"RFC 6891 section 6.1.2"}},
    [CAUSE_SILENCE_ON_COOKIE_ONE_CLIENT] =
        {"silence-on-cookie-one-client",
         "Silence on COOKIE for one client",
         WARN,
         WARN,
         WARN,
         "No answer to this client's queries with COOKIE, while its queries without, and other clients' with COOKIE, "
         "are answered. Something on this client's path seems to drop them: look there, not at the server as a whole.",
         "This client's queries with COOKIE stayed unanswered (this one is frame {frame}); frame {other} answers such "
         "a "
         "question of it without the option, and other clients' queries with COOKIE are answered.",
         {"Look at the path of this client: a firewall between it and the server may drop queries with unknown EDNS "
          "options.",
          "Where several nodes stand behind the server's address, or a filter there knows single clients: look at what "
          "this client gets to.",
          capture_both_sides, no_cookies},
         {"RFC 6891 section 6.1.2"}},
    [CAUSE_FORGED_RESPONSE] =
        {"forged-response",
         "Forged response",
         ERR,
         ERR,
         ERR,
         "Forged: this response lacks the client cookie of its query, and another response to the same query brings "
         "it. Somebody, or a device on the path, answers in the server's name. A client that checks discards it.",
         "Two different responses answer the query: this one ({rcode}) does not bring its client cookie, the one in "
         "frame "
         "{other} does. That one is genuine; this one is forged, or was made by a device on the path.",
         {"Find out who answers in the name of this server: compare TTL and arrival times of the two responses, and "
          "capture "
          "closer to the server.",
          "Make sure that the client checks cookies, or let it ask over TCP or TLS, or validate DNSSEC."},
         {"RFC 7873 section 5.3", "RFC 7873 section 6"}},
    [CAUSE_GENUINE_RESPONSE] =
        {"genuine-response",
         "Genuine response beside a forged one",
         CHAT,
         CHAT,
         CHAT,
         "Genuine: this response brings the client cookie of its query. Another response to the same query lacks it: "
         "forged, or made by a device on the path.",
         "This response brings the client cookie of its query; the one in frame {other} answers the same query without "
         "it: that one is forged, or was made by a device on the path.",
         {"Look at the forged response beside this one, which is good."},
         {"RFC 7873 section 5.3"}},
    [CAUSE_NO_EDNS] =
        {"no-edns",
         "Server without EDNS",
         WARN,
         NOTE,
         WARN,
         "No EDNS here: this server, or a device in front of it, refuses or drops every query with an OPT record. "
         "COOKIE is "
         "not to blame: to leave out cookies does not help, to leave out EDNS does.",
         "The query in frame {frame} has an OPT record; as far as this capture shows, queries with one fare like this "
         "here, "
         "with COOKIE or without.",
         {"Let the client ask this server without EDNS: dig +noedns; BIND server … { edns no; };",
          "Upgrade the server, or the firewall in front of it: since 2019 resolvers no longer work around this."},
         {"RFC 6891 section 7", "RFC 6891 section 6.1.1"},
         .mild_while_open = true},
    [CAUSE_NO_EDNS_ON_SOME_NODES] =
        {"no-edns-on-some-nodes",
         "Some nodes without EDNS",
         WARN,
         NOTE,
         WARN,
         "FORMERR without OPT to some queries with EDNS, while others like them are answered in between: one of "
         "several nodes behind this address, or a device in front of it, seems to have no EDNS. COOKIE is not to "
         "blame.",
         "The query in frame {frame} has an OPT record and was answered FORMERR without one; between such refusals, "
         "queries of the same kind by the same client were answered.",
         {"Find the node or device that answers without OPT: compare TTL and arrival times of the two kinds of "
          "responses, or ask each node by its own address.",
          "Upgrade it. Until then, let the client ask this server without EDNS: dig +noedns; BIND server … { edns no; "
          "};"},
         {"RFC 6891 section 7", "RFC 6891 section 6.1.1"},
         .mild_while_open = true},
    [CAUSE_EDNS_OPTIONS_REFUSED] =
        {"edns-options-refused",
         "EDNS options refused",
         WARN,
         NOTE,
         WARN,
         "EDNS options are refused here, not just COOKIE: this server, or a device in front of it, takes EDNS only "
         "without options. To leave out the cookie alone is not enough.",
         "The query in frame {frame} has EDNS options; a query with another option and without COOKIE fared no better "
         "here.",
         {"Let the client ask this server without EDNS options: dig +nocookie +nosubnet +nonsid; BIND server … { "
          "send-cookie no; request-nsid no; };",
          "Upgrade the server or the device in front of it: unknown options must be ignored."},
         {"RFC 6891 section 6.1.2"},
         .mild_while_open = true},
    [CAUSE_ANSWER_DEPENDS_ON_COOKIE] =
        {"answer-depends-on-cookie",
         "Answer depends on COOKIE",
         WARN,
         WARN,
         WARN,
         "The answer depends on COOKIE: with the option this server answers the same question in another way than "
         "without. "
         "An option that it does not know must not change its answer.",
         "With COOKIE the question was answered {rcode} in frame {frame}; without it, the answer in frame {other} is "
         "another one.",
         {"Tell the server's operator: a server must ignore EDNS options that it does not know.", no_cookies},
         {"RFC 6891 section 6.1.2"}},
    [CAUSE_BADCOOKIE_BITS_LOST] = {"badcookie-bits-lost",
                                   "BADCOOKIE without its upper bits",
                                   WARN,
                                   WARN,
                                   WARN,
                                   "Code 7 in answer to a query with COOKIE is the lower half of BADCOOKIE (23): the "
                                   "upper bits are missing. The client "
                                   "takes it for YXRRSET and does not ask again with a cookie.",
                                   "The response to the query in frame {frame} bears code 7 (YXRRSET), which belongs "
                                   "to UPDATE; with the upper bits "
                                   "from an OPT record it would be 23, BADCOOKIE.",
                                   {"Upgrade the server: it sets only the lower half of the extended response code.",
                                    capture_both_sides, no_cookies},
                                   {"RFC 6891 section 6.1.3", "RFC 7873 section 5.2.3"}},
    [CAUSE_TRUNCATED_OWN_COOKIE] = {"truncated-own-cookie",
                                    "Truncated in spite of its own cookie",
                                    WARN,
                                    WARN,
                                    WARN,
                                    "Truncated although the client presents the cookie that this address gave it last: "
                                    "nodes with different keys seem "
                                    "to answer here. Every lookup costs a second round trip over TCP.",
                                    "The query in frame {frame} presents the server cookie issued in frame {other}, "
                                    "and is answered truncated and with "
                                    "another cookie.",
                                    {"Configure one key on all nodes: gdnsd cookie_key_file.",
                                     "Or raise the size that is answered without a valid cookie (gdnsd "
                                     "max_nocookie_response), or turn cookies off (gdnsd "
                                     "disable_cookies)."},
                                    {"RFC 7873 section 5.2.3", "RFC 7873 section 6"}},
    [CAUSE_REFUSED_WITHOUT_COOKIE] =
        {"refused-without-cookie",
         "Refused without cookie",
         WARN,
         NOTE,
         WARN,
         "REFUSED and truncated, because the query has no COOKIE: this server wants a cookie or TCP. A client that "
         "does not come "
         "back over TCP gets an error.",
         "The query in frame {frame} has no COOKIE option, and the server refuses it over UDP.",
         {"Let the client send cookies, or ask over TCP.",
          "Unbound: access-control … allow instead of allow_cookie for this client."},
         {"RFC 7873 section 5.2.1", "RFC 8914 section 2"},
         .mild_while_open = true},
    [CAUSE_DUPLICATE_COOKIE_OPTION] =
        {"duplicate-cookie-option",
         "Two COOKIE options",
         WARN,
         WARN,
         WARN,
         "More than one COOKIE option in a message: by RFC 7873 the first counts, and not all software agrees (Knot "
         "and PowerDNS "
         "take the last). Find out who adds the second one.",
         "The message in frame {frame} carries {n} COOKIE options; by RFC 7873 only the first counts.",
         {"Find the forwarder or library that adds an option of its own to a message that has one (stubby: no "
          "edns_cookies)."},
         {"RFC 7873 section 5.2"}},
    [CAUSE_CLIENT_COOKIE_SHARED] =
        {"client-cookie-shared",
         "Client cookie shared",
         NOTE,
         NOTE,
         NOTE,
         "One client cookie for several servers: each of them could forge answers of the others. The client, or what "
         "passes its cookie on, should use one for each server.",
         "The client cookie in frame {frame} was sent to another server, {address}, in frame {other}.",
         {"Upgrade the client: it must use a different client cookie for each server address.",
          "A forwarder or load balancer that passes COOKIE on as it came: let it take the option out, or send each "
          "client to one server."},
         {"RFC 9018 section 3"}},
    [CAUSE_CLIENT_COOKIE_REUSED] =
        {"client-cookie-reused",
         "Client cookie reused",
         NOTE,
         NOTE,
         NOTE,
         "One client cookie from several client addresses: the client can be followed from network to network, or a "
         "NAT pool "
         "changes its address.",
         "The client cookie in frame {frame} came from another address, {address}, in frame {other}.",
         {"Upgrade the client: it must draw a new client cookie when its address changes.",
          "Behind a NAT pool the client cannot know: give it one address."},
         {"RFC 9018 section 3", "RFC 9018 section 8.1"}},
    [CAUSE_MESSAGE_CUT] =
        {"message-cut",
         "Message cut by the capture",
         CHAT,
         CHAT,
         CHAT,
         "Not all of this message is in the capture: what lies behind is unknown.",
         "The capture holds {n} of the {m} bytes of this message.",
         {"Capture whole packets (tcpdump -s 0, dumpcap without -s), and let Wireshark reassemble IP fragments."},
         {"RFC 1035 section 4"}},
    [CAUSE_NOT_DNS] = {"not-dns",
                       "Not a DNS message",
                       CHAT,
                       CHAT,
                       CHAT,
                       "This does not seem to be a DNS message: its counts or records do not fit its length. Another "
                       "protocol uses the port, "
                       "or Wireshark took it for DNS by guessing.",
                       "The {bytes} of this message cannot hold what its header announces.",
                       {"Tell Wireshark what the port carries (Analyze, Decode As…), or turn the guess off (Analyze, "
                        "Enabled Protocols)."},
                       {"RFC 1035 section 4"}},
    [CAUSE_MESSAGE_BROKEN] = {"message-broken",
                              "Broken message",
                              WARN,
                              WARN,
                              WARN,
                              "This DNS message is broken: a header, name, record or option runs past its end or "
                              "loops. What follows the broken part "
                              "cannot be read, by the other side either.",
                              "A header, name, record or option of this message does not fit into its {m} bytes.",
                              {"Find out which software sent it; or whether the capture lost bytes of the connection."},
                              {"RFC 1035 section 4"}},
    [CAUSE_RCODE_UNKNOWN] = {"rcode-unknown",
                             "Upper RCODE bits not captured",
                             CHAT,
                             CHAT,
                             CHAT,
                             "Code 7 in the header, and the OPT record with the upper bits was not captured: this may "
                             "be YXRRSET or BADCOOKIE. "
                             "Capture whole packets to tell.",
                             "The header says 7; the upper bits of the code stand in the OPT record, which was not "
                             "captured ({n} of {m} bytes are "
                             "there).",
                             {"Capture whole packets (tcpdump -s 0, dumpcap without -s)."},
                             {"RFC 6891 section 6.1.3"}},
};
