"""The texts of the form become credentials of one exchange, or one sentence about one field."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.credentials import KeyKind, Secret
from latchlight.core.errors import InputError
from latchlight.core.sentences import say
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.intake import Intake, read_credentials, spread
from latchlight.exchanges.spec import CredentialField

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
