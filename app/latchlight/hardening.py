"""What the process gives up before it touches a secret."""

from __future__ import annotations

import ctypes
import os
import sys

_IGNORED_VARIABLES = (
    "SSLKEYLOGFILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "OPENSSL_CONF",
    "OPENSSL_CONF_INCLUDE",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "NETRC",
    "PYTHON_KEYRING_BACKEND",
    "QT_LOGGING_RULES",
    "QT_LOGGING_CONF",
    "QML_IMPORT_TRACE",
    "QT_DEBUG_PLUGINS",
)
_PR_SET_DUMPABLE = 4


def harden() -> tuple[str, ...]:
    """No core dumps, no debugger of the same user, private files, no variables that leak keys.

    Returns the names of the variables that were set and are ignored; `doctor` prints them.
    """
    os.umask(0o077)
    _no_core_dumps()
    _forget_the_starter()
    return _drop_variables()


def _forget_the_starter() -> None:
    """What starts an installed program points the loader at our libraries; a browser that we open must not take them.

    https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html#launching-external-programs-from-the-frozen-application
    """
    if not getattr(sys, "frozen", False):
        return
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]


def forget_qt_paths() -> None:
    """The starter also tells Qt where its parts are. To be called once ours has read it: no other program's should."""
    if getattr(sys, "frozen", False):
        for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
            os.environ.pop(name, None)


def _drop_variables() -> tuple[str, ...]:
    found = [n for n in os.environ if n.upper() in _IGNORED_VARIABLES]
    for name in found:
        del os.environ[name]
    return tuple(sorted(found))


def _no_core_dumps() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Inside a Snap a process that cannot be dumped loses its portals (KeePassXC leaves it out too).
    if sys.platform == "linux" and "SNAP" not in os.environ:
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
