"""The table of exchanges: complete, in order, and loaded one by one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import latchlight.exchanges
from guards import SYSTEM
from latchlight.exchanges import EXCHANGES, FACTS_DATE, IDS
from latchlight.practice.exchange import EXCHANGES as IMITATIONS

FOLDER = Path(latchlight.exchanges.__file__).parent


def test_the_table_and_the_practice_table_hold_the_same_exchanges_in_the_same_order() -> None:
    assert tuple(EXCHANGES) == IDS == tuple(IMITATIONS)


@pytest.mark.parametrize("id_", IDS)
def test_each_id_names_its_file_and_its_exchange(id_: str) -> None:
    assert (FOLDER / f"{id_}.py").exists()
    assert EXCHANGES[id_].id == EXCHANGES[id_].traits.id == IMITATIONS[id_].id == id_
    assert EXCHANGES[id_] is EXCHANGES[id_]


@pytest.mark.parametrize("id_", ["", "kraken", "spec", "signing", "Binance", "../cli"])
def test_what_is_not_in_the_table_is_no_exchange(id_: str) -> None:
    assert id_ not in EXCHANGES
    assert EXCHANGES.get(id_) is None
    with pytest.raises(KeyError):
        EXCHANGES[id_]


def test_the_date_of_the_tables_is_that_of_the_oldest() -> None:
    assert min(spec.facts_date for spec in EXCHANGES.values()) == FACTS_DATE


def test_a_check_of_one_exchange_loads_the_file_of_no_other() -> None:
    probe = (
        "import sys; from latchlight.exchanges import EXCHANGES; EXCHANGES['okx']; "
        "print([n.rsplit('.', 1)[1] for n in sys.modules if n.startswith('latchlight.exchanges.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        env={**SYSTEM, "PYTHONPATH": str(FOLDER.parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'okx'" in done.stdout
    assert [id_ for id_ in IDS if f"'{id_}'" in done.stdout] == ["okx"]
