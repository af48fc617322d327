"""Preferences: nonsense gets a clear message and no crash, and corrections can be switched off."""
import functools
import os
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
    (f'uat:dnsrcode_secrets:"192.0.2.0/33","{SECRET}",""', "not an IP address"),
    (f'uat:dnsrcode_secrets:"192.0.2.1 nonsense","{SECRET}",""', "nonsense"),
    ('uat:dnsrcode_secrets:"192.0.2.53"', "dnsrcode_secrets"),
    ("uat:dnsrcode_secrets:", "dnsrcode_secrets"),
]


# Without libsodium any secret is refused, with a word.
if not tshark.verifies():
    REFUSED = [(f'uat:dnsrcode_secrets:"any","{SECRET}",""', "build it with libsodium")]


@functools.lru_cache(maxsize=None)
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


def check_old_taps():
    """"taps" of an old preference file means the default, in two passes as well, and nothing is said about it."""
    for passes in ([], ["-2"]):
        result = tshark.execute([tshark.program("tshark"), "-r", tshark.readable(BADCOOKIE), *passes, "-V",
                                 "-odnsrcode.message_source:taps"], tshark.home())
        assert result.code == 0 and "Cause: first-contact" in result.out and not "dnsrcode" in result.err, result.err[-300:]


def check_cause_in_info():
    """From note on, once, behind the code; not on healthy frames; and it can be switched off."""
    capture = tshark.capture("nodes-by-flow-resolver")
    lines = info_column(capture)
    assert lines[5].startswith("Standard query response 0x61be BADCOOKIE [own-cookie-rejected] A h2.example.test"), lines[5]
    assert sum(line.count("[own-cookie-rejected]") for line in lines) == 6, "not once on each of six frames"
    assert not [line for line in lines if "[" in line.replace("[own-cookie-rejected]", "") and "[SYN" not in line
                and "[ACK]" not in line], "a word in brackets on other frames"
    assert info_column(capture, "-2") == lines, "two passes say something else"
    off = info_column(capture, "-o", "dnsrcode.cause_in_info:FALSE")
    assert off == [line.replace(" [own-cookie-rejected]", "") for line in lines], "switched off"
    # Without the corrections, behind the code as Wireshark names it.
    line = info_column(capture, "-o", "dnsrcode.correct_dns:FALSE")[5]
    assert line.startswith("Standard query response 0x61be RRset exists [own-cookie-rejected] A h2."), line


@functools.lru_cache(maxsize=None)
def verified(server, secret):
    option = f'uat:dnsrcode_secrets:"{server}","{secret}",""'
    fields = ("-T", "fields", "-e", "dnsrcode.cookie.server.verified")
    said = tshark.succeed("-2", "-o", option, *fields, capture=tshark.capture("forged")).out.split()
    return {"1": "True"}.get(said[0], said[0]) if said else None


def check_secrets():
    """A row may name several servers or networks, and the secret in the ways in which servers print it."""
    colons = ":".join(SECRET[i:i + 2] for i in range(0, 32, 2))
    applies = ["any", "198.51.100.53", "192.0.2.1,198.51.100.53", "198.51.100.0/24", "198.51.100.52/31", "2001:db8::/32 any"]
    for server in applies:
        assert verified(server, SECRET) is not None, f"the secret of {server} was not used"
    for server in ["192.0.2.53", "198.51.100.54", "198.51.100.54/31", "198.51.101.0/24", "::/0"]:
        assert verified(server, SECRET) is None, f"the secret of {server} was used for 198.51.100.53"
    for secret in [colons, "0x" + SECRET, colons.upper(), SECRET.replace("e5", "E5")]:
        assert verified("any", secret) == verified("any", SECRET) is not None, f"{secret} is not read as {SECRET}"


def check_secrets_file():
    """One table for all profiles, in a file that only its owner can read."""
    home = tshark.scratch() / "home-with-secrets"
    settings = home / ".config" / "wireshark"
    (settings / "profiles" / "other").mkdir(parents=True)
    tshark.place(tshark.plugin_file(), tshark.personal_plugin(home))
    table = settings / "dnsrcode_secrets"
    table.write_text(f'"198.51.100.53","{SECRET}","ns1"\n')
    table.chmod(0o644)
    if os.geteuid() == 0:
        for path in [home, *home.rglob("*")]:
            os.chown(path, tshark.NOBODY, tshark.NOBODY)
    for profile in ([], ["-C", "other"]):
        words = [tshark.program("tshark"), *profile, "-r", tshark.readable(tshark.capture("forged")), "-2", "-T", "fields",
                 "-e", "dnsrcode.cookie.server.verified"]
        result = tshark.execute(words, home)
        assert result.out.split(), f"with {profile} the secret was not used: {result.err[-300:]}"
    assert table.stat().st_mode & 0o077 == 0, f"the secrets are readable for others: {table.stat().st_mode:o}"


def main():
    check_old_taps()
    check_cause_in_info()
    # Wireshark itself takes any word but "true" for FALSE, and an unknown choice for none made.
    for option in ("dnsrcode.correct_dns:maybe", "dnsrcode.message_source:nowhere", "dnsrcode.message_source:"):
        check_accepted(option)
    for option, names in REFUSED:
        check_refused(option, names)
    servers = ("any", "192.0.2.53", "2001:db8::53", "192.0.2.53, 2001:db8::53", "192.0.2.0/24 2001:db8::/32")
    for server in servers if tshark.verifies() else ():
        check_accepted(f'uat:dnsrcode_secrets:"{server}","{SECRET.upper()}","a comment"')
    if tshark.verifies():
        check_secrets()
        check_secrets_file()
    for source in ("auto", "tree"):
        check_accepted(f"dnsrcode.message_source:{source}")
    check_corrections()


try:
    main()
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
