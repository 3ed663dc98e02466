"""`practice`, `practice check`, `practice serve`: the practice exchange on this computer."""

from __future__ import annotations

import argparse
import json
import signal
import threading

from latchlight.checkup import practice_requests, run_checkup
from latchlight.cli.check import render
from latchlight.cli.exit_codes import ExitCode, code_of
from latchlight.cli.terminal import emit
from latchlight.core.progress import CancelToken
from latchlight.core.sentences import say


def practice_check(args: argparse.Namespace) -> ExitCode:
    """Start the practice exchanges, check every practice key, stop them."""
    from latchlight import services
    from latchlight.practice.world import PracticeWorld

    with PracticeWorld.start() as world:
        practice = services.practice(world)
        requests = practice_requests(world, practice)
        report = run_checkup(requests, practice, token=CancelToken())
        render(report, as_json=args.json)
        practice.close()
    return code_of(report)


def practice_serve(args: argparse.Namespace) -> ExitCode:
    """Serve until interrupted; with --json one line says where."""
    from latchlight.practice.world import PracticeWorld

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with PracticeWorld.start() as world:
        if args.json:
            emit(json.dumps(world.serve_description()))
        else:
            emit(say("The practice exchange runs until you press Ctrl+C."))
            emit(say("API Management page: {url}", url=world.control_url))
            emit(say("Its certificate authority: {path}", path=world.ca_file))
        # In slices, because a wait without end cannot be interrupted on Windows.
        while not stop.wait(0.5):
            pass
    return ExitCode.DONE
