# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario is made of.

A scenario is one list of steps in the order of time.  Both sides walk the same list: the side that
a step belongs to carries it out, the other waits for it and checks that it got exactly that.
A step also carries what an expert has to find there once the whole story is known; truth.py looks
up which frame of the capture that is.
"""

from dataclasses import dataclass, field

CLIENT, SERVER = "client", "server"


@dataclass(frozen=True)
class See:
    """One row of ground truth; `|` separates readings that are equally right, `,` violations of one message.

    `at` names the step (or, with `|`, steps) that it may be reported on, where that is not the step that carries it.
    """
    severity: str
    cause: str = ""
    violation: str = ""
    outcome: str = ""
    rcode: int | str = ""
    at: str = ""


@dataclass(frozen=True)
class Step:
    label: str = field(default="", kw_only=True)
    see: See | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Send(Step):
    """Messages that go out in one piece, or cut before the given offsets of the stream with their length prefixes."""
    side: str
    messages: tuple
    cuts: tuple = ()


@dataclass(frozen=True)
class Pause(Step):
    seconds: float


@dataclass(frozen=True)
class End(Step):
    """`side` ends the connection: gracefully (close_notify, FIN) or by force (RST), RFC 8490 section 5.3."""
    side: str
    force: bool = False


@dataclass(frozen=True)
class Connect(Step):
    """The client connects again, from `source` if given.  The first connection needs no step, but may have one."""
    source: str = ""


@dataclass(frozen=True)
class Hear(Step):
    """The client takes what comes from a server that knows no script: a message, a closed connection or nothing."""
    seconds: float = 2.0
    message: bool = True        # the server was seen to send one here


def C(*messages, cuts=(), see=None, label=""):
    return Send(CLIENT, messages, tuple(cuts), see=see, label=label)


def S(*messages, cuts=(), see=None, label=""):
    return Send(SERVER, messages, tuple(cuts), see=see, label=label)


@dataclass(frozen=True)
class Scenario:
    name: str
    story: str
    steps: tuple
    transport: str = "tcp"      # tcp, udp, tls, tls1.2
    family: int = 4             # 4 or 6: IP version
    other_port: int = 0         # of the server, where it is not 53 or 853
    client_port: int = 0        # of all connections; 0: a new one each time
    real: str = ""              # a real server, by its name in captures/make/dso-servers.sh
    options: str = ""           # of the real server, for its configuration
    stop_after: float = 0       # seconds after the client began; the real server is stopped then. 0: not
    lossy: bool = False         # a path that loses and reorders
    keys: bool = True           # TLS: put the keys into the capture
    after: str = ""             # keep only what follows the step of this label
    until: str = ""             # keep nothing after the step of this label
    only: str = ""              # keep only what this side sends
    snap: int = 0               # bytes kept of a frame

    @property
    def port(self):
        return self.other_port or (853 if self.tls else 53)

    @property
    def tls(self):
        return self.transport.startswith("tls")
