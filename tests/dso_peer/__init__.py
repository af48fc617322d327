# SPDX-License-Identifier: GPL-2.0-or-later
"""A DNS Stateful Operations peer, client and server, that can also break each rule by name."""
