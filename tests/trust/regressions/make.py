#!/usr/bin/env python3
"""Writes the captures beside it: hand-made, each of a mistake that was in the plugin once."""
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
# pylint: disable=wrong-import-position
from trust import floods, pcap  # noqa: E402

CLIENT_COOKIE = b"\x24\x64\xc4\xab\xcf\x10\xc9\x57"


def own_cookie_refused_by_broken_response():
    """BADCOOKIE without COOKIE whose last record runs past the end, to a cookie that the server gave out before."""
    server_cookie = floods.server_cookie(1)
    yield floods.CLIENT, floods.SERVER, floods.query(1, CLIENT_COOKIE)
    yield floods.SERVER, floods.CLIENT, floods.query(1, CLIENT_COOKIE + server_cookie, True)
    yield floods.CLIENT, floods.SERVER, floods.query(2, CLIENT_COOKIE + server_cookie)
    opt = struct.pack("!BHHBBHH", 0, 41, 1232, 1, 0, 0, 0)
    broken = struct.pack("!BHHIH", 0, 16, 1, 0, 100)
    yield (floods.SERVER, floods.CLIENT,
           floods.header(2, 0x8407, (1, 0, 0, 2)) + floods.NAME + b"\0\1\0\1" + opt + broken)


def main():
    for make in (own_cookie_refused_by_broken_response,):
        with pcap.Writer(HERE / f"{make.__name__.replace('_', '-')}.pcap") as out:
            for i, (source, destination, message) in enumerate(make()):
                out.add(floods.START + i * 10 ** 9, pcap.udp(source, destination, message))


if __name__ == "__main__":
    main()
