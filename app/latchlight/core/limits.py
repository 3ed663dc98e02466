"""Every limit of the program in one table; `latchlight doctor` prints it."""

from __future__ import annotations

from latchlight.core.records import dataclass


@dataclass(frozen=True)
class Limits:
    """Numbers that bound a checkup. Times in seconds unless the name says otherwise."""

    call_seconds: float = 10.0
    """One whole call: name lookup, connection, sending, receiving."""
    screen_seconds: float = 12.0
    """All exchanges together."""
    address_call_seconds: float = 5.0
    """One call to an address service; they never hold up a light."""
    body_bytes: int = 256 * 1024
    """Largest answer read, after decoding."""
    json_nesting: int = 20
    """Deepest answer read."""
    json_names: int = 500
    """Most names in one object of an answer."""
    keyring_seconds: float = 10.0
    """One keyring operation."""
    clock_offset_seconds: float = 30.0
    """Beyond this the clock light is grey: nothing signed on this computer can be trusted to work."""
    receive_window_ms: int = 5000
    """How long a signed request stays valid at the exchange."""
    light_age_seconds: float = 15 * 60.0
    """A light turns grey by itself after this."""
    evidence_span_seconds: float = 60.0
    """The answers behind one verdict lie no further apart than this."""
    gate_evidence_age_seconds: float = 60.0
    """The pre-flight gate passes on nothing older."""
    server_text_characters: int = 200
    """Longest text of an exchange that is ever shown."""
    signed_retries: int = 1
    """A signed read is repeated at most this often after a fault on the way. (An exchange's own mistaken
    refusals are counted apart, in its file.)"""
    label_characters: int = 40
    """Longest label of a stored key; the shortest is one character."""
    acceptance_days: int = 30
    """Longest time for which a finding can be accepted."""
    key_age_days: int = 365
    """Age at which a key is called old, unless the user set another."""
    expiry_warning_days: int = 14
    """A key that ends within this many days is amber."""
    tables_age_days: int = 365
    """After this the tables about an exchange are too old for a green."""
    address_history_days: int = 30
    """How far back the address history is looked at."""
    address_changes: int = 2
    """This many changes of the public address within that time make it unstable."""
    answer_date_seconds: float = 600.0
    """Largest distance between an answer's Date header and our clock, corrected by the measured offset."""
    ban_seconds: float = 3 * 86400.0
    """Longest pause an exchange can impose on us (Binance documents bans of up to three days)."""
    watch_pause_seconds: float = 600.0
    """Watching asks an exchange by itself no more often than this."""
    lock_step_seconds: float = 3600.0
    """Between two steps of a lock test: a phone's hotspot takes a while to find."""
    lock_proof_days: int = 30
    """A lock test proves nothing about a list that it met longer ago than this."""
    rate_pause_seconds: float = 60.0
    """Pause after a rate limit answer that names no time."""

    def rows(self) -> list[tuple[str, float]]:
        """Names and values, in the order of this file."""
        return list(vars(self).items())


LIMITS = Limits()
