# SPDX-License-Identifier: GPL-2.0-or-later
"""python3 -m dso_peer: list the scenarios, play one, find its truth in a capture, write the stories.

Run in tests/.  Without addresses of its own a scenario plays on the loopback, both sides in one process:

    python3 -m dso_peer --list
    python3 -m dso_peer run healthy-keepalive
    python3 -m dso_peer run healthy-ipv6 --role server --address 2001:db8::1 --port 53
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import threading

from . import peer, stories, truth, written
from .scenarios import BY_NAME, GROUPS
from .script import CLIENT, SERVER

LOOPBACK = {4: "127.0.0.53", 6: "::1"}
LOOPBACK_PORT = 5300


def make_certificate(folder):
    """A certificate for one run; elliptic, because that makes small captures."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=dns.example.com", "-days", "2", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


def run_server(scenario, address, port, folder, ready):
    certificate = make_certificate(folder) if scenario.tls else None
    links = peer.server_links(address, port, scenario.transport, certificate, ready)
    peer.play(SERVER, scenario.steps, links)


def run_client(scenario, address, port, keylog=None):
    links = peer.client_links(address, port, scenario.transport, keylog, scenario.client_port)
    if scenario.real:
        peer.play_to_real_server(scenario.steps, links)
    else:
        peer.play(CLIENT, scenario.steps, links)


def run_both(scenario, address, port, folder, keylog):
    if scenario.real:
        sys.exit(f"{scenario.name} needs a real server: {scenario.real}")
    listening = threading.Event()
    server = threading.Thread(target=run_server, args=(scenario, address, port, folder, listening.set), daemon=True)
    server.start()
    listening.wait(10)
    run_client(scenario, address, port, keylog)
    server.join(10)


def command_run(arguments):
    scenario = BY_NAME[arguments.name]
    address = arguments.address or LOOPBACK[scenario.family]
    ready = arguments.ready.touch if arguments.ready else lambda: None
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if arguments.role == "server":
            run_server(scenario, address, arguments.port, folder, ready)
        elif arguments.role == "client":
            run_client(scenario, address, arguments.port, arguments.keylog)
        else:
            run_both(scenario, address, arguments.port, folder, arguments.keylog)


def command_show(arguments):
    """What the capture maker has to know of a scenario, as shell assignments."""
    s = BY_NAME[arguments.name]
    facts = {"family": s.family, "port": s.port, "real": s.real, "lossy": "yes" if s.lossy else "",
             "tls": "yes" if s.tls else "", "options": s.options, "stop_after": s.stop_after or "",
             "keys": "yes" if s.keys else "", "snap": s.snap}
    print("\n".join(f"{key}='{value}'" for key, value in facts.items()))


def command_truth(arguments):
    """Writes the truth of a full capture; prints the frames to keep, for editcap."""
    scenario = BY_NAME[arguments.name]
    capture = truth.Capture(arguments.capture, scenario.port)
    keep, table = truth.rows(scenario, capture)
    arguments.output.write_text(truth.text(table))
    print(*keep)


def command_stories(arguments):
    print(stories.page(arguments.truth), end="")


def command_write(arguments):
    for name in written.SCENES:
        written.write(name, arguments.folder / f"dso-{name}.pcapng")


def parse():
    parser = argparse.ArgumentParser(prog="dso_peer", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="names and stories of all scenarios")
    commands = parser.add_subparsers(dest="command")

    run = commands.add_parser("run", help="play a scenario")
    run.add_argument("name", choices=BY_NAME, metavar="SCENARIO")
    run.add_argument("--role", choices=(CLIENT, SERVER, "both"), default="both")
    run.add_argument("--address", help="of the server")
    run.add_argument("--port", type=int, default=LOOPBACK_PORT)
    run.add_argument("--keylog", help="client: file for the TLS keys")
    run.add_argument("--ready", type=pathlib.Path, help="server: file to make when it listens")
    run.set_defaults(call=command_run)

    show = commands.add_parser("show", help="a scenario's needs, for captures/make/dso.sh")
    show.add_argument("name", choices=BY_NAME, metavar="SCENARIO")
    show.set_defaults(call=command_show)

    find = commands.add_parser("truth", help="ground truth of a full capture of a scenario")
    find.add_argument("name", choices=BY_NAME, metavar="SCENARIO")
    find.add_argument("capture")
    find.add_argument("output", type=pathlib.Path)
    find.set_defaults(call=command_truth)

    tell = commands.add_parser("stories", help="the table of captures/dso/README.md")
    tell.add_argument("truth", type=pathlib.Path, help="folder of the ground truth")
    tell.set_defaults(call=command_stories)

    write = commands.add_parser("write", help="the captures that are written packet by packet")
    write.add_argument("folder", type=pathlib.Path)
    write.set_defaults(call=command_write)
    return parser, parser.parse_args()


def main():
    parser, arguments = parse()
    if arguments.list:
        for title, group in GROUPS:
            print(f"# {title}", *(f"{s.name:40} {s.story}" for s in group), sep="\n")
    elif arguments.command:
        arguments.call(arguments)
    else:
        parser.print_help()


if __name__ == "__main__":
    main()
