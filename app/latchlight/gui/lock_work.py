"""What the page of the lock test lets workers do. Qt-free; everything heavy is imported in the worker."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from latchlight.core.addresses import Address
from latchlight.core.lock_test import certain_addresses
from latchlight.core.progress import CancelToken
from latchlight.gui.lock_run import LockRun, Step

if TYPE_CHECKING:
    from latchlight.services import Services


def next_step(run: LockRun, services: Services, token: CancelToken) -> LockRun:
    """Do what comes next. A test that has ended is kept with its key. Raises StoreError, Cancelled."""
    from latchlight.lock_testing import attempt, end_visit, keep_test, known_addresses

    request = run.request
    if run.step is Step.HOME:
        known = known_addresses(request, services)
        return run.checked(attempt(request, services, token), known)
    made = attempt(request, services, token)
    then = run.tried_from(made) if run.step is Step.AWAY else run.came_back(made)
    abroad = run.tried if run.step is Step.BACK else made
    if run.home is not None and abroad is not None:
        foreign = [a for a in (*abroad.before, *abroad.after) if a not in run.usual]
        end_visit(foreign, run.home.at, services)
    test = then.test
    if then.step is Step.OVER and test is not None:
        then = replace(then, kept=keep_test(test, request, services))
    return then


def where(services: Services, token: CancelToken) -> tuple[Address, ...]:
    """This computer's addresses now, on which unrelated services agree. The user has asked."""
    from latchlight.checkup import look_up_address
    from latchlight.probing import leaves_over_ipv6

    egress = look_up_address(services, token=token, asked_for=True, remember=False)
    return certain_addresses(egress, ipv6=leaves_over_ipv6(services))
