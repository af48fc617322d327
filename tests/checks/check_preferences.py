"""Preferences: nonsense gets a clear message and no crash, and corrections can be switched off."""
import sys

from harness import observe, tshark

BADCOOKIE = tshark.capture("first-contact-dig")
DSOTYPENI = tshark.capture("dso-push-refused-then-queries")
SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf"

REFUSED = [  # option, what the message names
    ("dnsrcode.no_such_preference:1", "no_such_preference"),
    (f'uat:dnsrcode_secrets:"not-an-address","{SECRET}",""', "not an IP address"),
    ('uat:dnsrcode_secrets:"192.0.2.53","abcd",""', "32 hexadecimal digits"),
    (f'uat:dnsrcode_secrets:"192.0.2.53","{"x" * 32}",""', "32 hexadecimal digits"),
    (f'uat:dnsrcode_secrets:"192.0.2.53","{SECRET}00",""', "32 hexadecimal digits"),
    ('uat:dnsrcode_secrets:"","",""', "not an IP address"),
    ('uat:dnsrcode_secrets:"192.0.2.53"', "dnsrcode_secrets"),
    ("uat:dnsrcode_secrets:", "dnsrcode_secrets"),
]


# Without libsodium any secret is refused, with a word.
if not tshark.verifies():
    REFUSED = [(f'uat:dnsrcode_secrets:"any","{SECRET}",""', "build it with libsodium")]


def info_column(capture, *options):
    return [line for line in tshark.succeed("-o", 'gui.column.format:"Info","%i"', *options, capture=capture).out.splitlines()]


def check_refused(option, names):
    result = tshark.tshark("-o", option, capture=BADCOOKIE)
    assert result.code in (1, 2), f"-o {option}: exit code {result.code}, output {result.err[-300:]}"
    assert names in result.err, f"-o {option}: the message does not say {names!r}: {result.err[-300:]}"
    assert SECRET not in result.err.replace(option, ""), f"-o {option}: the message repeats the secret"


def check_accepted(option):
    result = tshark.succeed("-o", option, "-V", capture=BADCOOKIE)
    assert "Cause: first-contact" in result.out, f"-o {option}: no analysis"


def check_corrections():
    assert any("BADCOOKIE" in line for line in info_column(BADCOOKIE)), "the Info column is not corrected"
    assert not any("RRset exists" in line for line in info_column(BADCOOKIE)), "the wrong name is still there"
    assert not any("Malformed" in line for line in info_column(DSOTYPENI)), "a valid message is called malformed"
    off = ("-o", "dnsrcode.correct_dns:FALSE")
    assert any("RRset exists" in line for line in info_column(BADCOOKIE, *off)), "switched off, the column is still changed"
    assert any("Malformed Packet" in line for line in info_column(DSOTYPENI, *off)), "switched off, a message is still hidden"
    plain = [line for line in info_column(BADCOOKIE, *off) if "BADCOOKIE" in line]
    assert not plain, f"switched off, the column is still changed: {plain[:1]}"
    # The analysis itself goes on.
    said = [f.get("cause") for f in observe.observe(BADCOOKIE, options=off).frames]
    assert ["first-contact"] in said, "switched off, the analysis is gone as well"


def check_taps_in_two_passes():
    """The first pass of tshark -2 runs without taps: that is said, once."""
    result = tshark.tshark("-2", "-o", "dnsrcode.message_source:taps", capture=BADCOOKIE)
    assert result.err.count('"auto" or "tree"') == 1, f"tshark -2 with taps says: {result.err[-300:]!r}"
    result = tshark.tshark("-o", "dnsrcode.message_source:taps", capture=BADCOOKIE)
    assert "dnsrcode" not in result.err, f"tshark with taps says: {result.err[-300:]!r}"


def main():
    check_taps_in_two_passes()
    # Wireshark itself takes any word but "true" for FALSE, and an unknown choice for none made.
    for option in ("dnsrcode.correct_dns:maybe", "dnsrcode.message_source:nowhere", "dnsrcode.message_source:"):
        check_accepted(option)
    for option, names in REFUSED:
        check_refused(option, names)
    for server in ("any", "192.0.2.53", "2001:db8::53") if tshark.verifies() else ():
        check_accepted(f'uat:dnsrcode_secrets:"{server}","{SECRET.upper()}","a comment"')
    for source in ("auto", "taps", "tree"):
        check_accepted(f"dnsrcode.message_source:{source}")
    check_corrections()


try:
    main()
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
