# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the frames of a scenario's steps in its capture, and writes its ground truth.

What is right stands in the scenario; only *where* is looked up here, with no help from the plugin:
tshark's DNS dissector tells in which frame each message ends.
"""

import subprocess
from collections import defaultdict

from .script import CLIENT, SERVER, Connect, End, Hear, Send

FIELDS = ("frame.number", "tcp.stream", "udp.stream", "tcp.dstport", "udp.dstport",
          "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.fin", "tcp.flags.reset", "dns.id")
HEADER = "frame\trcode\tcause\tviolation\toutcome\tseverity"


class Capture:
    """Frames by connection and side: messages in order, the SYN, the FIN or RST."""

    def __init__(self, path, port):
        self.messages = defaultdict(list)
        self.ends = {}
        self.opens = {}
        self.sides = {}         # frame -> side that sent it
        streams = []
        for row in read_fields(path):
            stream = row["tcp.stream"] or row["udp.stream"]
            if stream not in streams:
                streams.append(stream)
            self._add(row, streams.index(stream), str(port))

    def _add(self, row, connection, port):
        frame = int(row["frame.number"])
        side = CLIENT if port in (row["tcp.dstport"], row["udp.dstport"]) else SERVER
        self.sides[frame] = side
        if row["dns.id"]:
            self.messages[connection, side] += [frame] * len(row["dns.id"].split(","))
        if row["tcp.flags.syn"] == "1" and row["tcp.flags.ack"] == "0":
            self.opens.setdefault(connection, frame)
        if "1" in (row["tcp.flags.fin"], row["tcp.flags.reset"]):
            self.ends.setdefault((connection, side), frame)


def read_fields(path):
    command = ["tshark", "-r", path, "-T", "fields", "-E", "occurrence=a"]
    for name in FIELDS:
        command += ["-e", name]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [normal(dict(zip(FIELDS, line.split("\t")))) for line in lines]


def normal(row):
    """tshark 4.0 writes flags as 0 and 1, later ones as False and True."""
    return {name: {"True": "1", "False": "0"}.get(value, value) for name, value in row.items()}


def step_frames(steps, capture):
    """Frame of each step, None for those that leave none (a pause, an unanswered wait)."""
    frames, connection, sent = [], 0, defaultdict(int)
    for number, step in enumerate(steps):
        frame = None
        if isinstance(step, Connect):
            connection += number > 0
            frame = capture.opens.get(connection)
        elif isinstance(step, Send) or isinstance(step, Hear) and step.message:
            where = connection, getattr(step, "side", SERVER)
            found = capture.messages[where][sent[where]:]
            frame = found[0] if found else None
            sent[where] += len(getattr(step, "messages", "1"))
        elif isinstance(step, (End, Hear)):
            frame = capture.ends.get((connection, getattr(step, "side", SERVER)))
        frames.append(frame)
    return frames


def kept(scenario, capture, labels):
    """The frames of the full capture that the scenario keeps."""
    first = labels[scenario.after] if scenario.after else 0
    last = labels[scenario.until] if scenario.until else max(capture.sides)
    return [frame for frame, side in sorted(capture.sides.items())
            if first < frame <= last and scenario.only in ("", side)]


def rows(scenario, capture):
    """Kept frames, and the rows of truth with the numbers that the kept frames get."""
    frames = step_frames(scenario.steps, capture)
    labels = {step.label: frame for step, frame in zip(scenario.steps, frames) if step.label}
    keep = kept(scenario, capture, labels)
    number = {old: str(new) for new, old in enumerate(keep, 1)}
    table = []
    for step, frame in zip(scenario.steps, frames):
        if not step.see:
            continue
        at = [labels[label] for label in step.see.at.split("|")] if step.see.at else [frame]
        if None in at:
            raise LookupError(f"{scenario.name}: no frame for {step}")
        where = "|".join(number[old] for old in at)
        table.append((where, str(step.see.rcode), step.see.cause, step.see.violation, step.see.outcome, step.see.severity))
    return keep, sorted(table, key=lambda row: int(row[0].split("|")[0]))


def text(table):
    return "".join("\t".join(row) + "\n" for row in [HEADER.split("\t"), *table])
