"""`keys add|edit|remove|list|show`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, time, timedelta

from latchlight.checkup import edit_key, remove_key, request_of, run_checkup, save_key
from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.requests import host_of, intent_of, once_request, spec_of, stored_profile
from latchlight.cli.terminal import complain, emit, spoken
from latchlight.core.command_name import command_name
from latchlight.core.errors import InputError, LatchlightError, UsageError
from latchlight.core.findings import LIGHT_COLOURS, Finding, KeyReport, Light
from latchlight.core.limits import LIMITS
from latchlight.core.profile import Acceptance, Profile, clean_label
from latchlight.core.progress import CancelToken
from latchlight.core.records import replace
from latchlight.core.rules import RULES
from latchlight.core.sentences import Sentence, say
from latchlight.keys import remove_leftovers
from latchlight.services import Services


def keys(args: argparse.Namespace, services: Services) -> ExitCode:
    """`latchlight keys ACTION`. Ends with 0 when the action was done, 1 when it is not proved that nothing is left."""
    actions = {"add": _add, "edit": _edit, "list": _list, "show": _show}
    if args.keys == "remove":
        return _remove(args, services)
    actions[args.keys](args, services)
    return ExitCode.DONE


def _add(args: argparse.Namespace, services: Services) -> None:
    label = clean_label(args.label)
    services.store().refuse_taken(label)
    spec = spec_of(args.exchange, services)
    host = host_of(args.host, spec)
    request, remarks = once_request(args, services)
    for remark in remarks:
        complain(remark)
    report = run_checkup([request], services, token=CancelToken())
    key = report.keys[0]
    if _rejected(key) and not args.save_anyway:
        raise UsageError(
            say("{title} The key was not saved.", title=_rejection(key)),
            say("Correct it, or use --save-anyway."),
        )
    save_key(
        services,
        label=label,
        spec=spec,
        host=host,
        credentials=request.credentials(),
        intent=request.intent,
    )
    from latchlight.report.as_text import as_text

    emit(as_text(report, spoken()))
    emit(say("Saved “{label}” in {keyring}.", label=label, keyring=services.vault().name))


def _rejected(key: KeyReport) -> bool:
    return any(f.rule == "credentials-rejected" and f.light is Light.RED for f in key.findings)


def _rejection(key: KeyReport) -> Sentence:
    return next(f.title for f in key.findings if f.rule == "credentials-rejected")


def _edit(args: argparse.Namespace, services: Services) -> None:
    profile = stored_profile(args.label, services)
    terms = _terms(args, services)
    changes_intent = args.purpose or args.setup or args.address is not None
    intent = intent_of(args, profile.intent) if changes_intent else None
    host = _new_host(args.host, profile, services)
    if host is not None and args.accept is not None:
        raise UsageError(
            say("Another host ends what was accepted before."),
            say("Change the host first, look at the new checklist, then accept."),
        )
    changes = (intent, args.new_label, terms, host, args.withdraw_acceptance)
    if all(not change for change in changes):
        raise UsageError(
            say("Nothing to change was named."),
            say("Try `{command} keys edit --help`.", command=command_name()),
        )
    accepted = None
    if terms is not None:
        # Judged as it will be after this very command.
        judged = replace(profile, intent=intent or profile.intent, host=host or profile.host)
        accepted = _accept(args.accept, *terms, judged, services)
    if args.withdraw_acceptance:
        services.store().remove_acceptance(profile.label, args.withdraw_acceptance)
    changed = edit_key(services, profile.label, new_label=args.new_label, intent=intent, host=host)
    emit(_line(changed))
    if accepted is not None:
        emit(accepted)


def _new_host(name: str | None, profile: Profile, services: Services) -> str | None:
    """The host to which the key turned out to belong. Raises UsageError for any other exchange's."""
    return None if name is None else host_of(name, spec_of(profile.exchange, services))


def _terms(args: argparse.Namespace, services: Services) -> tuple[str, datetime] | None:
    """Reason and end of the acceptance that is wanted, if one is. Raises UsageError, InputError."""
    if args.accept is None:
        return None
    if args.accept not in {rule.id for rule in RULES}:
        raise UsageError(
            say("No check has that name."),
            say("`{command} check LABEL --json` names them.", command=command_name()),
        )
    reason = " ".join((args.reason or "").split())[: LIMITS.server_text_characters]
    if not reason or args.until is None:
        raise UsageError(
            say("An acceptance needs --reason and --until."),
            say("Say why, and until when (at most 30 days)."),
        )
    return reason, _until(args.until, services)


def _accept(
    rule: str, reason: str, until: datetime, profile: Profile, services: Services
) -> Sentence:
    """Check the key now and accept what is found; the line that says what. Raises UsageError."""
    report = run_checkup([request_of(profile, services)], services, token=CancelToken())
    finding = _amber_finding(rule, report.keys[0])
    kept = services.store().add_acceptance(
        Acceptance(profile.label, rule, profile.fingerprint, reason, until, finding.basis),
        services.now(),
    )
    return say(
        "Accepted until {until}: {title} {detail}",
        until=f"{kept.until:%Y-%m-%d}",
        title=finding.title,
        detail=finding.detail,
    )


def _amber_finding(rule: str, key: KeyReport) -> Finding:
    finding = next((f for f in key.findings if f.rule == rule), None)
    only = say("Only what is amber at this moment can be accepted.")
    if finding is None:
        raise UsageError(say("“{rule}” has no light for this key now.", rule=rule), only)
    if finding.light is not Light.AMBER or not finding.required:
        raise UsageError(
            say(
                "“{rule}” is {light} now: {title}",
                rule=rule,
                light=LIGHT_COLOURS[finding.light],
                title=finding.title,
            ),
            only,
        )
    return finding


def _until(text: str, services: Services) -> datetime:
    day = _day(text)
    if day is None:
        raise InputError(say("--until is not a date."), say("Write it as 2026-12-31."), "until")
    end = datetime.combine(day, time(23, 59, 59), UTC)
    if not services.now() < end <= services.now() + timedelta(days=LIMITS.acceptance_days + 1):
        raise InputError(
            say("--until is not within the next {days} days.", days=LIMITS.acceptance_days),
            say("Choose a nearer date; it can be accepted again."),
            "until",
        )
    return end


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None


def _remove(args: argparse.Namespace, services: Services) -> ExitCode:
    if bool(args.label) == args.all or args.yes > args.all:
        raise UsageError(
            say("Say which key: LABEL, or --all."), say("`--yes` goes with --all alone.")
        )
    if args.all:
        return _remove_all(services, sure=args.yes)
    profile = remove_key(services, stored_profile(args.label, services).label)
    emit(say("Removed “{label}” from the keyring and from this computer.", label=profile.label))
    emit(say("The key still exists at {exchange}: delete it there too.", exchange=profile.exchange))
    return ExitCode.DONE


def _remove_all(services: Services, *, sure: bool) -> ExitCode:
    """Every stored key, and what is left in the keyring of earlier ones.

    One that cannot be removed does not keep the others; it is told at the end.
    """
    profiles = services.store().profiles()
    if profiles and not sure:
        raise UsageError(
            say("{count} keys would be removed from this computer for good.", count=len(profiles)),
            say("Say the same with --yes if you mean it."),
        )
    trouble: LatchlightError | None = None
    for profile in profiles:
        try:
            remove_key(services, profile.label)
        except LatchlightError as problem:
            trouble = trouble or problem
        else:
            emit(say("Removed “{label}”.", label=profile.label))
    if trouble is not None:
        raise trouble
    if not remove_leftovers(services):
        emit(
            say(
                "All keys that Latchlight knows are removed. This keyring cannot be searched: look yourself "
                "whether something named “latchlight” is left in it."
            )
        )
        return ExitCode.AMBER
    emit(say("No keys are stored on this computer any more. They still exist at their exchanges."))
    return ExitCode.DONE


def _list(args: argparse.Namespace, services: Services) -> None:
    profiles = services.store().profiles()
    if args.json:
        emit(json.dumps([_object(p) for p in profiles]))
        return
    if not profiles:
        emit(
            say(
                "No keys are stored. Add one with `{command} keys add LABEL --exchange ID`.",
                command=command_name(),
            )
        )
    for profile in profiles:
        emit(_line(profile))


def _show(args: argparse.Namespace, services: Services) -> None:
    profile = stored_profile(args.label, services)
    if args.json:
        emit(json.dumps(_object(profile)))
        return
    emit(_line(profile))
    for acceptance in services.store().acceptances(profile.label):
        emit(
            say(
                "Accepted until {until}: {rule}: {reason}",
                until=f"{acceptance.until:%Y-%m-%d}",
                rule=acceptance.rule,
                reason=acceptance.reason,
            )
        )


def _line(profile: Profile) -> str:
    return " · ".join(
        (
            profile.label,
            profile.exchange,
            profile.host,
            profile.hint,
            profile.kind.value,
            profile.intent.purpose.value,
            profile.intent.setup.value,
        )
    )


def _object(profile: Profile) -> dict[str, object]:
    return {
        "label": profile.label,
        "exchange": profile.exchange,
        "host": profile.host,
        "key_hint": profile.hint,
        "key_type": profile.kind.value,
        "purpose": profile.intent.purpose.value,
        "setup": profile.intent.setup.value,
        "addresses": [str(address) for address in profile.intent.addresses],
        "added_at": profile.added_at.isoformat().replace("+00:00", "Z"),
    }
