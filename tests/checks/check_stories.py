"""check_stories PART

The stories of some captures, of different kinds, are as in tests/stories; the page for a ticket holds the same, is valid
HTML, and gives nothing away when it is masked.

`python3 -S -m checks.check_stories update` writes them anew: read the change before you commit it. That stories hold in all
captures, and from all sources, is looked at by the tests "sources".
"""
import difflib
import html.parser
import re
import shutil
import subprocess
import sys

from benchmark import captures
from harness import stories, tshark
from trust import pcap

EXPECTED = tshark.SOURCE / "tests" / "stories"
CAPTURES = [
    "first-contact-dig", "nodes-round-robin-dig", "nat-pool-both-sides", "stale-cookie-bind920", "forged-before-genuine",
    "forged-seen-twice", "cache-returns-foreign-cookie", "not-learned-client-only", "silence-on-cookie", "gave-up",
    "badcookie-over-stream", "secret-changed-many-clients", "dso-push-refused-then-queries", "dso-gdnsd-stopped",
    "dso-push-bad-data-cut-tls", "dso-retry-delay-subscription-tls", "dso-taken-apple-push", "dso-tls-without-keys",
]
EMPTY = {"meta", "path", "circle"}
PARTS = ["<h2>Report</h2>", "<h2>Stories</h2>", "<svg ", "<dl>", "<details>"]


class Page(html.parser.HTMLParser):
    """Elements that are open, and whatever would be fetched or run."""

    def __init__(self, text):
        super().__init__()
        self.open, self.problems, self.texts = [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        if tag not in EMPTY:
            self.open.append(tag)
        for name, value in attrs:
            if tag in ("script", "link", "img", "iframe") or name.startswith("on") or name in ("href", "src"):
                self.problems.append(f"<{tag} {name}={value}>: something from elsewhere, or a script")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes what is not open")

    def handle_data(self, data):
        self.texts.append(data)


def pages(path):
    """What is printed, and the pages that html=FILE writes: as it is, and masked; all of one run."""
    targets = [tshark.scratch() / f"{path.stem}{option}.html" for option in ("", "-mask")]
    tshark.scratch().chmod(0o777)
    words = [f"dnsrcode,stories,html={target}{option}" for target, option in zip(targets, ("", ",mask"))]
    result = tshark.tshark("-q", "-z", "dnsrcode,stories", "-z", words[0], "-z", words[1], capture=path)
    assert result.code == 0, f"{path.stem}: {result.code} {result.err[:300]}"
    return result.out, *targets


def validator_says(path):
    if not shutil.which("tidy"):
        return []
    done = subprocess.run(["tidy", "-q", "-e", str(path)], capture_output=True, text=True, check=False)
    return [f"{path.name}: tidy: {line}" for line in done.stderr.splitlines()]


def page_problems(capture, path, expected):
    text = path.read_text(encoding="utf-8")
    parsed = Page(text)
    yield from (f"{capture}: page: {problem}" for problem in parsed.problems)
    yield from validator_says(path)
    if "Story 1 of" in expected:
        yield from (f"{capture}: page: no {part}" for part in PARTS if part not in text)
    words = " ".join(parsed.texts)
    for line in expected.splitlines():
        if line.startswith("Story ") and line not in words:
            yield f"{capture}: page: misses {line!r}"


def masked_problems(capture, path):
    """No address and no name of the capture is left."""
    text = " ".join(Page(path.read_text(encoding="utf-8")).texts)
    names = tshark.succeed("-T", "fields", "-E", "occurrence=a", "-E", "aggregator= ", "-e", "ip.addr", "-e", "ipv6.addr", "-e",
                           "dns.qry.name", capture=tshark.capture(capture)).out.split()
    left = sorted({name for name in names if len(name) > 4 and name.lower() in text.lower()})
    if left:
        yield f"{capture}: masked, and still there: {left}"
    if "client-1" not in text or "server-1" not in text:
        yield f"{capture}: masked, and no client-1 or server-1"


def escaping():
    """A name that looks like HTML is text."""
    target = tshark.scratch() / "markup.pcap"
    name = '<script>alert(1)</script>&"<b>.test'
    option = captures.cookie_option(bytes(8))
    with pcap.Writer(target, pcap.ETHERNET) as out:
        for time, message, ports in ((0, captures.query(1, option, name), (4000, 53)),
                                     (1, captures.response(1, option, 23, name), (53, 4000))):
            ends = (captures.SERVER, captures.SERVER[::-1])
            out.add(captures.START + time, captures.udp(*(ends if ports[0] == 53 else ends[::-1]), ports, message))
    target.chmod(0o644)
    _, path, _ = pages(target)
    text = path.read_text(encoding="utf-8")
    yield from (f"markup: {problem}" for problem in Page(text).problems)
    yield from validator_says(path)
    if "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" not in text or "Story 1 of 1" not in text:
        yield "markup: the name is not there, escaped"


def bad_input():
    """A page that cannot be written, and a filter that is none, are said; tshark's own report of the rest goes on."""
    capture = tshark.capture("gave-up")
    result = tshark.tshark("-q", "-z", "dnsrcode,stories,html=/nowhere/page.html", capture=capture)
    if "/nowhere/page.html" not in result.err:
        yield f"a page that cannot be written: {result.err!r}"
    result = tshark.tshark("-q", "-z", "dnsrcode,stories,dns.nothing", capture=capture)
    if "dns.nothing" not in result.err or result.out.strip():
        yield f"a filter that is none: {result.code} {result.err!r}"
    filtered = stories.text("nodes-round-robin-dig", "frame.number >= 15")
    if "Story 1 of 1" not in filtered or "frame.number in {15 .. 19, 22, 24}" not in filtered:
        yield f"filtered: {filtered}"
    nothing = stories.text("nodes-round-robin-dig", "dns.id == 1")
    if "12 in the capture" not in nothing or "Story" in nothing:
        yield f"nothing matches: {nothing}"


def problems(capture):
    wanted = (EXPECTED / f"{capture}.txt").read_text(encoding="utf-8")
    got, page, masked = pages(tshark.capture(capture))
    yield from difflib.unified_diff(wanted.splitlines(), got.splitlines(), "expected", capture, lineterm="")
    yield from stories.problems(capture, got)
    yield from page_problems(capture, page, wanted)
    if re.search(r"^Story", got, re.M):
        yield from masked_problems(capture, masked)


def main(arguments):
    if arguments == ["update"]:
        for capture in CAPTURES:
            (EXPECTED / f"{capture}.txt").write_text(stories.text(capture), encoding="utf-8")
        return 0
    chosen = tshark.part(CAPTURES, arguments[0])
    found = [line for capture in chosen for line in problems(capture)]
    if chosen[0] == CAPTURES[0]:
        found += [*escaping(), *bad_input()]
    print("\n".join(found))
    return 1 if found else 0


try:
    sys.exit(main(sys.argv[1:]))
except (tshark.HarnessError, AssertionError) as problem:
    sys.exit(f"{type(problem).__name__}: {problem}")
