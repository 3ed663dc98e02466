"""Binance in words: its labels, the way to each switch, causes, and what it can and cannot tell.

Labels as on binance.com's API Management page; page paths and limits with their sources below.
"""

from __future__ import annotations

from latchlight.core.diagnosis import Cause, DiagnosisCode, Likelihood
from latchlight.core.facts import Environment
from latchlight.core.fixes import TICK, UNTICK, AddressForm, Fix, FixKind
from latchlight.core.sentences import PageLabel, Sentence, say
from latchlight.exchanges.page import PageParts, page_guide
from latchlight.exchanges.spec import CredentialField, Host, Probe, SourceCertainty, Sourced, Topic
from latchlight.exchanges.words import CONTROLS

NAME = "Binance"
CONSOLE_PAGE = "https://www.binance.com/en/my/settings/api-management"
WHITELIST_WORD = "Restrict access to trusted IPs only"
NOT_REPORTED = (
    say("Alpha withdrawals"),
    say("prediction trading"),
    say("stock trading"),
    say("the symbol whitelist"),
)
UNLISTED_RULE = say(
    "Binance also says that a key without restriction is deleted when anything but reading is switched on."
)

# Asked to narrow a refusal, and where the wallet calls do not exist. The answer's content is not
# looked at: `canWithdraw` and its kin are rights of the account, not of the key (JKorf/Binance.Net#180).
ACCOUNT = Probe("second", "/api/v3/account", signed=True, query=(("omitZeroBalances", "true"),))
_NO_RIGHTS_HERE = say(
    "Tells that a key works there, and nothing about its rights or its whitelist."
)

HOSTS = (
    Host("api.binance.com", Environment.PRODUCTION, "Binance"),
    Host(
        "testnet.binance.vision",
        Environment.TESTNET,
        say("Binance Spot Testnet"),
        limits=_NO_RIGHTS_HERE,
        probe=ACCOUNT,
    ),
    Host(
        "demo-api.binance.com",
        Environment.DEMO,
        say("Binance Demo Trading"),
        limits=_NO_RIGHTS_HERE,
        probe=ACCOUNT,
    ),
    Host(
        "api.binance.us",
        Environment.PRODUCTION,
        say("Binance.US"),
        limits=_NO_RIGHTS_HERE,
        probe=ACCOUNT,
    ),
)

FIELDS = (
    CredentialField(
        "api_key",
        say("API Key"),
        say("64 letters and digits, always visible on the page."),
        r"[A-Za-z0-9]{64}",
    ),
    CredentialField(
        "secret",
        say("Secret Key or private key"),
        say(
            "System-generated key: 64 letters and digits, shown only once when the key was made. "
            "Self-generated key: the whole private key with its BEGIN and END lines."
        ),
        r"[A-Za-z0-9]{64}",
    ),
)


_CAUSE_WORDS: dict[DiagnosisCode, tuple[Sentence, Sentence]] = {
    DiagnosisCode.IP_NOT_WHITELISTED: (
        say("This computer's address is not on the key's list."),
        say(
            "Compare your public IP with the trusted IPs on the key's page; add it if it is missing."
        ),
    ),
    DiagnosisCode.PERMISSION_MISSING: (
        say("The key lacks a right that this question needs."),
        say("On the key's page choose Edit restrictions and switch on Enable Reading."),
    ),
    DiagnosisCode.KEY_UNKNOWN: (
        say("The key was deleted, or not copied whole."),
        say(
            "Compare the last four characters with the key's page; if it is not there, make a new key."
        ),
    ),
    DiagnosisCode.WRONG_HOST: (
        say("The key belongs to another site: test network, demo, or Binance.US."),
        say(
            "Latchlight can ask there too, once you agree (on the command line: --ask-other-hosts)."
        ),
    ),
    DiagnosisCode.KEY_MALFORMED: (
        say("The API key is not complete, or key and secret are exchanged."),
        say("Copy the API key again from the key's page: 64 letters and digits."),
    ),
    DiagnosisCode.SIGNATURE_WRONG: (
        say("The secret belongs to another key, or was not copied whole."),
        say(
            "Copy the secret again. If it is no longer shown, make a new key: Binance shows it only once."
        ),
    ),
    DiagnosisCode.CLOCK_OFF: (
        say("The clock of this computer is wrong."),
        say("Switch on automatic time in the system settings, then check again."),
    ),
    DiagnosisCode.ACCOUNT_RESTRICTED: (
        say("The account is under a restriction."),
        say("Log in at Binance and look for a message there, or ask its support."),
    ),
}


def cause(code: DiagnosisCode, likelihood: Likelihood) -> Cause:
    """The cause with its title and next step at Binance, and the given weight."""
    title, next_step = _CAUSE_WORDS[code]
    return Cause(code, likelihood, title, next_step)


# Labels as on the page in 2026; Chinese ones from copies of it, "Enable Spot & Margin Trading" and
# "Permits Universal Transfer" from Binance's own documents.
_PAGE = PageParts(
    title=PageLabel.of("API Management", "API管理"),
    create=PageLabel.of("Create API", "创建API"),
    edit=PageLabel.of("Edit restrictions", "编辑限制"),
    list_heading=PageLabel.of("IP access restrictions"),
    anywhere=PageLabel.of("Unrestricted (Less Secure)", "无限制（较不安全）"),
    only_listed=PageLabel.of(
        "Restrict access to trusted IPs only (Recommended)", "限制只对受信任IP的访问（推荐）"
    ),
    addresses=PageLabel.of("Trusted IPs"),
    rights_heading=PageLabel.of("API restrictions"),
    rights=(
        ("enableReading", PageLabel.of("Enable Reading", "允许读取")),
        (
            "enableSpotAndMarginTrading",
            PageLabel.of("Enable Spot & Margin Trading", "允许现货及杠杆交易"),
        ),
        ("enableMargin", PageLabel.of("Enable Margin Loan, Repay & Transfer")),
        ("enableFutures", PageLabel.of("Enable Futures", "允许合约")),
        ("permitsUniversalTransfer", PageLabel.of("Permits Universal Transfer", "允许万向划转")),
        ("enableWithdrawals", PageLabel.of("Enable Withdrawals", "允许提现")),
    ),
    save=PageLabel.of("Save"),
)
GUIDE = page_guide(
    _PAGE,
    # CIDR and IPv6 are documented nowhere for binance.com; 30 for two neighbouring functions.
    AddressForm(separator="\n", most=30),
    name=NAME,
    second_factor=say(
        "When you save, Binance asks for your passkey, authenticator or e-mail code. It never asks for "
        "the secret of a key."
    ),
    hidden=say(
        "Rights cannot be ticked while the key is open to every address: set the trusted IPs first. "
        "API Management is on the website, in the account that made the key: a sub-account's keys are "
        "changed by the main account."
    ),
)

_OPEN = say("Open API Management at Binance (profile icon, then “{page}”).", page=_PAGE.title)
_EDIT = say("Find the key by its last four characters and choose “{edit}”.", edit=_PAGE.edit)
_SAVE = say(
    "Choose “{save}” and confirm with your passkey, authenticator or e-mail code.", save=_PAGE.save
)
_AGAIN = say("Come back here and check again. A change can take a few minutes to act.")


def _fix(title: Sentence, kind: FixKind, *steps: Sentence) -> Fix:
    all_steps = (_OPEN, _EDIT, *steps, _SAVE, _AGAIN)
    return Fix(title, all_steps, CONSOLE_PAGE, kind, CONTROLS.get(kind, ()))


_LIST = (
    say("Under “{part}” choose “{only}”.", part=_PAGE.list_heading, only=_PAGE.only_listed),
    say(
        "Type the address of the computer on which the bot runs, press Enter, then “Confirm”. Single addresses only."
    ),
)
_TIME = Fix(
    say("Set this computer's clock"),
    (
        say("Open the system's date and time settings."),
        say("Check the time zone, and switch on automatic time."),
        say("Come back here and check again."),
    ),
)
_NEW_KEY = Fix(
    say("Make a new key"),
    (
        _OPEN,
        say(
            "Choose “{create}”, then “System generated” or “Self-generated”, and give it a label.",
            create=_PAGE.create,
        ),
        say("Copy the API key and the secret at once: the secret is shown only here."),
        say(
            "Choose “{edit}” and set the trusted IPs first, then the rights that the bot needs.",
            edit=_PAGE.edit,
        ),
        say("Add the new key here, and delete the old one at Binance."),
    ),
    CONSOLE_PAGE,
    FixKind.NEW_KEY,
    CONTROLS[FixKind.NEW_KEY],
)

_COPY_AGAIN = Fix(
    say("Copy key and secret again"),
    (
        _OPEN,
        say("Copy the API key from the page: 64 letters and digits."),
        say("Copy the secret from where you kept it: the page shows it only when the key is made."),
        say(
            "If you do not have it any more, choose “{create}” and make a new key; delete this one.",
            create=_PAGE.create,
        ),
        say("Add the key here again with both."),
    ),
    CONSOLE_PAGE,
    FixKind.COPY_AGAIN,
)

FIXES: dict[str, Fix] = {
    "whitelist-off": _fix(say("Switch the IP whitelist on"), FixKind.LIST, *_LIST),
    "address-not-whitelisted": _fix(say("Put this address on the list"), FixKind.LIST, *_LIST),
    "whitelist-too-wide": _fix(
        say("Look at the list yourself"),
        FixKind.LIST,
        say("Take out every address that is not yours."),
    ),
    "withdraw-on": _fix(say("Switch withdrawals off"), FixKind.RIGHTS, UNTICK),
    "transfer-on": _fix(say("Switch transfers off"), FixKind.RIGHTS, UNTICK),
    "unknown-permission-on": _fix(
        say("Switch the unknown right off"),
        FixKind.RIGHTS,
        say("Take the tick out of every right that the bot does not need."),
    ),
    "more-than-purpose": _fix(say("Switch off what is not needed"), FixKind.RIGHTS, UNTICK),
    "less-than-purpose": _fix(
        say("Switch on what the bot needs"),
        FixKind.RIGHTS,
        say("Make sure that trusted IPs are set first."),
        TICK,
    ),
    "expires-soon": _fix(
        say("Renew the right to trade"), FixKind.LIST, *_LIST, say("Tick the trading right again.")
    ),
    "key-old": _NEW_KEY,
    "key-shared": _NEW_KEY,
    "clock-off": _TIME,
    DiagnosisCode.KEY_UNKNOWN.value: _NEW_KEY,
    DiagnosisCode.SIGNATURE_WRONG.value: _COPY_AGAIN,
    DiagnosisCode.KEY_MALFORMED.value: _COPY_AGAIN,
    DiagnosisCode.KEY_IP_OR_PERMISSION.value: _fix(
        say("Compare the key's page with this computer"),
        FixKind.LIST,
        say(
            "Compare the trusted IPs with your public IP as Latchlight shows it, and add it if it is missing."
        ),
        say("See that “{box}” is ticked.", box=_PAGE.rights[0][1]),
    ),
    DiagnosisCode.PERMISSION_MISSING.value: _fix(
        say("Switch reading on"),
        FixKind.RIGHTS,
        say("Tick “{box}”.", box=_PAGE.rights[0][1]),
    ),
}

_DOCS = "developers.binance.com/docs/wallet/account/api-key-permission"
_REST = "github.com/binance/binance-spot-api-docs rest-api.md"
_D, _I, _C, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.ISSUE,
    SourceCertainty.WEB_UI,
    SourceCertainty.UNKNOWN,
)
STATEMENTS = (
    Sourced(Topic.PERMISSIONS, say("told, one flag each"), _DOCS, _D),
    Sourced(Topic.WITHDRAW, say("told (enableWithdrawals)"), _DOCS, _D),
    Sourced(
        Topic.TRANSFER,
        say(
            "told (permitsUniversalTransfer, enableInternalTransfer; enableMargin, to and from margin)"
        ),
        _DOCS,
        _D,
    ),
    Sourced(
        Topic.KEY_MANAGEMENT,
        say(
            "no right of its own: trading on a master account's key makes keys of sub-accounts and changes "
            "their lists; a key does not tell whether it is one"
        ),
        "developers.binance.com, Create Sub-account API Key, Add IP Restriction for Sub-Account API key",
        _D,
    ),
    Sourced(Topic.WHITELIST, say("told (ipRestrict)"), _DOCS, _D),
    Sourced(
        Topic.ADDRESSES,
        say("not told to the key itself since 2021-11-17"),
        "API changelog",
        _D,
    ),
    Sourced(Topic.CREATED, say("told (createTime)"), _DOCS, _D),
    Sourced(
        Topic.ENDS,
        say("told for some keys (tradingAuthorityExpirationTime); not in today's documents"),
        "github.com/binance/binance-api-swagger",
        SourceCertainty.SDK,
    ),
    Sourced(
        Topic.SEEN_ADDRESS,
        say("not told on these hosts; futures hosts name it in their refusal"),
        "ccxt/ccxt#18653, #7822",
        _I,
    ),
    Sourced(Topic.CALLS, say("1, and 1 more after an ambiguous refusal"), _DOCS, _D),
    Sourced(
        Topic.MOST_ADDRESSES,
        say("30, as documented for two neighbouring functions (20 belongs to OKX)"),
        "developers.binance.com Link and Trade; margin special key",
        _D,
    ),
    Sourced(Topic.RANGES, say("not documented: use single addresses"), _REST, _U),
    Sourced(Topic.IPV6, say("not documented; Binance.US refuses it"), "ccxt/ccxt#15650", _U),
    Sourced(Topic.SEPARATOR, say("Enter or a space after each address"), CONSOLE_PAGE, _C),
    Sourced(Topic.DELAY, say("not documented; users report minutes"), "users' reports", _U),
    Sourced(
        Topic.UNLISTED,
        say("with any right but reading: the page warns that the key will be deleted"),
        "freqtrade/freqtrade#13089",
        _C,
    ),
    Sourced(Topic.WITHDRAW_UNLISTED, say("refused"), _DOCS, _D),
    Sourced(Topic.ACTIVITY, say("not documented"), CONSOLE_PAGE, _U),
    Sourced(
        Topic.KINDS,
        say("HMAC (called deprecated), RSA (2048 to 4096 bits), Ed25519 (recommended)"),
        f"{_REST}, faqs/api_key_types.md",
        _D,
    ),
    Sourced(Topic.CLOCK, say("accepted up to 1 s ahead and recvWindow (5 s) behind"), _REST, _D),
    Sourced(
        Topic.REFUSAL,
        say("key, address or right: not told which; HTTP 400 on /sapi, 401 on /api"),
        "ccxt/ccxt#18653",
        _I,
        "-2015",
    ),
    Sourced(Topic.REFUSAL, say("key not known (/sapi)"), "ccxt/ccxt#16616", _I, "-2008"),
    Sourced(
        Topic.REFUSAL,
        say("too many orders; has nothing to do with addresses"),
        "binance-spot-api-docs errors.md",
        _D,
        "-1015",
    ),
    Sourced(
        Topic.REFUSAL,
        say("Binance.US takes no requests over IPv6: says nothing about the key"),
        "ccxt/ccxt#15650, #22044, #24493",
        _I,
        "-71012",
    ),
    Sourced(
        Topic.REMARK,
        say("what ipRestrict says for a list that another company keeps is not known"),
        "developers.binance.com, sub-account API management (status 3)",
        _U,
        say("lists of connected apps"),
    ),
    Sourced(
        Topic.REMARK,
        say(
            "Alpha withdrawals, prediction trading, stock trading, symbol whitelist: on the page, not in "
            "the answer"
        ),
        CONSOLE_PAGE,
        _C,
        say("rights without a documented field"),
    ),
)
