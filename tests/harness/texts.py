"""What no text of the plugin may say, whatever the capture: held against every text that the captures produce."""
import re

# Each with what is wrong about it.
WRONG = [
    (re.compile(r"\bframes? 0\b|frames \d+ and 0\b"), "names frame 0"),
    (re.compile(r"\{[a-z_]+\}"), "has a slot that nothing fills"),
    (re.compile(r"(?<![\d.,])0 s (earlier|later|before|after|ahead|behind|have passed)"), "an age of 0 s"), # timers may be 0 s
    (re.compile(r"(?<!\d)0 times\b"), "counts nothing"),
    (re.compile(r" {2}|\s$|^\s|\(\)|, ,"), "has a gap where something is missing"),
]
READ = ("cause.text", "evidence", "outcome", "violation.text")


def problems(observation):
    """What is wrong with the texts of this run, as lines."""
    found = []
    for frame in observation.frames:
        texts = [text for name in READ for text in frame.get(name)] + [e.summary for e in frame.experts]
        for text in texts:
            found += [f"frame {frame.number} {why}: {text}" for pattern, why in WRONG if pattern.search(text)]
        loud = frame.severity() in ("warn", "error")
        quiet = [text for text in texts if re.search(r"^Nothing\b|[Nn]othing (is )?wrong|that is valid", text)]
        if loud:
            found += [f"frame {frame.number} is {frame.severity()}, and says all is well: {text}" for text in quiet]
    return found
