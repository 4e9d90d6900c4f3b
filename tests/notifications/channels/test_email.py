"""E-mail: what goes over the wire, to whom, and under which protection."""

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from handlepligt.errors import ConfigurationError
from handlepligt.settings import Settings
from notifications.channel import ChannelError, OutgoingMessage, StaffRecipient
from notifications.channels.email import EmailChannel
from notifications.messages import Message, MessageText, Variables, render
from tests.make import DAY, MONDAY
from tests.notifications.mail_servers import MailServer, mail_settings
from tests.notifications.real_mail_server import HOST, Kept, made_certificate, real_server

MIA = StaffRecipient(7, "mia@kommunen.example")
TEXT = render(
    Message.REMINDER, Variables("2026-000123", "Børnesamtale", MONDAY + DAY), queued_at=MONDAY,
    public_url="https://handlepligt.kommunen.example",
)  # fmt: skip
MAIL = OutgoingMessage("<abc.email@kommunen.example>", TEXT, MONDAY)


def send(settings: Settings, to: StaffRecipient = MIA, mail: OutgoingMessage = MAIL) -> str:
    return asyncio.run(EmailChannel(settings).send(to, mail))


def conversation(server: MailServer, to: StaffRecipient = MIA, mail: OutgoingMessage = MAIL) -> str:
    async def run() -> str:
        async with server:
            return await EmailChannel(server.settings()).send(to, mail)

    return asyncio.run(run())


@pytest.fixture
def not_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server with a name of its own; only the looking-up of names is replaced."""
    truly = socket.getaddrinfo

    def look_up(host: Any, *rest: Any, **others: Any) -> Any:
        return truly("127.0.0.1" if host == HOST else host, *rest, **others)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side of TLS for HOST, trusted by this process while the test runs."""
    return made_certificate(tmp_path, HOST, monkeypatch)


def test_a_real_server_takes_the_mail_and_sees_these_headers_and_no_others() -> None:
    kept = Kept()

    answer = real_server(kept, lambda port: send(mail_settings(smtp_port=port)))

    assert answer == "250"
    (mail,) = kept.mails
    ours = {name: value for name, value in mail.items() if not name.startswith("X-")}
    assert set(ours) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    }  # fmt: skip
    assert ours["To"] == "mia@kommunen.example"
    assert ours["Auto-Submitted"] == "auto-generated"
    assert ours["Message-ID"] == MAIL.message_id
    assert kept.sessions[0][2] == ["mia@kommunen.example"]


def test_the_text_is_plain_danish_with_a_link_and_no_attachment() -> None:
    server = MailServer()

    conversation(server)

    (mail,) = server.received
    assert not mail.is_multipart()
    assert mail.get_content_type() == "text/plain"
    assert str(mail["Subject"]) == "Handlepligt: påmindelse om 2026-000123"
    assert "Trinnet »Børnesamtale« i sag 2026-000123 skal være klaret senest" in mail.get_content()
    assert "https://handlepligt.kommunen.example/sager/2026-000123" in mail.get_content()


def test_this_machine_s_name_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda *_: "pc-017.intern")
    server = MailServer()

    conversation(server)

    assert server.said[0] == "EHLO kommunen.example"
    assert not any("pc-017" in line for line in server.said)


def test_it_says_goodbye_but_does_not_wait_for_the_answer() -> None:
    server = MailServer()

    async def run() -> None:
        async with server:
            await EmailChannel(server.settings()).send(MIA, MAIL)
            await asyncio.sleep(0.1)

    asyncio.run(run())

    assert server.said[-1] == "QUIT"


@pytest.mark.parametrize(
    "work_email",
    [
        "",
        "mia@hjemme.example",
        "mia@kommunen.example\r\nRCPT TO:<far@hjemme.example>",
        "far@hjemme.example,mia@kommunen.example",
    ],
)
def test_whatever_queued_it_nothing_is_said_to_a_server_about_another_address(work_email: str) -> None:
    server = MailServer()

    with pytest.raises(ChannelError) as refused:
        conversation(server, StaffRecipient(7, work_email))

    assert refused.value.permanent
    assert server.said == []
    assert "hjemme" not in str(refused.value)


def test_a_line_break_in_a_subject_never_becomes_a_header() -> None:
    server = MailServer()
    text = MessageText("Handlepligt\r\nBcc: far@hjemme.example", "t", "l")

    with pytest.raises(ValueError, match=r"newline|linefeed|carriage"):
        conversation(server, MIA, OutgoingMessage("<a@b>", text, MONDAY))

    assert server.said == []


@pytest.mark.parametrize(
    ("server", "permanent", "answer"),
    [
        (MailServer(recipient_answers=["550 <mia@kommunen.example> unknown"]), True, "550"),
        (MailServer(recipient_answers=["450 greylisted"]), False, "450"),
        (MailServer(answers=["554 no"]), True, "554"),
        (MailServer(answers=["451 later"]), False, "451"),
        (MailServer(greeting="421 busy"), False, "421 before the message"),
        (MailServer(greeting="554 never"), False, "554 before the message"),
    ],
)
def test_a_refusal_is_kept_as_its_code_and_is_permanent_only_about_this_message(
    server: MailServer, permanent: bool, answer: str
) -> None:
    with pytest.raises(ChannelError) as refused:
        conversation(server)

    assert (str(refused.value), refused.value.permanent) == (answer, permanent)
    assert server.received == []


@pytest.mark.usefixtures("not_this_machine")
def test_a_server_elsewhere_that_offers_no_tls_hears_neither_login_nor_mail() -> None:
    server = MailServer()

    async def run() -> None:
        async with server:
            settings = server.settings(smtp_host=HOST, smtp_username="bruger", smtp_password="hemmelig")
            await EmailChannel(settings).send(MIA, MAIL)

    with pytest.raises(ChannelError) as refused:
        asyncio.run(run())

    assert not refused.value.permanent
    assert {line.split()[0] for line in server.said} <= {"EHLO", "STARTTLS"}


@pytest.mark.usefixtures("not_this_machine")
def test_a_server_elsewhere_is_spoken_to_under_tls_with_a_login(certificate: ssl.SSLContext) -> None:
    kept = Kept()

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"bruger", b"hemmelig")
        return AuthResult(success=right)

    def work(port: int) -> str:
        return send(
            mail_settings(smtp_host=HOST, smtp_port=port, smtp_username="bruger", smtp_password="hemmelig")
        )

    answer = real_server(
        kept, work, tls_context=certificate, require_starttls=True, authenticator=check, auth_required=True
    )

    assert answer == "250"
    assert kept.sessions == [(True, True, ["mia@kommunen.example"])]


@pytest.mark.usefixtures("not_this_machine")
def test_a_server_with_somebody_else_s_certificate_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept()
    other = made_certificate(tmp_path, "en.anden.example", monkeypatch)

    with pytest.raises(ChannelError) as refused:
        real_server(kept, lambda port: send(mail_settings(smtp_host=HOST, smtp_port=port)), tls_context=other)

    assert not refused.value.permanent
    assert kept.mails == []


@pytest.mark.usefixtures("not_this_machine")
def test_a_wrong_password_is_not_the_message_s_fault(certificate: ssl.SSLContext) -> None:
    kept = Kept()

    def work(port: int) -> str:
        return send(
            mail_settings(smtp_host=HOST, smtp_port=port, smtp_username="bruger", smtp_password="forkert")
        )

    with pytest.raises(ChannelError) as refused:
        real_server(
            kept,
            work,
            tls_context=certificate,
            authenticator=lambda *_: AuthResult(success=False, handled=False),
        )

    assert (str(refused.value), refused.value.permanent) == ("535 before the message", False)


@pytest.mark.parametrize(
    "wrong",
    [{"mail_from": "handlepligt"}, {"mail_from": "a@kommunen.example\r\nBcc: x@y.dk"}],
)
def test_a_sender_that_is_no_address_stops_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="HANDLEPLIGT_MAIL_FROM"):
        EmailChannel(mail_settings(**wrong))


def test_without_a_server_it_cannot_be_turned_on() -> None:
    with pytest.raises(ConfigurationError, match="HANDLEPLIGT_SMTP_HOST"):
        EmailChannel(mail_settings(smtp_host="", channels=("email",)))
