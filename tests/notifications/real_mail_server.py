"""A real aiosmtpd, and certificates for it."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Message as Handler
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.make import MONDAY
from tests.notifications.mail_servers import free_port

HOST = "mail.kommunen.example"


class Kept(Handler):
    """Keeps what a real aiosmtpd took, with how each was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        self.sessions: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.sessions.append((session.ssl is not None, session.authenticated, list(envelope.rcpt_tos)))
        return str(await super().handle_DATA(server, session, envelope))

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


def real_server(kept: Kept, work: Callable[[int], str], **options: Any) -> str:
    """`work` in a thread, against a real aiosmtpd."""

    async def run() -> str:
        port = free_port()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(kept, hostname=HOST, **options), "127.0.0.1", port)
        try:
            return await asyncio.to_thread(work, port)
        finally:
            server.close()

    return asyncio.run(run())


def made_certificate(folder: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = MONDAY - timedelta(days=3650)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{host}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context
