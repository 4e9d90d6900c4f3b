"""An outage of Prefect is said once, and waited out with patience."""

import logging

import pytest

from flows.runner import LONGEST_PAUSE_SECONDS, Outage


def test_an_outage_is_logged_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    outage = Outage()

    for _ in range(5):
        outage.met(ConnectionError("http://127.0.0.1:4200"))
    outage.over()
    outage.over()

    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "ConnectionError" in caplog.text
    assert "4200" not in caplog.text


def test_the_pause_between_two_tries_grows_to_five_seconds() -> None:
    outage = Outage()
    pauses = []

    for _ in range(6):
        outage.met(ConnectionError())
        pauses.append(outage.pause)

    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_what_is_named_is_the_first_trouble_and_not_the_group_around_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Outage().met(ExceptionGroup("several", [ExceptionGroup("inner", [TimeoutError()]), ValueError()]))

    assert "TimeoutError" in caplog.text
