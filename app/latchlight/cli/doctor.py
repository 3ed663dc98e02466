"""`doctor`: what this installation can rely on."""

from __future__ import annotations

import argparse
import platform
import socket
import ssl
import threading
from collections.abc import Iterator

from latchlight import __version__
from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.installed import installed_rows
from latchlight.cli.row import Row, end_of, keyring_row, print_rows
from latchlight.core.errors import LatchlightError
from latchlight.core.findings import Light
from latchlight.core.limits import LIMITS
from latchlight.core.progress import CancelToken
from latchlight.core.rules.identity import offset_words, surely_within
from latchlight.core.sentences import say, series
from latchlight.exchanges import FACTS_DATE
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.services import Services, contact_recorder


def doctor(args: argparse.Namespace, services: Services, ignored: tuple[str, ...]) -> ExitCode:
    """`latchlight doctor`: asks only public times, sends no key. Ends with the worst light.

    With `--selftest` it contacts nobody and works through what an installation must be able to do.
    """
    if args.selftest:
        from latchlight.cli.selftest import selftest_rows

        rows = [*selftest_rows(services)]
    else:
        rows = [*_rows(services, ignored)]
    print_rows(rows, as_json=args.json)
    return end_of(rows)


def _rows(services: Services, ignored: tuple[str, ...]) -> Iterator[Row]:
    yield Row("latchlight", __version__)
    yield from installed_rows()
    yield Row(say("tables of"), FACTS_DATE)
    yield Row(say("python"), platform.python_version())
    yield Row(say("system"), f"{platform.system()} {platform.release()} {platform.machine()}")
    yield Row(say("TLS library"), ssl.OPENSSL_VERSION)
    yield keyring_row(services)
    yield _store(services)
    yield Row(say("ignored variables"), series(ignored) if ignored else say("none set"))
    yield from _clocks(services)
    for name, value in LIMITS.rows():
        yield Row(say("limit {name}", name=name), f"{value:g}")


def _store(services: Services) -> Row:
    try:
        count = len(services.store().profiles())
    except LatchlightError as problem:
        return Row(say("stored keys"), str(problem), Light.GREY)
    return Row(say("stored keys"), str(count))


def _clocks(services: Services) -> list[Row]:
    """The exchanges of the stored keys, all at once; every exchange where no key is stored yet."""
    specs = _exchanges_in_use(services) or list(services.exchanges.values())
    rows: dict[str, Row] = {}
    threads = [
        threading.Thread(
            target=lambda s=spec: rows.update({s.id: _clock(s, services)}), daemon=True
        )
        for spec in specs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [rows[spec.id] for spec in specs]


def _exchanges_in_use(services: Services) -> list[ExchangeSpec]:
    try:
        used = {profile.exchange for profile in services.store().profiles()}
    except LatchlightError:
        return []
    return [spec for spec in services.exchanges.values() if spec.id in used]


def _clock(spec: ExchangeSpec, services: Services) -> Row:
    """TLS and clock in one: the exchange's own public time over a checked certificate."""
    from latchlight.net.ask import ask
    from latchlight.net.clock import read_clock

    name, host = say("{exchange} TLS and clock", exchange=spec.name), spec.hosts[0]
    chain = services.client().chain(
        spec.allows,
        family=socket.AF_UNSPEC,
        token=CancelToken(),
        contact=contact_recorder(services),
    )
    try:
        with chain:
            now_ms = round(services.now().timestamp() * 1000)
            answer = ask(spec, chain, host, spec.time_probe, None, None, now_ms)
    except LatchlightError as problem:
        return Row(name, str(problem), Light.GREY)
    server_ms = spec.read_time(answer)
    if server_ms is None:
        return Row(name, say("The exchange did not tell its time."), Light.GREY)
    reading = read_clock(answer, server_ms)
    tolerance = spec.traits.clock
    fine = -tolerance.ahead_ms < reading.offset_ms < tolerance.behind_ms
    sure = surely_within(reading, tolerance.ahead_ms, tolerance.behind_ms)
    light = Light.GREEN if fine and sure else Light.GREY if fine else Light.AMBER
    return Row(name, offset_words(reading.offset_ms), light)
