"""Errors of the HTTP library become ours here and nowhere else; their texts hold signed URLs."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from http.client import HTTPException, RemoteDisconnected
from typing import TypeVar

import requests
from urllib3 import exceptions as urllib3_errors

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import CallError, Cancelled
from latchlight.core.progress import CancelToken
from latchlight.core.sentences import say
from latchlight.net.connection import Line

T = TypeVar("T")


def translated(work: Callable[[], T], line: Line, token: CancelToken) -> T:
    """Run one call; every error that leaves is a CallError or Cancelled.

    It is raised outside of any `except` block: nothing of the library's error hangs behind it.
    """
    problem: CallError
    try:
        return work()
    except Cancelled:
        problem = unreadable()
    except CallError as ours:
        problem = ours
    except (requests.RequestException, urllib3_errors.HTTPError, OSError, ValueError) as error:
        problem = _meaning(error)
    if token.cancelled:
        raise Cancelled
    if line.was_cut:
        problem = timeout()
    raise problem.with_traceback(None)


def _meaning(error: BaseException) -> CallError:
    chain = list(_chain(error))
    if any(isinstance(e, urllib3_errors.NameResolutionError) for e in chain):
        return name_not_found()
    if any(isinstance(e, ssl.SSLCertVerificationError | ssl.CertificateError) for e in chain):
        return tls_untrusted()
    # Before the time limits: urllib3 counts a refused connection among them.
    if any(
        isinstance(e, urllib3_errors.NewConnectionError | ConnectionRefusedError) for e in chain
    ):
        return offline()
    if any(
        isinstance(e, TimeoutError | urllib3_errors.TimeoutError | requests.Timeout) for e in chain
    ):
        return timeout()
    # Hung up in the middle of the handshake: nobody has shown himself as somebody else.
    if any(isinstance(e, ssl.SSLEOFError) for e in chain):
        return broken_off()
    if any(
        isinstance(e, ssl.SSLError | urllib3_errors.SSLError | requests.exceptions.SSLError)
        for e in chain
    ):
        return tls_untrusted()
    if any(
        isinstance(e, urllib3_errors.IncompleteRead | urllib3_errors.InvalidChunkLength)
        for e in chain
    ):
        return cut_short()
    if any(isinstance(e, HTTPException) and not isinstance(e, RemoteDisconnected) for e in chain):
        return unreadable()
    if any(isinstance(e, urllib3_errors.ProtocolError | ConnectionError) for e in chain):
        return broken_off()
    return unreadable()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it wraps (urllib3 keeps it in args or `reason`) and what it was raised from."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(current.args)
        waiting.extend((getattr(current, "reason", None), current.__cause__, current.__context__))


def offline() -> CallError:
    """Nothing answered the connection."""
    return CallError(
        DiagnosisCode.OFFLINE,
        say("No connection could be made."),
        say(
            "Check the internet connection, and whether a firewall on this computer blocks Latchlight."
        ),
        repeatable=True,
    )


def name_not_found() -> CallError:
    """The name server does not know the host, or does not answer."""
    return CallError(
        DiagnosisCode.NAME_NOT_FOUND,
        say("The server's name could not be found."),
        say("Check the internet connection and the DNS settings, then try again."),
        repeatable=True,
    )


def timeout() -> CallError:
    """The whole-call deadline has passed."""
    return CallError(
        DiagnosisCode.TIMEOUT,
        say("The answer took too long."),
        say("Try again, on a better line if there is one."),
    )


def tls_untrusted() -> CallError:
    """The certificate was not that of the host, or not TLS at all."""
    return CallError(
        DiagnosisCode.TLS_UNTRUSTED,
        say("The server could not prove who it is; somebody may be listening."),
        say("Nothing was sent. Use another network, and check that this computer's date is right."),
    )


def redirected(status: int) -> CallError:
    """A redirect, which is never followed."""
    return CallError(
        DiagnosisCode.REDIRECTED,
        say("The server wanted to send this request somewhere else; that was refused."),
        say("If this network has a login page, log in there first. Then try again."),
        http_status=status,
    )


def cut_short() -> CallError:
    """The answer ended before its announced length."""
    return CallError(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("The answer did not arrive whole."),
        say("Try again, on a better line if there is one."),
        repeatable=True,
    )


def broken_off() -> CallError:
    """The connection ended before an answer came."""
    return CallError(
        DiagnosisCode.OFFLINE,
        say("The connection broke off in the middle."),
        say("Try again, on a better line if there is one."),
        repeatable=True,
    )


def unreadable(status: int | None = None) -> CallError:
    """An answer came, but not in a form that can be trusted to be whole."""
    return CallError(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("The answer could not be read safely."),
        say("Try again. If it stays like this, look for a newer version of Latchlight."),
        http_status=status,
    )
