"""check_secrets_stay NAME: a configured server secret is in no output, whatever tshark is asked to print of that capture."""
import sys

from harness import tshark

SECRET = "5ec2e75ec2e75ec2e75ec2e75ec2e7ff"
OPTION = ["-o", f'uat:dnsrcode_secrets:"any","{SECRET}","ns1"']
OUTPUTS = [[], ["-V"], ["-V", "-2"], ["-T", "json"], ["-T", "ek"], ["-T", "pdml"], ["-T", "psml"], ["-x", "-V"], ["-z", "expert"],
           ["-T", "json", "-x"]]


def main(name):
    raw = bytes.fromhex(SECRET)
    spellings = {SECRET, SECRET.upper(), ":".join(SECRET[i:i + 2] for i in range(0, 32, 2)),
                 " ".join(SECRET[i:i + 2] for i in range(0, 32, 2)), raw.decode("latin-1"), SECRET[:16], SECRET[16:]}
    for output in OUTPUTS:
        result = tshark.succeed(*OPTION, *output, capture=tshark.capture(name))
        assert result.out, f"{name} {output}: no output at all"
        for spelling in spellings:
            assert spelling not in result.out and spelling not in result.err, \
                f"{name} with {' '.join(output)}: the secret is in the output as {spelling!r}"


if not tshark.verifies():
    print("skipped: the plugin was built without libsodium, and accepts no secrets")
    sys.exit(77)
try:
    main(*sys.argv[1:])
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
