#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""checksums.py INTERFACE: makes the kernel fill in TCP and UDP checksums itself instead of leaving them to
hardware that a veth pair does not have, so that they are right in captures and behind raw sockets."""

import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL, ETHTOOL_STXCSUM = 0x8946, 0x17

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    order = array.array("B", struct.pack("II", ETHTOOL_STXCSUM, 0))
    fcntl.ioctl(sock, SIOCETHTOOL, struct.pack("16sP", sys.argv[1].encode(), order.buffer_info()[0]))
