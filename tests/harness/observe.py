"""What the plugin says of a capture, frame by frame, in a form that is the same for all supported Wiresharks."""
import collections
import functools
import hashlib
import os
import re

from . import tshark

SEPARATOR, BETWEEN = "\x1e", "\x1f"  # between fields, between the values of one

# Texts that depend on the code or the cause alone: the tables' unit tests look after them.
CONSTANT = {"dnsrcode.violation.text", "dnsrcode.rcode.meaning", "dnsrcode.rcode.seen_when", "dnsrcode.remediation", "dnsrcode.reference"}

# Severities as Wireshark numbers them (epan/proto.h, PI_CHAT to PI_ERROR).
SEVERITIES = {0x200000: "chat", 0x400000: "note", 0x600000: "warn", 0x800000: "error"}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ORDER = ["chat", "note", "warn", "error"]


Expert = collections.namedtuple("Expert", "severity summary")


class Frame:
    def __init__(self, number, info):
        self.number, self.info = number, info
        self.fields = {}  # name without "dnsrcode." -> list of values
        self.experts = []

    def get(self, name):
        return self.fields.get(name, [])

    def severity(self):
        """Of the strongest expert info of the plugin, or None."""
        return max((e.severity for e in self.experts), key=ORDER.index, default=None)


@functools.lru_cache(maxsize=None)
def field_names():
    """Every field of the plugin but for the expert infos' own ones."""
    stored = tshark.home() / "fields"
    if stored.exists():
        return tuple(stored.read_text().split())
    names = []
    for line in tshark.succeed("-G", "fields").out.splitlines():
        column = line.split("\t")
        if column[0] == "F" and column[2].startswith("dnsrcode.") and not column[2].startswith("dnsrcode.expert."):
            names.append(column[2])
    assert names, "tshark -G fields names no field of the plugin"
    write(stored, "\n".join(names).encode())
    return tuple(names)


def write(path, content):
    """So that a test running beside this one sees the whole file or none."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(content)
    os.replace(part, path)


def normal(name, value):
    """Values that the versions of Wireshark write in different ways."""
    if name.endswith(".verified"):
        return {"1": "true", "0": "false"}.get(value, value.lower())
    if name.endswith(".timestamp"):
        return normal_time(value)
    return value


def normal_time(value):
    """"Nov 23, 2026 22:48:31.000000000 UTC" (4.0) and "2026-11-23T22:48:31.000000000Z" (4.6) as the latter, in seconds."""
    match = re.fullmatch(r"(\w{3}) +(\d+), (\d{4}) (\d\d:\d\d:\d\d)\.0+ UTC", value)
    if match:
        return f"{match[3]}-{1 + MONTHS.index(match[1]):02}-{int(match[2]):02}T{match[4]}Z"
    return re.sub(r"[ T](\d\d:\d\d:\d\d)\.0+(Z|\+0000| UTC)$", r"T\1Z", value)


DNS_INFO = re.compile(r"(?:Standard query|DNS Stateful operations|Dynamic update|Zone change|Unknown operation) ")


def normal_info(text):
    """Of several messages in a frame, Wireshark 4.0 shows the last one, later versions all of them: the last one."""
    text = re.sub(r"(, 0x[0-9a-f]{4} \[[a-z0-9, -]+\])+$", "", text)
    starts = [match.start() for match in DNS_INFO.finditer(text)]
    return text[starts[-1]:] if starts else text


def read_experts(summaries, messages, severities):
    """The plugin's own among all expert infos of a frame: its field `expert` repeats each of its summaries."""
    found, left = [], list(summaries)
    for message, severity in zip(messages, severities):
        if message in left:
            left.remove(message)
            found.append(Expert(SEVERITIES[int(severity)], message))
    if left:
        raise AssertionError(f"an expert summary that Wireshark does not have, or that it cut: {left[0]!r}")
    return found


def read_line(line, names):
    values = dict(zip(names, line.split(SEPARATOR)))
    frame = Frame(int(values["frame.number"]), normal_info(values["_ws.col.Info"]))
    split = {name: text.split(BETWEEN) for name, text in values.items() if text}
    frame.experts = read_experts(split.get("dnsrcode.expert", []), split.get("_ws.expert.message", []),
                                 split.get("_ws.expert.severity", []))
    for name, texts in split.items():
        if name.startswith("dnsrcode.") and name != "dnsrcode.expert":
            frame.fields[name[len("dnsrcode."):]] = [normal(name, text) for text in texts]
    return frame


def statistics(lines):
    """The plugin's lines of -z expert as (severity, count, summary)."""
    found, severity = [], None
    for line in lines:
        title = re.fullmatch(r"(Errors|Warns|Notes|Chats) \(\d+\)", line)
        row = re.match(r" *(\d+) +\S+ +dnsrcode  (.*)", line)
        if title:
            severity = title[1][:-1].lower()
        elif row:
            found.append((severity, int(row[1]), row[2]))
    return found


# frames: of Frame, those of which the plugin says something; expert_table: of (severity, count, summary);
# report, stories: the texts.
Observation = collections.namedtuple("Observation", "frames expert_table report stories")

# How report and stories begin, and Wireshark's table of expert infos.
TEXT_BEGINS = re.compile(r"(?:\d+ DNS messages?\b|No DNS message)")
TABLE_BEGINS = re.compile(r"(?:Errors|Warns|Notes|Chats) \(\d+\)$")


def texts(lines):
    """Report and stories, which Wireshark draws in this order, before the table of expert infos."""
    begins = [i for i, line in enumerate(lines) if TEXT_BEGINS.match(line)]
    if len(begins) != 2:
        raise AssertionError(f"report and stories were not found: {lines}")
    end = next((i for i, line in enumerate(lines) if TABLE_BEGINS.match(line)), len(lines))
    if not begins[1] < end:
        raise AssertionError(f"report and stories do not stand before the expert infos: {lines}")
    return ["\n".join(part).strip("\n") + "\n" for part in (lines[begins[0]:begins[1]], lines[begins[1]:end])]


def stored_run(arguments, capture):
    """The output of a run, remembered below the build tree: many tests look at the same runs."""
    key = "\0".join([*arguments, tshark.digest(capture), str(tshark.home()), tshark.program("tshark")])
    stored = tshark.work() / "runs" / hashlib.sha256(key.encode()).hexdigest()
    try:
        return stored.read_bytes().decode()
    except OSError:
        pass
    out = tshark.succeed(*arguments, capture=capture).out
    stored.parent.mkdir(exist_ok=True)
    write(stored, out.encode())
    return out


def observe(capture, two_passes=False, options=()):
    names = ["frame.number", "_ws.col.Info", "_ws.expert.message", "_ws.expert.severity", "dnsrcode"]
    names += [name for name in field_names() if name not in CONSTANT]
    arguments = ["-2"] if two_passes else []
    arguments += [*options, "-T", "fields", "-E", f"separator={SEPARATOR}", "-E", f"aggregator={BETWEEN}"]
    for name in names:
        arguments += ["-e", name]
    # Not splitlines(): it takes the separators for line ends.
    statistic = [word for name in ("expert", "dnsrcode,stories", "dnsrcode,report") for word in ("-z", name)] # the last is drawn first
    lines = stored_run([*arguments, *statistic], capture).split("\n")
    frames = [read_line(line, names) for line in lines if SEPARATOR in line]
    rest = [line for line in lines if SEPARATOR not in line]
    return Observation([f for f in frames if f.fields or f.experts], statistics(rest), *texts(rest))
