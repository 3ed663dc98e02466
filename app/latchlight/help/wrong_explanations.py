"""What many pages and programs say about refusals and lists, and what is true instead.

Each truth stands in the exchange's documents or in answers that users posted; where nobody
documents anything, that is what is said. Certainty as in `exchanges/spec.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.spec import SOURCE_WORDS, SourceCertainty
from latchlight.help.article import Article, Block, Chapter, Claim, Para, Part

_D = SourceCertainty.DOCUMENTED
_S = SourceCertainty.SDK
_I = SourceCertainty.ISSUE
_A = SourceCertainty.ARTICLE
_U = SourceCertainty.UNKNOWN
ID = "wrong-explanations"
READ_ON = "2026-11-20"
_BINANCE_DOCS = "binance/binance-spot-api-docs"
_BYBIT_DOCS = "Bybit docs, v5/error"
_OKX_DOCS = "www.okx.com/docs-v5/en"
_KUCOIN_DOCS = "www.kucoin.com/docs-new, Error Code"
_BITGET_DOCS = "BitgetLimited/apidoc@6b2fc86d, error codes"


@dataclass(frozen=True)
class WrongExplanation:
    """`exchange` is an id, or "" for what is said everywhere."""

    exchange: str
    claim: Sentence
    truth: Sentence
    source: str
    certainty: SourceCertainty


_W = WrongExplanation

WRONG_EXPLANATIONS: tuple[WrongExplanation, ...] = (
    _W(
        "",
        say("“Take the IP restriction away, then it works.”"),
        say(
            "It works then for everybody who has a copy of the key as well. The refusal means that the "
            "lock does its work: add the address that is missing."
        ),
        "askmike/gekko#756",
        _I,
    ),
    _W(
        "",
        say("“My bot shows my balance, so the key is set up safely.”"),
        say(
            "That proves reading and nothing else: not that withdrawals are off, nor that a whitelist "
            "is on. Bots have said “connected” to keys that were wrong."
        ),
        "hummingbot/hummingbot#5216",
        _I,
    ),
    _W(
        "",
        say("“Whether a key can withdraw is found out by trying to withdraw a little.”"),
        say("It can be read: most exchanges tell the rights of a key to the key itself."),
        "ccxt/ccxt#25956",
        _I,
    ),
    _W(
        "",
        say("“The error lists possible reasons, invalid keys first, so my key is invalid.”"),
        say(
            "Some programs put the same general list under every code. The code decides: a code for the "
            "clock means the clock."
        ),
        "ccxt/ccxt#1477",
        _I,
    ),
    _W(
        "binance",
        say("“-2015 means that the key does not match the secret.”"),
        say(
            "It means the key, the address or a right, and does not say which. A secret that does not "
            "fit has a code of its own, -1022."
        ),
        f"{_BINANCE_DOCS}, errors.md",
        _D,
    ),
    _W(
        "binance",
        say("“-2015 comes with HTTP status 403.”"),
        say(
            "It comes with 401, and with 400 where the rights of a key are asked. 403 is the firewall in "
            "front of Binance and says nothing about the key."
        ),
        "binance/binance-connector-python#155, ccxt/ccxt#18653",
        _I,
    ),
    _W(
        "binance",
        say("“-1015 means that the address does not match.”"),
        say("It means too many new orders."),
        f"{_BINANCE_DOCS}, errors.md",
        _D,
    ),
    _W(
        "binance",
        say("“-1003 has the word IP in it, so the whitelist is wrong.”"),
        say(
            "It means too many requests from this address. Wait until the named time; do not change the list."
        ),
        f"{_BINANCE_DOCS}, errors.md",
        _D,
    ),
    _W(
        "binance",
        say("“A key takes at most 20 addresses.”"),
        say(
            "30, as Binance documents it for neighbouring functions; for ordinary keys no document says "
            "a number. 20 is the number of OKX."
        ),
        "developers.binance.com, Link and Trade, Special Key",
        _D,
    ),
    _W(
        "binance",
        say("“Ranges such as 203.0.113.0/24 can be entered.”"),
        say(
            "No document of Binance mentions ranges; its page speaks of single trusted IPs. Enter single addresses."
        ),
        f"{_BINANCE_DOCS}, rest-api.md",
        _U,
    ),
    _W(
        "binance",
        say("“If the server time can be asked, the address is on the list.”"),
        say(
            "Everybody may ask for the time, without a key. It shows the clock and the line, nothing about the list."
        ),
        f"{_BINANCE_DOCS}, rest-api.md",
        _D,
    ),
    _W(
        "binance",
        say("“The price stream runs, so the address is on the list.”"),
        say("Ordinary streams need no key, so no list is looked at."),
        f"{_BINANCE_DOCS}, web-socket-streams.md",
        _D,
    ),
    _W(
        "binance",
        say("“canWithdraw says whether the key can withdraw.”"),
        say(
            "It speaks of the account: read-only keys were told true. The key's own switch is "
            "enableWithdrawals."
        ),
        "JKorf/Binance.Net#180",
        _I,
    ),
    _W(
        "binance",
        say("“The addresses on the list can be read through the API.”"),
        say(
            "Not by the key itself: that ended on 2021-11-17. Only the main account can ask for the "
            "lists of its sub-accounts."
        ),
        f"{_BINANCE_DOCS}#333",
        _D,
    ),
    _W(
        "bybit",
        say("“10010 means a wrong signature.”"),
        say("It means that the address is not on the list. A wrong signature is 10004."),
        _BYBIT_DOCS,
        _D,
    ),
    _W(
        "bybit",
        say("“10005 means a wrong signature.”"),
        say("It means that a right is missing."),
        _BYBIT_DOCS,
        _D,
    ),
    _W(
        "bybit",
        say("“10006 means that the address is refused.”"),
        say("It means too many requests with the keys of this account."),
        _BYBIT_DOCS,
        _D,
    ),
    _W(
        "bybit",
        say("“10016 means that the clock is off.”"),
        say("It is a fault of Bybit's own. The clock is 10002."),
        _BYBIT_DOCS,
        _D,
    ),
    _W(
        "bybit",
        say("“-2015 means the same as at Binance.”"),
        say("At Bybit it means that the key has ended."),
        _BYBIT_DOCS,
        _D,
    ),
    _W(
        "bybit",
        say("“10003 means that the key is dead: make a new one.”"),
        say(
            "It means that the key is not known at this place. There are four: live, test network, and "
            "demo trading of both."
        ),
        _BYBIT_DOCS,
        _D,
    ),
    _W(
        "okx",
        say("“50110 means that the key has ended.”"),
        say("It means that the address is not on the list, and names the address that OKX saw."),
        _OKX_DOCS,
        _D,
    ),
    _W(
        "okx",
        say("“50113 means a wrong passphrase.”"),
        say("It means a wrong signature. A wrong passphrase is 50105."),
        _OKX_DOCS,
        _D,
    ),
    _W(
        "okx",
        say("“50112 means a wrong signature.”"),
        say("It means that the time was not written in the right form."),
        _OKX_DOCS,
        _D,
    ),
    _W(
        "okx",
        say("“50119 means that the key does not exist: make a new one.”"),
        say(
            "It does not exist at this site. Keys of the European or American site are answered so at "
            "the global one; no new key is needed."
        ),
        "ccxt/ccxt#24601, okxapi/python-okx#92, freqtrade/freqtrade#10967",
        _I,
    ),
    _W(
        "okx",
        say("“50101 means that key or secret are wrong.”"),
        say("It means a demo key at live trading, or the reverse."),
        _OKX_DOCS,
        _D,
    ),
    _W(
        "okx",
        say("“The right to trade is harmless.”"),
        say("At OKX it also covers moving money between your own accounts."),
        _OKX_DOCS,
        _D,
    ),
    _W(
        "kucoin",
        say("“Ranges (CIDR) can be entered.”"),
        say(
            "No document of KuCoin mentions them; it speaks of up to 20 addresses. Enter single addresses."
        ),
        "Kucoin/kucoin-universal-sdk, spec/rest/api",
        _U,
    ),
    _W(
        "kucoin",
        say("“A change acts within one minute.”"),
        say("No document of KuCoin names a time. Wait a few minutes and check again."),
        say("web articles"),
        _A,
    ),
    _W(
        "kucoin",
        say("“400000 means an invalid key.”"),
        say("A key that is not known is 400003."),
        _KUCOIN_DOCS,
        _D,
    ),
    _W(
        "gate",
        say("“Gate cannot tell what a key may do.”"),
        say(
            "It can since a newer call (account/main_keys), but has no word for withdrawal: look at the "
            "key's page for that one."
        ),
        "gate/gateapi-python, docs/AccountKeyInfo.md",
        _D,
    ),
    _W(
        "gate",
        say("“Changes of a key act at once.”"),
        say("They take up to 5 minutes."),
        "www.gate.io/docs/developers/apiv4",
        _D,
    ),
    _W(
        "bitget",
        say("“40008 means that the address is blocked.”"),
        say("It means that the time of the question was outside the window: the clock."),
        _BITGET_DOCS,
        _D,
    ),
    _W(
        "bitget",
        say("“40006 means that the address is not allowed, 40018 that a right is missing.”"),
        say(
            "40006 is a key that is not known, 40018 an address that is not on the list. One list of "
            "Bitget's own says otherwise, against its documents and its answers."
        ),
        _BITGET_DOCS,
        _D,
    ),
    _W(
        "bitget",
        say("“Bitget takes fewer addresses than others.”"),
        say("It documents 30 for each key of a sub-account."),
        "www.bitget.com/api-doc, Create Sub-account API Key",
        _D,
    ),
    _W(
        "coinbase",
        say("“The list belongs to the portfolio, not to the key.”"),
        say("It belongs to each key. That a key sees one portfolio only is another thing."),
        "docs.cdp.coinbase.com, Security best practices",
        _D,
    ),
    _W(
        "coinbase",
        say("“Unauthorized means a wrong key: make a new one.”"),
        say(
            "An address that is not on the list seems to be answered the same way, so people made new "
            "keys and met the same wall. Look at the list first."
        ),
        "whisper-money/whisper-money#804",
        _I,
    ),
    _W(
        "coinbase",
        say("“One Unauthorized proves that the key is broken.”"),
        say(
            "Good keys have been refused at random. It is asked again before anything is believed."
        ),
        "coinbase/coinbase-advanced-py#132",
        _I,
    ),
)


def wrong_explanations(names: dict[str, str]) -> Article:
    """The page with all of them, by exchange. `names`: id to the name of each exchange."""
    return Article(
        ID,
        Chapter.MORE,
        say("Wrong explanations on the web"),
        tuple(_blocks(names)),
        see=("key-ip-or-permission", "unauthorized", "contacts"),
    )


def _blocks(names: dict[str, str]) -> Iterator[Block]:
    yield Para(
        say(
            "Other pages and programs say the following. It is wrong or only half true, and it has cost "
            "people hours, keys and sometimes the lock that protected them."
        )
    )
    for exchange in ("", *names):
        found = [each for each in WRONG_EXPLANATIONS if each.exchange == exchange]
        if found:
            yield Part(say("{name}", name=names[exchange]) if exchange else say("Everywhere"))
        for each in found:
            yield Claim(each.claim, each.truth, _source(each))


def _source(each: WrongExplanation) -> Sentence:
    return say(
        "{certainty}: {source}, read {date}",
        certainty=SOURCE_WORDS[each.certainty],
        source=each.source,
        date=READ_ON,
    )
