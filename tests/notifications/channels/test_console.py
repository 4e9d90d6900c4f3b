"""The terminal of a developer."""

import asyncio

import pytest

from notifications.channel import OutgoingMessage, StaffRecipient
from notifications.channels.console import ConsoleChannel
from notifications.dispatch import open_channels
from notifications.messages import MessageText
from tests.make import MONDAY
from tests.notifications.mail_servers import mail_settings


def test_it_shows_the_text_under_the_member_s_number(capsys: pytest.CaptureFixture[str]) -> None:
    text = MessageText("Handlepligt: påmindelse", "Husk det.", "https://x/sager/2026-000123")

    asyncio.run(
        ConsoleChannel(mail_settings()).send(
            StaffRecipient(7, "mia@kommunen.example"), OutgoingMessage("<a@b>", text, MONDAY)
        )
    )

    shown = capsys.readouterr().out
    assert "[7] Handlepligt: påmindelse" in shown
    assert "mia@" not in shown


def test_it_is_off_unless_it_is_named() -> None:
    assert "console" not in open_channels(mail_settings())
    assert "console" in open_channels(mail_settings(channels=("console",)))
