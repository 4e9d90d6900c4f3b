"""Writes messages to the terminal, for development; off unless HANDLEPLIGT_CHANNELS names it."""

import sys

from notifications.channel import Channel, OutgoingMessage, StaffRecipient


class ConsoleChannel(Channel):
    """Shows what a member of staff would get, with their number instead of their name."""

    title = "Terminal (udvikling)"

    async def send(self, recipient: StaffRecipient, message: OutgoingMessage) -> str:
        """Confirmed when the terminal has taken the text."""
        text = message.text
        sys.stdout.write(f"[{recipient.staff_id}] {text.subject}\n{text.text}\n{text.link}\n\n")
        sys.stdout.flush()
        return "written"
