"""Binance's refusals, word for word.

Sources: binance-spot-api-docs `errors.md` and `rest-api.md` for codes and texts; the HTTP statuses
of -2015 and -2008, which differ between /api and /sapi, are those that users of ccxt,
binance-connector-python and others pasted into public threads (read 2026-11-20).
"""

from __future__ import annotations

from latchlight.practice.messages import Answer, Request, html_answer, json_answer
from latchlight.practice.traits import ServerFaults, Trait

RATE_LIMIT_SECONDS = 30
BAN_SECONDS = 600


class Refused(Exception):  # noqa: N818 - an answer on its way out
    """Binance answers with an error. `answer` is what is sent."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(code)
        self.answer = error(status, code, message)


def error(status: int, code: int, message: str) -> Answer:
    """Binance's error shape."""
    return json_answer({"code": code, "msg": message}, status)


def is_sapi(path: str) -> bool:
    """Whether a path belongs to /sapi, whose refusals differ from those of /api."""
    return path.startswith("/sapi/")


def key_ip_or_permission(path: str) -> Refused:
    """The ambiguous one: unknown key on /api, address not listed, or a right is missing."""
    status = 400 if is_sapi(path) else 401
    return Refused(status, -2015, "Invalid API-key, IP, or permissions for action.")


def key_unknown(path: str) -> Refused:
    """The same unknown key gets -2008 on /sapi and -2015 on /api."""
    if is_sapi(path):
        return Refused(400, -2008, "Invalid Api-Key ID.")
    return key_ip_or_permission(path)


def key_malformed() -> Refused:
    """Also sent when there is no key at all."""
    return Refused(401, -2014, "API-key format invalid.")


def signature_wrong() -> Refused:
    """The signature does not belong to the text that was sent."""
    return Refused(400, -1022, "Signature for this request is not valid.")


def parameter_missing(name: str) -> Refused:
    """A parameter that every signed request needs."""
    message = f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
    return Refused(400, -1102, message)


def parameter_illegal(name: str, legal: str) -> Refused:
    """A parameter with letters where numbers belong."""
    message = f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."
    return Refused(400, -1100, message)


def parameter_twice() -> Refused:
    """The same parameter more than once."""
    return Refused(400, -1101, "Duplicate values for a parameter detected.")


def window_too_long() -> Refused:
    """recvWindow beyond what is allowed."""
    return Refused(400, -1131, "'recvWindow' must be less than 60000.")


def clock_behind() -> Refused:
    """The timestamp is older than the window."""
    return Refused(400, -1021, "Timestamp for this request is outside of the recvWindow.")


def clock_ahead() -> Refused:
    """The timestamp lies a second or more in the future."""
    return Refused(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.")


def not_found(path: str, now: float) -> Answer:
    """/sapi answers in JSON, everything else with its web server's page."""
    if is_sapi(path):
        return _sapi_status(path, now, 404, "Not Found")
    return _web_server_page(404, "Not Found")


def method_refused(path: str, now: float) -> Answer:
    """Another method than GET on a path that only reads. The wording is not documented."""
    if is_sapi(path):
        return _sapi_status(path, now, 405, "Method Not Allowed")
    return _web_server_page(405, "Not Allowed")


def _sapi_status(path: str, now: float, status: int, text: str) -> Answer:
    value = {
        "timestamp": int(now * 1000),
        "status": status,
        "error": text,
        "message": "No message available",
        "path": path,
    }
    return json_answer(value, status)


def _web_server_page(status: int, text: str) -> Answer:
    title = f"{status} {text}"
    return html_answer(
        f"<html>\n<head><title>{title}</title></head>\n<body>\n<center><h1>{title}</h1></center>\n"
        "<hr><center>nginx</center>\n</body>\n</html>\n",
        status,
    )


def _maintenance(request: Request, now: float) -> Answer:
    if request.path == "/sapi/v1/system/status":
        return json_answer({"status": 1, "msg": "system_maintenance"})
    message = (
        "Server is currently overloaded with other requests. Please try again in a few minutes."
    )
    return error(503, -1008, message)


def _maintenance_page(request: Request, now: float) -> Answer:
    return _web_server_page(503, "Service Temporarily Unavailable")


def _firewall(request: Request, now: float) -> Answer:
    return html_answer(
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<HTML><HEAD>'
        "<TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY>\n"
        "<H1>403 ERROR</H1>\n<H2>The request could not be satisfied.</H2>\n<HR noshade>\n"
        "Request blocked.\n</BODY></HTML>\n",
        403,
    )


def _region(request: Request, now: float) -> Answer:
    message = (
        "Service unavailable from a restricted location according to 'b. Eligibility' in "
        "https://www.binance.com/en/terms. Please contact customer service if you believe you "
        "received this message in error."
    )
    return error(451, 0, message)


def _rate_limited(request: Request, now: float) -> Answer:
    message = (
        "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. "
        "Please use WebSocket Streams for live updates to avoid polling the API."
    )
    return _wait(error(429, -1003, message), RATE_LIMIT_SECONDS)


def _banned(request: Request, now: float) -> Answer:
    until = int((now + BAN_SECONDS) * 1000)
    message = (
        f"Way too much request weight used; IP banned until {until}. "
        "Please use WebSocket Streams for live updates to avoid bans."
    )
    return _wait(error(418, -1003, message), BAN_SECONDS)


def _wait(answer: Answer, seconds: int) -> Answer:
    headers = (("Retry-After", str(seconds)),)
    return Answer(answer.status, answer.body, answer.content_type, headers)


FAULTS: ServerFaults = {
    Trait.MAINTENANCE: _maintenance,
    Trait.MAINTENANCE_PAGE: _maintenance_page,
    Trait.FIREWALL: _firewall,
    Trait.REGION: _region,
    Trait.RATE_LIMITED: _rate_limited,
    Trait.BANNED: _banned,
}
