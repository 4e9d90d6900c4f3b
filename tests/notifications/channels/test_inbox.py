"""The inbox as a channel."""

import asyncio

from notifications.channel import OutgoingMessage, StaffRecipient
from notifications.channels.inbox import InboxChannel
from notifications.dispatch import open_channels
from notifications.messages import MessageText
from tests.make import MONDAY
from tests.notifications.mail_servers import mail_settings


def test_it_confirms_at_once_even_without_an_address() -> None:
    message = OutgoingMessage("<a@b>", MessageText("s", "t", "l"), MONDAY)

    assert asyncio.run(InboxChannel(mail_settings()).send(StaffRecipient(7, ""), message)) == "in the inbox"


def test_it_is_always_on() -> None:
    assert "inbox" in open_channels(mail_settings(smtp_host="", channels=("console",)))
