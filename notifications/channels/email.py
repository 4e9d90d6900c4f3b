"""Sends plain e-mail to work addresses through the municipality's own mail server."""

import asyncio
import ipaddress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

import aiosmtplib

from handlepligt.errors import ConfigurationError
from handlepligt.settings import Settings
from notifications.channel import Channel, ChannelError, OutgoingMessage, StaffRecipient
from notifications.recipients import is_work_address

_TLS_FROM_THE_START = 465
_FOOTER = "Beskeden er sendt automatisk og kan ikke besvares."


class EmailChannel(Channel):
    """SMTP with TLS, which only a mail server on this very machine may do without."""

    title = "E-mail"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._sender = parseaddr(settings.mail_from)[1]
        if "@" not in self._sender or not settings.mail_from.isprintable():
            raise ConfigurationError("HANDLEPLIGT_MAIL_FROM must be an e-mail address")
        if not settings.smtp_host or not settings.staff_domains:
            raise ConfigurationError(
                "HANDLEPLIGT_SMTP_HOST and HANDLEPLIGT_STAFF_DOMAINS must be set before e-mail can be sent"
            )

    async def send(self, recipient: StaffRecipient, message: OutgoingMessage) -> str:
        """Returns "250" once the server has answered 250 to the whole message.

        A 5xx to sender, recipient or message is permanent. Anything else may pass: a 4xx, a time-out, a
        dropped connection, and also a refused login or greeting, which says nothing about this message.
        """
        # The last look before the wire: whatever queued this, nothing leaves for another domain.
        if not is_work_address(recipient.work_email, self.settings.staff_domains):
            raise ChannelError("no address in an allowed domain", permanent=True)
        written = self._written(recipient, message)
        client = self._client()
        try:
            await client.connect()
            await client.sendmail(self._sender, [recipient.work_email], written)
            # Said without waiting for the answer: the 250 is in hand, and a server that stalls at its
            # goodbye must not make us believe that the message failed.
            if isinstance(client.transport, asyncio.WriteTransport):
                client.transport.write(b"QUIT\r\n")
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0]) from None
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _refusal(error) from None
        except aiosmtplib.SMTPResponseException as error:
            raise ChannelError(f"{error.code} before the message", permanent=False) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            # Names of classes only: the texts hold addresses and host names.
            raise ChannelError(type(error).__name__, permanent=False) from None
        finally:
            client.close()
        return "250"

    def _client(self) -> aiosmtplib.SMTP:
        settings = self.settings
        use_tls = settings.smtp_port == _TLS_FROM_THE_START
        password = settings.smtp_password
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username or None,
            password=password.get_secret_value() if settings.smtp_username and password else None,
            # Else the library would look up this machine's name and tell it to the server.
            local_hostname=self._sender.rpartition("@")[2],
            use_tls=use_tls,
            start_tls=not use_tls and not _is_loopback(settings.smtp_host),
        )

    def _written(self, recipient: StaffRecipient, message: OutgoingMessage) -> bytes:
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = self.settings.mail_from
        mail["To"] = recipient.work_email
        mail["Subject"] = message.text.subject
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = message.message_id
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(
            f"{message.text.text}\n\nÅbn i Handlepligt: {message.text.link}\n\n{_FOOTER}\n",
            cte="quoted-printable",
        )
        return mail.as_bytes()


def _refusal(error: aiosmtplib.SMTPResponseException) -> ChannelError:
    return ChannelError(str(error.code), permanent=error.code >= 500)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
