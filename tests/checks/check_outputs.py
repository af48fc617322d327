"""The other ways to look: JSON, ek, PDML, custom columns, display filters and colour rules, in one pass and in two."""
import json
import re
import sys
import xml.etree.ElementTree as xml

from harness import tshark

CAPTURE = tshark.capture("first-contact-dig")


def check_json(passes):
    packets = json.loads(tshark.succeed(*passes, "-T", "json", capture=CAPTURE).out)
    layers = [packet["_source"]["layers"] for packet in packets]
    text = json.dumps([layer["dnsrcode"] for layer in layers if "dnsrcode" in layer])
    assert '"dnsrcode.rcode": "23"' in text, "JSON: no dnsrcode.rcode 23"
    assert '"dnsrcode.cause": "first-contact"' in text, "JSON: no cause"


def check_ek(passes):
    lines = [json.loads(line) for line in tshark.succeed(*passes, "-T", "ek", capture=CAPTURE).out.splitlines() if line]
    text = json.dumps([line for line in lines if "layers" in line])
    assert "dnsrcode_dnsrcode_cause" in text and "first-contact" in text, "ek: no dnsrcode_dnsrcode_cause"


def check_pdml(passes):
    tree = xml.fromstring(tshark.succeed(*passes, "-T", "pdml", capture=CAPTURE).out)
    shown = [field.get("show") for field in tree.iter("field") if field.get("name") == "dnsrcode.cause"]
    assert "first-contact" in shown, "PDML: no cause"


def check_columns(passes):
    """Custom columns, without a filter: nothing but the column asks for the plugin's fields."""
    form = 'gui.column.format:"No.","%m","Code","%Cus:dnsrcode.rcode:0:R","Cause","%Cus:dnsrcode.cause:0:R","Info","%i"'
    lines = tshark.succeed(*passes, "-o", form, capture=CAPTURE).out.splitlines()
    row = next(line for line in lines if line.split()[0] == "2")
    assert "first-contact" in row and ("BADCOOKIE" in row.split("first-contact")[0] or " 23 " in row), f"column: {row!r}"


def numbers(*arguments):
    return tshark.succeed(*arguments, "-T", "fields", "-e", "frame.number", capture=CAPTURE).out.split()


def check_filters(passes):
    assert numbers(*passes, "-Y", "dnsrcode.rcode == 23") == ["2", "6", "10"], "filter dnsrcode.rcode == 23"
    assert numbers(*passes, "-Y", "dnsrcode.rcode == 11") == [], "filter dnsrcode.rcode == 11"
    assert numbers(*passes, "-Y", 'dnsrcode.cause == "first-contact"') == ["2", "6", "10"], "filter dnsrcode.cause"
    assert numbers(*passes, "-Y", "dnsrcode.expert.first-contact") == ["2", "6", "10"], "filter dnsrcode.expert.SLUG"
    assert numbers(*passes, "-Y", "dnsrcode.request_in == 1") == ["2"], "filter dnsrcode.request_in"
    # Plain packet lines: no -T, no -V, nothing that makes a tree but the filter itself.
    lines = tshark.succeed(*passes, "-Y", "dnsrcode.rcode == 23", capture=CAPTURE).out.splitlines()
    assert len(lines) == 3 and all("BADCOOKIE" in line for line in lines), f"filtered packet lines: {lines}"


def check_colours(passes):
    """A colour rule alone, as the packet list of the GUI has it: PSML tells the colours of each line."""
    home = tshark.own_home("colours")
    rules = home / ".config" / "wireshark" / "colorfilters"
    rules.parent.mkdir(parents=True, exist_ok=True)
    rules.write_text("@badcookie@dnsrcode.rcode == 23@[65535,0,0][0,0,65535]\n")
    result = tshark.execute([tshark.program("tshark"), *passes, "--color", "-T", "psml", "-r", tshark.readable(CAPTURE)],
                            home)
    coloured = [packet.findall("section")[0].text for packet in xml.fromstring(result.out).findall("packet")
                if packet.get("background") == "#ff0000"]
    assert coloured == ["2", "6", "10"], f"colour rule: {coloured}, {result.out[:300]!r} {result.err[-300:]}"


def check_plain(passes):
    """The packet list as anybody prints it."""
    lines = tshark.succeed(*passes, capture=CAPTURE).out.splitlines()
    assert sum("BADCOOKIE" in line for line in lines) == 3, "plain packet list"
    assert not any("RRset exists" in line for line in lines), "plain packet list: the wrong name is still there"


def check_readme():
    """Every filter that the README offers for copying is one."""
    table = (tshark.SOURCE / "README.md").read_text().split("## Filters\n")[1].split("\n## ")[0]
    filters = [text for text in re.findall(r"`([^`]+)`", table) if text.startswith("dnsrcode.")]
    assert len(filters) > 8, f"the README's filters were not found: {filters}"
    assert not tshark.refused(filters, CAPTURE), f"the README's filters: {tshark.refused(filters, CAPTURE)}"


def main():
    check_readme()
    for passes in ([], ["-2"]):
        for check in (check_json, check_ek, check_pdml, check_columns, check_filters, check_colours, check_plain):
            check(passes)


try:
    main()
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
