"""Fetches the makers' signed notice about the newest release. Only when somebody asked for it by name."""

from __future__ import annotations

import socket
from collections.abc import Callable

from latchlight.core.errors import CallError
from latchlight.core.progress import CancelToken
from latchlight.core.release_home import NOTICE_NAME, Home
from latchlight.core.release_notice import Notice, NoticeError, read_notice
from latchlight.core.sentences import say
from latchlight.net.client import Client, RawAnswer
from latchlight.net.decode import NotStrictJson, decode
from latchlight.net.minisign import NotSigned, verified

_OK = 200


def fetch_notice(
    home: Home, client: Client, token: CancelToken, contact: Callable[[str, str], None]
) -> Notice:
    """The genuine notice. Raises NoticeError or Cancelled."""
    allowed = {(home.host, path) for path in home.paths}
    chain = client.chain(
        lambda host, path: (host, path) in allowed,
        family=socket.AF_UNSPEC,
        token=token,
        contact=contact,
    )
    try:
        with chain:
            content, signature = (_body(chain.get(home.host, path)) for path in home.paths)
    except CallError as problem:
        raise NoticeError(
            say(
                "It could not be asked whether there is a newer version: {why}", why=problem.message
            ),
            problem.next_step,
        ) from None
    return genuine(content, signature, home)


def _body(answer: RawAnswer) -> bytes:
    if answer.status != _OK:
        raise NoticeError(
            say(
                "The server of the announcements answered with an error ({status}).",
                status=answer.status,
            ),
            say("Try again later."),
        )
    return answer.body


def genuine(content: bytes, signature: bytes, home: Home) -> Notice:
    """Read only after its signature was verified. Raises NoticeError."""
    try:
        comment = verified(content, signature, home.public_keys)
        notice = read_notice(decode(content))
    except (NotSigned, NotStrictJson):
        raise _not_genuine() from None
    if comment != f"file:{NOTICE_NAME} version:{notice.version}":
        raise _not_genuine()
    return notice


def _not_genuine() -> NoticeError:
    return NoticeError(
        say("The announcement is not signed by the makers of Latchlight, so it was not believed."),
        say("Install nothing that it may have offered. Try again from another network."),
    )
