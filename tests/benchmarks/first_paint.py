"""Told at a window's first paint: the time and the memory in use, then the end."""

import json
import os
import sys
import time


def report() -> None:
    """Print the figures and leave at once, without tidying up."""
    with open("/proc/self/status", encoding="ascii") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    print(json.dumps({"at": time.monotonic(), "resident_kb": resident}), flush=True)
    sys.stdout.flush()
    os._exit(0)
