"""From parsed arguments to the keys that are meant."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from latchlight.checkup import CheckRequest, request_of, saved_requests
from latchlight.cli.prompt import prompt_secrets
from latchlight.cli.terminal import read_credentials_dir, read_stdin, spoken
from latchlight.core.addresses import Address, AddressKind, kind_of, parse_address
from latchlight.core.command_name import command_name
from latchlight.core.errors import InputError, UsageError
from latchlight.core.intake import parse_credentials_json
from latchlight.core.profile import Profile, clean_label
from latchlight.core.purpose import Intent, Purpose, Setup
from latchlight.core.sentences import Sentence, say, series
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.services import Services


def spec_of(exchange: str | None, services: Services) -> ExchangeSpec:
    """The exchange of that id. Raises UsageError."""
    spec = services.exchanges.get(exchange or "")
    if spec is None:
        raise UsageError(
            say("Latchlight does not know this exchange."),
            say("Known are: {names}.", names=series(services.exchanges)),
        )
    return spec


def host_of(host: str | None, spec: ExchangeSpec) -> str:
    """The named host of the exchange, or its first. Raises UsageError for any other."""
    names = [h.name for h in spec.hosts]
    if host is None:
        return names[0]
    if host not in names:
        raise UsageError(
            say("This is not a host of {exchange}.", exchange=spec.name),
            say("It has: {names}.", names=series(names)),
        )
    return host


def intent_of(args: argparse.Namespace, base: Intent | None = None) -> Intent:
    """Purpose, set-up and addresses as given, otherwise as in `base`. Raises InputError."""
    base = base or Intent()
    return Intent(
        Purpose(args.purpose) if args.purpose else base.purpose,
        Setup(args.setup) if args.setup else base.setup,
        tuple(_address(text) for text in args.address)
        if args.address is not None
        else base.addresses,
    )


def _address(text: str) -> Address:
    address = _parsed(text.strip())
    if address is None:
        raise InputError(
            say("One of the addresses is not an IP address."),
            say("Write single addresses such as 198.51.100.7, without range or port."),
            "address",
        )
    if kind_of(address) is not AddressKind.PUBLIC:
        raise InputError(
            say("One of the addresses is not a public one, so no exchange can ever see it."),
            say(
                "Use the address that `{command} ip` shows on the bot's computer.",
                command=command_name(),
            ),
            "address",
        )
    return address


def _parsed(text: str) -> Address | None:
    # Out here, so that no error that quotes the text hangs behind ours.
    try:
        return parse_address(text)
    except ValueError:
        return None


def stored_profile(label: str, services: Services) -> Profile:
    """The stored key of that label. Raises UsageError.

    What cannot be a label is not looked for and not repeated: it could be a secret in the wrong place.
    """
    clean_label(label)
    return services.store().profile(label)


def typed_fields(args: argparse.Namespace, spec: ExchangeSpec) -> Mapping[str, str]:
    """Credentials from standard input, a folder or prompts; never from arguments."""
    if args.credentials == "-":
        return _from_stdin(read_stdin())
    if args.credentials_dir is not None:
        return read_credentials_dir(args.credentials_dir)
    typed = prompt_secrets([spoken().of(field.label) for field in spec.fields])
    return {field.name: text for field, text in zip(spec.fields, typed, strict=True)}


def _from_stdin(text: str) -> Mapping[str, str]:
    """Our own form, or the key file as Coinbase hands it out."""
    from latchlight.exchanges.intake import credentials_from_file

    return credentials_from_file(text) if '"privateKey"' in text else parse_credentials_json(text)


def once_request(
    args: argparse.Namespace, services: Services
) -> tuple[CheckRequest, list[Sentence]]:
    """A key that is checked without being stored, and what was repaired in it."""
    from latchlight.exchanges.intake import read_credentials

    spec = spec_of(args.exchange, services)
    host = host_of(args.host, spec)
    intent = intent_of(args)
    intake = read_credentials(spec, typed_fields(args, spec))
    request = CheckRequest(
        id="once",
        label=spec.name,
        exchange=spec,
        host=host,
        hint=intake.credentials.hint,
        intent=intent,
        credentials=lambda: intake.credentials,
    )
    return request, [*intake.repairs, *intake.warnings]


def stored_requests(labels: list[str], every: bool, services: Services) -> list[CheckRequest]:
    """The stored keys that are meant. Raises UsageError for an unknown label."""
    if every and labels:
        raise UsageError(
            say("Name keys or use --all, not both."),
            say("Try `{command} check --help`.", command=command_name()),
        )
    if every:
        return saved_requests(services)
    return [
        request_of(stored_profile(label, services), services) for label in dict.fromkeys(labels)
    ]
