"""Promise 3: there is no code path, address field or channel for the citizen, the family or the home."""

import inspect
import re
import typing

from models import Citizen, Row
from notifications import outbox
from tests.rules.test_house import ROOT, modules

ADDRESS_WORDS = re.compile(r"phone|mobile|mail|address|street|zip|postal|telefon|adresse", re.IGNORECASE)


def test_the_citizen_has_no_column_for_an_address() -> None:
    columns = [column.name for column in Citizen.__table__.columns]  # type: ignore[attr-defined]

    assert [name for name in columns if ADDRESS_WORDS.search(name)] == []


def test_only_staff_have_addresses() -> None:
    with_address = {
        table.name
        for table in Row.metadata.tables.values()
        for column in table.columns
        if ADDRESS_WORDS.search(column.name)
    }

    assert with_address == {"staff"}


def test_the_outbox_takes_a_staff_id_and_no_address() -> None:
    parameters = inspect.signature(outbox.enqueue).parameters

    assert "staff_id" in parameters
    assert [name for name in parameters if ADDRESS_WORDS.search(name)] == []
    assert typing.get_type_hints(outbox.enqueue)["staff_id"] is int


def test_no_module_speaks_letter_sms_digital_post_voice_or_calendar() -> None:
    words = re.compile(
        r"\b(twilio|vonage|gatewayapi|smpplib|digitalpost|digital_post|eboks|icalendar|sms_gateway)\b", re.I
    )

    found = [str(path.relative_to(ROOT)) for path in modules() if words.search(path.read_text("utf-8"))]

    assert found == []
