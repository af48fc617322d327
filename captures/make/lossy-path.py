#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A bad path between two interfaces: frames get lost, and some are late enough to be overtaken.

    lossy-path.py IN OUT READY-FILE

For kernels without netem.  Random with a fixed seed; ARP and neighbour discovery pass unharmed.
"""

import heapq
import pathlib
import random
import select
import socket
import sys
import time

LOSS, LATE = 0.12, 0.25             # shares of the frames
DELAY, MORE_DELAY = 0.005, 0.080    # seconds
SPARED = 60                         # bytes: frames up to this size are not TCP with options
ETH_P_ALL = 3


def open_raw(interface):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((interface, 0))
    return sock


def main():
    ends = [open_raw(interface) for interface in sys.argv[1:3]]
    pathlib.Path(sys.argv[3]).touch()
    dice = random.Random(8490)
    waiting = []                    # heap of (when, order, socket, frame)
    order = 0
    while True:
        timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for sock in select.select(ends, [], [], timeout)[0]:
            frame, (_, _, direction, *_) = sock.recvfrom(65535)
            if direction == socket.PACKET_OUTGOING:
                continue
            if len(frame) > SPARED and dice.random() < LOSS:
                continue
            delay = MORE_DELAY if dice.random() < LATE else DELAY
            order += 1
            heapq.heappush(waiting, (time.monotonic() + delay, order, ends[sock is ends[0]], frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, sock, frame = heapq.heappop(waiting)
            sock.send(frame)


main()
