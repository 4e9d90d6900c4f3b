"""Mail servers on loopback that behave, refuse, drop or stall as a test asks."""

import asyncio
import random
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from handlepligt.settings import Settings, read_settings

DROP = "drop"
STALL = "stall"
DOMAIN = "kommunen.example"


@dataclass
class MailServer:
    """A small SMTP server. `answers` are used up one per message; afterwards everything is accepted.

    An answer is a line for the end of the message, DROP (kept, but the connection is cut before the 250)
    or STALL (kept, and never answered). `recipient_answers` are used up the same way at RCPT.
    """

    answers: list[str] = field(default_factory=list)
    recipient_answers: list[str] = field(default_factory=list)
    greeting: str = "220 ready"
    stall_for: str = ""
    received: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    on_received: Callable[[], None] = lambda: None
    most_at_once: int = 0
    delay: float = 0.0
    port: int = 0

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = 0
        self.port = free_port()
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def settings(self, **others: Any) -> Settings:
        return mail_settings(smtp_port=self.port, **others)

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.received]

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            with suppress(ConnectionError):
                await self._talk(reader, writer)
        finally:
            self._open -= 1
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{self.greeting}\r\n".encode())
        while line := (await reader.readline()).decode():
            self.said.append(line.strip())
            verb = line[:4].strip().upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                if not await self._take(mail, writer):
                    return
            elif verb == "RCPT" and self.recipient_answers:
                writer.write(f"{self.recipient_answers.pop(0)}\r\n".encode())
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 fine\r\n")

    async def _take(self, mail: bytes, writer: asyncio.StreamWriter) -> bool:
        parsed = message_from_bytes(mail.removesuffix(b".\r\n"), policy=default)
        assert isinstance(parsed, EmailMessage)
        answer = self.answers.pop(0) if self.answers else "250 kept"
        if self.stall_for and self.stall_for in str(parsed["To"]):
            answer = STALL
        if answer in (DROP, STALL) or answer.startswith("250"):
            self.received.append(parsed)
            self.on_received()
        if answer == STALL:
            await asyncio.sleep(3600)
        if answer == DROP:
            return False
        await asyncio.sleep(self.delay)
        writer.write(f"{answer}\r\n".encode())
        return True


def mail_settings(**others: Any) -> Settings:
    """Settings with a mail server on this machine, for staff of one domain."""
    chosen: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "mail_from": f"Handlepligt <handlepligt@{DOMAIN}>",
        "staff_domains": (DOMAIN,),
        "public_url": "https://handlepligt.kommunen.example",
    }
    return read_settings(**(chosen | others))


def free_port() -> int:
    for port in random.sample(range(20_000, 32_768), 50):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port between 20000 and 32767")
