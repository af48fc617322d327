#!/usr/bin/env python3
"""Hand-made captures whose verdict another frame overturns: scenes.py FOLDER writes them there as pcap files.

What no server does on demand: the same question FORMERR with COOKIE and, later, without; an answer to another client that
refutes what the silence towards the first one suggests."""
import ipaddress
import pathlib
import random
import struct
import sys

import dnswire as dns

START = 1_790_000_000
SECRET = b"secret-A-16bytes"
CLIENT, OTHER, SERVER = "192.0.2.10", "192.0.2.77", "198.51.100.53"
COOKIE, OTHER_COOKIE = b"client-1", b"client-2"


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def nflog_message(packet):
    """A netlink message of the host's byte order with the packet as its payload."""
    def padded(data):
        return data + b"\0" * (-len(data) % 4)

    attributes = [(1, struct.pack("!HBB", 0x0800, 1, 0)), (9, packet)]
    body = struct.pack("!BBH", 2, 0, 0) + b"".join(
        padded(struct.pack("<HH", 4 + len(data), number) + data) for number, data in attributes)
    return padded(struct.pack("<IHHII", 16 + len(body), 0x0400, 0, 0, 0) + body)


class Scene:
    """Queries and responses over UDP at any time, in seconds from the start."""

    ETHERNET, NETLINK = 1, 253  # link types
    ETHERNET_HEADER = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"

    def __init__(self):
        self.packets, self.random, self.link = [], random.Random(1), self.ETHERNET
        self.missing = {}  # bytes that the capture left out at a packet's end, by its place

    def udp(self, time, source, source_port, destination, destination_port, data):
        ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
        datagram = struct.pack("!4H", source_port, destination_port, 8 + len(data), 0) + data
        sum_ = checksum(ends + struct.pack("!BBH", 0, 17, len(datagram)) + datagram)
        datagram = datagram[:6] + struct.pack("!H", sum_ or 0xFFFF) + datagram[8:]
        self.ip(time, ends, 17, datagram)

    def ip(self, time, ends, protocol, data):
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), self.random.randrange(65536), 0, 64, protocol, 0) + ends
        header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
        self.packets.append((time, self.ETHERNET_HEADER + header + data))

    def icmp(self, time, source, destination, type_, data):
        """An error that quotes, or an echo."""
        message = struct.pack("!BBHI", type_, 3 if type_ == 3 else 0, 0, 0) + data
        message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
        ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
        self.ip(time, ends, 1, message)

    def batch(self, sizes, longest=65535):
        """The packets so far as "nflog" hands them out: by netlink, that many in a frame, of each no more than `longest`."""
        packets, self.packets, self.link = self.packets, [], self.NETLINK
        for size in sizes:
            now, packets = packets[:size], packets[size:]
            header = struct.pack("!HHH8sH", 0, 824, 0, b"", 12)
            messages = [nflog_message(packet[len(self.ETHERNET_HEADER):][:longest]) for _, packet in now]
            self.packets.append((now[-1][0], header + b"".join(messages)))

    def cut(self, left_out):
        """The last packet."""
        self.missing[len(self.packets) - 1] = left_out

    def query(self, time, client, port, ident, name, cookie=(), type_="A"):
        wire = dns.encode_query(ident, name, type_, list(cookie), True)
        self.udp(time, client, port, SERVER, 53, wire)
        return client, port, wire

    def response(self, time, query, rcode=0, cookie=()):
        client, port, wire = query
        address = "192.0.2.80" if rcode == 0 else None
        self.udp(time, SERVER, 53, client, port, dns.encode_response(dns.Message(wire), rcode, list(cookie), address, 0))

    def save(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, self.link))
            for place, (time, packet) in enumerate(self.packets):
                micros = round(time * 1e6)
                seconds = START + micros // 1_000_000
                captured = packet[:len(packet) - self.missing.get(place, 0)]
                file.write(struct.pack("<IIII", seconds, micros % 1_000_000, len(captured), len(packet)) + captured)


def with_server(cookie, client, time):
    return cookie + dns.server_cookie(cookie, client, SECRET, START + int(time))


def silence_disproved_by_other_client(scene):
    for attempt in range(3):
        scene.query(attempt, CLIENT, 3001 + attempt, 7, "www.example.test", [COOKIE])
    scene.response(3.01, scene.query(3, CLIENT, 3010, 8, "www.example.test"))
    other = scene.query(4, OTHER, 3020, 9, "h1.example.test", [OTHER_COOKIE])
    scene.response(4.01, other, 0, [with_server(OTHER_COOKIE, OTHER, 4)])


def formerr_disproved_later(scene):
    scene.response(0.01, scene.query(0, CLIENT, 3001, 1, "x.example.test", [COOKIE], "ANY"), 1)
    scene.response(1.01, scene.query(1, CLIENT, 3002, 2, "y.example.test"))
    scene.response(2.01, scene.query(2, CLIENT, 3003, 3, "x.example.test", (), "ANY"), 1)


def formerr_disproved_by_other_client(scene):
    scene.response(0.01, scene.query(0, CLIENT, 3001, 1, "x.example.test", [COOKIE], "ANY"), 1)
    scene.response(1.01, scene.query(1, CLIENT, 3002, 2, "y.example.test"))
    other = scene.query(2, OTHER, 3010, 9, "y.example.test", [OTHER_COOKIE])
    scene.response(2.01, other, 0, [with_server(OTHER_COOKIE, OTHER, 2)])


def judged(time, client, cookie, secret, seen_as=None):
    """What a server that demands cookies says: 0 or 23, and the cookie that it brings. `seen_as`: the client's address there."""
    seen_as = seen_as or client
    stamp = int.from_bytes(cookie[12:16], "big")
    good = len(cookie) > 8 and cookie[8:] == dns.server_cookie(cookie[:8], seen_as, secret, stamp)
    return 0 if good else 23, cookie[:8] + dns.server_cookie(cookie[:8], seen_as, secret, START + int(time))


def to_node(scene, time, client, port, name, cookie, node, secret, lost=()):
    """Seen on both sides of a device that sends the query on to one of the nodes behind SERVER (destination NAT), from which
    the answer comes back; but for the packets `lost`, by their place from 0 to 3."""
    wire = dns.encode_query(port, name, "A", [cookie])
    rcode, given = judged(time, client, cookie, secret)
    answer = dns.encode_response(dns.Message(wire), rcode, [given], None if rcode else "192.0.2.80")
    for place, packet in enumerate(((0, client, port, SERVER, 53, wire), (0.0002, client, port, node, 53, wire),
                                    (0.001, node, 53, client, port, answer), (0.0012, SERVER, 53, client, port, answer))):
        if place not in lost:
            scene.udp(time + packet[0], *packet[1:])
    return rcode, given


def through_destination_nat(scene, secrets):
    """Two clients, each asks until it is answered; the nodes take turns."""
    jar, turn = {CLIENT: COOKIE, OTHER: OTHER_COOKIE}, 0
    for n in range(4):
        for at, client, port in ((0, CLIENT, 3000), (0.5, OTHER, 4000)):
            for attempt in range(3):
                node, turn = turn % 2, turn + (1 if attempt != 1 else 0)
                rcode, jar[client] = to_node(scene, n + at + attempt * 0.05, client, port + 10 * n + attempt,
                                             f"h{n}.example.test", jar[client], f"203.0.113.{1 + node}", secrets[node])
                if rcode == 0:
                    break


def asked_several_servers(scene):
    """A forwarder sends each query as it is to two servers, and takes the first answer (dnsmasq --all-servers)."""
    for n in range(3):
        wire = dns.encode_query(n + 1, f"h{n}.example.test", "A", [COOKIE])
        for at, server, secret in ((0, SERVER, SECRET), (0.0002, "198.51.100.54", b"secret-B-16bytes")):
            answer = dns.encode_response(dns.Message(wire), 0, [judged(n, CLIENT, COOKIE, secret)[1]], "192.0.2.80")
            scene.udp(n + at, CLIENT, 3000 + n, server, 53, wire)
            scene.udp(n + at * 10 + 0.01, server, 53, CLIENT, 3000 + n, answer)
    scene.packets.sort(key=lambda packet: packet[0])


def destination_nat(scene):
    through_destination_nat(scene, [SECRET, SECRET])


def destination_nat_nodes(scene):
    through_destination_nat(scene, [SECRET, b"secret-B-16bytes"])


def until_answered(scene, time, client, port, name, cookie, secret, seen_as=lambda: None):
    """The client asks again with the cookie of each refusal; returns its last one."""
    for attempt in range(4):
        at = time + attempt * 0.05
        rcode, given = judged(at, client, cookie, secret, seen_as())
        query = scene.query(at, client, port + attempt, port + attempt, name, [cookie])
        scene.response(at + 0.01, query, rcode, [given])
        cookie = given
        if rcode == 0:
            break
    return cookie


def restarts(scene, times, questions):
    cookie = COOKIE
    for n in range(times * questions):
        secret = bytes([65 + n // questions]) * 16
        time = 10 * (n // questions) + n % questions
        cookie = until_answered(scene, time, CLIENT, 3000 + 10 * n, f"h{n}.example.test", cookie, secret)


def destination_nat_losses(scene):
    """As destination_nat, with packets missing on either side: of the first three queries no two sides are there."""
    cookie = COOKIE
    for n, lost in enumerate(((0,), (1, 3), (0, 2), (1,), (2, 3), (0, 3), (), (3,))):
        _, cookie = to_node(scene, n, CLIENT, 3000 + n, f"h{n}.example.test", cookie, f"203.0.113.{1 + n % 2}", SECRET, lost)


def load_balancer_passes_cookie_on(scene):
    """One client behind a load balancer that has two servers with different secrets and passes COOKIE on as it came; both sides
    of the load balancer."""
    balancer, servers, cookie, asked = "203.0.113.53", ((SERVER, SECRET), ("198.51.100.54", b"secret-B-16bytes")), COOKIE, 0
    for n in range(3):
        for attempt in range(4):
            time, (server, secret) = n + attempt * 0.1, servers[asked // 2 % 2]
            asked += 1
            rcode, given = judged(time, balancer, cookie, secret)
            front = dns.encode_query(3000 + asked, f"h{n}.example.test", "A", [cookie])
            behind = dns.encode_query(7000 + 7 * asked, f"h{n}.example.test", "A", [cookie])
            scene.udp(time, CLIENT, 3000 + asked, balancer, 53, front)
            scene.udp(time + 0.001, balancer, 5000 + asked, server, 53, behind)
            for at, query, ends in ((0.011, behind, (server, 53, balancer, 5000 + asked)),
                                    (0.012, front, (balancer, 53, CLIENT, 3000 + asked))):
                answer = dns.encode_response(dns.Message(query), rcode, [given], None if rcode else "192.0.2.80")
                scene.udp(time + at, *ends, answer)
            cookie = given
            if rcode == 0:
                break


def demands_cookies_from_then_on(scene):
    """Clients that draw a client cookie for each question: answered without a server cookie at first; from the middle of a burst
    on, all are asked for one, long after the burst as well."""
    for n, time in enumerate((0, 0.1, 0.2, 0.3, 0.4, 0.5, 30, 45, 60)):
        client_cookie = b"client-" + bytes([65 + n])
        given = with_server(client_cookie, CLIENT, time)
        query = scene.query(time, CLIENT, 3000 + n, 1 + n, f"h{n}.example.test", [client_cookie])
        scene.response(time + 0.01, query, 0 if n < 2 else 23, [given])
        if n >= 2:
            again = scene.query(time + 0.02, CLIENT, 4000 + n, 101 + n, f"h{n}.example.test", [given])
            scene.response(time + 0.03, again, 0, [given])


def secret_change_undone(scene):
    """The secret is changed, and a minute later changed back: what was issued in between is refused, what was issued before is
    good again."""
    jar = {CLIENT: COOKIE, OTHER: OTHER_COOKIE}

    def ask(time, client, port, secret):
        jar[client] = until_answered(scene, time, client, port + int(time), f"h{int(time)}.example.test", jar[client], secret)

    ask(0, OTHER, 4000, SECRET)
    ask(1, CLIENT, 3000, SECRET)
    for time in (20, 40):
        ask(time, CLIENT, 3000, b"secret-B-16bytes")
    for time in (80, 90, 100, 110, 120):
        ask(time, OTHER, 4000, SECRET)
    for time in (130, 140):
        ask(time, CLIENT, 3000, SECRET)
        ask(time + 5, OTHER, 4000, SECRET)


def answers_later_than_the_retry(scene):
    """The client asks again after a second, and then gets BADCOOKIE to both queries: the second one was sent before it had a
    cookie, although its BADCOOKIE comes after the client has shown one."""
    first = scene.query(0, CLIENT, 3001, 1, "www.example.test", [COOKIE])
    second = scene.query(1, CLIENT, 3002, 2, "www.example.test", [COOKIE])
    scene.response(1.2, first, 23, [with_server(COOKIE, CLIENT, 0)])
    third = scene.query(1.21, CLIENT, 3003, 3, "www.example.test", [with_server(COOKIE, CLIENT, 0)])
    scene.response(1.22, third, 0, [with_server(COOKIE, CLIENT, 0)])
    scene.response(1.25, second, 23, [with_server(COOKIE, CLIENT, 1)])


def refused_later_than_the_retry(scene):
    """After a restart with another secret; the refusal of the first query comes late, when the client already has a new cookie."""
    old = answered(scene, 0, CLIENT, 3000, "h0.example.test", COOKIE)
    new = COOKIE + dns.server_cookie(COOKIE, CLIENT, b"secret-B-16bytes", START + 6)
    first = scene.query(5, CLIENT, 3001, 1, "h1.example.test", [old])
    second = scene.query(6, CLIENT, 3002, 2, "h1.example.test", [old])
    scene.response(6.01, second, 23, [new])
    scene.response(6.03, scene.query(6.02, CLIENT, 3003, 3, "h1.example.test", [new]), 0, [new])
    scene.response(6.5, first, 23, [new])
    scene.response(8.01, scene.query(8, CLIENT, 3004, 4, "h2.example.test", [new]), 0, [new])


def two_points_30ms_apart(scene):
    """Merged from two points of capture, the clock of one of them 30 ms behind: each packet is there twice."""
    cookie = until_answered(scene, 0, CLIENT, 3000, "h0.example.test", COOKIE, SECRET)
    until_answered(scene, 1, CLIENT, 3010, "h1.example.test", cookie, SECRET)
    scene.packets = sorted(scene.packets + [(time + 0.03, packet) for time, packet in scene.packets])


def nodes_one_without_edns(scene):
    """Two nodes behind one address in turn, of which one has no EDNS: FORMERR without OPT. The client asks again without EDNS."""
    cookie = COOKIE
    for n in range(6):
        if n % 2 == 0:
            cookie = answered(scene, n, CLIENT, 3000 + n, f"h{n}.example.test", cookie)
        else:
            formerr_and_without(scene, n, CLIENT, 3100 + 10 * n, f"h{n}.example.test", cookie)


def restarted_twice(scene):
    """A new secret each time, and what was issued since is accepted."""
    restarts(scene, 3, 4)


def restarted_often(scene):
    """A new secret after every second question: nodes with different secrets could look the same."""
    restarts(scene, 7, 2)


def nat_pool_one_client(scene):
    """The server sees one client at two addresses in turn, behind the point of capture; the other one is fine."""
    jar, addresses = {CLIENT: COOKIE, OTHER: OTHER_COOKIE}, random.Random(3)
    for n in range(6):
        jar[CLIENT] = until_answered(scene, n, CLIENT, 3000 + 10 * n, f"h{n}.example.test", jar[CLIENT], SECRET,
                                     lambda: addresses.choice(["203.0.113.1", "203.0.113.2"]))
        jar[OTHER] = until_answered(scene, n + 0.5, OTHER, 4000 + 10 * n, f"h{n}.example.test", jar[OTHER], SECRET)


def silence_begins(scene):
    """Answered until a firewall drops what has a COOKIE: all that follow with their server cookie stay unanswered."""
    given = COOKIE
    for n in range(7):
        if n < 3:
            given = answered(scene, n, CLIENT, 3000 + n, f"h{n}.example.test", given)
        else:
            for attempt in range(2):
                scene.query(n + attempt * 0.3, CLIENT, 3100 + 10 * n + attempt, 100 + n, f"h{n}.example.test", [given])
            scene.response(n + 0.71, scene.query(n + 0.7, CLIENT, 3105 + 10 * n, 200 + n, f"h{n}.example.test"))


def answered_by_two_nodes(scene):
    """Something sends each query to two nodes with different secrets: one answers it, the other one refuses the cookie; the
    client takes the first response and its cookie."""
    given = answered(scene, 0, CLIENT, 3000, "h0.example.test", COOKIE)
    for n in range(1, 4):
        query = scene.query(n, CLIENT, 3000 + n, n, f"h{n}.example.test", [given])
        given = with_server(COOKIE, CLIENT, n)
        scene.response(n + 0.01, query, 0, [given])
        scene.response(n + 0.02, query, 23, [COOKIE + dns.server_cookie(COOKIE, CLIENT, b"secret-B-16bytes", START + n)])


def capture_clock_behind(scene):
    """Two servers whose cookies are stamped two hours ahead of the capture: its clock is behind."""
    for n in range(3):
        for server, port in ((SERVER, 3000), ("198.51.100.54", 4000)):
            wire = dns.encode_query(port + n, f"h{n}.example.test", "A", [COOKIE if server == SERVER else OTHER_COOKIE])
            cookie = with_server(dns.Message(wire).cookies[0], CLIENT, n + 7200)
            scene.udp(n + port / 10000, CLIENT, port + n, server, 53, wire)
            answer = dns.encode_response(dns.Message(wire), 0, [cookie], "192.0.2.80")
            scene.udp(n + port / 10000 + 0.01, server, 53, CLIENT, port + n, answer)


def answered(scene, time, client, port, name, cookie):
    """A query with COOKIE, answered with a fresh server cookie, which comes back."""
    given = with_server(cookie[:8], client, time)
    scene.response(time + 0.01, scene.query(time, client, port, port, name, [cookie]), 0, [given])
    return given


def formerr_and_without(scene, time, client, port, name, cookie):
    """A query with COOKIE gets a bare FORMERR, the same without it an answer."""
    query = scene.query(time, client, port, port, name, [cookie])
    scene.udp(time + 0.01, SERVER, 53, client, port, dns.encode_response(dns.Message(query[2]), 1))
    scene.response(time + 0.03, scene.query(time + 0.02, client, port + 1, port + 1, name))


def formerr_one_client(scene):
    """A device on the way of one client; the other's queries with COOKIE are answered all the time."""
    other = OTHER_COOKIE
    for n in range(4):
        other = answered(scene, n, OTHER, 4000 + n, f"h{n}.example.test", other)
        formerr_and_without(scene, n + 0.5, CLIENT, 3000 + 2 * n, f"h{n}.example.test", COOKIE)


def formerr_begins(scene):
    """Taken from both clients, until the server is replaced by one that does not take the option."""
    jar = {CLIENT: COOKIE, OTHER: OTHER_COOKIE}
    for n in range(6):
        for at, client, port in ((0, CLIENT, 3000), (0.5, OTHER, 4000)):
            if n < 3:
                jar[client] = answered(scene, n + at, client, port + n, f"h{n}.example.test", jar[client])
            else:
                formerr_and_without(scene, n + at, client, port + 10 * n, f"h{n}.example.test", jar[client])


def silence_server_replaced(scene):
    """The successor drops the cookies of its predecessor, which only one client has: the other's come from itself."""
    old = with_server(COOKIE, CLIENT, 0)
    scene.response(0.01, scene.query(0, CLIENT, 3001, 1, "h1.example.test", [COOKIE]), 0, [old])
    new, time = OTHER_COOKIE, 10
    for n in range(4):
        for attempt in range(2):
            scene.query(time + attempt, CLIENT, 3010 + 10 * n + attempt, 10 + n, f"h{n}.example.test", [old])
        scene.response(time + 2.01, scene.query(time + 2, CLIENT, 3012 + 10 * n, 20 + n, f"h{n}.example.test"))
        given = with_server(OTHER_COOKIE, OTHER, time + 3)
        asked = scene.query(time + 3, OTHER, 4000 + n, 30 + n, f"h{n}.example.test", [new])
        scene.response(time + 3.01, asked, 0, [given])
        new, time = given, time + 5


def two_clients(scene):
    """Both make their first contact, and come back with the cookie: eight packets."""
    clients = ((CLIENT, COOKIE, 3001, 1, "www.example.test"), (OTHER, OTHER_COOKIE, 3002, 2, "h1.example.test"))
    given = {client: [cookie] for client, cookie, *_ in clients}
    for time, rcode in ((0, 23), (1, 0)):
        asked = [(scene.query(time, client, port + 2 * time, ident + 2 * time, name, given[client]), client, cookie)
                 for client, cookie, port, ident, name in clients]
        for query, client, cookie in asked:
            given[client] = [with_server(cookie, client, 0)]
            scene.response(time + 0.01, query, rcode, given[client])


def cookies_cut(scene):
    """Cut inside of the option: its length is all that is left of it."""
    given = with_server(COOKIE, CLIENT, 0)

    def exchange(time, client, ident, name, asked, left_out, rcode, answer, answer_left_out=0):
        query = scene.query(time, client, 3000 + ident, ident, name, [asked])
        scene.cut(left_out)
        scene.response(time + 0.01, query, rcode, [answer] if answer else ())
        if answer_left_out:
            scene.cut(answer_left_out)

    exchange(0, CLIENT, 1, "a.example.test", COOKIE, 3, 23, given)
    exchange(0.02, CLIENT, 2, "a.example.test", given, 20, 0, given, 20)
    exchange(20, CLIENT, 3, "b.example.test", COOKIE, 8, 23, given)
    exchange(40, CLIENT, 4, "c.example.test", given, 1, 23, given)
    exchange(60, OTHER, 5, "d.example.test", b"5byte", 5, 1, None)
    exchange(80, OTHER, 6, "e.example.test", b"nine byte", 2, 1, None)


def nflog_batches(scene):
    two_clients(scene)
    scene.batch([2, 2, 2, 2])


def nflog_all_in_one(scene):
    two_clients(scene)
    scene.batch([8])


def nflog_beside_icmp(scene):
    """A query quoted in an ICMP error, an echo, and DNS: the first is no message, the second hides none."""
    two_clients(scene)
    first, *rest = scene.packets
    scene.packets = [first]
    scene.icmp(0.005, SERVER, CLIENT, 3, first[1][len(Scene.ETHERNET_HEADER):])
    scene.packets.append(rest[0])
    scene.icmp(0.008, CLIENT, SERVER, 8, b"ping")
    scene.packets += rest[1:]
    scene.icmp(1.02, SERVER, CLIENT, 0, b"ping")
    scene.batch([4, 3, 4])


def nflog_cut(scene):
    """Of each packet 96 bytes: option codes and lengths, not all of the cookies. (Wireshark leaves out what follows a cut
    packet in its frame, so each has its own.)"""
    two_clients(scene)
    scene.batch([1] * 8, 96)


SCENES = [cookies_cut, nflog_batches, nflog_all_in_one, nflog_beside_icmp, nflog_cut, silence_disproved_by_other_client, formerr_disproved_later, formerr_disproved_by_other_client,
          formerr_one_client, formerr_begins, asked_several_servers, destination_nat, destination_nat_nodes, answered_by_two_nodes,
          capture_clock_behind, restarted_twice, restarted_often, nat_pool_one_client, silence_begins,
          silence_server_replaced, destination_nat_losses, load_balancer_passes_cookie_on, demands_cookies_from_then_on,
          secret_change_undone, nodes_one_without_edns, answers_later_than_the_retry,
          refused_later_than_the_retry, two_points_30ms_apart]


def main(folder):
    for play in SCENES:
        scene = Scene()
        play(scene)
        scene.save(pathlib.Path(folder) / (play.__name__.replace("_", "-") + ".pcap"))


if __name__ == "__main__":
    main(sys.argv[1])
