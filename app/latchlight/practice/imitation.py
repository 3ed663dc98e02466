"""What one practice exchange is made of: everything that differs from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from latchlight.practice.keys import CredentialMaker, KeyPlan, make_credential
from latchlight.practice.messages import Request, Site
from latchlight.practice.registry import HouseRules, Registry
from latchlight.practice.traits import ServerFaults

Clock = Callable[[], float]
"""Seconds since 1970 UTC."""
Egress = Callable[[], str]
"""The address that the exchange sees callers come from."""


@dataclass(frozen=True)
class PracticeExchange:
    """How one exchange is imitated."""

    id: str
    name: str
    rules: HouseRules
    cast: Callable[[str, str], tuple[KeyPlan, ...]]
    """From this computer's address and another one to all practice keys."""
    site: Callable[[Registry, Clock, Egress], Site]
    faults: ServerFaults
    new_api_key: Callable[[], str]
    is_signed: Callable[[Request], bool]
    """Whether a request carries a signature; only answers to such requests are ever spoilt."""
    new_passphrase: Callable[[], str] | None = None
    """None: keys of this exchange have no passphrase."""
    make_credential: CredentialMaker = make_credential
    other_host: str | None = None
    """Title of the exchange's other regional site, which has keys of its own; None: only one."""
