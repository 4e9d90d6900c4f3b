"""The catalogue: every text, and what none of them may ever contain."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, meta

from notifications.messages import (
    TEMPLATES,
    VARIABLES,
    Line,
    Message,
    MessageRefusedError,
    Urgency,
    Variables,
    render,
)
from tests.make import DAY, MONDAY

URL = "https://handlepligt.kommunen.example"
FULL = Variables("2026-000123", "Børnesamtale", MONDAY + DAY, (Line("2026-000124", "Sparring", MONDAY),), 2)


@pytest.mark.parametrize("message", list(Message))
def test_every_message_has_a_subject_of_one_line_and_a_danish_text(message: Message) -> None:
    text = render(message, FULL, queued_at=MONDAY, public_url=URL)

    assert text.subject.startswith("Handlepligt: ")
    assert text.subject.isprintable()
    assert len(text.subject) <= 78
    assert len(text.text) > 40
    assert text.link == f"{URL}/sager/2026-000123"


@pytest.mark.parametrize("message", list(Message))
@pytest.mark.parametrize("variables", [Variables("2026-000123"), Variables("2026-000123", at=MONDAY)])
def test_every_message_can_do_without_what_is_optional(message: Message, variables: Variables) -> None:
    text = render(message, variables, queued_at=MONDAY, public_url=URL)

    assert "»«" not in text.text
    assert "  " not in text.text
    assert not re.search(r"\b(senest|inden|var|siden|overskredet)\s*\.", text.text)


@pytest.mark.parametrize("message", list(Message))
def test_a_template_asks_for_the_allowed_variables_only(message: Message) -> None:
    source = (TEMPLATES / f"{message.value}.txt").read_text("utf-8")

    asked = meta.find_undeclared_variables(Environment(autoescape=True).parse(source))

    assert asked <= VARIABLES
    assert {"reference", "step", "time", "due", "lines", "more"} == VARIABLES


def test_every_template_belongs_to_a_message() -> None:
    assert {path.stem for path in TEMPLATES.iterdir()} == {message.value for message in Message}


def test_times_are_shown_in_danish_wall_time() -> None:
    summer = datetime(2026, 7, 1, 14, 55, tzinfo=UTC)

    text = render(Message.OVERDUE, Variables("2026-000123", at=summer), queued_at=MONDAY, public_url=URL)

    assert "01-07-2026 kl. 16.55" in text.text


def test_the_merged_message_lists_reference_step_and_time_of_each_missed_rung() -> None:
    lines = (Line("2026-000123", "Sparring", MONDAY), Line("2026-000124", "", MONDAY + DAY))

    text = render(Message.MISSED_WHILE_DOWN, Variables(lines=lines, more=3), queued_at=MONDAY, public_url=URL)

    assert "- 2026-000123: Sparring, 23-11-2026 kl. 09.00" in text.text
    assert "- 2026-000124, 24-11-2026 kl. 09.00" in text.text
    assert "og 3 andre" in text.text
    assert text.link == f"{URL}/"


def test_what_is_acute_is_acute() -> None:
    assert {message for message in Message if message.urgency == Urgency.ACUTE} >= {
        Message.ACUTE_PRESSED,
        Message.NOBODY_REACHABLE,
    }


@pytest.mark.parametrize(
    "step",
    [
        "Samtale\r\nBcc: x@y.dk", "Samtale\nLinje", "Samtale\x00", "Samtale\u2028ny", "ring 99 31 50 00",
        "010190-1234", "0101901234", "skriv til a@b.dk", "se https://b.dk", "se www.b.dk", "x" * 201,
        "vend\u202eom",
    ],
)  # fmt: skip
def test_a_title_that_is_no_title_is_refused_without_repeating_it(step: str) -> None:
    with pytest.raises(MessageRefusedError) as refused:
        Variables("2026-000123", step)

    assert step not in str(refused.value)


@pytest.mark.parametrize(
    "reference", ["010190-1234", "0101901234", "Amira", "2026-000123\n", "../2026-000123", "2026-1"]
)
def test_a_reference_that_is_none_is_refused(reference: str) -> None:
    with pytest.raises(MessageRefusedError):
        Variables(reference)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(Exception, match="aware"):
        Variables("2026-000123", at=datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001


@given(step=st.text(max_size=220))
def test_whatever_a_title_holds_a_subject_stays_one_line_without_addresses(step: str) -> None:
    try:
        variables = Variables("2026-000123", step, MONDAY)
    except MessageRefusedError:
        return

    for message in Message:
        text = render(message, variables, queued_at=MONDAY, public_url=URL)
        assert text.subject.isprintable()
        assert "@" not in text.text
