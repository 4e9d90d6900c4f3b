"""Two versions are compared by what they say, in words, and always in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.comparing import Change, How, compare
from protocols.loader import library, load_file
from tests.protocols.small import CONTACTS, SMALL, small, write

VISIT_OPENS = 'opens_when: done("talk") && answer.worried == "yes"'


def changes(tmp_path: Path, *made: tuple[str, str], contacts: str = CONTACTS) -> tuple[Change, ...]:
    """What is said of the small definition and a changed one."""
    new = tmp_path / "new"
    new.mkdir()
    return compare(small(tmp_path), small(new, *made, contacts=contacts))


def test_a_definition_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert changes(tmp_path) == ()


@pytest.mark.parametrize(
    ("made", "kind", "how", "sentence"),
    [
        (
            ("within: 1 working day", "within: 2 working days"),
            "deadline",
            How.CHANGED,
            "Trin “Tal sammen” › frist “talked” › længde: ændret fra 1 hverdag til 2 hverdage",
        ),
        (
            ("title: Tag på besøg", "title: Besøg"),
            "step",
            How.CHANGED,
            "Trin “Besøg” › titel: ændret fra Tag på besøg til Besøg",
        ),
        (
            ("ask: Er der fare?", "ask: Er der stor fare?"),
            "question",
            How.CHANGED,
            "Trin “Tal sammen” › spørgsmål “Er der stor fare?” › spørgsmålets ordlyd: "
            "ændret fra Er der fare? til Er der stor fare?",
        ),
        (
            ("{school: Skole, home: Hjem}", "{school: Skole, home: Hjem, work: Arbejde}"),
            "choice",
            How.ADDED,
            "Trin “Tal sammen” › spørgsmål “Om hvad?” › svarmulighed “work”: tilføjet: Arbejde",
        ),
        (
            ("superior_of: keeper}", "substitute_of: keeper}"),
            "role",
            How.CHANGED,
            "Rolle “Chefen” › nærmeste leder for: ændret fra Den ansvarlige til –",
        ),
        (
            ("    except_steps: [talk, alarm]", "    except_steps: [talk]"),
            "gate",
            How.CHANGED,
            "Spærring “talk_first” › undtagne trin: ændret fra Tal sammen, Slå alarm til Tal sammen",
        ),
        (
            (
                'allowed_when: is_open("finish")',
                'allowed_when: is_open("finish")\n  other:\n    title: Andet\n'
                '    allowed_when: is_open("finish")',
            ),
            "end",
            How.ADDED,
            "Afslutning “Andet”: tilføjet: titel: Andet; tilladt, når: Trinnet “Afslut” er",
        ),
        (
            ("modality: should", "modality: must"),
            "step",
            How.CHANGED,
            "Trin “Tag på besøg” › bindende: ændret fra bør til skal",
        ),
        (
            ("{base: receipt, within: 1 w", '{base: opened("talk"), within: 1 w'),
            "deadline",
            How.CHANGED,
            "Trin “Tal sammen” › frist “talked” › regnes fra: "
            "ændret fra modtagelsen til åbning af “Tal sammen”",
        ),
        (
            ("title: Lille forløb", "title: Lille arbejdsgang"),
            "head",
            How.CHANGED,
            "Hoved › titel: ændret fra Lille forløb til Lille arbejdsgang",
        ),
    ],
)
def test_a_change_is_said_in_words(
    made: tuple[str, str], kind: str, how: How, sentence: str, tmp_path: Path
) -> None:
    found = changes(tmp_path, made)

    assert sentence in [str(one)[: len(sentence)] for one in found if one.kind == kind and one.how is how]


def test_a_condition_is_said_in_words_before_and_after(tmp_path: Path) -> None:
    [change] = changes(tmp_path, (VISIT_OPENS, 'opens_when: done("talk")'))

    assert change.where == ("steps", "visit", "opens_when")
    assert "“Er I bekymrede?” er “Ja”" in change.old
    assert "Er I bekymrede?" not in change.new


def test_a_condition_that_is_only_laid_out_otherwise_has_not_changed(tmp_path: Path) -> None:
    laid_out = 'opens_when: >-\n      done("talk")\n      && answer.worried == "yes"'

    assert changes(tmp_path, (VISIT_OPENS, laid_out)) == ()


def test_a_new_number_of_a_contact_is_found_in_the_shared_file(tmp_path: Path) -> None:
    [change] = changes(tmp_path, contacts=CONTACTS.replace("11 22 33 44", "55 66 77 88"))

    assert str(change) == "Kontakt “Rådgivningen” › nummer 1 › nummer: ændret fra 11 22 33 44 til 55 66 77 88"


def test_a_new_step_is_told_with_its_questions_and_deadlines(tmp_path: Path) -> None:
    more = (
        "  again:\n    title: Igen\n    what: Tal igen.\n    opens_when: done(\"talk\")\n    modality: may\n"
        "    questions:\n      how: {ask: Hvordan?, type: text}\n"
        "    deadlines:\n      soon: {base: receipt, within: 3 days, basis: local}\n"
    )  # fmt: skip

    found = changes(tmp_path, ("\nrules:\n", f"{more}\nrules:\n"))

    assert [(one.kind, one.how, one.where[-1]) for one in found] == [
        ("step", How.ADDED, "again"),
        ("question", How.ADDED, "how"),
        ("deadline", How.ADDED, "soon"),
    ]
    assert "længde: 3 dage" in found[2].new


def test_what_is_removed_is_what_was_added_the_other_way_round() -> None:
    old, new = library().latest("adviser_under_18"), library().latest("adviser_over_18")

    there, back = compare(old, new), compare(new, old)

    assert {one.where for one in there if one.how is How.ADDED} == {
        one.where for one in back if one.how is How.REMOVED
    }


def test_another_order_of_steps_is_a_change(tmp_path: Path) -> None:
    start, end = SMALL.index("  alarm:\n"), SMALL.index("  visit:\n")
    swapped = SMALL[:start] + SMALL[end : SMALL.index("  finish:\n")] + SMALL[start:end]
    swapped += SMALL[SMALL.index("  finish:\n") :]
    new = tmp_path / "new"
    new.mkdir()

    [change] = compare(small(tmp_path), load_file(write(new, text=swapped)))

    assert change.where == ("steps", "order")
    assert change.old == "Tal sammen, Slå alarm, Tag på besøg, Afslut"
    assert change.new == "Tal sammen, Tag på besøg, Slå alarm, Afslut"


def test_the_order_is_that_of_the_new_file_and_always_the_same() -> None:
    old, new = library().latest("adviser_under_18"), library().latest("professional")

    found = compare(old, new)

    assert found == compare(old, new)
    steps = [one.where[1] for one in found if one.where[0] == "steps" and one.where[1] in new.steps]
    assert list(dict.fromkeys(steps)) == [key for key in new.steps if key in steps]
    assert all(str(one) and one.what for one in found)
