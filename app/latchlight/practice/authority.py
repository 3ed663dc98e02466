"""The throw-away certificate authority of one practice session."""

from __future__ import annotations

import shutil
import ssl
import tempfile
from collections.abc import Sequence
from pathlib import Path

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


class Authority:
    """Makes one CA and one server certificate; only the CA's public certificate stays in a file.

    `names` are the hosts that the certificate is for. The private keys live in memory. The `ssl`
    module can load a server key from a file only, so that file exists for a moment, readable by
    this user alone, inside the private folder.
    """

    def __init__(self, names: Sequence[str] = LOOPBACK_NAMES) -> None:
        # Imported here: it costs about 50 ms that only practice mode should pay.
        import trustme

        # Readable by this user only (0700): that is what mkdtemp promises.
        self._folder = Path(tempfile.mkdtemp(prefix="latchlight-practice-"))
        authority = trustme.CA(organization_name="Latchlight practice (throw-away)")
        self.ca_file = self._folder / "practice-ca.pem"
        """The public certificate that a client must trust (PEM)."""
        authority.cert_pem.write_to_path(str(self.ca_file))
        self._certificate = authority.issue_cert(*names)

    def server_context(self) -> ssl.SSLContext:
        """A TLS 1.2+ server context that shows the certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        chain = self._certificate.private_key_and_cert_chain_pem
        with chain.tempfile(dir=str(self._folder)) as path:
            context.load_cert_chain(path)
        return context

    def close(self) -> None:
        """Remove the folder. Safe to call twice."""
        shutil.rmtree(self._folder, ignore_errors=True)
