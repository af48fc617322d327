"""All filters of the Wireshark profile compile, and its columns name fields that exist."""
import re
import sys

from harness import observe, tshark

PROFILE = tshark.SOURCE / "profile" / "dnsrcode"
ANY = tshark.capture("first-contact-dig")


def lines(name):
    return [line for line in (PROFILE / name).read_text().splitlines() if line.strip() and not line.startswith("#")]


def uat_cells(line):
    return [cell.replace(r"\x22", '"') for cell in re.findall(r'"([^"]*)"', line)]


def filters():
    for line in lines("colorfilters"):
        yield "colorfilters", line.split("@")[2]
    for line in lines("dfilter_buttons"):
        yield "dfilter_buttons", uat_cells(line)[2]
    for line in lines("io_graphs"):
        yield "io_graphs", uat_cells(line)[2]


def problems():
    found = list(filters())
    assert len(found) > 8, f"the profile's filters were not found: {found}"
    yield from tshark.refused([text for _, text in found], ANY)
    for field in re.findall(r"%Cus:(dnsrcode[.a-z_]*)", (PROFILE / "preferences").read_text()):
        if field not in observe.field_names():
            yield f"preferences: no field {field}"


found = list(problems())
print("\n".join(found))
sys.exit(1 if found else 0)
