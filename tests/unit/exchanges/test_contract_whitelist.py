"""Safety rows C for every exchange: lists that let everybody in, and lists that cannot be read."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Iterator
from typing import Any

import pytest

from answer_mutations import at, parts, put
from exchange_samples import Refusal
from latchlight.core.facts import Known, Readable
from latchlight.core.findings import KeyReport, Light
from scripted_exchange import NoMemory, heard, judged, rules, services

from .contract import BAD, EGRESS, OWN, Exchange, each, each_exchange, only

FOREIGN = "8.8.4.4"
ABOUT_THE_LIST = (
    "whitelist-off",
    "address-not-whitelisted",
    "whitelist-too-wide",
    "whitelist-stale-entries",
)
MASKED = "203.**.7"
"""The address of the samples where an exchange hides the middle of it."""


def shows_its_list(exchange: Exchange) -> bool:
    """Whether the answers to the well-kept key hold its list in full."""
    return exchange.shows_its_list


def lets_in(exchange: Exchange, report: KeyReport) -> bool:
    """Whether a list passes for one: said to be on, narrow enough, and the light as good as ever."""
    told = rules(report)
    passes = told["whitelist-off"] == "green" and told.get("whitelist-too-wide") not in (
        "red",
        "grey",
    )
    return passes or report.light.badness <= exchange.best.light.badness


@each_exchange
def test_c02_the_samples_show_the_list_that_the_exchange_shows(exchange: Exchange) -> None:
    full = exchange.spec.readable is Readable.FULL
    assert exchange.shows_its_list is full
    if full:
        listed = exchange.best.facts.whitelist
        assert listed == Known((ipaddress.ip_network(OWN),))
        told = {r: light for r, light in rules(exchange.best).items() if r in ABOUT_THE_LIST}
        assert set(told.values()) == {"green"}


@only(shows_its_list)
def test_the_list_is_replaced_in_the_exchanges_own_form(exchange: Exchange) -> None:
    """Otherwise the tests below would prove nothing."""
    listed = exchange.with_list(OWN, FOREIGN).facts.whitelist
    assert listed == Known((ipaddress.ip_network(OWN), ipaddress.ip_network(FOREIGN)))
    assert exchange.with_list(OWN).light is exchange.best.light


NONSENSE: tuple[Any, ...] = (
    *("0.0.0.0/0", "::/0", "0.0.0.0", "::", "*", "*.*.*.*", "", "-1", "null", ",", " ", "\t"),
    *("0.0.0.0/00", "any", "all", "%", "localhost", "example.com", "1.2.3", "1.2.3.4.5"),
    *("999.1.1.1", "1.2.3.4/33", "1.2.3.4/", "/8", "1.2.3.4-1.2.3.9", "8.8.4.4/16", "0x8080404"),
    *("134743044", "\uff18.8.4.4", "8.8.4.4\n", "::ffff:0:0/96", "fe80::1%eth0", "8.8.4.*", None),
)


@pytest.mark.parametrize("entry", NONSENSE, ids=repr)
@only(shows_its_list)
def test_c02_an_entry_that_means_everybody_or_nothing_never_passes(
    exchange: Exchange, entry: Any
) -> None:
    """Alone, and beside an address that is fine."""
    spaces_only = isinstance(entry, str) and entry.strip() == FOREIGN
    for entries in ([entry], [OWN, entry], [entry, OWN]):
        report = exchange.with_list(*entries)
        if spaces_only:
            assert report.light is not Light.GREEN
        else:
            assert not lets_in(exchange, report), entries


def text_parts(exchange: Exchange) -> Iterator[tuple[int, Any]]:
    for number, body in enumerate(exchange.bodies):
        for path in parts(body):
            if isinstance(at(body, path), str) and MASKED in at(body, path):
                yield number, path


@only(lambda exchange: exchange.spec.readable is Readable.MASKED)
def test_c02_c08_a_masked_list_of_nonsense_is_never_a_list(exchange: Exchange) -> None:
    places = list(text_parts(exchange))
    assert places
    odd = ("*", "**", "0.0.0.0/0", "0.0.0.0", "0.**.0", "*.**.*", ",", " ", "-1", "null", "any")
    for number, path in places:
        body = exchange.bodies[number]
        for entry in (*odd, "::/0", "1.2.3", "203.**", "**.7", "\uff12\uff10\uff13.**.7"):
            for entries in (entry, f"{MASKED},{entry}", f"{entry},{MASKED}"):
                report = exchange.changed(number, put(body, path, entries))
                assert report.light in BAD, entries
                assert rules(report)["whitelist-off"] in ("red", "grey"), entries


@only(lambda exchange: exchange.spec.readable is not Readable.FULL)
def test_c08_a_list_that_is_not_shown_is_never_judged(exchange: Exchange) -> None:
    """Its width is not possible to check, and no address of it is claimed to be known."""
    told = rules(exchange.best)
    assert told.get("whitelist-too-wide", "grey") == "grey"
    assert "whitelist-stale-entries" not in told
    assert not isinstance(exchange.best.facts.whitelist, Known)


def halves(family: int, cuts: int, dice: random.Random) -> list[str]:
    """All addresses of a family, cut in two again and again."""
    whole: Any = ipaddress.ip_network("0.0.0.0/0" if family == 4 else "::/0")
    ranges = [whole]
    for _ in range(cuts):
        ranges += ranges.pop(dice.randrange(len(ranges))).subnets()
    dice.shuffle(ranges)
    return [str(one) for one in ranges]


@only(shows_its_list)
def test_c03_the_world_in_pieces_is_still_the_world(exchange: Exchange) -> None:
    dice = random.Random(3)
    assert not lets_in(exchange, exchange.with_list("0.0.0.0/1", "128.0.0.0/1"))
    assert not lets_in(exchange, exchange.with_list("::/1", "8000::/1", OWN))
    for family in (4, 6):
        for cuts in (1, 2, 3, 5, 8, 13, 20):
            report = exchange.with_list(*halves(family, cuts, dice))
            assert not lets_in(exchange, report), (family, cuts)


@pytest.mark.parametrize("prefix", [17, 18, 20, 22, 24])
@only(shows_its_list)
def test_c03_many_ranges_with_gaps_between_them_are_wide_together(
    exchange: Exchange, prefix: int
) -> None:
    """Each alone would pass for narrow; none can be joined with its neighbour."""
    many = 2 * (1 << (32 - 16)) // (1 << (32 - prefix))
    first, step = int(ipaddress.IPv4Address("8.0.0.0")), 1 << (33 - prefix)
    ranges = [f"{ipaddress.IPv4Address(first + n * step)}/{prefix}" for n in range(many + 1)]
    assert not lets_in(exchange, exchange.with_list(OWN, *ranges))


def range_of(address: str, prefix: int) -> str:
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


@only(shows_its_list)
def test_c04_the_wider_the_range_the_worse_the_light(exchange: Exchange) -> None:
    for prefix in range(33):
        report = exchange.with_list(range_of(OWN, prefix))
        if prefix < 16:
            assert not lets_in(exchange, report), prefix
        elif prefix < 32:
            assert report.light is not Light.GREEN, prefix
            assert rules(report).get("whitelist-too-wide") != "green", prefix
        else:
            assert report.light.badness >= exchange.best.light.badness


@only(shows_its_list)
def test_c04_a_wide_ipv6_range_is_wide_as_well(exchange: Exchange) -> None:
    for prefix in range(49):
        report = exchange.with_list(OWN, range_of("2606:2800:220:1::7", prefix))
        if prefix < 32:
            assert not lets_in(exchange, report), prefix
        else:
            wide = prefix < 48
            assert not wide or rules(report).get("whitelist-too-wide") != "green", prefix


@pytest.mark.parametrize("count", [2, 3, 20, 30, 200])
@only(shows_its_list)
def test_c05_many_addresses_are_many_doors(exchange: Exchange, count: int) -> None:
    first = ipaddress.IPv4Address(FOREIGN)
    many = [OWN, *(str(first + 2 * n) for n in range(count - 1))]
    report = exchange.with_list(*many)
    assert report.light is not Light.GREEN
    assert rules(report)["whitelist-too-wide"] in ("amber", "red", "grey")


@only(shows_its_list)
def test_c07_addresses_that_nobody_named_are_never_green(exchange: Exchange) -> None:
    for entries in ([OWN, FOREIGN], [FOREIGN], [OWN, "2606:2800:220:1::7"]):
        report = exchange.with_list(*entries)
        assert report.light is not Light.GREEN
        assert rules(report)["whitelist-stale-entries"] == "amber"
    for reserved in (
        "192.168.1.5",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "203.0.113.9",
        "fc00::1",
    ):
        report = exchange.with_list(OWN, reserved)
        assert report.light is not Light.GREEN, reserved
        assert rules(report)["whitelist-too-wide"] != "green", reserved


@pytest.mark.parametrize(
    "entry", ["93.**.34", "93.184.*.*", "93.184.216.x", "...34", "93.184.216.**"]
)
@only(shows_its_list)
def test_c08_a_masked_entry_in_a_full_list_is_grey(exchange: Exchange, entry: str) -> None:
    for entries in ([entry], [OWN, entry]):
        assert not lets_in(exchange, exchange.with_list(*entries))


NEARLY = ("193.184.216.34", "93.184.216.3", "93.184.216.43", "3.184.216.34", "93.18.216.34")


@only(shows_its_list)
def test_c15_addresses_are_compared_as_numbers_and_not_as_text(exchange: Exchange) -> None:
    for other in NEARLY:
        told = rules(exchange.with_list(other))
        assert told["whitelist-stale-entries"] == "amber", other
    for zeros in ("093.184.216.034", "93.184.216.0034", "0135.0270.0330.042"):
        assert not lets_in(exchange, exchange.with_list(zeros)), zeros


@only(shows_its_list)
def test_c15_other_spellings_are_the_same_address_or_none(exchange: Exchange) -> None:
    own = ipaddress.ip_network(OWN)
    for spelling in (f"::ffff:{OWN}", f" {OWN} ", f"{OWN}/32", f"\t{OWN}", f"::FFFF:{OWN}"):
        report = exchange.with_list(spelling)
        listed = report.facts.whitelist
        assert not isinstance(listed, Known) or listed.value in ((own,), ()), spelling
        assert isinstance(listed, Known) or report.light is Light.GREY, spelling


@each_exchange
def test_c16_without_a_signed_answer_nothing_about_the_list_is_green(exchange: Exchange) -> None:
    time_only = {exchange.spec.time_probe.path: exchange.time()}
    for script in ({}, time_only):
        told = rules(exchange.report(script))
        assert "green" not in {told.get(rule) for rule in ABOUT_THE_LIST}


@each_exchange
def test_c16_the_signed_questions_are_signed(exchange: Exchange) -> None:
    """A question that anybody may ask would say nothing about key or address."""
    around = services(exchange.script(), given_store=NoMemory())
    judged(exchange.request(), around, EGRESS)
    client = around.client()
    by_path = {probe.path: probe for probe in exchange.spec.probes()}
    for path, (query, headers) in zip(client.paths(), client.queries, strict=True):
        probe = by_path[path]
        bare = query == "&".join(f"{name}={value}" for name, value in probe.query) and not headers
        assert probe.signed is not bare, path


@each(lambda exchange: exchange.samples.refusals, "refusal")
def test_c21_a_refusal_makes_no_light_about_the_list_green(
    exchange: Exchange, refusal: Refusal
) -> None:
    told = rules(exchange.with_refusal(refusal))
    assert "green" not in {told.get(rule) for rule in ABOUT_THE_LIST}
    refused = told.get("address-not-whitelisted") == "red"
    assert refused is (refusal.diagnosis == "ip-not-whitelisted")


@each_exchange
def test_c01_a_list_that_is_off_is_never_green(exchange: Exchange) -> None:
    """Every sample that tells so."""
    for sample in exchange.samples.accepted:
        if sample.tells_whitelist and sample.whitelist_on is False:
            report = exchange.report_of(sample)
            assert report.light is not Light.GREEN, sample.name
            assert rules(report)["whitelist-off"] != "green", sample.name


@each_exchange
def test_e07_two_answers_in_a_row_are_judged_each_by_itself(exchange: Exchange) -> None:
    """Nothing of an earlier answer is left over for the next one."""
    first = exchange.report(exchange.script())
    broken = exchange.changed(0, heard({"x": 1}))
    assert (first.light, exchange.report(exchange.script()).light) == (exchange.best.light,) * 2
    assert broken.light in BAD
