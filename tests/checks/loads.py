"""The plugin just built loads into tshark, and every later test finds it prepared."""
import sys

from harness import observe, tshark

try:
    print(f"tshark {tshark.version()[0]}.{tshark.version()[1]} loads {tshark.personal_plugin(tshark.home())}")
    print(f"{len(observe.field_names())} fields")
except tshark.HarnessError as problem:
    sys.exit(str(problem))
