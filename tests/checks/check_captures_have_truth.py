"""Every capture has a truth file and a word in the README beside it, and every truth file a capture."""
import sys

from harness import truth, tshark

captures = {path.stem for path in tshark.captures()}
truths = {truth.capture_of(name) for name in truth.names()}
words = "\n".join(path.read_text() for path in tshark.CAPTURES.glob("*/README.md"))
missing = [f"{name}: no tests/truth/*/{name}.tsv" for name in sorted(captures - truths)]
missing += [f"{name}: no captures/*/{name}.pcapng" for name in sorted(truths - captures)]
missing += [f"{name}: not named in captures/*/README.md" for name in sorted(captures) if name not in words]
print("\n".join(missing))
sys.exit(1 if missing else 0)
