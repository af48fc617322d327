/* causes_dso.c
 * Causes of DSOTYPENI and of other DSO failures, with their texts.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Slots: {frame} the response (or segment), {other} the request, {type} the request's primary TLV, {address} the
 * sender of the response, {rcode} its code, {name} the name subscribed to.
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
         "DSOTYPENI to SUBSCRIBE (frame {other}): {address} does DSO but not DNS Push. Use the server of the zone's "
         "_dns-push-tls._tcp SRV record, or plain queries; not again for an hour.",
         "{address} knows DNS Stateful Operations, but not the SUBSCRIBE of frame {other}: it has no DNS Push.",
         {"Subscribe at the server that the zone's _dns-push-tls._tcp SRV record names: dig SRV "
          "_dns-push-tls._tcp.ZONE.",
          PLAIN_QUERIES,
          "Do not send SUBSCRIBE to this server again for an hour, or for the Retry Delay that it named.",
          "Operators: remove this server from the SRV record, or switch on Push in it."},
         {"RFC 8765 section 6.1", "RFC 8765 section 6.2.2", "RFC 8490 section 5.1.1"}},
    [CAUSE_DSO_TYPE_UNASSIGNED] =
        {"dso-type-unassigned",
         "DSOTYPENI: DSO-TYPE of no standard",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI: {address} does not know DSO-TYPE {type} of frame {other}, nor does any standard. A newer or a "
         "wrong client: upgrade the server or do without.",
         "The request of frame {other} has DSO-TYPE {type}, to which no standard gives a meaning, and {address} does "
         "not implement it.",
         {"Compare with the IANA registry \"DSO Type Codes\": is it a newer specification?",
          "Upgrade the server when it is, and let the client leave the operation when it is not.", PLAIN_QUERIES},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 10.3"}},
    [CAUSE_DSO_TYPE_PRIVATE] = {"dso-type-private",
                                "DSOTYPENI: experimental DSO-TYPE",
                                DNS_SEVERITY_WARN,
                                DNS_SEVERITY_WARN,
                                DNS_SEVERITY_WARN,
                                "DSOTYPENI: {address} does not know the DSO-TYPE {type} of frame {other}. Such types "
                                "only work between two ends of the same product or experiment.",
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
         "DSOTYPENI: the DSO-TYPE {type} of frame {other} is reserved and must not be sent. Client bug: {address} is "
         "right to refuse it.",
         "The request of frame {other} has the reserved DSO-TYPE {type}, which nobody may send.",
         {"Fix the client: look for a wrong byte order, a wrong offset, or a value that was never set."},
         {"RFC 8490 section 10.3"}},
    [CAUSE_KEEPALIVE_REJECTED] = {"keepalive-rejected",
                                  "DSOTYPENI: server refuses Keepalive",
                                  DNS_SEVERITY_ERROR,
                                  DNS_SEVERITY_ERROR,
                                  DNS_SEVERITY_ERROR,
                                  "DSOTYPENI to the Keepalive of frame {other}: {address} says that it does DSO but "
                                  "lacks Keepalive, which is mandatory. Server bug: upgrade it; until then no DSO.",
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
         "DSOTYPENI: {address} does not take {type} as a request (frame {other}), and no standard lets it be one. Fix "
         "the client.",
         "The request of frame {other} has {type} as its primary TLV with a message ID. UNSUBSCRIBE, PUSH, RECONFIRM "
         "and Retry Delay are unidirectional (ID 0), padding may only follow another TLV.",
         {"Fix the client: unidirectional messages have message ID 0, padding comes last."},
         {"RFC 8490 section 5.4.1", "RFC 8490 section 8.2", "RFC 8765 section 6.6"}},
    [CAUSE_CLIENT_LACKS_DSO_TYPE] =
        {"client-lacks-dso-type",
         "DSOTYPENI: client without the operation",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "DSOTYPENI from the client {address}: the server's request of frame {other} uses {type}, unknown to this "
         "client. The server should not use it here.",
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
         "RCODE 11 (DSOTYPENI) from {address} in a response of opcode {n}: the code means something with opcode 6 "
         "(DSO) only. Bug of the server or a middlebox.",
         "The response has opcode {n}. DSOTYPENI is about the type of a DSO request, and there is none here.",
         {"Find out who made this response: ask the server from its own network, and compare.",
          "Treat it as a failure of the server (SERVFAIL)."},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 10.2"}},
    [CAUSE_DSOTYPENI_UNMATCHED] =
        {"dsotypeni-unmatched",
         "DSOTYPENI: request not captured",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "DSOTYPENI (ID {n}): {address} does DSO but not the operation asked for. Which one it was is not in this "
         "capture: its request is missing.",
         "The server does not implement the DSO-TYPE of a request that is not in this capture; the response does not "
         "repeat it.",
         {"Start the capture before the connection, and look at the request with the same message ID."},
         {"RFC 8490 section 5.1.1"}},
    [CAUSE_DSO_NOT_IMPLEMENTED] = {"dso-not-implemented",
                                   "Server without DSO",
                                   DNS_SEVERITY_NOTE,
                                   DNS_SEVERITY_NOTE,
                                   DNS_SEVERITY_WARN,
                                   "{rcode} to the DSO request of frame {other} ({type}): {address} does not do DSO. "
                                   "The client may use ordinary queries here, but no DSO for an hour.",
                                   "{address} answers {rcode} to the DSO request of frame {other}: any code but "
                                   "NOERROR and DSOTYPENI means that the server has no DNS Stateful Operations.",
                                   {PLAIN_QUERIES, "Do not try DSO with this server again for an hour.",
                                    "Use a server with DSO where you need it: BIND, Unbound, NSD, Knot and PowerDNS "
                                    "have none; Apple's mDNSResponder family (discovery proxy) and OpenThread do."},
                                   {"RFC 8490 section 5.1.1", "RFC 8765 section 6.2.2"}},
    [CAUSE_DSO_FORMERR] =
        {"dso-formerr",
         "DSO request malformed",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "FORMERR to the DSO request of frame {other} ({type}): {address} cannot read it. See the evidence for what is "
         "wrong with its counts, TLV lengths or order.",
         "{address} could not interpret the request of frame {other}. When no broken rule is listed as evidence, the "
         "request looks right, and the server errs.",
         {"Fix the request: all four counts 0, at least one TLV, lengths that fit, the primary TLV first.",
          "Where the request is right, report it to the server's maker.",
          "Do not send the same again for five minutes."},
         {"RFC 8490 section 5.4", "RFC 8765 section 6.2.2"}},
    [CAUSE_DSO_REFUSED] =
        {"dso-refused",
         "DSO operation refused",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "REFUSED to the {type} of frame {other}: {address} does not allow it to this client. Check its access list; "
         "try again in 5 minutes at the earliest.",
         "{address} declined the {type} of frame {other} for reasons of policy.",
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
         "NOTAUTH to {type} (frame {other}): {address} is not authoritative for it. Use the server of the zone's "
         "_dns-push-tls._tcp SRV; here not for 5 min.",
         "{address} is not (or no longer) authoritative for the name of frame {other}: {name}.",
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
         "SERVFAIL to the {type} of frame {other}: {address} failed by itself or is overloaded. Look into its log; try "
         "again in a minute at the earliest.",
         "{address} could not carry out the {type} of frame {other} because of a problem of its own.",
         {"Look into the server's log: resources, zone, backend.",
          "Wait for the Retry Delay that it named, or a minute."},
         {"RFC 8765 section 6.2.2", "RFC 8490 section 5.4.1"}},
    [CAUSE_DSO_NO_RESPONSE] =
        {"dso-no-response",
         "No response to a DSO request",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "No response to this {type} request within {n} s: {address} has no DSO, it seems. The client must abort, and "
         "may connect again without DSO.",
         "{n} s of this capture hold no response of {address} to the request of frame {frame}.",
         {"Abort the connection (its state is unknown now), connect again and use ordinary queries.",
          "Capture at the server: is the message lost on the way, or ignored there?",
          "Do not try DSO with this server again for an hour."},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 6.6.3.3"}},
    [CAUSE_DSO_CONNECTION_DROPPED] =
        {"dso-connection-dropped",
         "Connection dropped on DSO",
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         DNS_SEVERITY_WARN,
         "{address} drops the connection at the first DSO request (frame {other}, {type}): it does not do DSO. Connect "
         "again without DSO.",
         "The first DSO request, in frame {other}, got no answer but the end of the connection in frame {frame}.",
         {"Connect again and use ordinary queries.", "Do not try DSO with this server again for an hour.",
          "Look for a firewall or proxy that cuts connections with opcodes it does not know."},
         {"RFC 8490 section 5.1.1", "RFC 8490 section 6.6.3.2"}},
    [CAUSE_RETRY_DELAY] =
        {"retry-delay",
         "Server ends the session",
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         DNS_SEVERITY_NOTE,
         "The server ends the session, reason {rcode}. The client must close now and not connect to {address} again "
         "for {timer}.",
         "Retry Delay with RCODE {rcode} and a delay of {timer}. NOERROR: shutdown or restart; FORMERR: the client "
         "sent something too malformed; SERVFAIL: overload; REFUSED: policy changed; NOTAUTH: no longer authoritative.",
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
         "The client connects to {address} again {age} after the Retry Delay of frame {other}, which told it to wait "
         "{timer}. Client bug: it adds to the load the server sheds.",
         "The Retry Delay of frame {other} forbids this connection for {timer}; it comes after {age}.",
         {"Fix the client: keep the delay for each server, and choose another server meanwhile.",
          "Where several programs share this address, see which of them connects."},
         {"RFC 8490 section 6.6.3"}},
    [CAUSE_ENCRYPTED_DNS] = {"encrypted-dns",
                             "DNS inside TLS",
                             DNS_SEVERITY_CHAT,
                             DNS_SEVERITY_CHAT,
                             DNS_SEVERITY_CHAT,
                             "DNS over TLS that cannot be read: response codes and DSO are inside. A key log file "
                             "(SSLKEYLOGFILE, then Preferences, Protocols, TLS) would show them.",
                             "The connection is encrypted and this capture holds no keys for it.",
                             {"Let one end write its TLS keys (environment variable SSLKEYLOGFILE, for example with "
                              "kdig +tls), and name the file in the TLS preferences."},
                             {"RFC 7858 section 3"}},
};
