#!/usr/bin/env python3
"""A DNS client, server and relay that behave well or badly on demand, over real sockets.

For what no released software sends: kept cookies after the address changed, altered cookies, middleboxes
that strip options. Standard library only. See captures/cookies/README.md for the captures made with it.
"""
import argparse
import json
import os
import secrets
import select
import socket
import sys
import threading
import time

import dnswire as dns


# ---------------------------------------------------------------- transport

def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def udp_socket(source=None, port=0):
    sock = socket.socket(family(source or "0.0.0.0"), socket.SOCK_DGRAM)
    sock.bind((source or "0.0.0.0", port))
    return sock


def ask_udp(wire, server, source, port=53, timeout=2.0, listen_on=0.0):
    """The first answer, or None; listens `listen_on` seconds more before the port is closed."""
    sock = socket.socket(family(server), socket.SOCK_DGRAM)
    with sock:
        if source:
            sock.bind((source, 0))
        sock.settimeout(timeout)
        sock.connect((server, port))
        try:
            sock.send(wire)
            reply = sock.recv(65535)
        except OSError:
            return None
        if listen_on:
            time.sleep(listen_on)
        return reply


def read_exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            return None
        data += more
    return data


def read_message(sock):
    length = read_exactly(sock, 2)
    return length and read_exactly(sock, int.from_bytes(length, "big"))


def framed(wire):
    return len(wire).to_bytes(2, "big") + wire


def ask_tcp(wires, server, source, port=53, timeout=2.0):
    """Sends all of `wires` in one segment; the answers in the order they come."""
    with socket.socket(family(server), socket.SOCK_STREAM) as sock:
        if source:
            sock.bind((source, 0))
        sock.settimeout(timeout)
        replies = []
        try:
            sock.connect((server, port))
            sock.sendall(b"".join(framed(wire) for wire in wires))
            for _ in wires:
                reply = read_message(sock)
                if reply is None:
                    break
                replies.append(reply)
        except OSError:
            pass
        return replies


# ---------------------------------------------------------------- clients

def command_wait(args):
    """Until a server answers anything at all."""
    for _ in range(100):
        if ask_udp(dns.encode_query(1, "probe.invalid", "NS", edns=False, flags=0), args.server, None, timeout=0.2):
            return 0
        time.sleep(0.1)
    return 1


def command_ask(args):
    """One exchange, no retry. Prints RCODE and COOKIE (hexadecimal, or -)."""
    ident = args.id if args.id is not None else secrets.randbelow(65536)
    cookies = [bytes.fromhex(c) for c in args.cookie]
    if args.update:
        wire = dns.encode_update_if_absent(ident, args.update, args.name[0], cookies)
        wires = [wire]
    else:
        names = [None] if args.no_question else args.name
        wires = [dns.encode_query((ident + n) % 65536, name, args.type, cookies, not args.no_edns, version=args.edns_version)
                 for n, name in enumerate(names)]
    if args.tcp:
        replies = ask_tcp(wires, args.server, args.source, args.port)
    else:
        replies = [ask_udp(wire, args.server, args.source, args.port, args.timeout, args.listen_on) for wire in wires]
    for reply in replies:
        if reply is None:
            print("timeout -")
            continue
        message = dns.Message(reply)
        print(message.rcode, message.cookies[0].hex() if message.cookies else "-")
    return 0


def command_send(args):
    """Datagrams of exactly these bytes; the port stays open a little for what comes back, which nobody reads."""
    with socket.socket(family(args.server), socket.SOCK_DGRAM) as sock:
        for data in args.data:
            sock.sendto(bytes.fromhex(data), (args.server, args.port))
            time.sleep(0.1)
    return 0


def command_cookie(args):
    """Prints a COOKIE option made with a known secret."""
    client = bytes.fromhex(args.client)
    stamp = int(time.time()) - args.age
    print((client + dns.server_cookie(client, args.address, bytes.fromhex(args.secret), stamp,
                                      bytes.fromhex(args.reserved))).hex())
    return 0


class Browser:
    """A client that keeps its cookies as RFC 7873 section 5 wants, in a file, across runs.

    On BADCOOKIE it learns, tries once more over UDP, then over TCP; truncated it asks over TCP. `fault` breaks it:
    `forget` never sends a server cookie, `stubborn` never replaces the one it has.
    """

    def __init__(self, args):
        self.args = args
        self.state = {}
        if args.state and os.path.exists(args.state):
            with open(args.state, encoding="ascii") as file:
                self.state = json.load(file)
        self.client = self.state.setdefault("client", args.client or secrets.token_hex(8))

    def save(self):
        if self.args.state:
            with open(self.args.state, "w", encoding="ascii") as file:
                json.dump(self.state, file)

    def option(self):
        server = "" if self.args.fault == "forget" else self.state.get(self.args.server, "")
        return bytes.fromhex(self.client + server)

    def learn(self, message):
        own = [c for c in message.cookies[:1] if c[:8].hex() == self.client and len(c) > 8]
        if not own:
            return
        if self.args.fault == "stubborn" and self.args.server in self.state:
            return
        self.state[self.args.server] = own[0][8:].hex()

    def resolve(self, name):
        transports = ["udp", "udp", "tcp"]
        while transports:
            message = self.ask(transports.pop(0), name)
            if message is None or message.rcode == dns.BADCOOKIE:
                continue
            if not message.flags & dns.TC:
                return message.rcode
            transports = transports[-1:]
        return None

    def ask(self, transport, name):
        wire = dns.encode_query(secrets.randbelow(65536), name, self.args.type, [self.option()])
        if transport == "udp":
            reply = ask_udp(wire, self.args.server, self.args.source)
        else:
            reply = (ask_tcp([wire], self.args.server, self.args.source) or [None])[0]
        if reply is None:
            return None
        message = dns.Message(reply)
        self.learn(message)
        return message


def command_browse(args):
    browser = Browser(args)
    for name in args.name:
        print(name, browser.resolve(name))
        time.sleep(args.pause)
    browser.save()
    return 0


# ---------------------------------------------------------------- a server with faults

ADDRESS = "192.0.2.80"


def fresh_cookie(query, client):
    return query.cookies[0][:8] + dns.server_cookie(query.cookies[0][:8], client, b"dnsrcode-capture", int(time.time()))


def answer(query, client):
    if not query.cookies:
        return dns.encode_response(query, dns.NOERROR, None if query.opt_at is None else [], ADDRESS)
    return dns.encode_response(query, dns.NOERROR, [fresh_cookie(query, client)], ADDRESS)


def badcookie(query, client):
    return dns.encode_response(query, dns.BADCOOKIE, [fresh_cookie(query, client)] if query.cookies else [])


def serve_formerr(query, client, stream):
    """Takes the option for an error, as servers older than EDNS options do."""
    return dns.encode_response(query, dns.FORMERR) if query.cookies else answer(query, client)


def serve_badcookie_bare(query, client, stream):
    """BADCOOKIE with an empty OPT record."""
    return answer(query, client) if stream or not query.cookies else dns.encode_response(query, dns.BADCOOKIE, [])


def serve_badcookie_client_only(query, client, stream):
    """BADCOOKIE that gives the client cookie back and no server cookie."""
    if stream or not query.cookies:
        return answer(query, client)
    return dns.encode_response(query, dns.BADCOOKIE, [query.cookies[0][:8]])


def serve_badcookie_uninvited(query, client, stream):
    """BADCOOKIE to queries that have no cookie at all."""
    return answer(query, client) if stream or query.cookies else badcookie(query, client)


def serve_badcookie_udp(query, client, stream):
    """Accepts no cookie over UDP, however often it was issued."""
    return answer(query, client) if stream or not query.cookies else badcookie(query, client)


def serve_badcookie_random(query, client, stream):
    """Draws the hash of each cookie at random, and so knows none of its own when it comes back; answers over TCP."""
    if not query.cookies:
        return answer(query, client)
    drawn = [fresh_cookie(query, client)[:-8] + secrets.token_bytes(8)]
    if stream:
        return dns.encode_response(query, dns.NOERROR, drawn, ADDRESS)
    return dns.encode_response(query, dns.BADCOOKIE, drawn)


def serve_badcookie_stream(query, client, stream):
    """BADCOOKIE over TCP too, whatever is presented."""
    return badcookie(query, client)


def serve_cut(query, client, stream):
    """Ends inside the OPT record."""
    return answer(query, client)[:-4]


def serve_stub(query, client, stream):
    """Ends inside the header."""
    return answer(query, client)[:3]


SERVE_MODES = {"formerr": serve_formerr, "cut": serve_cut, "stub": serve_stub, "badcookie-bare": serve_badcookie_bare,
               "badcookie-client-only": serve_badcookie_client_only,
               "badcookie-uninvited": serve_badcookie_uninvited,
               "badcookie-udp": serve_badcookie_udp, "badcookie-random": serve_badcookie_random,
               "badcookie-stream": serve_badcookie_stream}


def listen(address, port):
    """A UDP and a TCP socket on one address."""
    udp = udp_socket(address, port)
    tcp = socket.create_server((address, port), family=family(address))
    return udp, tcp


def serve_stream(connection, client, mode):
    with connection:
        connection.settimeout(5)
        wire = read_message(connection)
        while wire:
            connection.sendall(framed(SERVE_MODES[mode](dns.Message(wire), client, True)))
            wire = read_message(connection)


def command_serve(args):
    udp, tcp = listen(args.address, args.port)
    while True:
        for ready in select.select([udp, tcp], [], [])[0]:
            if ready is udp:
                wire, peer = udp.recvfrom(65535)
                udp.sendto(SERVE_MODES[args.mode](dns.Message(wire), peer[0], False), peer)
                continue
            # Resolvers keep their connections; UDP must not wait for them.
            connection, peer = tcp.accept()
            threading.Thread(target=serve_stream, args=(connection, peer[0], args.mode), daemon=True).start()


# ---------------------------------------------------------------- a relay with faults

class Relay:
    """Passes UDP on and back; a subclass spoils it."""

    def __init__(self, upstream):
        self.upstream = upstream
        self.count = 0

    def outward(self, query):
        return query.wire

    def homeward(self, query, reply):
        return [reply.wire]

    def exchange(self, wire):
        self.count += 1
        query = dns.Message(wire)
        changed = self.outward(query)
        reply = changed and ask_udp(changed, self.upstream, None)
        return self.homeward(query, dns.Message(reply)) if reply else []


class StripQuery(Relay):
    def outward(self, query):
        return query.with_cookies([])


class StripResponse(Relay):
    def homeward(self, query, reply):
        return [reply.with_cookies([])]


class StripSomeResponses(Relay):
    """As if one of two middleboxes behind the address removed the option."""

    def homeward(self, query, reply):
        return [reply.with_cookies([]) if self.count % 2 else reply.wire]


class TrimSomeResponses(Relay):
    """Leaves the client cookie alone in every second answer."""

    def homeward(self, query, reply):
        return [reply.with_cookies([c[:8] for c in reply.cookies]) if self.count % 2 else reply.wire]


class Echo(StripQuery):
    """Copies the query's options into a response that came without any."""

    def homeward(self, query, reply):
        return [reply.with_cookies(query.cookies)]


class DropCookies(Relay):
    def outward(self, query):
        return None if query.cookies else query.wire


class AlterServerCookie(Relay):
    """Flips a bit in the hash of the server cookies that clients present."""

    def outward(self, query):
        return query.with_cookies([c[:-1] + bytes([c[-1] ^ 0x10]) if len(c) > 8 else c for c in query.cookies])


class SpoofFirst(Relay):
    """Stands for an off-path attacker who guessed ID and port, but not the client cookie."""

    def homeward(self, query, reply):
        forged = dns.encode_response(query, dns.NOERROR, [secrets.token_bytes(24)], "203.0.113.66")
        return [forged, reply.wire]


RELAY_MODES = {"strip-query": StripQuery, "strip-response": StripResponse, "strip-some-responses": StripSomeResponses,
               "trim-some-responses": TrimSomeResponses, "echo": Echo, "drop-cookies": DropCookies,
               "alter": AlterServerCookie, "spoof-first": SpoofFirst}


def relay_stream(connection, upstream, piece):
    """Collects all answers to what came in one go, then sends them joined (piece 0) or in pieces of that size."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    data = connection.recv(65535)
    wires = []
    while data:
        length = int.from_bytes(data[:2], "big")
        wires.append(data[2:2 + length])
        data = data[2 + length:]
    joined = b"".join(framed(reply) for reply in ask_tcp(wires, upstream, None))
    for at in range(0, len(joined), piece or len(joined) or 1):
        connection.sendall(joined[at:at + piece] if piece else joined)
        time.sleep(0.01)
    connection.settimeout(5)
    connection.recv(1)


def command_relay(args):
    udp, tcp = listen(args.address, 53)
    relay = RELAY_MODES.get(args.mode, Relay)(args.upstream)
    while True:
        for ready in select.select([udp, tcp], [], [])[0]:
            if ready is udp:
                wire, peer = udp.recvfrom(65535)
                for reply in relay.exchange(wire):
                    udp.sendto(reply, peer)
                continue
            connection, _ = tcp.accept()
            with connection:
                relay_stream(connection, args.upstream, args.piece)


# ---------------------------------------------------------------- command line

def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)

    wait = commands.add_parser("wait", help="until a server answers")
    wait.add_argument("server")

    ask = commands.add_parser("ask", help="one exchange with exactly these bytes as cookie")
    ask.add_argument("server")
    ask.add_argument("name", nargs="*", default=["www.example.test"])
    ask.add_argument("--type", default="A")
    ask.add_argument("--source")
    ask.add_argument("--port", type=int, default=53)
    ask.add_argument("--cookie", action="append", default=[], metavar="HEX")
    ask.add_argument("--id", type=int)
    ask.add_argument("--timeout", type=float, default=2.0)
    ask.add_argument("--listen-on", type=float, default=0.0, metavar="SECONDS")
    ask.add_argument("--tcp", action="store_true")
    ask.add_argument("--no-edns", action="store_true")
    ask.add_argument("--no-question", action="store_true")
    ask.add_argument("--edns-version", type=int, default=0)
    ask.add_argument("--update", metavar="ZONE")

    send = commands.add_parser("send", help="datagrams of exactly these bytes")
    send.add_argument("server")
    send.add_argument("data", nargs="+", metavar="HEX")
    send.add_argument("--port", type=int, default=53)

    cookie = commands.add_parser("cookie", help="make a cookie with a known secret")
    cookie.add_argument("client")
    cookie.add_argument("address")
    cookie.add_argument("secret")
    cookie.add_argument("--age", type=int, default=0)
    cookie.add_argument("--reserved", default="000000")

    browse = commands.add_parser("browse", help="a client that keeps its cookies")
    browse.add_argument("server")
    browse.add_argument("name", nargs="+")
    browse.add_argument("--type", default="A")
    browse.add_argument("--source")
    browse.add_argument("--state", metavar="FILE")
    browse.add_argument("--client", metavar="HEX")
    browse.add_argument("--pause", type=float, default=0.0)
    browse.add_argument("--fault", choices=["forget", "stubborn"])

    serve = commands.add_parser("serve", help="a server with a fault")
    serve.add_argument("address")
    serve.add_argument("--port", type=int, default=53)
    serve.add_argument("--mode", choices=SERVE_MODES, required=True)

    relay = commands.add_parser("relay", help="a forwarder with a fault")
    relay.add_argument("address")
    relay.add_argument("upstream")
    relay.add_argument("--mode", choices=RELAY_MODES)
    relay.add_argument("--piece", type=int, default=0, metavar="BYTES")
    return parser.parse_args()


if __name__ == "__main__":
    ARGS = parse_arguments()
    sys.exit(globals()[f"command_{ARGS.command}"](ARGS))
