"""`check` and `preflight`: run a checkup and render it."""

from __future__ import annotations

import argparse
from pathlib import Path

from latchlight.checkup import (
    CheckRequest,
    ask_other_hosts,
    last_checks,
    run_checkup,
    save_reports,
)
from latchlight.cli.exit_codes import ExitCode, code_of
from latchlight.cli.requests import once_request, stored_requests
from latchlight.cli.terminal import complain, emit, spoken
from latchlight.core.changes import Snapshot
from latchlight.core.command_name import command_name
from latchlight.core.errors import UsageError
from latchlight.core.findings import LIGHT_WORDS, Finding, KeyReport, Light, Report
from latchlight.core.limits import LIMITS
from latchlight.core.progress import CancelToken
from latchlight.core.records import replace
from latchlight.core.sentences import Sentence, say, series
from latchlight.services import Services


def check(args: argparse.Namespace, services: Services) -> ExitCode:
    """`latchlight check`."""
    services = replace(services, allow_ipv6=args.allow_ipv6)
    requests = _requests(args, args.all, services)
    if not requests:
        complain(
            say(
                "There is no stored key to check. Add one with `{command} keys add`.",
                command=command_name(),
            )
        )
        return ExitCode.GREY
    report = run_checkup(requests, services, token=CancelToken())
    if args.ask_other_hosts:
        report = _with_other_hosts(report, requests, services)
    before = last_checks(requests, services)
    save_reports(report, requests, services)
    render(report, as_json=args.json, html=args.html)
    if not args.json:
        _tell_changes(report, before)
    return code_of(report)


def _tell_changes(report: Report, before: list[Snapshot | None]) -> None:
    """What has another light than at the check before; nothing where nothing changed."""
    from latchlight.report.as_changes import changed_since

    for key, last in zip(report.keys, before, strict=True):
        for line in changed_since(last, key):
            emit(str(line))


def render(report: Report, *, as_json: bool, html: str | None = None) -> None:
    """JSON, a page, or text for people."""
    if as_json:
        from latchlight.report.as_json import as_json as to_json

        emit(to_json(report))
        return
    if html is not None:
        from latchlight.report.as_html import as_html
        from latchlight.report.saving import write_whole

        write_whole(Path(html), as_html(report, spoken()).encode())
    from latchlight.report.as_text import as_text

    emit(as_text(report, spoken()))


def _requests(args: argparse.Namespace, every: bool, services: Services) -> list[CheckRequest]:
    given = (
        args.exchange is not None
        or args.credentials is not None
        or args.credentials_dir is not None
    )
    if given:
        if args.labels or every:
            raise UsageError(
                say("A stored key and --exchange cannot be checked in one go."),
                say("Leave one of them out."),
            )
        request, remarks = once_request(args, services)
        for remark in remarks:
            complain(remark)
        return [request]
    if args.purpose or args.setup or args.address or args.host:
        raise UsageError(
            say("Purpose, set-up, address and host of a stored key are fixed when it is stored."),
            say("Change them with `{command} keys edit`.", command=command_name()),
        )
    if not args.labels and not every:
        raise UsageError(
            say("Which key?"), say("Give its label, or --exchange with --credentials -.")
        )
    return stored_requests(args.labels, every, services)


def _with_other_hosts(report: Report, requests: list[CheckRequest], services: Services) -> Report:
    """The user asked for it by the option: find out whether a refused key belongs elsewhere."""
    keys: list[KeyReport] = []
    for key, request in zip(report.keys, requests, strict=True):
        found = None
        if key.diagnosis is not None and key.diagnosis.ask_other_hosts:
            found = ask_other_hosts(request, services, token=CancelToken())
        keys.append(key if found is None else key.with_diagnosis(found.diagnosis))
    return replace(report, keys=tuple(keys))


def preflight(args: argparse.Namespace, services: Services) -> ExitCode:
    """`latchlight preflight`: the checkup as a gate."""
    services = replace(services, allow_ipv6=args.allow_ipv6)
    requests = _requests(args, False, services)
    report = run_checkup(requests, services, token=CancelToken())
    save_reports(report, requests, services)
    code = code_of(report, accept_amber=args.accept_amber)
    if code is ExitCode.GREEN and _too_old(report, services):
        emit(say("Do not launch: the check took too long. Run it again."))
        return ExitCode.GREY
    emit(gate_line(report, code))
    return code


def _too_old(report: Report, services: Services) -> bool:
    ages = [(services.now() - key.started_at).total_seconds() for key in report.keys]
    return any(not 0 <= age <= LIMITS.gate_evidence_age_seconds for age in ages)


def gate_line(report: Report, code: ExitCode) -> Sentence:
    """The one line for people."""
    names = series(key.label for key in report.keys)
    if code is ExitCode.GREEN:
        coverage = series((key.coverage for key in report.keys), "; ")
        return say("Safe to launch: {names} ({coverage}).", names=names, coverage=coverage)
    key, finding = _worst(report)
    if finding is None:
        return say("Do not launch: nothing could be checked.")
    return say(
        "Do not launch: {label}: {word}: {title}",
        label=key.label,
        word=LIGHT_WORDS[finding.light],
        title=finding.title,
    )


def _worst(report: Report) -> tuple[KeyReport, Finding | None]:
    key = max(report.keys, key=lambda k: k.light.badness)
    required = [f for f in key.worst_first() if f.required and f.light is not Light.GREEN]
    return key, required[0] if required else None
