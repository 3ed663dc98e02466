"""Words of the command line. An error never repeats what was typed: it could be a secret."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any, NoReturn

from latchlight import __version__
from latchlight.cli.terminal import spoken
from latchlight.core.command_name import command_name
from latchlight.core.errors import UsageError
from latchlight.core.languages import codes
from latchlight.core.purpose import Purpose, Setup
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.wrapping import wrapped


class _Parser(argparse.ArgumentParser):
    """Says everything in the language in force, the words of argparse itself included."""

    def __init__(self, **options: Any) -> None:
        for name in ("description", "epilog"):
            options[name] = _tr(options.get(name, say("")))
        super().__init__(**options, add_help=False, allow_abbrev=False, formatter_class=_Help)
        self._positionals.title = _tr(say("what it is about"))
        self._optionals.title = _tr(say("options"))
        self.add_argument("-h", "--help", action="help", help=_tr(say("show this help and stop")))

    def error(self, message: str) -> NoReturn:
        """Only our own option names may be repeated; argparse would quote the user's words."""
        prefix = "the following arguments are required: "
        if message.startswith(prefix):
            problem = say("Missing: {names}.", names=message.removeprefix(prefix))
        else:
            problem = say("This is not a command that Latchlight understands.")
        raise UsageError(problem, say("Try `{prog} --help`.", prog=self.prog))


class _Help(argparse.HelpFormatter):
    """Wraps by what letters take on the screen."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """In our own words."""
        super().add_usage(usage, actions, groups, _tr(say("usage: ")) if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(wrapped(" ".join(text.split()), width, indent, indent))


def _tr(text: str) -> str:
    return spoken().of(text)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog=command_name(),
        description=say("Is this exchange API key safe to hand to a bot?"),
        epilog=say(
            "Exit codes: 0 green, 1 amber, 2 red, 3 grey or nothing to check, 64 wrong use, 70 internal "
            "fault. Secrets are never taken from arguments: use the prompts, --credentials - or "
            "--credentials-dir."
        ),
    )
    # Taken out before anything is parsed; here it stands for the help.
    parser.add_argument(
        "--language",
        metavar="CODE",
        help=_tr(
            say(
                "in which language to speak ({names}); otherwise as in the settings, or the system's",
                names=series(codes()),
            )
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"latchlight {__version__}",
        help=_tr(say("show the version and stop")),
    )
    commands = parser.add_subparsers(dest="command", parser_class=_Parser, metavar="COMMAND")
    window = _add(commands, "gui", say("open the window (also without any command)"))
    window.add_argument(
        "--selftest",
        action="store_true",
        help=_tr(
            say("draw practice off-screen, tell by the exit code whether it worked, and close")
        ),
    )
    _practice(commands)
    _keys(commands)
    _check(commands)
    _preflight(commands)
    _json(_add(commands, "ip", say("show this computer's public IP")))
    exchanges = _json(_add(commands, "exchanges", say("what each exchange can and cannot tell")))
    exchanges.add_argument("id", nargs="?", metavar="ID", help=_tr(say("one exchange only")))
    _json(_add(commands, "updates", say("ask for a newer version; nothing asks by itself")))
    doctor = _json(
        _add(commands, "doctor", say("check this installation: keyring, TLS, clock, limits"))
    )
    doctor.add_argument(
        "--selftest",
        action="store_true",
        help=_tr(
            say("instead do once what an installation must be able to do; contacts nobody outside")
        ),
    )
    return parser


# argparse has no public name for what add_subparsers returns.
Commands = Any


def _add(commands: Commands, name: str, text: Sentence) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=_tr(text), description=text)
    return parser


def _json(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--json", action="store_true", help=_tr(say("print JSON for machines")))
    return parser


def _practice(commands: Commands) -> None:
    parser = _add(
        commands,
        "practice",
        say("try everything on a practice exchange on this computer; alone it opens the window"),
    )
    inner = parser.add_subparsers(dest="practice", parser_class=_Parser, metavar="ACTION")
    _json(_add(inner, "check", say("one checkup of the practice keys")))
    _json(_add(inner, "serve", say("the practice exchange alone, until interrupted")))


def _keys(commands: Commands) -> None:
    parser = _add(commands, "keys", say("add, edit, remove, list and show stored keys"))
    inner = parser.add_subparsers(
        dest="keys", parser_class=_Parser, metavar="ACTION", required=True
    )
    add = _add(inner, "add", say("test a key and store it in the system keyring"))
    add.add_argument(
        "label", metavar="LABEL", help=_tr(say("your own name for the key, 1 to 40 characters"))
    )
    add.add_argument(
        "--exchange",
        required=True,
        metavar="ID",
        help=_tr(say("see `{command} exchanges`", command=command_name())),
    )
    add.add_argument(
        "--host", metavar="HOST", help=_tr(say("one of the exchange's hosts; see `exchanges ID`"))
    )
    _credentials(add)
    _intent(add)
    add.add_argument(
        "--save-anyway",
        action="store_true",
        help=_tr(say("store it even if the exchange rejects it")),
    )
    edit = _add(inner, "edit", say("change label, host, purpose, set-up, addresses or acceptances"))
    edit.add_argument("label", metavar="LABEL", help=_tr(say("which stored key")))
    edit.add_argument(
        "--label", dest="new_label", metavar="NEW", help=_tr(say("give it another name"))
    )
    edit.add_argument(
        "--host", metavar="HOST", help=_tr(say("the exchange's host to which the key belongs"))
    )
    _intent(edit)
    edit.add_argument(
        "--accept",
        metavar="RULE",
        help=_tr(
            say(
                "accept an amber finding, by its name in square brackets; needs --reason and --until"
            )
        ),
    )
    edit.add_argument(
        "--reason", metavar="TEXT", help=_tr(say("why you accept it; kept and shown"))
    )
    edit.add_argument("--until", metavar="YYYY-MM-DD", help=_tr(say("at most 30 days from now")))
    edit.add_argument(
        "--withdraw-acceptance", metavar="RULE", help=_tr(say("take an acceptance back"))
    )
    remove = _json(_add(inner, "remove", say("delete a key from keyring and store")))
    remove.add_argument("label", nargs="?", metavar="LABEL", help=_tr(say("which stored key")))
    remove.add_argument("--all", action="store_true", help=_tr(say("every stored key")))
    remove.add_argument(
        "--yes", action="store_true", help=_tr(say("with --all: you mean it; nothing is asked"))
    )
    _json(_add(inner, "show", say("one stored key"))).add_argument(
        "label", metavar="LABEL", help=_tr(say("which stored key"))
    )
    _json(_add(inner, "list", say("all stored keys")))


def _check(commands: Commands) -> None:
    parser = _add(commands, "check", say("check keys and print the checklist"))
    _which_keys(parser)
    parser.add_argument("--all", action="store_true", help=_tr(say("every stored key")))
    parser.add_argument(
        "--ask-other-hosts",
        action="store_true",
        help=_tr(
            say(
                "after a refusal also ask the exchange's other hosts (regions, test networks, demos): "
                "they see the API key, a signature, and the passphrase where that exchange wants it"
            )
        ),
    )
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help=_tr(say("print JSON for machines")))
    output.add_argument("--html", metavar="FILE", help=_tr(say("write a page to save or print")))


def _preflight(commands: Commands) -> None:
    parser = _add(commands, "preflight", say("one line for people, the exit code for machines"))
    _which_keys(parser)
    parser.add_argument(
        "--accept-amber",
        action="store_true",
        help=_tr(say("let amber findings pass that were accepted with `keys edit --accept`")),
    )


def _which_keys(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("labels", nargs="*", metavar="LABEL", help=_tr(say("stored keys")))
    parser.add_argument("--exchange", metavar="ID", help=_tr(say("check a key without storing it")))
    parser.add_argument("--host", metavar="HOST", help=_tr(say("one of the exchange's hosts")))
    _credentials(parser)
    _intent(parser)
    parser.add_argument(
        "--allow-ipv6",
        action="store_true",
        help=_tr(say("also connect over IPv6 (otherwise as in the settings: IPv4 only)")),
    )


def _credentials(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--credentials", choices=["-"], metavar="-", help=_tr(say("read JSON from standard input"))
    )
    group.add_argument(
        "--credentials-dir",
        metavar="DIR",
        help=_tr(say("read the files api_key, secret and passphrase from DIR")),
    )


def _intent(parser: argparse.ArgumentParser) -> None:
    purposes, setups = [p.value for p in Purpose], [s.value for s in Setup]
    parser.add_argument(
        "--purpose",
        choices=purposes,
        metavar="|".join(purposes),
        help=_tr(say("what the key is for")),
    )
    parser.add_argument(
        "--setup", choices=setups, metavar="|".join(setups), help=_tr(say("where the bot runs"))
    )
    parser.add_argument(
        "--address",
        action="append",
        default=None,
        metavar="A",
        help=_tr(say("an address of yours; repeatable")),
    )
