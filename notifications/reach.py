"""Which channels are on and how far they reach, read from the settings without loading any channel."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from handlepligt.settings import Settings, read_settings

INBOX = "inbox"
EMAIL = "email"
# A domain that can never exist (RFC 2606), for message ids of an installation without mail.
_NO_DOMAIN = "handlepligt.invalid"


@dataclass(frozen=True, slots=True)
class Reach:
    """Channels by key, the inbox first; the domains mail may go to; the right side of message ids."""

    channels: tuple[str, ...] = (INBOX,)
    staff_domains: tuple[str, ...] = ()
    message_id_domain: str = _NO_DOMAIN


def reach_of(settings: Settings) -> Reach:
    """The inbox always, e-mail when there is a mail server, then what HANDLEPLIGT_CHANNELS names."""
    channels = dict.fromkeys((INBOX, *((EMAIL,) if settings.smtp_host else ()), *settings.channels))
    domain = settings.mail_from.rpartition("@")[2].strip("<> ").lower()
    return Reach(tuple(channels), settings.staff_domains, domain or _NO_DOMAIN)


_installed: Reach | None = None


def install_reach(settings: Settings | None) -> None:
    """Makes `settings` decide the channels of this process; None goes back to the environment's."""
    global _installed
    _installed = None if settings is None else reach_of(settings)


def current_reach() -> Reach:
    """The reach installed at the start, else that of the environment, read once."""
    return _installed or _reach_of_environment()


@functools.cache
def _reach_of_environment() -> Reach:
    return reach_of(read_settings())
