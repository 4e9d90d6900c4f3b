"""Reading how long a deadline is from the words a protocol uses."""

import pytest

from handlepligt.domain.deadlines import Offset, OffsetError, Unit


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("24 hours", Offset(24, Unit.HOURS)),
        ("1 hour", Offset(1, Unit.HOURS)),
        ("90 minutes", Offset(90, Unit.MINUTES)),
        ("6 working days", Offset(6, Unit.WORKING_DAYS)),
        ("-1 working day", Offset(-1, Unit.WORKING_DAYS)),
        ("14 days", Offset(14, Unit.CALENDAR_DAYS)),
        ("3 weeks", Offset(3, Unit.WEEKS)),
        ("4 months", Offset(4, Unit.MONTHS)),
        ("-18 years", Offset(-18, Unit.YEARS)),
        ("0 minutes", Offset(0, Unit.MINUTES)),
    ],
)
def test_an_offset_is_read_and_written_back_the_same(text: str, offset: Offset) -> None:
    assert Offset.parse(text) == offset
    assert str(offset) == text


@pytest.mark.parametrize(
    "text",
    # The digit of "٢ days" is an Arabic two, which Python's int() would read.
    [
        *("", "24", "hours", "24hours", "24  hours", " 24 hours", "24 hours\n", "1.5 hours", "24 Hours"),
        *("two days", "٢ days", "24 timer", "1 day 2 hours", "--1 day", "1234567 days", "2 workingdays"),
    ],
)
def test_an_offset_written_in_another_way_is_refused(text: str) -> None:
    with pytest.raises(OffsetError):
        Offset.parse(text)


@pytest.mark.parametrize("text", ["0 working days", "0 weeks", "0 months", "-0 years"])
def test_an_offset_of_nothing_is_refused_where_it_has_no_meaning(text: str) -> None:
    with pytest.raises(OffsetError):
        Offset.parse(text)
