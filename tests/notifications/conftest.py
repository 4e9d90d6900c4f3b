"""What the tests of messages share: a reach that sends mail, and looks into the outbox."""

from collections.abc import Iterator

import pytest

from notifications.reach import install_reach
from tests.notifications.mail_servers import mail_settings


@pytest.fixture
def mail_is_on() -> Iterator[None]:
    """Messages are queued for e-mail too while the test runs."""
    install_reach(mail_settings())
    yield
    install_reach(None)


@pytest.fixture
def mail_is_off() -> Iterator[None]:
    """Only the inbox, as in the demo."""
    install_reach(mail_settings(smtp_host="", mail_from="", staff_domains=()))
    yield
    install_reach(None)
