"""check_32_bits PART: all sources compile for 32 bits without a warning, with 64-bit integers aligned to 8 bytes, as on ARM."""
import os
import subprocess
import sys

from harness import cross, tshark

FLAGS = ["-m32", "-malign-double"]


def main():
    compiler = os.environ["DNSRCODE_CC"]
    probe = tshark.scratch() / "probe.c"
    probe.write_text("int x;\n")
    if subprocess.run([compiler, *FLAGS, "-c", probe, "-o", f"{probe}.o"], capture_output=True, check=False).returncode:
        print(f"skipped: {compiler} does not know {' '.join(FLAGS)}")
        return 77
    # The C library's headers are those of this machine; they ask for one that says which functions its 32-bit build lacks.
    machine = subprocess.run([compiler, "-print-multiarch"], capture_output=True, text=True, check=False).stdout.strip()
    said, _ = cross.compile_all(sys.argv[1], [compiler, *FLAGS], cross.BITS_32, ["-idirafter", f"/usr/include/{machine}"],
                                headers=["gnu/stubs-32.h"])
    print("\n".join(said))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
