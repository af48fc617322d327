#!/usr/bin/env python3
"""Looks names up one after the other with c-ares (python3-pycares), on one channel: cares.py SERVER NAME..."""
import select
import sys

import pycares


def run(channel):
    """Until all queries of the channel are answered or given up."""
    while True:
        reading, writing = channel.getsock()
        if not reading and not writing:
            return
        readable, writable, _ = select.select(reading, writing, [], channel.timeout() or 1)
        for descriptor in readable:
            channel.process_fd(descriptor, pycares.ARES_SOCKET_BAD)
        for descriptor in writable:
            channel.process_fd(pycares.ARES_SOCKET_BAD, descriptor)
        if not readable and not writable:
            channel.process_fd(pycares.ARES_SOCKET_BAD, pycares.ARES_SOCKET_BAD)


def main():
    channel = pycares.Channel(servers=[sys.argv[1]], timeout=2.0, tries=2, domains=[])
    for name in sys.argv[2:]:
        channel.query(name, pycares.QUERY_TYPE_A, lambda result, error, name=name: print(name, result, error))
        run(channel)


main()
