"""Exit codes: the monitoring-plugin convention, so that Nagios, Icinga and systemd can use them."""

from __future__ import annotations

from enum import IntEnum

from latchlight.core.findings import KeyReport, Light, Report, worst


class ExitCode(IntEnum):
    """Every code this program ends with."""

    GREEN = 0
    DONE = (
        0  # the same number, for commands that judge no key: an alias, so that reading stays easy
    )
    AMBER = 1
    RED = 2
    GREY = 3
    USAGE = 64
    INTERNAL = 70
    INTERRUPTED = 130


_BY_LIGHT = {Light.AMBER: ExitCode.AMBER, Light.RED: ExitCode.RED, Light.GREY: ExitCode.GREY}


def code_of(report: Report, *, accept_amber: bool = False) -> ExitCode:
    """The only place where a checkup ends with 0: every required light of every key is green.

    With `accept_amber`, an amber finding that the user accepted in writing counts as green.
    """
    light = worst(_light(key, accept_amber) for key in report.keys)
    if light is Light.GREEN and report.keys:
        return ExitCode.GREEN
    return _BY_LIGHT.get(light, ExitCode.GREY)


def _light(key: KeyReport, accept_amber: bool) -> Light:
    lights = [
        Light.GREEN
        if accept_amber and finding.light is Light.AMBER and finding.acceptance
        else finding.light
        for finding in key.findings
        if finding.required
    ]
    return worst(lights)
