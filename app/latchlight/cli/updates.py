"""`latchlight updates`: asks the makers' server for the newest version. No other command does."""

from __future__ import annotations

import argparse
import json
from typing import assert_never

from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.terminal import emit
from latchlight.core.progress import CancelToken
from latchlight.core.release_notice import Standing
from latchlight.core.sentences import say
from latchlight.services import Services
from latchlight.updates import in_words, look_for_update, page_of


def updates(args: argparse.Namespace, services: Services) -> ExitCode:
    """0: nothing newer. 1: a newer version. 2: a newer one that mends a hole. Raises NoticeError (3) if unknown."""
    update = look_for_update(services, CancelToken())
    page = page_of(update, services)
    if args.json:
        told = {
            "schema": "latchlight.updates/1",
            "standing": update.standing.value,
            "version": update.notice.version,
            "released": update.notice.released.isoformat(),
            "page": page,
        }
        emit(json.dumps(told))
    else:
        emit(in_words(update))
        if update.standing in (Standing.OLDER, Standing.INSECURE):
            emit(say("Download: {page}", page=page))
    match update.standing:
        case Standing.NEWEST | Standing.AHEAD:
            return ExitCode.DONE
        case Standing.OLDER:
            return ExitCode.AMBER
        case Standing.INSECURE:
            return ExitCode.RED
        case _:
            assert_never(update.standing)
