"""Ask unrelated services which address this computer leaves from.

Each is asked for IPv4 and IPv6 on connections of that family. What they say is shown and helps to
fill in a whitelist; it never makes a light green.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence

from latchlight.core.egress import AddressAnswer, EgressReport, agree, read_service_address
from latchlight.core.errors import CallError, Cancelled
from latchlight.core.limits import LIMITS
from latchlight.core.progress import CancelToken
from latchlight.core.records import dataclass
from latchlight.net.client import Client, RawAnswer
from latchlight.net.decode import NotStrictJson, decode


@dataclass(frozen=True)
class AddressService:
    """Where one party tells the caller's address. Paths answer with text, or JSON with `ip`."""

    name: str
    party: str
    host4: str | None
    host6: str | None
    path: str = "/"
    source: str = ""


ADDRESS_SERVICES: tuple[AddressService, ...] = (
    AddressService("ipify", "ipify", "api.ipify.org", "api6.ipify.org", "/", "www.ipify.org"),
    AddressService("ipinfo", "IPinfo", "ipinfo.io", "v6.ipinfo.io", "/ip", "ipinfo.io/developers"),
    AddressService(
        "icanhazip",
        "Cloudflare",
        "ipv4.icanhazip.com",
        "ipv6.icanhazip.com",
        "/",
        "major.io/icanhazip",
    ),
    AddressService("checkip", "Amazon", "checkip.amazonaws.com", None, "/", "docs.aws.amazon.com"),
    AddressService("ident.me", "ident.me", "4.ident.me", "6.ident.me", "/", "api.ident.me"),
)
"""Five parties that have nothing to do with each other; two of them must agree."""

_PATIENCE_SECONDS = 1.0
"""How long the last ones are waited for once enough have answered."""


def look_up(
    services: Sequence[AddressService],
    client: Client,
    token: CancelToken,
    *,
    allow_documentation: bool = False,
    families: tuple[int, ...] = (4, 6),
    contact: Callable[[str, str], None] = lambda host, path: None,
) -> EgressReport:
    """Ask all at the same time; ends within the limit for address calls whatever they do."""
    asked = [(s, f, h) for s in services for f in families if (h := s.host4 if f == 4 else s.host6)]
    answers: dict[int, AddressAnswer] = {}
    faults: list[BaseException] = []
    changed = threading.Condition()
    stop = CancelToken()
    forget = token.on_cancel(stop.cancel)

    def work(index: int) -> None:
        service, family, host = asked[index]
        try:
            answer = _ask(service, family, host, client, stop, allow_documentation, contact)
        except Cancelled:
            answer = AddressAnswer(service.name, service.party, family, None, "timeout")
        except BaseException as problem:  # noqa: BLE001 - a fault of ours: raised in the thread that waits
            faults.append(problem)
            answer = AddressAnswer(service.name, service.party, family, None, "timeout")
        with changed:
            answers[index] = answer
            changed.notify_all()

    for index in range(len(asked)):
        threading.Thread(target=work, args=(index,), name="address-service", daemon=True).start()
    with changed:
        changed.wait_for(lambda: _enough(answers, asked), LIMITS.address_call_seconds)
        changed.wait_for(lambda: len(answers) == len(asked), _PATIENCE_SECONDS)
        heard = dict(answers)
    forget()
    stop.cancel()
    token.check()
    if faults:
        raise faults[0]
    return agree(
        heard.get(i) or AddressAnswer(s.name, s.party, f, None, "timeout")
        for i, (s, f, _) in enumerate(asked)
    )


def _enough(
    answers: dict[int, AddressAnswer], asked: list[tuple[AddressService, int, str]]
) -> bool:
    """All answered, or more than half for IPv4: a slow service or a missing IPv6 holds nobody up."""
    if len(answers) == len(asked):
        return True
    four = [i for i, (_, family, _) in enumerate(asked) if family == 4]
    heard = [answers[i] for i in four if i in answers and answers[i].address is not None]
    return len(heard) >= max(2, len(four) // 2 + 1)


def _ask(
    service: AddressService,
    family: int,
    host: str,
    client: Client,
    token: CancelToken,
    allow_documentation: bool,
    contact: Callable[[str, str], None],
) -> AddressAnswer:
    socket_family = socket.AF_INET if family == 4 else socket.AF_INET6
    try:
        with client.chain(
            lambda h, p: (h, p) == (host, service.path),
            family=socket_family,
            token=token,
            contact=contact,
        ) as chain:
            raw = chain.get(host, service.path, seconds=LIMITS.address_call_seconds)
    except CallError as problem:
        return AddressAnswer(service.name, service.party, family, None, problem.code.value)
    try:
        address = read_service_address(_text(raw), family, allow_documentation=allow_documentation)
    except ValueError:
        return AddressAnswer(service.name, service.party, family, None, "unreadable-answer")
    return AddressAnswer(service.name, service.party, family, address, None)


def _text(raw: RawAnswer) -> str:
    """The address as text, from a text or JSON answer. Raises ValueError for everything else.

    The content type is not looked at (services name it as they like); the body must be nothing
    but the address, so a web page never passes.
    """
    if raw.status != 200 or len(raw.body) > 1024:
        raise ValueError("not an address")
    text = raw.body.decode("ascii")
    if not text.lstrip().startswith("{"):
        return text
    try:
        body = decode(raw.body)
    except NotStrictJson:
        raise ValueError("not an address") from None
    value = body.get("ip") if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise ValueError("not an address")
    return value
