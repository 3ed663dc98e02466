"""Private keys as text: whatever copying does to them is undone, and nothing else is accepted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.credentials import KeyKind
from latchlight.core.errors import InputError
from latchlight.core.intake import clean_value
from latchlight.core.pasted import take_apart
from latchlight.core.pem import PemText, kind_of_pem, line_count, looks_like_pem, rebuild_pem

KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
_PKCS8, _OLD, _SSH = (
    form.PrivateFormat.PKCS8,
    form.PrivateFormat.TraditionalOpenSSL,
    form.PrivateFormat.OpenSSH,
)


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def small_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def pem(key: object, shape: form.PrivateFormat = _PKCS8, password: bytes | None = None) -> str:
    lock = form.BestAvailableEncryption(password) if password else form.NoEncryption()
    assert isinstance(
        key,
        rsa.RSAPrivateKey
        | ed25519.Ed25519PrivateKey
        | ec.EllipticCurvePrivateKey
        | x25519.X25519PrivateKey,
    )
    return key.private_bytes(form.Encoding.PEM, shape, lock).decode()


def public_pem(key: object) -> str:
    assert isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey)
    public = key.public_key()
    return public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo).decode()


def body(text: str) -> str:
    return "".join(text.strip().splitlines()[1:-1])


WHOLE = {
    "ed25519": lambda: pem(small_key()),
    "rsa": lambda: pem(rsa_key()),
    "rsa, old form": lambda: pem(rsa_key(), _OLD),
    "ec, old form": lambda: pem(ec.derive_private_key(7, ec.SECP256R1()), _OLD),
}
DAMAGE = {
    "windows line ends": lambda t: t.replace("\n", "\r\n"),
    "written line breaks": lambda t: t.replace("\n", "\\n"),
    "written twice": lambda t: t.replace("\n", "\\\\n"),
    "spaces instead of line breaks": lambda t: t.replace("\n", " "),
    "nothing instead of line breaks": lambda t: t.replace("\n", ""),
    "doubled line breaks": lambda t: t.replace("\n", "\n\n"),
    "indentation": lambda t: "\n".join(f"    {line}" for line in t.splitlines()),
    "in quotation marks": lambda t: f'"{t}"',
    "JSON text": json.dumps,
    "JSON value with its name": lambda t: f'"private_key": {json.dumps(t)},',
    "every line in quotation marks": lambda t: "\n".join(f'"{x}\\n"' for x in t.splitlines()),
    "quoted in a mail": lambda t: "\n".join(f"> {line}" for line in t.splitlines()),
    "non-breaking spaces": lambda t: t.replace("\n", "\u00a0\n"),
    "byte order mark": lambda t: "\ufeff" + t,
    "zero width": lambda t: t.replace("\n", "\u200b\n"),
    "typographic dashes": lambda t: t.replace("-----", "\u2014\u2013"),
    "no END": lambda t: t[: t.index("-----END")],
    "no BEGIN": lambda t: t[t.index("\n") + 1 :],
    "only the body": body,
    "body in lines": lambda t: "\n".join(t.strip().splitlines()[1:-1]),
    "text before": lambda t: f"Bag Attributes: none\n{t}",
    "name before": lambda t: f"Secret: {t}",
}


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_private_key_is_put_right_and_told(whole: str, damage: str) -> None:
    good = WHOLE[whole]()
    cleaned = clean_value(DAMAGE[damage](good), "secret")
    assert cleaned.text == good
    assert cleaned.is_pem
    if damage != "windows line ends":
        assert cleaned.repairs
    form_of_key = form.load_pem_private_key(cleaned.text.encode(), password=None)
    assert form_of_key is not None


@pytest.mark.parametrize("whole", WHOLE)
def test_an_intact_private_key_is_left_alone(whole: str) -> None:
    good = WHOLE[whole]()
    assert clean_value(good, "secret").repairs == ()
    assert clean_value(good.rstrip("\n"), "secret").repairs == ()
    assert line_count(good) == len(good.splitlines())


def test_the_public_half_beside_the_private_one_is_left_out() -> None:
    cleaned = clean_value(public_pem(small_key()) + pem(small_key()), "secret")
    assert cleaned.text == pem(small_key())
    assert "Left out the text around the private key." in cleaned.repairs


def openssh_public() -> str:
    public = small_key().public_key()
    return public.public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH).decode()


REFUSED = {
    "locked": (lambda: pem(small_key(), password=b"pw"), "locked with a password"),
    "locked, old form": (lambda: pem(rsa_key(), _OLD, b"pw"), "locked with a password"),
    "locked, only the body": (lambda: body(pem(small_key(), password=b"pw")), "locked with"),
    "public": (lambda: public_pem(small_key()), "public half"),
    "public, only the body": (lambda: body(public_pem(rsa_key())), "public half"),
    "public, for ssh": (openssh_public, "public half"),
    "ssh": (lambda: pem(small_key(), _SSH), "OpenSSH form"),
    "putty": (lambda: "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none", "PuTTY form"),
    "pgp": (lambda: "-----BEGIN PGP PRIVATE KEY BLOCK-----\nxyz", "PGP key"),
    "certificate": (
        lambda: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "certificate",
    ),
    "cut at the end": (lambda: pem(rsa_key())[:900], "not complete"),
    "a line is missing": (
        lambda: "\n".join(x for i, x in enumerate(pem(rsa_key()).splitlines()) if i != 9),
        "not complete",
    ),
    "first line missing too": (lambda: body(pem(rsa_key()))[:800], "not complete"),
    "nothing inside": (
        lambda: "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "cannot be read",
    ),
    "stars inside": (
        lambda: "-----BEGIN PRIVATE KEY-----\n*****\n-----END PRIVATE KEY-----",
        "cannot be read",
    ),
    "only the first line": (lambda: "-----BEGIN PRIVATE KEY-----", "cannot be read"),
    "two different ones": (lambda: pem(small_key()) + pem(rsa_key()), "more than one"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("field", ["api_key", "secret"])
def test_what_is_no_usable_private_key_is_named_and_refused(case: str, field: str) -> None:
    make, said = REFUSED[case]
    text = make()
    with pytest.raises(InputError, match=said) as caught:
        clean_value(text, field)
    assert caught.value.field == field
    assert caught.value.__context__ is None
    lines = [line for line in text.splitlines() if len(line) > 30 and "-----" not in line]
    assert not [line for line in lines if line[:20] in repr(vars(caught.value)) + str(caught.value)]


def test_an_api_key_beside_the_private_key_is_found() -> None:
    good = pem(small_key())
    for pasted in (
        f"{KEY}\n{good}",
        f"API Key: {KEY}\n\n{good}",
        f"{good}\napi_key = '{KEY}'",
        json.dumps({"apiKey": KEY, "privateKey": good}),
        f"{{'apiKey': '{KEY}', 'secret': '''{good}'''}}",
    ):
        parts = take_apart(pasted)
        assert parts is not None
        assert clean_value(parts["api_key"], "api_key").text == KEY
        assert clean_value(parts["secret"], "secret").text == good


UUID = "1b1f2c34-5b6d-7e8f-90ab-cdef01234567"
NAME = f"organizations/8a1f2c34-5b6d-7e8f-90ab-cdef01234567/apiKeys/{UUID}"
OLD_EC = pem(ec.derive_private_key(7, ec.SECP256R1()), _OLD)
SEED = base64.b64encode(bytes(range(64))).decode()
EXTRAS = {
    "principal": UUID,
    "principalType": "USER",
    "publicKey": OLD_EC.replace("PRIVATE", "PUBLIC"),
    "createTime": "2024-01-22T09:30:00.000000000Z",
    "projectId": UUID,
    "nickname": "bot",
    "scopes": ["rat#view", "rat#trade"],
    "allowedIps": [],
    "keyType": "TRADING_KEY",
    "enabled": True,
}


@pytest.mark.parametrize("secret", [OLD_EC, SEED], ids=["EC", "Ed25519"])
@pytest.mark.parametrize(
    "write",
    [
        lambda name, secret: json.dumps({"name": name, "privateKey": secret}),
        lambda name, secret: json.dumps({"name": name, **EXTRAS, "privateKey": secret}, indent=3),
        lambda name, secret: json.dumps({"id": name, "privateKey": secret}),
        lambda name, secret: json.dumps({"id": name, "secret": secret}),
        lambda name, secret: "\ufeff" + json.dumps({"name": name, "privateKey": secret}) + "\r\n",
        lambda name, secret: json.dumps({"name": name, "privateKey": secret})[:-1] + ",}",
        lambda name, secret: f"key_name = {name!r}\nkey_secret = {json.dumps(secret)}",
        lambda name, secret: (
            f"CDP_API_KEY_NAME={name}\nCDP_API_KEY_PRIVATE_KEY={json.dumps(secret)}"
        ),
        lambda name, secret: f"{{'name': '{name}', 'privateKey': {json.dumps(secret)}}}",
    ],
)
def test_a_key_file_that_calls_the_key_name_or_id_is_understood(
    write: Callable[[str, str], str], secret: str
) -> None:
    parts = take_apart(write(NAME, secret))
    assert parts is not None
    assert clean_value(parts["api_key"], "api_key").text == NAME
    assert clean_value(parts["secret"], "secret").text == secret


def test_the_short_name_of_a_key_is_taken_from_a_file_only() -> None:
    parts = take_apart(json.dumps({"id": UUID, "privateKey": SEED}))
    assert parts == {"api_key": UUID, "secret": SEED}
    # Anywhere else it could be anything, such as the secret itself.
    assert take_apart(f"id = {UUID}\nsecret = {UUID}") is None
    assert take_apart(json.dumps({"id": "bot number one", "privateKey": SEED})) is None
    assert take_apart(json.dumps({"id": 7, "name": None, "privateKey": SEED})) is None


def test_two_key_names_are_one_too_many() -> None:
    other = NAME.replace("8a1f", "9a1f")
    assert take_apart(f"key_secret = {SEED!r}\n{NAME}\n{other}") is None


@pytest.mark.parametrize("line", [f'"name": "{NAME}",', f"name={NAME}", f"'id': '{NAME}'"])
def test_a_line_of_a_key_file_is_understood(line: str) -> None:
    cleaned = clean_value(line, "api_key")
    assert (cleaned.text, cleaned.named) == (NAME, "api_key")
    assert "Removed the name in front of the value." in cleaned.repairs
    assert clean_value(f'"id": "{UUID}"', "api_key").text == UUID


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: pem(small_key()), KeyKind.ED25519),
        (lambda: pem(rsa_key()), KeyKind.RSA),
        (lambda: pem(rsa_key(), _OLD), KeyKind.RSA),
        (lambda: OLD_EC, KeyKind.ECDSA),
        (lambda: pem(ec.derive_private_key(7, ec.SECP256R1())), KeyKind.ECDSA),
        (lambda: pem(x25519.X25519PrivateKey.from_private_bytes(bytes(32))), None),
    ],
)
def test_the_kind_of_a_private_key_is_told_from_its_first_bytes(
    make: Callable[[], str], kind: KeyKind | None
) -> None:
    assert kind_of_pem(rebuild_pem(make()).text) is kind


def test_an_ordinary_secret_is_not_taken_for_a_private_key() -> None:
    assert not looks_like_pem(KEY)
    assert not looks_like_pem("private key")
    assert not looks_like_pem(base64.b64encode(bytes(range(64))).decode())


def outcome(text: str) -> PemText | InputError:
    try:
        return rebuild_pem(text)
    except InputError as problem:
        return problem


@given(
    st.binary(max_size=80), st.sampled_from(["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"])
)
def test_any_bytes_in_a_frame_are_rebuilt_for_good_or_refused(inside: bytes, label: str) -> None:
    text = f"-----BEGIN {label}-----\n{base64.b64encode(inside).decode()}\n-----END {label}-----"
    rebuilt = outcome(text)
    if isinstance(rebuilt, InputError):
        assert rebuilt.__context__ is None
        return
    assert rebuild_pem(rebuilt.text).text == rebuilt.text
    assert rebuild_pem(rebuilt.text).repairs == ()
