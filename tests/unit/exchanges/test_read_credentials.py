"""The texts of the form become credentials of one exchange, or one sentence about one field."""

from __future__ import annotations

import base64
import json
import traceback
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.credentials import KeyKind, Secret
from latchlight.core.errors import InputError
from latchlight.core.sentences import say
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.intake import Intake, credentials_from_file, read_credentials, spread
from latchlight.exchanges.spec import CredentialField

from .contract import Exchange, only

BINANCE = EXCHANGES["binance"]
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
PEM = (
    ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    .private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    .decode()
)
# An exchange whose keys and secrets have different shapes, and a passphrase.
OTHER = replace(
    BINANCE,
    name="Other",
    kinds=(KeyKind.HMAC,),
    fields=(
        CredentialField("api_key", say("API key"), say("36 characters."), r"[0-9a-f-]{36}"),
        CredentialField("secret", say("Secret"), say("32 characters."), r"[0-9A-F]{32}"),
        CredentialField("passphrase", say("Passphrase"), say("The one you invented."), ""),
    ),
)
UUID = "8a1f2c34-5b6d-7e8f-90ab-cdef01234567"
HEX = "0123456789ABCDEF0123456789ABCDEF"


def fields(api_key: str = "", secret: str = "", **more: str) -> dict[str, str]:
    return {"api_key": api_key, "secret": secret, **more}


def test_clean_values_become_credentials_without_a_word() -> None:
    intake = read_credentials(BINANCE, fields(KEY, SECRET))
    credentials = intake.credentials
    assert credentials.api_key == Secret(KEY)
    assert credentials.secret == Secret(SECRET)
    assert (credentials.kind, credentials.passphrase) == (KeyKind.HMAC, None)
    assert credentials.hint == "…Eh8A"
    assert (intake.repairs, intake.warnings) == ((), ())


def test_ui01_repairs_name_their_field() -> None:
    intake = read_credentials(BINANCE, fields(f"{KEY}\n", f'Secret: "{SECRET}"'))
    assert intake.credentials.secret == Secret(SECRET)
    assert intake.repairs == (
        "API Key: Removed a line break at the end.",
        "Secret Key or private key: Removed the name in front of the value.",
        "Secret Key or private key: Removed quotation marks.",
    )


def test_private_keys_tell_their_kind() -> None:
    assert read_credentials(BINANCE, fields(KEY, PEM)).credentials.kind is KeyKind.ED25519
    big = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = big.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    ).decode()
    intake = read_credentials(BINANCE, fields(KEY, text.replace("\n", "\\n")))
    assert intake.credentials.kind is KeyKind.RSA
    assert intake.credentials.secret == Secret(text)
    assert len(intake.repairs) == 1


@pytest.mark.parametrize(
    "given",
    [
        fields(PEM, KEY),
        fields(f"Secret: {SECRET}", f"API Key: {KEY}"),
        fields(f"secret={SECRET}", KEY),
        fields(SECRET, f"api key: {KEY}"),
    ],
)
def test_ui02_exchanged_fields_are_put_right_where_the_text_tells(given: dict[str, str]) -> None:
    intake = read_credentials(BINANCE, given)
    assert intake.exchanged
    assert "Key and secret were in each other's field: exchanged." in intake.repairs
    assert intake.credentials.api_key == Secret(KEY)


def test_ui02_exchanged_fields_are_put_right_where_the_shapes_tell() -> None:
    intake = read_credentials(OTHER, fields(HEX, UUID, passphrase="p"))
    assert intake.exchanged
    assert intake.credentials.api_key == Secret(UUID)
    assert intake.credentials.secret == Secret(HEX)
    assert intake.credentials.passphrase == Secret("p")


def test_ui02_where_nothing_tells_nothing_is_exchanged() -> None:
    intake = read_credentials(BINANCE, fields(SECRET, KEY))
    assert not intake.exchanged
    assert intake.warnings == ()


def test_an_unusual_length_warns_and_does_not_block() -> None:
    intake = read_credentials(BINANCE, fields(KEY[:63], SECRET))
    assert intake.credentials.api_key == Secret(KEY[:63])
    assert len(intake.warnings) == 1
    assert intake.warnings[0].startswith("API Key: This has 63 characters")


def test_a_passphrase_that_shells_change_is_pointed_out() -> None:
    intake = read_credentials(OTHER, fields(UUID, HEX, passphrase="pa$$word"))
    assert intake.credentials.passphrase == Secret("pa$$word")
    assert "single quotes" in intake.warnings[0]


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        (fields(), "api_key", "Nothing was filled in"),
        (fields(KEY), "secret", "Nothing was filled in"),
        (fields("", SECRET), "api_key", "Nothing was filled in"),
        (fields(KEY, KEY), "secret", "are the same"),
        (fields(KEY, f" '{KEY}' "), "secret", "are the same"),
        (fields(PEM), "api_key", "belongs in “Secret Key or private key”"),
        (fields(PEM, PEM), "api_key", "private key in both"),
        (fields(KEY, "********"), "secret", "stars or dots"),
        (fields("*", ""), "api_key", "stars or dots"),
        (fields(KEY, SECRET, passphrase="x"), "passphrase", "no passphrase"),
        (fields(json.dumps({"apiKey": KEY, "secret": SECRET}), "something"), "api_key", "several"),
    ],
)
def test_what_is_missing_or_misplaced_is_said_about_its_field(
    given: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_credentials(BINANCE, given)
    assert caught.value.field == field
    assert_keeps_silent(caught.value, KEY, SECRET)


def test_two_lines_beside_a_filled_secret_are_joined_and_warned_about() -> None:
    intake = read_credentials(BINANCE, fields(f"{KEY}\n{SECRET}", PEM))
    assert "128 characters" in intake.warnings[0]


def test_a_missing_passphrase_is_said_about_its_field() -> None:
    with pytest.raises(InputError) as caught:
        read_credentials(OTHER, fields(UUID, HEX))
    assert caught.value.field == "passphrase"


def test_a_kind_of_key_that_the_exchange_does_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="Other has no keys of this kind"):
        read_credentials(OTHER, fields(UUID, PEM, passphrase="p"))


@pytest.mark.parametrize(
    "text",
    [
        f"{KEY}\n{SECRET}",
        f"{KEY}\t{SECRET}",
        json.dumps({"api_key": KEY, "secret": SECRET}),
        f"{{'apiKey': '{KEY}', 'apiSecret': '{SECRET}'}}",
    ],
)
@pytest.mark.parametrize("field", ["api_key", "secret"])
def test_everything_in_one_field_is_taken_apart(text: str, field: str) -> None:
    intake = read_credentials(BINANCE, fields(**{field: text}))
    assert intake.credentials.api_key == Secret(KEY)
    assert intake.credentials.secret == Secret(SECRET)
    assert "Took the values apart: each is in its own field now." in intake.repairs


def test_two_lines_are_told_apart_by_their_shapes() -> None:
    texts, notes = spread(OTHER, fields(f"{HEX}\n{UUID}", passphrase=""))
    assert texts == fields(UUID, HEX, passphrase="")
    assert len(notes) == 1


def test_a_wrapped_key_is_not_taken_for_two_values() -> None:
    texts, notes = spread(BINANCE, fields(f"{KEY[:32]}\n{KEY[32:]}"))
    assert (texts["secret"], notes) == ("", ())


def test_the_same_record_in_both_fields_is_taken_apart_once() -> None:
    record = json.dumps({"apiKey": KEY, "secret": SECRET})
    assert read_credentials(BINANCE, fields(record, record)).credentials.secret == Secret(SECRET)


def test_nothing_of_the_values_shows_in_any_text_form() -> None:
    intake = read_credentials(BINANCE, fields(f" {KEY}", PEM[:-5]))
    told = f"{intake!r} {intake} {intake.repairs} {intake.warnings} {intake.repair_notes}"
    assert KEY[:8] not in told
    assert PEM.splitlines()[1][:20] not in told


pieces = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from([KEY, SECRET, PEM, "\n", " ", '"', "{", "}", "apiKey:", "secret=", "****"]),
    ),
    max_size=6,
).map("".join)


def outcome(given_fields: dict[str, str]) -> Intake | InputError:
    try:
        return read_credentials(BINANCE, given_fields)
    except InputError as problem:
        return problem


@given(pieces, pieces)
def test_ui01_any_two_texts_become_credentials_or_are_refused_in_silence(
    first: str, second: str
) -> None:
    intake = outcome(fields(first, second))
    if isinstance(intake, InputError):
        assert intake.field in ("api_key", "secret")
        assert_keeps_silent(intake, first, second)
        return
    assert intake.credentials.api_key != intake.credentials.secret


def assert_keeps_silent(problem: BaseException, *values: str) -> None:
    """No run of twelve characters of a value is in the error or in anything behind it."""
    spoken = ""
    seen: BaseException | None = problem
    while seen is not None:
        spoken += f"{seen} {seen!r} {seen.args!r} {vars(seen)!r}"
        spoken += "".join(traceback.format_exception_only(seen))
        seen = seen.__cause__ or seen.__context__
    for value in values:
        long_words = [word for word in value.split() if len(word) >= 24 and "-----" not in word]
        leaked = [w for w in long_words for at in range(len(w) - 11) if w[at : at + 12] in spoken]
        assert not leaked


@pytest.mark.parametrize(
    "text",
    [
        "https://www.binance.com/en/my/settings/api-management",
        "Secret: https://binance.com",
        "me@example.com",
        "some/path",
        "not a key at all",
    ],
)
def test_text_that_cannot_be_key_material_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_credentials(BINANCE, fields(KEY, text))
    assert caught.value.field == "secret"
    assert text not in str(caught.value)


def test_slashes_pass_where_the_exchange_uses_them() -> None:
    name, secret = (
        CredentialField("api_key", say("Key"), say("A path."), r"[a-z/]+"),
        OTHER.fields[1],
    )
    spec = replace(BINANCE, fields=(name, secret))
    assert read_credentials(spec, fields("some/path/name", HEX)).warnings == ()
    with pytest.raises(InputError, match="web address, not an API key"):
        read_credentials(spec, fields("https://some/path", HEX))


def test_a_passphrase_may_look_like_a_mailbox_but_not_like_a_link() -> None:
    intake = read_credentials(OTHER, fields(UUID, HEX, passphrase="me@home.org"))
    assert intake.credentials.passphrase == Secret("me@home.org")
    with pytest.raises(InputError, match="web address, not a passphrase"):
        read_credentials(OTHER, fields(UUID, HEX, passphrase="https://home.org"))


# what each exchange hands out


def _tells_its_parts_apart(exchange: Exchange) -> bool:
    shapes = [field.shape for field in exchange.spec.fields[:2]]
    return all(shapes) and shapes[0] != shapes[1]


@only(_tells_its_parts_apart)
def test_ui02_exchanged_fields_are_put_right_for_every_exchange(exchange: Exchange) -> None:
    key = exchange.well_kept.key
    right = read_credentials(exchange.spec, key.fields())
    assert not right.exchanged
    assert {note.field for note in right.warning_notes} <= {"passphrase"}
    swapped = {**key.fields(), "api_key": key.secret, "secret": key.api_key}
    mended = read_credentials(exchange.spec, swapped)
    assert mended.exchanged
    assert mended.credentials.api_key == Secret(key.api_key)
    assert mended.credentials.secret == Secret(key.secret)
    assert mended.credentials.passphrase == right.credentials.passphrase


def _has_a_passphrase(exchange: Exchange) -> bool:
    return exchange.well_kept.key.passphrase is not None


@only(_has_a_passphrase)
@pytest.mark.parametrize("empty", ["", "  ", "\n"])
def test_a_missing_passphrase_is_explained_in_the_exchange_s_own_words(
    exchange: Exchange, empty: str
) -> None:
    hint = next(field.hint for field in exchange.spec.fields if field.name == "passphrase")
    with pytest.raises(InputError) as caught:
        read_credentials(exchange.spec, {**exchange.well_kept.key.fields(), "passphrase": empty})
    assert (caught.value.field, caught.value.next_step) == ("passphrase", hint)


def test_a_key_of_another_exchange_is_named() -> None:
    intake = read_credentials(BINANCE, fields(UUID, HEX))
    assert intake.warnings[0] == "This looks like a key of OKX."
    assert intake.credentials.api_key == Secret(UUID)


COINBASE = EXCHANGES["coinbase"]
NAME = f"organizations/{UUID}/apiKeys/{UUID}"
# Published in coinbase-advanced-py, tests/constants.py; belongs to no account.
SEED = "k0BUni0p0vZG1BdpVjS6ogBJ7kxm630AJ2dN+tuputDOKsRAwgyrpEQLeBtS1znTmzPX6Xr2eOWpzx6nW8knkA=="
# Published in Kraken's documents as an example.
KRAKEN = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="


def ec_pem(curve: ec.EllipticCurve, old: bool = True) -> str:
    shape = form.PrivateFormat.TraditionalOpenSSL if old else form.PrivateFormat.PKCS8
    private = ec.derive_private_key(7, curve)
    return private.private_bytes(form.Encoding.PEM, shape, form.NoEncryption()).decode()


P256 = ec_pem(ec.SECP256R1())


@pytest.mark.parametrize(
    ("secret", "kind", "mended"),
    [
        (SEED, KeyKind.ED25519, SEED),
        (f"{SEED[:44]}\n{SEED[44:]}\n", KeyKind.ED25519, SEED),
        (f'"privateKey": "{SEED}"', KeyKind.ED25519, SEED),
        (base64.b64encode(bytes(range(32))).decode(), KeyKind.ED25519, None),
        (PEM, KeyKind.ED25519, PEM),
        (P256, KeyKind.ECDSA, P256),
        (P256.replace("\n", "\\n"), KeyKind.ECDSA, P256),
        (json.dumps(P256), KeyKind.ECDSA, P256),
        (ec_pem(ec.SECP256R1(), old=False), KeyKind.ECDSA, None),
    ],
)
@pytest.mark.parametrize("name", [NAME, UUID])
def test_every_form_of_a_coinbase_secret_is_taken(
    name: str, secret: str, kind: KeyKind, mended: str | None
) -> None:
    intake = read_credentials(COINBASE, fields(name, secret))
    assert intake.credentials.kind is kind
    assert intake.credentials.api_key == Secret(name)
    assert intake.credentials.secret == Secret(mended or secret)
    assert intake.warnings == ()


@pytest.mark.parametrize(
    "record",
    [
        {"name": NAME, "privateKey": P256},
        {"id": UUID, "privateKey": SEED},
        {"name": NAME, "nickname": "bot", "scopes": [], "allowedIps": [], "privateKey": P256},
    ],
)
@pytest.mark.parametrize("field", ["api_key", "secret"])
def test_the_whole_key_file_may_be_pasted_into_one_field(
    record: dict[str, object], field: str
) -> None:
    text = json.dumps(record, indent=2)
    intake = read_credentials(COINBASE, fields(**{field: text}))
    assert intake.credentials.api_key == Secret(str(record.get("name", record.get("id"))))
    assert intake.credentials.secret == Secret(str(record["privateKey"]))
    dropped = read_credentials(COINBASE, credentials_from_file(text))
    assert dropped.credentials.secret == intake.credentials.secret


@pytest.mark.parametrize(
    "secret",
    [SEED[:-4], SEED[1:] + "=", f"A{SEED[1:]}", SEED.replace("=", ""), KRAKEN, SECRET, SEED[:43]],
)
def test_a_coinbase_secret_that_is_not_whole_is_refused_before_anything_is_sent(
    secret: str,
) -> None:
    with pytest.raises(InputError, match="not a whole private key") as caught:
        read_credentials(COINBASE, fields(NAME, secret))
    assert caught.value.field == "secret"
    assert_keeps_silent(caught.value, NAME, secret)


def test_another_curve_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit this exchange"):
        read_credentials(COINBASE, fields(NAME, ec_pem(ec.SECP384R1())))


@pytest.mark.parametrize("swapped", [False, True])
def test_a_coinbase_key_of_the_old_kind_is_told_to_be_dead(swapped: bool) -> None:
    pair = ("g3BLnUYMOQsIo9V5", "M4009eFnOoPwhNoMwJlsAHgIgleGVFPl")
    given_fields = fields(*pair[::-1]) if swapped else fields(*pair)
    with pytest.raises(InputError, match="ended in February 2025") as caught:
        read_credentials(COINBASE, given_fields)
    assert "Create API key" in str(caught.value.next_step)
    assert_keeps_silent(caught.value, *pair)


@pytest.mark.parametrize("name", [NAME[:-1], NAME.rpartition("/")[0] + "/", UUID[:-1]])
def test_a_coinbase_name_that_is_not_whole_warns_and_does_not_block(name: str) -> None:
    intake = read_credentials(COINBASE, fields(name, SEED))
    assert len(intake.warnings) == 1
    assert intake.warnings[0].startswith(f"API key ID: This has {len(name)} characters")


# files


def test_a_file_with_a_private_key_alone_fills_one_field() -> None:
    assert credentials_from_file(PEM) == {"secret": PEM}
    with pytest.raises(InputError) as caught:
        read_credentials(BINANCE, credentials_from_file(PEM))
    assert caught.value.field == "api_key"


def test_a_settings_file_is_understood() -> None:
    text = f"# my bot\nBINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n"
    assert credentials_from_file(text) == {"api_key": KEY, "secret": SECRET}


@pytest.mark.parametrize("text", ["", "hello", "{}", KEY, "x" * 30_000, "\0\1\2" * 99])
def test_a_file_without_a_key_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as caught:
        credentials_from_file(text)
    assert caught.value.field == ""
    assert_keeps_silent(caught.value, text)


# a secret in a field whose text is sent as it is

SHAPES = {
    "okx": (
        "37c541a1-0000-4000-8000-10fe7a038418",
        "22582BD0CFF14C41EDBF1AB98506286D",
        "Abc12345_x",
    ),
    "bybit": ("CFEJUGQEQPPHGOHGHM", "VDFZSSPUTKRJMXAVMJXBHEXIPZNZJIZUBVRQ", None),
    "kucoin": ("6705f5c311545b000157d3eb", "f03a5284-5c39-4aaa-9b20-dea10bdcf8e3", "Ab12345678"),
    "gate": ("c5dcfbf1f3a7" + "0" * 20, "ab" * 32, None),
    "bitget": ("bg_" + "0a" * 16, "cd" * 32, "Abc12345x"),
}
WITH_PASSPHRASE = [name for name, (_, _, passphrase) in SHAPES.items() if passphrase is not None]


@pytest.mark.parametrize("exchange", SHAPES)
@pytest.mark.parametrize("other", ["something-else", "x" * 30])
def test_p1_a_secret_in_the_field_of_the_key_is_never_taken(exchange: str, other: str) -> None:
    _, secret, passphrase = SHAPES[exchange]
    fields = {"api_key": secret, "secret": other, "passphrase": passphrase or ""}
    with pytest.raises(InputError) as caught:
        read_credentials(EXCHANGES[exchange], fields)
    assert caught.value.field == "api_key"
    assert secret not in f"{caught.value} {caught.value.args}"


@pytest.mark.parametrize("exchange", WITH_PASSPHRASE)
def test_p1_a_secret_in_the_field_of_the_passphrase_is_never_taken(exchange: str) -> None:
    key, secret, passphrase = SHAPES[exchange]
    for inside in (passphrase, secret):
        fields = {"api_key": key, "secret": inside or "", "passphrase": secret}
        with pytest.raises(InputError) as caught:
            read_credentials(EXCHANGES[exchange], fields)
        assert caught.value.field == "passphrase"


@pytest.mark.parametrize("exchange", SHAPES)
def test_key_and_secret_in_each_other_s_field_are_exchanged_and_said(exchange: str) -> None:
    key, secret, passphrase = SHAPES[exchange]
    fields = {"api_key": secret, "secret": key, "passphrase": passphrase or ""}
    intake = read_credentials(EXCHANGES[exchange], fields)
    assert intake.exchanged
    assert intake.credentials.api_key == Secret(key)
