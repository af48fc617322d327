/* causes_dso.c
 * Causes of DSOTYPENI and of other DSO failures, with their texts.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Slots: {frame} the response (or segment), {other} the request, {type} the request's primary TLV, {address} the
 * sender of the response, {rcode} its code. A cause with a milder kind has texts of its own for that.
 */
#include "knowledge.h"

#define PLAIN_QUERIES "Let the client go on with ordinary DNS queries: the connection may stay open for them."

const dns_cause_row dns_dso_causes[CAUSE_COUNT] = {
    [CAUSE_PUSH_NOT_IMPLEMENTED] =
        {"push-not-implemented",
         "DSOTYPENI: server without DNS Push",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI to SUBSCRIBE: {address} does DSO, but did not take this DNS Push subscription. Use the server of "
         "the zone's _dns-push-tls._tcp SRV record, or plain queries.",
         "{address} knows DNS Stateful Operations, but did not take the SUBSCRIBE of frame {other}.",
         {"Subscribe at the server that the zone's _dns-push-tls._tcp SRV record names: dig SRV "
          "_dns-push-tls._tcp.ZONE.",
          PLAIN_QUERIES,
          "Do not send SUBSCRIBE to this server again for an hour, or for the Retry Delay that it named.",
          "Operators: remove this server from the SRV record, or switch on Push in it."},
         {"RFC 8765 section 6.1", "RFC 8765 section 6.2.2", "RFC 8490 section 5.1.1"},
         .mild_summary =
             "DSOTYPENI to a SUBSCRIBE accepted before: {address} ends this DNS Push subscription; perhaps Push was "
             "switched off. Use the server of the zone's _dns-push-tls._tcp SRV record, or plain queries.",
         .mild_text = "{address} had accepted the SUBSCRIBE of frame {other}, and ends that subscription now, as a "
                      "server may."},
    [CAUSE_DSO_TYPE_UNASSIGNED] =
        {"dso-type-unassigned",
         "DSOTYPENI: DSO-TYPE of no standard",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI: {address} does not know DSO-TYPE {type}, nor does any standard known here. A newer or a wrong "
         "client: upgrade the server, or do without.",
         "The request of frame {other} has DSO-TYPE {type}, to which no standard known here gives a meaning, and "
         "{address} does not implement it.",
         {"Compare with the IANA registry \"DSO Type Codes\": is it a newer specification?",
          "Upgrade the server when it is, and let the client leave the operation when it is not.", PLAIN_QUERIES},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 10.3"}},
    [CAUSE_DSO_TYPE_PRIVATE] = {"dso-type-private",
                                "DSOTYPENI: experimental DSO-TYPE",
                                DNS_SEVERITY_WARN,
                                DNS_SEVERITY_WARN,
                                DNS_SEVERITY_WARN,
                                "DSOTYPENI: {address} does not know DSO-TYPE {type}. Such types only work between two "
                                "ends of the same product or experiment.",
                                "The request of frame {other} has DSO-TYPE {type}, from the range for experiments and "
                                "local use, and {address} does not implement it.",
                                {"Make sure that both ends are of the same product and version. 0xF900 to 0xF91B: "
                                 "Apple's relay and SRP replication.",
                                 "Look whether the client reached the server that it meant.", PLAIN_QUERIES},
                                {"RFC 8490 section 10.3"}},
    [CAUSE_DSO_TYPE_RESERVED] =
        {"dso-type-reserved",
         "DSOTYPENI: reserved DSO-TYPE",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "DSOTYPENI: DSO-TYPE {type} is reserved and must not be sent. Client bug: {address} is right to refuse it.",
         "The request of frame {other} has the reserved DSO-TYPE {type}, which nobody may send.",
         {"Fix the client: look for a wrong byte order, a wrong offset, or a value that was never set."},
         {"RFC 8490 section 10.3"}},
    [CAUSE_KEEPALIVE_REJECTED] = {"keepalive-rejected",
                                  "DSOTYPENI: server refuses Keepalive",
                                  DNS_SEVERITY_ERROR,
                                  DNS_SEVERITY_ERROR,
                                  DNS_SEVERITY_ERROR,
                                  "DSOTYPENI to Keepalive: {address} says that it does DSO, but lacks Keepalive, which "
                                  "is mandatory. Server bug: upgrade it; until then no DSO.",
                                  "{address} answers DSOTYPENI to the Keepalive of frame {other}. RCODE 11 says that "
                                  "it does DSO; a server that does must implement Keepalive.",
                                  {"Upgrade the server, or report the bug to its maker.", PLAIN_QUERIES},
                                  {"RFC 8490 section 5.1.1", "RFC 8490 section 7.1"}},
    [CAUSE_DSO_TYPE_NOT_IMPLEMENTED] =
        {"dso-type-not-implemented",
         "DSOTYPENI: DSO operation not implemented",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI: {address} does not take {type} as a request, and no standard lets it be one. Fix the sender of "
         "the request.",
         "The request of frame {other} has {type} as its primary TLV, with a message ID. That type cannot be a "
         "request: it is unidirectional (ID 0), or, for padding, may only follow another TLV.",
         {"Fix the sender of the request: unidirectional messages have message ID 0, padding comes last."},
         {"RFC 8490 section 5.4.1", "RFC 8490 section 8.2", "RFC 8765 section 6.6"}},
    [CAUSE_CLIENT_LACKS_DSO_TYPE] =
        {"client-lacks-dso-type",
         "DSOTYPENI: client without the operation",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI from the client {address}: the server sent a request of type {type}, which this client does not "
         "know. The server should not use it here.",
         "The server sent a request of type {type} in frame {other}; the client {address} does not implement it.",
         {"Let the server use only operations that the client has shown to know.",
          "Upgrade the client, if it is to know this one."},
         {"RFC 8490 section 5.4.5", "RFC 8490 section 5.1.1"}},
    [CAUSE_DSOTYPENI_TO_UNIDIRECTIONAL] =
        {"dsotypeni-to-unidirectional",
         "DSOTYPENI to a unidirectional message",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "DSOTYPENI with message ID 0: {address} answers a unidirectional message whose type it does not know. It must "
         "abort the connection (RST) instead. Bug of {address}.",
         "A unidirectional message gets no response, not even an error. Whoever does not know its type has to abort "
         "the connection.",
         {"Fix the sender of the response: abort with RST.",
          "Fix the sender of the unidirectional message: it may only use types that the other side is known to want."},
         {"RFC 8490 section 5.4.3", "RFC 8490 section 5.4.5"}},
    [CAUSE_DSOTYPENI_OUTSIDE_DSO] =
        {"dsotypeni-outside-dso",
         "DSOTYPENI outside DSO",
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         DNS_SEVERITY_ERROR,
         "RCODE 11 (DSOTYPENI) from {address} outside of DSO: the code means something with opcode 6 only. Bug of the "
         "server or a middlebox.",
         "The response has opcode {n}. DSOTYPENI is about the type of a DSO request, and there is none here.",
         {"Find out who made this response: ask the server from its own network, and compare.",
          "Treat it as a failure of the server (SERVFAIL)."},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 10.2"}},
    [CAUSE_DSOTYPENI_OVER_UDP] =
        {"dsotypeni-over-udp",
         "DSOTYPENI over UDP",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI on a transport without sessions: DSO is defined for TCP and TLS only, so this answer says nothing "
         "about what {address} does there. Let the client send DSO over TCP or TLS.",
         "{address} answers the DSO request of frame {other}, which came on a transport without sessions, with RCODE "
         "11. No DSO operation can succeed there, whatever its type.",
         {"Let the client send DSO over TCP or TLS, and judge the server by its answer there."},
         {"RFC 8490 section 4.2"},
         .text_alone = "{address} sends RCODE 11 on a transport without sessions, where no DSO operation can succeed."},
    [CAUSE_DSOTYPENI_UNMATCHED] = {"dsotypeni-unmatched",
                                   "DSOTYPENI: request not captured",
                                   DNS_SEVERITY_NOTE,
                                   DNS_SEVERITY_NOTE,
                                   DNS_SEVERITY_NOTE,
                                   "DSOTYPENI: {address} does DSO, but not the operation asked for. This capture does "
                                   "not show which one that was: see the evidence for what is missing.",
                                   "{address} does not implement the DSO-TYPE of the request with message ID {id}, and "
                                   "the response does not repeat it.",
                                   {"Start the capture before the connection, with whole packets, and look at the "
                                    "request with the same message ID."},
                                   {"RFC 8490 section 5.1.1"},
                                   .mild_summary =
                                       "DSOTYPENI to no request: {address} answers what was not asked, or what has its "
                                       "response already. Fix {address}: see the broken rule.",
                                   .mild_text = "{address} sends DSOTYPENI with message ID {id}, and no request with "
                                                "that ID waited for a response.",
                                   .mild_remediation = {"Fix the sender of the response: each request gets one, under "
                                                        "its own message ID."}},
    [CAUSE_REQUEST_WITHOUT_TLV] =
        {"request-without-tlv",
         "DSO request without a TLV",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI to a DSO request without a TLV: nothing says what was asked. Fix the client: a request has at "
         "least one TLV.",
         "The request of frame {other} has no TLV, so that it asks for nothing; {address} answers DSOTYPENI.",
         {"Fix the client: the first TLV of a request says what is asked."},
         {"RFC 8490 section 5.4.2"}},
    [CAUSE_DSO_NOT_IMPLEMENTED] =
        {"dso-not-implemented",
         "Server without DSO",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_WARN,
         "{rcode} to a DSO request: {address} seems to have no DNS Stateful Operations. The client may go on with "
         "ordinary queries, but not with DSO.",
         "{address} answers {rcode} to the DSO message of frame {other} ({type}). Any code but NOERROR and DSOTYPENI "
         "lets a client take it as a server without DSO.",
         {PLAIN_QUERIES, "Do not try DSO with this server again soon: RFC 8765 recommends an hour after NOTIMP.",
          "Use a server with DSO where you need it: gdnsd has it (without Push), as have Apple's mDNSResponder family "
          "and OpenThread; BIND, Unbound, NSD, Knot and PowerDNS do not."},
         {"RFC 8490 section 5.1.1", "RFC 8765 section 6.2.2"}},
    [CAUSE_DSO_FORMERR] =
        {"dso-formerr",
         "DSO request malformed",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "FORMERR to a DSO request: {address} cannot read it. The evidence says what is wrong with its counts, TLV "
         "lengths or order, if anything is.",
         "{address} could not interpret the request of frame {other} ({type}). When no broken rule is listed as "
         "evidence, the request looks right, and the server errs.",
         {"Fix the request: all four counts 0, at least one TLV, lengths that fit, the primary TLV first.",
          "Where the request is right, report it to the server's maker.",
          "Do not send the same again for the Retry Delay that it named, or five minutes."},
         {"RFC 8490 section 5.4", "RFC 8765 section 6.2.2"}},
    [CAUSE_DSO_REFUSED] =
        {"dso-refused",
         "DSO operation refused",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "REFUSED to a DSO request: {address} does not allow the operation to this client. Check its access list; try "
         "again after the Retry Delay that it named, or else 5 minutes.",
         "{address} does not allow, or no longer allows, the request of frame {other} ({type}), for reasons of "
         "policy.",
         {"Check the server's configuration: are Push and this client allowed?",
          "If the zone's _dns-push-tls._tcp SRV record names this server, that is a misconfiguration: correct either.",
          "Wait for the Retry Delay that it named, or five minutes."},
         {"RFC 8765 section 6.2.2", "RFC 8490 section 5.4.1"}},
    [CAUSE_DSO_NOTAUTH] =
        {"dso-notauth",
         "Not authoritative for the subscription",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "NOTAUTH to a DSO request: {address} is not authoritative for the name. Use the server of the zone's "
         "_dns-push-tls._tcp SRV record; here wait for the Retry Delay that it named, or else 5 minutes.",
         "{address} is not (or no longer) authoritative for what frame {other} asks for ({type}).",
         {"Find the right server: dig SRV _dns-push-tls._tcp.ZONE for the zone that holds the name.",
          "If that names this server, it is misconfigured: load the zone, or correct the record.",
          "Wait for the Retry Delay that it named, or five minutes, before asking for names of this zone again."},
         {"RFC 8765 section 6.2.2"}},
    [CAUSE_DSO_SERVFAIL] =
        {"dso-servfail",
         "DSO operation failed",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "SERVFAIL to a DSO request: {address} failed by itself or is overloaded. Look into its log; try again "
         "after the Retry Delay that it named, or else a minute.",
         "{address} could not carry out the request of frame {other} ({type}), or could not go on with it, because of "
         "a problem of its own.",
         {"Look into the server's log: resources, zone, backend.",
          "Wait for the Retry Delay that it named, or a minute."},
         {"RFC 8765 section 6.2.2", "RFC 8490 section 5.4.1"}},
    [CAUSE_DSO_NOTIMP] =
        {"dso-notimp",
         "NOTIMP from a server with DSO",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_WARN,
         "NOTIMP, \"DSO not supported\", in a DSO session: {address} contradicts itself. To a type that it lacks the "
         "answer is DSOTYPENI, to other failures another code.",
         "{address} answers NOTIMP to the request of frame {other} ({type}) although a DSO session stands on this "
         "connection.",
         {"Look at the nodes, if there are several behind this address: DSO has to be switched on at all of them, or "
          "at "
          "none.",
          "Where one program answers so in a session: report it to its maker.", PLAIN_QUERIES},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 5.4.1"},
         .mild_summary =
             "NOTIMP, \"DSO not supported\", yet elsewhere in this capture {address} does DSO: perhaps not all nodes "
             "behind it do, or it was switched on or off meanwhile.",
         .mild_text = "{address} answers NOTIMP to the request of frame {other} ({type}), and to other requests as a "
                      "server with DSO does."},
    [CAUSE_DSO_OTHER_RCODE] =
        {"dso-other-rcode",
         "Unexpected code to a DSO request",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "{rcode} to a DSO request: RFC 8490 and RFC 8765 give this code no meaning there, so why {address} declines "
         "is "
         "not told. Look into its log.",
         "{address} answers {rcode} to the request of frame {other} ({type}), a code that says nothing about this "
         "operation.",
         {"Look into the server's log.", "Wait for the Retry Delay that it named, or five minutes."},
         {"RFC 8490 section 5.4.1", "RFC 8765 section 6.2.2"}},
    [CAUSE_DSO_NO_RESPONSE] =
        {"dso-no-response",
         "No response to a DSO request",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "No response to a DSO request within 30 s: lost on the way, or ignored by {address}. The client must abort, "
         "and may connect again without DSO.",
         "30 s of this capture hold no response of {address} to the request of frame {frame} ({type}).",
         {"Abort the connection (its state is unknown now), connect again and use ordinary queries.",
          "Capture at the server: is the message lost on the way, or ignored there?",
          "Do not try DSO with this server again for an hour."},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 6.6.3.3"},
         .mild_summary = "No response to a DSO request within 30 s: lost on the way, ignored by {address}, or still "
                         "worked on. In a "
                         "session RFC 8490 sets no limit: capture at the other side, and look into its log.",
         .mild_text = "30 s of this capture hold no response of {address} to the request of frame {frame} ({type}).",
         .mild_remediation = {"Capture at the other side: is the message lost on the way, or ignored there?",
                              "Look into the log of the side that owes the response."}},
    [CAUSE_DSO_CONNECTION_DROPPED] =
        {"dso-connection-dropped",
         "Connection dropped on DSO",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "Connection dropped at the first DSO request: {address} seems to have no DNS Stateful Operations. Connect "
         "again without DSO.",
         "The first DSO request, in frame {other} ({type}), got no answer but the end of the connection in frame "
         "{frame}, {waited} later.",
         {"Connect again and use ordinary queries.", "Do not try DSO with this server again for an hour.",
          "Look for a firewall or proxy that cuts connections with opcodes it does not know."},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 6.6.3.2"}},
    [CAUSE_DSO_SESSION_ABORTED] =
        {"dso-session-aborted",
         "DSO connection aborted",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_WARN,
         "Connection aborted (RST) by {address}, and no broken rule of the other side calls for it. A server sends a "
         "Retry Delay instead, a client closes. Look at {address}.",
         "{address} aborted the connection in frame {frame}. To abort is for fatal errors; a client that is done "
         "closes, and a server that wants a client to go sends a Retry Delay.",
         {"Look into the log of the side that aborted: a crash, a restart, a full table of clients?",
          "Servers: send a Retry Delay before ending sessions, so that clients know when to come back."},
         {"RFC 8490 section 5.3", "RFC 8490 section 6.6.1"},
         .mild_summary = "Connection aborted (RST) by {address}, as RFC 8490 lets it do: the other side broke a rule, "
                         "or used a type unknown here. See the evidence for its message.",
         .mild_text = "{address} aborted the connection in frame {frame}, in reaction to what the other side sent or "
                      "failed to send. The fault is there."},
    [CAUSE_UNIDIRECTIONAL_UNKNOWN_TYPE] =
        {"unidirectional-unknown-type",
         "Unidirectional message of unknown type",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "Unidirectional {type}, which the other side seems not to know: then it has to abort the connection. Fix "
         "{address}: ask by a request first.",
         "{address} sent {type} as a unidirectional message. Who does not know its type cannot say so, and has to "
         "abort the connection.",
         {"Send a request that shows whether the other side knows the operation, and leave it after DSOTYPENI.",
          "Upgrade the other side, if it is to know this type."},
         {"RFC 8490 section 5.4.3", "RFC 8490 section 5.4.5"}},
    [CAUSE_KEEPALIVE_FIELDS_EXCHANGED] =
        {"keepalive-fields-exchanged",
         "Keepalive timers in the wrong order",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_WARN,
         "Keepalive timers in the wrong order: {address} wrote the interval first, then reset a client that kept to "
         "them. Known of gdnsd 3.8: upgrade it, or raise its tcp_timeout.",
         "By RFC 8490 this Keepalive means: no inactivity timeout, a short interval. {address} means the opposite, as "
         "gdnsd 3.8 does, and resets clients by that.",
         {"gdnsd: report it; \"disable_tcp_dso => true\" switches DSO off; a larger tcp_timeout (10 s at least) makes "
          "resets rarer.",
          "Clients: close connections to this server when they are idle, before the interval that it names is over."},
         {"RFC 8490 section 7.1", "RFC 8490 section 6.2"},
         .mild_summary = "Keepalive timers that look exchanged: no inactivity timeout, but a short keepalive interval. "
                         "gdnsd 3.8 writes the two in the wrong order; clients then get reset.",
         .mild_text = "By RFC 8490 this Keepalive means: no inactivity timeout, a short interval. That is hardly "
                      "meant: gdnsd 3.8 is known to write the two in the wrong order."},
    [CAUSE_RETRY_DELAY] =
        {"retry-delay",
         "Server ends the session",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "Retry Delay: the server {address} ends the session, its reason is {rcode}. The client must close now, and "
         "wait before it connects again.",
         "Retry Delay with RCODE {rcode}. NOERROR: shutdown or restart; FORMERR: the client sent something too "
         "malformed; SERVFAIL: overload; REFUSED: policy changed; NOTAUTH: no longer authoritative.",
         {"The client: close at once, wait, then subscribe anew, at this or another server of the SRV record.",
          "FORMERR: look for the client's malformed message before this one. SERVFAIL: give the server more capacity.",
          "REFUSED, NOTAUTH: check what was changed in the server's configuration."},
         {"RFC 8490 section 6.6.1", "RFC 8490 section 7.2.1"}},
    [CAUSE_RECONNECTED_TOO_EARLY] =
        {"reconnected-too-early",
         "Reconnected too early",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "Reconnected too early: the client connects to {address} again before its Retry Delay is over, or "
         "another client behind its address does. A client that does so adds to the load that the server sheds.",
         "The Retry Delay of frame {other} forbids this connection for {timer}; it comes after {waited}.",
         {"Fix the client: keep the delay for each server, and choose another server meanwhile.",
          "Where several programs share this address, see which of them connects."},
         {"RFC 8490 section 6.6.3"}},
    [CAUSE_ENCRYPTED_DNS] =
        {"encrypted-dns",
         "DNS inside TLS",
         DNS_SEVERITY_CHAT,
         DNS_SEVERITY_CHAT,
         DNS_SEVERITY_CHAT,
         "DNS over TLS that cannot be read here: response codes and DSO are inside. A key log file (SSLKEYLOGFILE, "
         "then Preferences, Protocols, TLS) would show them.",
         "The connection carries encrypted data that this capture, with the keys at hand, does not show.",
         {"Let one end write its TLS keys (environment variable SSLKEYLOGFILE, for example with kdig +tls), and name "
          "the file in the TLS preferences."},
         {"RFC 7858 section 3"}},
};
