"""Whether the right key was asked, at the right place, by a computer that knows the time."""

from __future__ import annotations

from latchlight.core.diagnosis import (
    LIKELIHOOD_WORDS,
    PROVES_CREDENTIALS_WRONG,
    Diagnosis,
    DiagnosisCode,
)
from latchlight.core.facts import NOT_READ, Environment
from latchlight.core.findings import Light, Sureness
from latchlight.core.limits import LIMITS
from latchlight.core.rules.rule import Answer, Outcome, Rule, grey_for
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.situation import ClockReading, Situation


def _credentials_rejected(situation: Situation) -> Answer:
    exchange, diagnosis = situation.exchange, situation.diagnosis
    if situation.facts.accepted and diagnosis is None:
        return Outcome(
            Light.GREEN,
            Sureness.REPORTED,
            say("Key and secret belong together."),
            say("{exchange} accepted a signed read-only request.", exchange=exchange.name),
        )
    if diagnosis is None:
        return grey_for(NOT_READ, situation, say("Whether key and secret work is not known."))
    red = diagnosis.code in PROVES_CREDENTIALS_WRONG
    return Outcome(
        Light.RED if red else Light.GREY,
        Sureness.REPORTED if red else Sureness.CONCLUDED,
        diagnosis.title,
        diagnosis_text(diagnosis),
        diagnosis.code.value,
        probes=("key", "time", "second"),
    )


def diagnosis_text(diagnosis: Diagnosis) -> Sentence:
    """Next step, then what remains, most likely first, then what it is not."""
    parts: list[Sentence] = [diagnosis.next_step]
    if diagnosis.causes:
        causes = [
            say(
                "{number}. {title} ({likelihood}): {next_step}",
                number=number,
                title=cause.title,
                likelihood=LIKELIHOOD_WORDS[cause.likelihood],
                next_step=cause.next_step,
            )
            for number, cause in enumerate(diagnosis.causes, 1)
        ]
        parts.append(say("What remains: {causes}", causes=series(causes, " ")))
    if diagnosis.excluded:
        excluded = [text for e in diagnosis.excluded for text in (e.title, e.because)]
        parts.append(say("What it is not: {excluded}", excluded=series(excluded, " ")))
    return series(parts, " ")


def offset_words(offset_ms: float) -> Sentence:
    """How far off this computer's clock is, and in which direction: positive is behind."""
    seconds = abs(offset_ms) / 1000
    amount = f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}"
    if offset_ms > 0:
        return say("{amount} seconds behind", amount=amount)
    return say("{amount} seconds ahead", amount=amount)


def _clock_off(situation: Situation) -> Answer:
    reading = situation.clock
    if reading is None:
        if situation.diagnosis is not None and situation.diagnosis.code is DiagnosisCode.CLOCK_OFF:
            return _clock_grey(situation, situation.diagnosis.title)
        return grey_for(
            NOT_READ, situation, say("Whether this computer's clock is right is not known.")
        )
    distance = abs(reading.offset_ms)
    if distance - reading.uncertainty_ms > LIMITS.clock_offset_seconds * 1000:
        return _clock_grey(
            situation, say("This computer's clock is {off}.", off=offset_words(reading.offset_ms))
        )
    tolerance = situation.exchange.clock
    limit = tolerance.behind_ms if reading.offset_ms > 0 else tolerance.ahead_ms
    if distance - reading.uncertainty_ms > limit:
        return Outcome(
            Light.AMBER,
            Sureness.MEASURED,
            say("This computer's clock is {off}.", off=offset_words(reading.offset_ms)),
            say(
                "This check allowed for it; a bot on this computer may be refused. "
                "Switch on automatic time in the system settings."
            ),
            "clock-off",
            probes=("time",),
            basis=("behind" if reading.offset_ms > 0 else "ahead",),
        )
    if not surely_within(reading, tolerance.ahead_ms, tolerance.behind_ms):
        return Outcome(
            Light.GREY,
            Sureness.MEASURED,
            say("Whether this computer's clock is right could not be measured."),
            say(
                "The line was too slow: the answer took {seconds} seconds. Check again on a better line.",
                seconds=f"{reading.uncertainty_ms * 2 / 1000:.1f}",
            ),
            "clock-uncertain",
            probes=("time",),
        )
    return Outcome(
        Light.GREEN,
        Sureness.MEASURED,
        say("This computer's clock is right."),
        say(
            "Measured against {exchange}: {off}, give or take {error} seconds.",
            exchange=situation.exchange.name,
            off=offset_words(reading.offset_ms),
            error=f"{reading.uncertainty_ms / 1000:.1f}",
        ),
        probes=("time",),
    )


def surely_within(reading: ClockReading, ahead_ms: float, behind_ms: float) -> bool:
    """Whether the clock is right even if the reading is wrong by all of its uncertainty."""
    highest = reading.offset_ms + reading.uncertainty_ms
    lowest = reading.offset_ms - reading.uncertainty_ms
    return -ahead_ms <= lowest and highest <= behind_ms


def _clock_grey(situation: Situation, title: Sentence) -> Outcome:
    return Outcome(
        Light.GREY,
        Sureness.MEASURED,
        title,
        say(
            "That is too far to trust anything that is signed here. Set date, time and time zone in the "
            "system settings, switch on automatic time, and check again."
        ),
        "clock-off",
        probes=("time",),
    )


def _wrong_environment(situation: Situation) -> Answer:
    exchange = situation.exchange
    if "key" not in situation.evidence:
        return grey_for(
            NOT_READ, situation, say("Whether the real exchange answered is not known.")
        )
    match situation.facts.environment:
        case Environment.PRODUCTION:
            return Outcome(
                Light.GREEN,
                Sureness.MEASURED,
                say("This is the real {exchange}.", exchange=exchange.name),
                say("Asked over HTTPS with a checked certificate."),
            )
        case Environment.PRACTICE:
            return Outcome(
                Light.GREEN,
                Sureness.MEASURED,
                say("This is the practice exchange on this computer."),
                say("Nothing here is real: no account, no money, no internet."),
            )
        case Environment.TESTNET | Environment.DEMO:
            return Outcome(
                Light.GREY,
                Sureness.MEASURED,
                say("This is a test network, not the real {exchange}.", exchange=exchange.name),
                say(
                    "A key that is fine there says nothing about your real account. Use a live key."
                ),
                DiagnosisCode.WRONG_ENVIRONMENT.value,
            )


RULES = (
    Rule(
        "credentials-rejected",
        say("Everything else rests on the exchange accepting this key."),
        _credentials_rejected,
    ),
    Rule(
        "clock-off",
        say("Exchanges refuse requests from a computer whose clock is wrong."),
        _clock_off,
    ),
    Rule(
        "wrong-environment",
        say("Test networks look the same and prove nothing about real money."),
        _wrong_environment,
    ),
)
