"""A certificate to throw away, with which programs for Windows are signed and verified in a test."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class ThrowAwaySigner:
    """Signs by the command that a release would be given; nobody but this test trusts it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._certificate, self._key = folder / "signer.pem", folder / "signer.key"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Latchlight test")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=True)
            .sign(key, hashes.SHA256())
        )
        self._certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self._key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    @property
    def command(self) -> str:
        """For LATCHLIGHT_SIGN_COMMAND."""
        key = ("-certs", str(self._certificate), "-key", str(self._key))
        return json.dumps(["osslsigncode", "sign", *key, "-in", "{file}", "-out", "{signed}"])

    def has_signed(self, file: Path) -> bool:
        """Whether the signature is this one's, and of this very file."""
        command = ["osslsigncode", "verify", "-CAfile", str(self._certificate), "-in", str(file)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
