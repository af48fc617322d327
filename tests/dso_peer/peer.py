# SPDX-License-Identifier: GPL-2.0-or-later
"""The two ends of a connection, and how each walks a scenario."""

import socket
import ssl
import struct
import time

from . import wire
from .script import CLIENT, Connect, End, Hear, Pause, Send

PATIENCE = 60           # seconds to wait for the other side; longer than any pause in a scenario
CUT_GAP = 0.03          # seconds between the pieces of a cut message: enough to keep them in segments of their own
END_GAP = 0.05          # seconds before an end, so that a delayed ACK does not mix with it


class Desync(Exception):
    """The other side did something else than its script says."""


class Stream:
    """Messages over one TCP connection, or TLS on top of it."""

    def __init__(self, sock):
        self.sock = sock
        sock.settimeout(PATIENCE)

    def send(self, messages, cuts=()):
        data = b"".join(map(wire.framed, messages))
        edges = [0, *cuts, len(data)]
        for start, end in zip(edges, edges[1:]):
            if start:
                time.sleep(CUT_GAP)
            self.sock.sendall(data[start:end])

    def receive(self, timeout=PATIENCE):
        """The next message, or None at the end of the connection."""
        self.sock.settimeout(timeout)
        head = self._read(2)
        return head and self._read(struct.unpack("!H", head)[0])

    def _read(self, size):
        data = b""
        while len(data) < size:
            try:
                piece = self.sock.recv(size - len(data))
            except (ConnectionResetError, ssl.SSLEOFError):
                piece = b""
            if not piece:
                return None
            data += piece
        return data

    def finish(self, follow=False):
        """Ends gracefully, `follow`: not before the other side's FIN.  Does nothing to a connection that has ended."""
        if self.sock.fileno() < 0:
            return
        try:
            if isinstance(self.sock, ssl.SSLSocket):
                self._say_close_notify()
            if follow:
                self._drain()
            self.sock.shutdown(socket.SHUT_WR)
            self._drain()
        except OSError:         # the other side was quicker, or reset
            pass
        self.sock.close()

    def _drain(self):
        while self.sock.recv(4096):
            pass

    def _say_close_notify(self):
        """Without waiting for the other side's, so that the FIN follows at once (RFC 8765 section 6.7)."""
        self.sock.settimeout(0)
        try:
            self.sock.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.sock.settimeout(PATIENCE)

    def abort(self):
        """RST: a close that does not linger; what is unsent is lost.  TLS gets no word of it."""
        raw = socket.socket(fileno=self.sock.detach())
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()


class Datagrams:
    """Messages over UDP; has the shape of Stream.  The server learns its peer from the first datagram."""

    def __init__(self, sock):
        self.sock = sock

    def send(self, messages, _cuts=()):
        for message in messages:
            self.sock.send(message)

    def receive(self, timeout=PATIENCE):
        self.sock.settimeout(timeout)
        try:
            message, address = self.sock.recvfrom(65535)
        except ConnectionRefusedError:
            return None
        self.sock.connect(address)
        return message

    def finish(self, follow=False):
        self.sock.close()

    abort = finish


# ---- roles: where links come from.  Both give a function that opens the next link; only the client heeds the source.

def client_links(address, port, transport, keylog=None, client_port=0):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    context = ssl.create_default_context() if transport.startswith("tls") else None
    if context:
        context.check_hostname = False          # the certificate is made for one run and signed by itself
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(["dot"])
        if transport == "tls1.2":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        if keylog:
            context.keylog_filename = keylog

    def open_link(source=""):
        sock = socket.socket(family, kind)
        sock.settimeout(PATIENCE)
        if source or client_port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((source, client_port))
        sock.connect((address, port))
        if transport == "udp":
            return Datagrams(sock)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Stream(context.wrap_socket(sock) if context else sock)
    return open_link


def server_links(address, port, transport, certificate=None, ready=lambda: None):
    links = accepted(address, port, transport, certificate, ready)
    return lambda _source="": next(links)


def accepted(address, port, transport, certificate, ready):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if transport == "udp":
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.bind((address, port))
        ready()
        while True:
            yield Datagrams(sock)
    context = None
    if transport.startswith("tls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        context.set_alpn_protocols(["dot"])
        context.num_tickets = 0                 # small captures; nobody resumes
    with socket.create_server((address, port), family=family) as listener:
        listener.settimeout(PATIENCE)
        ready()
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield Stream(context.wrap_socket(sock, server_side=True) if context else sock)


# ---- walking a script

def play(side, steps, open_link):
    """Carries out `side` of the script; raises Desync when the other side leaves it."""
    link = None
    for step in steps:
        if isinstance(step, Connect) or link is None:
            link = open_link(getattr(step, "source", ""))
        if isinstance(step, Pause):
            time.sleep(step.seconds)
        elif isinstance(step, Send):
            link.send(step.messages, step.cuts) if step.side == side else expect(link, step.messages)
        elif isinstance(step, End):
            end(link, step, side)
    if link:
        link.finish()


def expect(link, messages):
    for message in messages:
        got = link.receive()
        if got != message:
            raise Desync(f"expected {message.hex()}, got {got and got.hex()}")


def end(link, step, side):
    if step.side == side:
        time.sleep(END_GAP)
        link.abort() if step.force else link.finish()
        return
    while isinstance(link, Stream) and link.receive():
        pass                    # what crossed with the end
    link.finish(follow=True)


def play_to_real_server(steps, open_link, say=print):
    """The client's side against a server with a mind of its own; `say` hears what it did."""
    link = None
    for step in steps:
        try:
            if isinstance(step, Connect) or link is None:
                link = open_link()
            if isinstance(step, Pause):
                time.sleep(step.seconds)
            elif isinstance(step, Send) and step.side == CLIENT:
                link.send(step.messages, step.cuts)
            elif isinstance(step, End):
                link.finish()
            elif isinstance(step, Hear):
                say(hear(link, step.seconds))
        except (BrokenPipeError, ConnectionResetError) as error:
            say(f"{type(error).__name__}")
    if link:
        link.finish()


def hear(link, seconds):
    try:
        got = link.receive(seconds)
    except TimeoutError:
        return "no answer"
    return got.hex() if got else "connection closed"
