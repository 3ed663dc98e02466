"""All benchmarks, or those named: `python tests/benchmarks/run.py [check] [window] [gap] [account] [frozen]`.

Ends with 1 if a bound is broken.

Each figure is a ratio to something simpler, measured in the same minutes on the same computer.
"""

from __future__ import annotations

import compileall
import importlib
import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent / "app")]

SUITES = {
    "check": "benchmarks.check_speed",
    "window": "benchmarks.window_speed",
    "gap": "benchmarks.loop_gap",
    "account": "benchmarks.account_speed",
    "frozen": "benchmarks.frozen_speed",
}


def main(names: list[str]) -> int:
    """Run the named suites, or all of them."""
    from guards import make_environment_private

    make_environment_private(sys.path[:2])
    # As an installation does it: nobody compiles the program at every start.
    compileall.compile_dir(_TESTS.parent / "app", quiet=2)
    broken = 0
    for name in names or SUITES:
        print(f"--- {name}", flush=True)
        for bound in importlib.import_module(SUITES[name]).bounds():
            print(bound, flush=True)
            broken += not bound.kept
    print("All bounds kept." if not broken else f"{broken} bounds broken.")
    return 1 if broken else 0


if __name__ == "__main__":
    if set(sys.argv[1:]) - set(SUITES):
        sys.exit(f"Suites are: {', '.join(SUITES)}")
    sys.exit(main(sys.argv[1:]))
