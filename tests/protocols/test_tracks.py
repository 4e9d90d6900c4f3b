"""A contact that is kept for some definitions names definitions that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.checking import check
from protocols.loader import load_all, load_file
from protocols.problems import DefinitionRefused
from tests.protocols.small import CONTACTS, write

OF_THE_CONTACT = ("    sharing: general\n", "    sharing: general\n    tracks: [small, smal]\n")
OF_THE_NUMBER = ('PH off"}', 'PH off", tracks: [elsewhere, small]}')


def folder_with(folder: Path, change: tuple[str, str]) -> Path:
    write(folder)
    assert change[0] in CONTACTS
    (folder / "contacts.yaml").write_text(CONTACTS.replace(*change), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (OF_THE_CONTACT, "contacts.yaml:8:21: unknown definition 'smal'; did you mean 'small'?"),
        (OF_THE_NUMBER, "contacts.yaml:5:78: unknown definition 'elsewhere'; there are small"),
    ],
)
def test_a_folder_whose_contacts_name_a_missing_definition_is_refused(
    change: tuple[str, str], said: str, tmp_path: Path
) -> None:
    folder = folder_with(tmp_path, change)

    with pytest.raises(DefinitionRefused) as refused:
        load_all(folder)

    assert [str(problem) for problem in refused.value.problems] == [said]
    assert [str(problem) for problem in check(folder).problems] == [said]
    assert check(folder / "contacts.yaml").problems == check(folder).problems


def test_one_definition_checked_alone_does_not_ask_where_the_others_are(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, OF_THE_CONTACT)

    assert load_file(folder / "small.yaml").contacts["hotline"].tracks == ("small", "smal")
    assert check(folder / "small.yaml").is_clean


def test_a_definition_that_cannot_be_read_is_complained_of_and_not_those_who_name_it(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, OF_THE_CONTACT)
    (folder / "smal.yaml").write_text("head: [", encoding="utf-8")

    problems = check(folder).problems

    assert [problem.file for problem in problems] == ["smal.yaml"]
