"""The kind *contact*: whom staff can call, when, for what, and how much may be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import contacts_now
from protocols.kinds.contact import Sharing
from tests.protocols.small import CONTACTS, refused_with, small
from tests.protocols.walk import FRIDAY

SHARING = "    sharing: general\n"


def test_a_contact_has_numbers_whose_hours_nobody_has_confirmed(tmp_path: Path) -> None:
    contact = small(tmp_path).contacts["hotline"]

    [number] = contact.numbers
    assert (number.number, number.hours) == ("11 22 33 44", "Mo-Fr 09:00-15:00; PH off")
    assert not number.hours_confirmed
    assert (contact.purposes, contact.sharing) == (("advice",), "general")
    assert (contact.tracks, contact.shown_when, contact.if_no_answer) == ((), None, "")


def test_how_much_may_be_said_has_danish_words() -> None:
    assert [sharing.danish for sharing in Sharing] == [
        "kun generelt, ikke om den enkelte sag",
        "om sagen, uden navn",
        "om den konkrete sag",
    ]


@pytest.mark.parametrize(("age", "shown"), [(17, 1), (None, 1), (18, 0)])
def test_a_contact_can_be_for_some_ages_only(age: int | None, shown: int, tmp_path: Path) -> None:
    contacts = CONTACTS.replace(SHARING, f"{SHARING}    shown_when: age == null || age < 18\n")

    assert len(contacts_now(small(tmp_path, contacts=contacts), age=age, at=FRIDAY)) == shown


def test_a_number_kept_for_another_definition_is_left_out(tmp_path: Path) -> None:
    other = '    numbers:\n      - {number: "55 66 77 88", hours: 24/7, tracks: [other]}\n'

    contacts = CONTACTS.replace("    numbers:\n", other)

    numbers = small(tmp_path, contacts=contacts).contacts["hotline"].numbers
    assert [one.number for one in numbers] == ["11 22 33 44"]


@pytest.mark.parametrize(
    ("old", "line", "sentence"),
    [
        ("purposes: [advice]", "purposes: [chat]", "'chat' is not allowed for 'purposes'; write"),
        ("sharing: general", "sharing: all", "'all' is not allowed for 'sharing'; write 'general', "),
        (SHARING, f"{SHARING}    if_no_answer: nobody\n", "unknown contact 'nobody'; declare it under"),
        (SHARING, f"{SHARING}    if_no_answer_within: 5 minutes\n", "nobody comes next; name the contact to"),
        (SHARING, f"{SHARING}    if_no_answer: hotline\n", "the calls lead back to 'hotline'; end the chain"),
        (SHARING, f"{SHARING}    conflict: quarrel\n", "unknown conflict 'quarrel'; declare it under"),
        (SHARING, f"{SHARING}    shown_when: fact.child == 'yes'\n", "unknown name 'fact.child'"),
    ],
)
def test_a_contact_that_cannot_be_understood_is_refused(
    old: str, line: str, sentence: str, tmp_path: Path
) -> None:
    [refused, *_] = refused_with(tmp_path, contacts=CONTACTS.replace(old, line))

    assert refused[:2] == ("contacts.yaml", line.splitlines()[-1].strip())
    assert refused[2].startswith(sentence)


def test_hours_that_cannot_be_read_are_refused_with_an_example(tmp_path: Path) -> None:
    [(file, line, sentence)] = refused_with(tmp_path, contacts=CONTACTS.replace("Mo-Fr", "Man-Fre"))

    assert file == "contacts.yaml"
    assert 'hours: "Man-Fre 09:00-15:00' in line
    assert sentence == (
        "the hours 'Man-Fre 09:00-15:00; PH off' are not valid opening hours; "
        "write for example Mo-Fr 09:00-15:00; PH off"
    )
