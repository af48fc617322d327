# SPDX-License-Identifier: GPL-2.0-or-later
"""All scenarios by name."""

from . import failures, gdnsd, healthy, partial, real, refusals, rules_base, rules_push, verdicts

GROUPS = (
    ("Healthy: nothing above chat", healthy.SCENARIOS),
    ("RCODE 11, DSOTYPENI", refusals.SCENARIOS),
    ("Other failures", failures.SCENARIOS),
    ("Real servers without DSO", real.SCENARIOS),
    ("gdnsd, a real server with DSO", gdnsd.SCENARIOS),
    ("Verdicts weighed by the whole capture", verdicts.SCENARIOS),
    ("Rules of RFC 8490 broken", rules_base.SCENARIOS),
    ("Rules of RFC 8765 broken", rules_push.SCENARIOS),
    ("Captures that do not show everything", partial.SCENARIOS),
)
BY_NAME = {scenario.name: scenario for _, group in GROUPS for scenario in group}
