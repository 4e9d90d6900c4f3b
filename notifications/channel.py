"""What a channel is, what it is given, and how it says that it could not deliver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from handlepligt.errors import HandlepligtError
from handlepligt.settings import Settings
from notifications.messages import MessageText


@dataclass(frozen=True, slots=True)
class StaffRecipient:
    """A member of staff to be told. Only notifications/recipients.py makes one, from a staff row."""

    staff_id: int
    work_email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A finished text on its way. `message_id` is the same at every attempt; `at` is when it was queued."""

    message_id: str
    text: MessageText
    at: datetime


class ChannelError(HandlepligtError):
    """The channel did not confirm. `permanent`: trying again cannot help.

    The text is kept and shown to leaders: a code or a short reason, never an address or a server's prose.
    """

    user_message = "Beskeden kunne ikke leveres."

    def __init__(self, text: str, *, permanent: bool) -> None:
        super().__init__(text)
        self.permanent = permanent


class Channel(ABC):
    """One way to reach a member of staff. One file in notifications/channels/ holds one of these.

    The file's name is the channel's key. Turned on by HANDLEPLIGT_CHANNELS, except for the inbox,
    which is always on, and e-mail, which is on when there is a mail server.
    """

    title: ClassVar[str]

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigurationError when the settings do not let this channel work safely."""
        self.settings = settings

    @abstractmethod
    async def send(self, recipient: StaffRecipient, message: OutgoingMessage) -> str:
        """Returns the confirmation in a few characters once the other side has taken the message.

        Raises ChannelError when it has not, or when nobody knows. May be cancelled after a time-out.
        """
