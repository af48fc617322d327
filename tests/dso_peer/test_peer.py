# SPDX-License-Identifier: GPL-2.0-or-later
"""Both sides play the quick scenarios against each other on the loopback; each checks what it gets, byte by byte.

Run in tests/:  python3 -m unittest dso_peer.test_peer
"""

import pathlib
import socket
import tempfile
import threading
import unittest

from dso_peer import peer
from dso_peer.__main__ import LOOPBACK, make_certificate
from dso_peer.scenarios import BY_NAME
from dso_peer.script import CLIENT, SERVER, Connect, Pause

PORT = 53535        # one scenario at a time
QUICK = 0.5         # seconds of pauses


def quick(scenario):
    pauses = sum(step.seconds for step in scenario.steps if isinstance(step, Pause))
    local = not any(isinstance(step, Connect) and step.source for step in scenario.steps)
    return local and not scenario.real and scenario.family == 4 and pauses <= QUICK


class Scenarios(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.certificate = make_certificate(pathlib.Path(folder.name))

    def play(self, scenario):
        listening, errors = threading.Event(), []

        def serve():
            try:
                links = peer.server_links(LOOPBACK[4], PORT, scenario.transport, self.certificate, listening.set)
                peer.play(SERVER, scenario.steps, links)
            except Exception as error:      # to be seen by the test's thread
                errors.append(error)

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        self.assertTrue(listening.wait(5))
        peer.play(CLIENT, scenario.steps, peer.client_links(
            LOOPBACK[4], PORT, scenario.transport, client_port=scenario.client_port))
        server.join(10)
        self.assertFalse(server.is_alive())
        self.assertEqual(errors, [])

    def test_scenarios(self):
        for scenario in filter(quick, BY_NAME.values()):
            with self.subTest(scenario.name):
                self.play(scenario)

    def test_desync_is_noticed(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            peer.Stream(theirs).send([b"something else"])
            with self.assertRaises(peer.Desync):
                peer.expect(peer.Stream(ours), [b"something"])


if __name__ == "__main__":
    unittest.main()
