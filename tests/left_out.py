"""What cannot run on a system other than Linux, by name and with its reason. ``--left-out-on SYSTEM`` leaves it out.

Nothing is left out unless that option is given, and then the run says how much and why. A test that is not named here
runs everywhere; one that fails on a system is mended, or named here with what it needs.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


class Need(Enum):
    """What a test needs that is not everywhere."""

    SECRET_SERVICE = "a keyring daemon of Linux on a bus of its own"
    NAMESPACES = "private networks and mounts, which Linux alone can make"
    X_SCREEN = "an X server with its window manager, bus of screen readers and browser"
    DEBIAN = "programs that only the set-up for Debian and Ubuntu installs (minisign, Wine, dpkg, pdftotext)"
    BUILT = "the frozen program, which the workflow build makes and looks at on each system"
    UNIX = "pipes, links, modes, shells, signals or terminals as Unix has them"
    DEVICES = "devices that Linux alone has, such as the disk that is always full"
    CASE = "a file system that tells small letters from capitals"
    CCXT = "ccxt, whose cryptography has no build for Macs with processors of Intel"


MISSING_ON: dict[str, frozenset[Need]] = {
    "windows": frozenset(Need) - {Need.CCXT},
    "macos": frozenset(Need) - {Need.CCXT, Need.UNIX},
    "intel-mac": frozenset(Need) - {Need.UNIX},
}

MARKED = {"keyring": Need.SECRET_SERVICE, "namespaces": Need.NAMESPACES}

_REPORTS = "tests/gui/test_report_section.py"

# A file, or one test of it.
NAMED: dict[str, Need] = {
    "tests/e2e/test_first_green.py": Need.X_SCREEN,
    "tests/e2e/test_practice_walk.py": Need.X_SCREEN,
    "tests/e2e/test_window_aloud.py": Need.X_SCREEN,
    "tests/gui/test_screen.py": Need.X_SCREEN,
    "tests/e2e/test_cli_input.py": Need.UNIX,
    "tests/e2e/test_cli_input.py::test_a_result_that_could_not_be_printed_is_never_a_green": Need.DEVICES,
    "tests/e2e/test_cli_keys.py::test_s15_the_store_is_readable_by_its_user_alone": Need.UNIX,
    "tests/e2e/test_cli_practice.py::test_practice_serve_prints_one_line_serves_and_ends_on_a_signal": Need.UNIX,
    "tests/e2e/test_cli_practice.py::test_practice_serve_for_people_says_where_the_page_is": Need.UNIX,
    "tests/e2e/test_guards.py::test_home_and_settings_are_those_of_the_run": Need.UNIX,
    "tests/faults/test_kill_store.py": Need.UNIX,
    "tests/gui/test_key_file.py::test_a_pipe_is_refused_and_holds_nobody_up": Need.UNIX,
    f"{_REPORTS}::test_a_text_without_a_space_stays_on_the_page": Need.DEBIAN,
    f"{_REPORTS}::test_addresses_have_names_until_they_are_wanted": Need.DEBIAN,
    f"{_REPORTS}::test_chinese_is_drawn_with_its_own_font_and_can_be_searched": Need.DEBIAN,
    f"{_REPORTS}::test_hostile_text_is_painted_as_text_and_nothing_in_the_pdf_can_be_clicked": Need.DEBIAN,
    f"{_REPORTS}::test_practice_stands_on_every_page": Need.DEBIAN,
    f"{_REPORTS}::test_s8_no_secret_is_in_any_form_of_the_report": Need.DEBIAN,
    f"{_REPORTS}::test_the_pdf_is_read_by_another_program": Need.DEBIAN,
    "tests/packaging/test_bootstrap.py": Need.UNIX,
    "tests/packaging/test_checksums.py": Need.DEBIAN,
    "tests/packaging/test_frozen.py": Need.X_SCREEN,
    "tests/packaging/test_frozen_parts.py": Need.BUILT,
    "tests/packaging/test_linux_package.py": Need.DEBIAN,
    "tests/packaging/test_lock.py::test_renewing_lets_nothing_in_that_the_comparison_refuses": Need.UNIX,
    "tests/packaging/test_macos.py": Need.UNIX,
    "tests/packaging/test_macos.py::test_names_that_are_one_name_to_a_mac_are_found": Need.CASE,
    "tests/packaging/test_published.py": Need.DEBIAN,
    "tests/packaging/test_release_gate.py": Need.UNIX,
    "tests/packaging/test_reproducible.py": Need.UNIX,
    "tests/packaging/test_sbom.py": Need.UNIX,
    "tests/packaging/test_smoke.py": Need.X_SCREEN,
    "tests/packaging/test_windows_builder.py": Need.UNIX,
    "tests/packaging/test_windows_installer.py": Need.DEBIAN,
    "tests/unit/exchanges/test_bitget_ccxt.py": Need.CCXT,
    "tests/unit/exchanges/test_bybit_ccxt.py": Need.CCXT,
    "tests/unit/exchanges/test_ccxt_agrees.py": Need.CCXT,
    "tests/unit/exchanges/test_coinbase_ccxt.py": Need.CCXT,
    "tests/unit/exchanges/test_gate_ccxt.py": Need.CCXT,
    "tests/unit/exchanges/test_htx_ccxt.py": Need.CCXT,
    "tests/unit/exchanges/test_kucoin_ccxt.py": Need.CCXT,
    "tests/unit/exchanges/test_okx_ccxt.py": Need.CCXT,
    "tests/unit/practice/test_bitget.py": Need.CCXT,
    "tests/unit/practice/test_bybit.py": Need.CCXT,
    "tests/unit/practice/test_ccxt.py": Need.CCXT,
    "tests/unit/practice/test_coinbase.py": Need.CCXT,
    "tests/unit/practice/test_gate.py": Need.CCXT,
    "tests/unit/practice/test_htx.py": Need.CCXT,
    "tests/unit/practice/test_kucoin.py": Need.CCXT,
    "tests/unit/net/test_deadlines.py::test_every_socket_is_closed_after_a_hundred_failed_calls": Need.UNIX,
    "tests/unit/net/test_tls.py::test_tl12_s14_hardening_drops_the_variables_and_names_them": Need.UNIX,
    "tests/unit/practice/test_server.py::test_closing_twice_is_fine_and_frees_port_and_folder": Need.UNIX,
    "tests/unit/report/test_saving.py::test_the_file_is_there_whole_and_for_its_owner_only": Need.UNIX,
    "tests/unit/report/test_saving.py::test_a_link_stays_and_its_target_is_replaced": Need.UNIX,
    "tests/unit/report/test_saving.py::test_a_pipe_is_never_replaced": Need.UNIX,
    "tests/unit/report/test_saving.py::test_a_loop_of_links_is_said": Need.UNIX,
    "tests/unit/test_installation.py::test_links_are_compared_and_pipes_are_foreign": Need.UNIX,
    "tests/unit/test_installation.py::test_a_pipe_in_place_of_a_file_is_not_waited_for": Need.UNIX,
    "tests/unit/test_review_findings.py": Need.UNIX,
    "tests/unit/vault/test_refusals.py::test_the_library_has_classes_of_these_names": Need.SECRET_SERVICE,
    "tests/unit/test_store.py::test_s15_folder_and_files_are_private_from_the_first_byte": Need.UNIX,
    "tests/unit/test_store.py::test_m32_the_file_is_made_private_before_sqlite_sees_it": Need.UNIX,
    "tests/unit/test_store.py::test_di08_permissions_that_grew_are_taken_back": Need.UNIX,
    "tests/unit/test_store.py::test_di07_what_is_not_a_plain_file_is_refused_without_hanging": Need.UNIX,
    "tests/unit/test_store.py::test_di08_a_file_of_another_user_is_refused": Need.UNIX,
    "tests/unit/test_store.py::test_what_is_not_a_file_can_be_set_aside_too": Need.UNIX,
}


class LeftOut:
    """Takes the tests out of the run that this system has not what they need for."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._missing = MISSING_ON[system]
        self._counts = Counter[Need]()

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """A whole file is not even read: what it imports may not be there."""
        path = collection_path.resolve()
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
        need = NAMED.get(name)
        if need not in self._missing:
            return None
        self._counts[need] += 1
        return True

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Single tests, and those with a mark."""
        out = [item for item in items if self._needs(item) & self._missing]
        for item in out:
            self._counts.update(self._needs(item) & self._missing)
        items[:] = [item for item in items if item not in set(out)]
        config.hook.pytest_deselected(items=out)

    def _needs(self, item: pytest.Item) -> set[Need]:
        marked = {need for mark, need in MARKED.items() if item.get_closest_marker(mark)}
        place = item.path.resolve().relative_to(ROOT).as_posix()
        function = f"{place}::{getattr(item, 'originalname', item.name)}"
        return marked | {NAMED[name] for name in (place, function) if name in NAMED}

    def pytest_report_header(self) -> list[str]:
        """Says that this is not the whole suite."""
        reasons = sorted(need.value for need in self._missing)
        return [f"left out on {self._system}: what needs {reason}" for reason in reasons]
