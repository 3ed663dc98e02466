"""Is there a newer version? Asked when somebody presses the button or types the command, and never otherwise."""

from __future__ import annotations

from contextlib import suppress
from typing import assert_never

from latchlight import __version__
from latchlight.core.errors import StoreError
from latchlight.core.progress import CancelToken
from latchlight.core.release_notice import NoticeError, Seen, Standing, Update, judged
from latchlight.core.sentences import Sentence, say
from latchlight.services import Services, contact_recorder

_SEEN = "newest_release_seen"


def look_for_update(services: Services, token: CancelToken) -> Update:
    """Ask the makers' server, believe only what they signed, and remember the day of it.

    Raises NoticeError: then nothing is known. Raises Cancelled.
    """
    from latchlight.net.announcement import fetch_notice

    home = services.home()
    if home is None:
        raise NoticeError(
            say("This copy was built from source and does not know where releases are announced."),
            say(
                "Look at the page from which you got it; this is version {version}.",
                version=__version__,
            ),
        )
    notice = fetch_notice(home, services.client(), token, contact_recorder(services))
    seen = _newest_seen(services)
    update = judged(notice, ours=__version__, today=services.now().date(), seen=seen)
    with suppress(StoreError):  # what was announced is true all the same
        services.store().set_setting(_SEEN, Seen.of(notice).text)
    return update


def page_of(update: Update, services: Services) -> str:
    """The page of the announced release, on the makers' own host."""
    home = services.home()
    return "" if home is None else f"https://{home.host}{update.notice.page}"


def _newest_seen(services: Services) -> Seen | None:
    """Raises NoticeError where it cannot be read: an old notice could pass for a new one then."""
    try:
        text = services.store().setting(_SEEN)
        return None if text is None else Seen.read(text)
    except (StoreError, ValueError):
        raise NoticeError(
            say("What was announced before cannot be read on this computer."),
            say("Look at the page from which you downloaded Latchlight."),
        ) from None


def in_words(update: Update) -> Sentence:
    """One sentence for people."""
    notice = update.notice
    match update.standing:
        case Standing.NEWEST:
            return say(
                "This is the newest version ({version}, released on {day}).",
                version=notice.version,
                day=notice.released,
            )
        case Standing.AHEAD:
            return say(
                "This is a trial version; the newest release is {version}.", version=notice.version
            )
        case Standing.OLDER:
            return say(
                "Version {version} came out on {day}.", version=notice.version, day=notice.released
            )
        case Standing.INSECURE:
            return say(
                "Version {version} came out on {day} and mends a security hole of earlier ones: "
                "install it before you rely on this one.",
                version=notice.version,
                day=notice.released,
            )
        case _:
            assert_never(update.standing)
