"""`ip` and `exchanges`: what this computer looks like, and what each exchange can tell."""

from __future__ import annotations

import argparse
import json

from latchlight.checkup import look_up_address
from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.requests import spec_of
from latchlight.cli.terminal import emit, spoken
from latchlight.core.egress import Certainty
from latchlight.core.facts import ENVIRONMENT_WORDS
from latchlight.core.progress import CancelToken
from latchlight.core.sentences import say, series
from latchlight.core.wrapping import padded
from latchlight.exchanges.spec import SOURCE_WORDS, ExchangeSpec
from latchlight.services import Services


def ip(args: argparse.Namespace, services: Services) -> ExitCode:
    """`latchlight ip`: 0 when unrelated services agree, 1 when they do not, 3 when none answered."""
    from latchlight.report.as_json import egress_object
    from latchlight.report.as_text import egress_line

    egress = look_up_address(services, token=CancelToken(), asked_for=True)
    if args.json:
        emit(json.dumps(egress_object(egress)))
    else:
        emit(egress_line(egress))
        for answer in egress.answers:
            said = answer.address or (
                say("no usable answer") if answer.error == "unreadable-answer" else say("no answer")
            )
            emit(series((f"  {answer.name:<12} IPv{answer.family}", said), "  "))
    match egress.worst_certainty:
        case Certainty.AGREED:
            return ExitCode.DONE
        case Certainty.SINGLE | Certainty.CONFLICT:
            return ExitCode.AMBER
        case Certainty.NONE:
            return ExitCode.GREY


def exchanges(args: argparse.Namespace, services: Services) -> ExitCode:
    """`latchlight exchanges [ID]`: generated from the same tables that the checks use."""
    specs = (
        [spec_of(args.id, services)] if args.id is not None else list(services.exchanges.values())
    )
    if args.json:
        emit(json.dumps([_object(spec) for spec in specs]))
        return ExitCode.DONE
    for spec in specs:
        emit(f"{spec.id} · {spec.name} · {spec.facts_date}")
        for host in spec.hosts:
            kind = padded(spoken().of(ENVIRONMENT_WORDS[host.environment]), 11)
            limits = () if host.limits is None else (host.limits,)
            emit(series((f"  {host.name:<28} {kind}", series((host.title, *limits), ". ")), " "))
        for probe in spec.probes():
            emit(
                series((f"  {probe!s:<44}", say("signed") if probe.signed else say("public")), " ")
            )
        for row in spec.statements:
            emit(series(("  ", say("{about}: {what}", about=row.name, what=row.value)), ""))
            source = series((SOURCE_WORDS[row.certainty], row.source, row.date), "; ")
            emit(say("    [{source}]", source=source))
    return ExitCode.DONE


def _object(spec: ExchangeSpec) -> dict[str, object]:
    return {
        "id": spec.id,
        "name": spec.name,
        "facts_date": spec.facts_date,
        "hosts": [
            {
                "name": h.name,
                "environment": h.environment.value,
                "title": h.title,
                "limits": None if h.limits is None else str(h.limits),
            }
            for h in spec.hosts
        ],
        "whitelist_readable": spec.readable.value,
        "key_types": [kind.value for kind in spec.kinds],
        "console_page": spec.console_page,
        "statements": [
            {
                "topic": row.topic.value,
                "name": row.name,
                "value": row.value,
                "source": row.source,
                "certainty": row.certainty.value,
                "date": row.date,
            }
            for row in spec.statements
        ],
    }
