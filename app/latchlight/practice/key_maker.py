"""From a planned key to both of its halves: what the exchange keeps and what the owner gets."""

from __future__ import annotations

from zlib import crc32

from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.keys import KeyPlan, PracticeKey, spoil
from latchlight.practice.registry import KeyRecord

_DAY = 86400.0
_FIRST_UID = 100_000_000
_LAST_UID = 999_999_999


class KeyMaker:
    """One planned key of an exchange with its fresh credentials.

    Raises ValueError for a plan that the exchange cannot have: another passphrase or another host
    where there is none.
    """

    def __init__(self, imitation: PracticeExchange, plan: KeyPlan) -> None:
        make = imitation.new_passphrase
        if make is None and not plan.right_passphrase:
            raise ValueError("this exchange has no passphrases")
        if imitation.other_host is None and plan.elsewhere:
            raise ValueError("this exchange has no other host")
        self.exchange = imitation.id
        self.plan = plan
        self._api_key = imitation.new_api_key()
        self._credential = imitation.make_credential(plan.kind)
        self._other = None if plan.right_secret else imitation.make_credential(plan.kind)
        self._passphrase = None if make is None else make()
        self._told_passphrase = (
            self._passphrase if make is None or plan.right_passphrase else make()
        )

    def record(self, now: float) -> KeyRecord:
        """What the exchange keeps. `now` in seconds since 1970 UTC."""
        plan = self.plan
        return KeyRecord(
            name=plan.name,
            api_key=self._api_key,
            kind=plan.kind,
            known_secret=lambda: self._credential().known_to_exchange,
            passphrase=self._passphrase,
            uid=_uid(self.exchange, plan.name),
            plan=plan,
            created=now - plan.age_days * _DAY,
            ends=None if plan.ends_in_days is None else now + plan.ends_in_days * _DAY,
            state=plan.state,
        )

    def key(self, base_url: str) -> PracticeKey:
        """What its owner gets; waits for RSA."""
        plan, credential = self.plan, self._credential()
        if self._other is not None:
            credential = spoil(credential, self._other)
        return PracticeKey(
            name=plan.name,
            exchange=self.exchange,
            kind=plan.kind,
            purpose=plan.purpose,
            expected_light=plan.light,
            expected_reason=plan.reason,
            story=plan.story,
            base_url=base_url,
            trait=plan.trait,
            api_key=self._api_key,
            secret=credential.secret,
            passphrase=self._told_passphrase,
        )


def _uid(exchange: str, name: str) -> int:
    return _FIRST_UID + crc32(f"{exchange}/{name}".encode()) % (_LAST_UID - _FIRST_UID + 1)
