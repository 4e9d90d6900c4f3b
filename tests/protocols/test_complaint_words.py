"""Complaints in Danish: every sentence has one, its holes are filled, and what nobody knows is said so."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator

import pytest

from protocols.complaint_words import CATALOGUE, UNTRANSLATED, Catalogue, catalogue, in_danish, pieces
from protocols.condition_functions import Takes
from protocols.problems import Problem
from tests.protocols.complaints_written import ROOM, sentences_written, shape, texts_written

# Tables of what others say: the operating system, the models, and words that are put together.
NOT_WRITTEN_HERE = {"system", "pydantic", "places", "word"}

SAID = {
    "unknown contact 'hotlin'; did you mean 'hotline'?": "Ukendt kontakt: “hotlin”. Mente du “hotline”?",
    "unknown role 'x'; declare it under roles": "Ukendt rolle: “x”. Skriv den under roles.",
    "unknown legal reference 'act'; declare it under legal_references": (
        "Ukendt henvisning: “act”. Skriv den under legal_references."
    ),
    "later() takes 2 steps in quotes": "later() skal have 2 trin i anførselstegn.",
    "count_within() takes a step and a length of time in quotes": (
        "count_within() skal have et trin og en længde af tid i anførselstegn."
    ),
    "the condition 'a =' cannot be read: expected ')' but found the end; write '=='": (
        "Betingelsen “a =” kan ikke læses. Der skulle stå “)”, men der står ikke mere. Skriv “==”."
    ),
    "not valid YAML: a '{' lacks its '}', or a text in it needs quotes": (
        "Filen er ikke gyldig YAML. Et { mangler sit }, eller en tekst derinde skal stå i anførselstegn."
    ),
    "a tab in the indentation; use spaces, here and in 3 further lines": (
        "Linjen er rykket ind med en tabulator. Brug mellemrum, her og 3 linjer mere."
    ),
    "a tab in the indentation; use spaces": "Linjen er rykket ind med en tabulator. Brug mellemrum.",
    "'steep' is not allowed for 'until'; write acknowledged or done": (
        "“steep” kan ikke bruges som “until”. Skriv acknowledged eller done."
    ),
    "the steps wait for each other: 'a' waits for 'b' waits for 'a'; break the circle": (
        "Trinnene venter på hinanden: “a” venter på “b” venter på “a”. Bryd ringen."
    ),
    "the step 'talk' can be open without any date, this way: raised(age=3) -> alarm.rung passes; "
    "give it a deadline": (
        "Trinnet “talk” kan være åbent uden nogen dato ad denne vej: "
        "modtaget(age=3) -> fristen alarm.rung går. Giv det en frist."
    ),
    "the step 'x' can never open; it comes nearest after sibling linked(urgent=yes) -> talk, "
    'where done("y") does not hold; mend opens_when or remove the step': (
        "Trinnet “x” kan aldrig åbne. Tættest på kommer en sag efter sibling tilknyttet(urgent=yes) -> talk, "
        'hvor done("y") ikke gælder. Ret opens_when, eller fjern trinnet.'
    ),
}


def test_every_complaint_written_in_the_kernel_has_its_danish() -> None:
    known = {shape(one.literals) for one in catalogue().templates()}
    known |= {one.between for one in catalogue().lists.values()}

    lacking = {place: text for text, place in sentences_written().items() if text not in known}

    assert lacking == {}, "write their Danish in protocols/wording/complaints"


def test_the_search_finds_sentences_of_every_make() -> None:
    found = sentences_written()

    # One after yield, one that is put together, one with holes, one by a name, one in a table.
    assert "a loop needs a bound: say at_most, from 2 to 1000" in found
    assert shape(("'", "' is a list; write it as [first, second]", "")) in found
    assert shape(("'", "' is no base of a deadline; write receipt", "")) not in found
    assert shape(("the question '", "' is asked in the step '", "' too; rename one of them")) in found
    assert "a quote is opened and never closed" in found


def test_no_danish_is_kept_for_a_sentence_that_nobody_says_any_more() -> None:
    whole = catalogue()
    parts = [one for name, table in whole.parts.items() if name not in NOT_WRITTEN_HERE for one in table]

    written = texts_written()
    stale = [text for one in (*whole.sentences, *parts) if _has_words(text := shape(one.literals), written)]

    assert stale == []


def _has_words(text: str, written: set[str]) -> bool:
    return any(sign.isalpha() for sign in text) and text not in written


def test_the_danish_has_the_same_holes_as_the_english() -> None:
    wrong = [one for one in catalogue().templates() if set(pieces(one.danish)[1]) != set(one.holes)]

    assert wrong == []


def test_every_hole_in_capitals_has_a_table() -> None:
    whole = catalogue()
    named = {hole.rstrip("0123456789") for one in whole.templates() for hole in one.holes if hole.isupper()}

    assert named <= {name.upper() for name in (*whole.parts, *whole.lists)}
    assert {one.each for one in whole.lists.values()} <= set(whole.parts)


def test_a_sentence_is_written_down_once() -> None:
    texts = [path.read_text("utf-8") for path in CATALOGUE.glob("*.da.yaml")]
    tables = [text.partition("sentences:\n")[2].partition("\nparts:\n")[0] for text in texts]
    sentences = [line for table in tables for line in table.splitlines() if line.startswith('  "')]

    assert len(sentences) == len(set(sentences)) == len(catalogue().sentences)


@pytest.mark.parametrize("english", SAID)
def test_a_complaint_is_said_in_danish(english: str) -> None:
    assert in_danish(english) == SAID[english]


def test_a_sentence_that_nobody_knows_is_marked_as_english() -> None:
    assert in_danish("the moon is missing") == f"{UNTRANSLATED} the moon is missing"


def test_names_and_values_are_left_as_they_are_written() -> None:
    said = in_danish(
        "'step {x}' cannot be a name; use a to z, digits and underscores, and do not begin with a digit"
    )

    assert said.startswith("“step {x}” kan ikke være et navn.")


def test_what_any_function_takes_has_a_word() -> None:
    said = [in_danish(f"unknown {kind} 'x'; did you mean 'y'?") for kind in Takes]
    said += [in_danish(f"f() takes a {kind} in quotes") for kind in Takes]
    said += [in_danish(f"f() takes the key of a {kind} in quotes") for kind in Takes]

    assert [one for one in said if one.startswith(UNTRANSLATED)] == []


def test_whatever_a_name_is_called_when_nobody_declared_it_has_a_word() -> None:
    words = set(_words_for_names())

    assert {"step", "role", "role or contact", "reference"} <= words
    assert [
        word for word in words if in_danish(f"unknown {word} 'x'; declare it under y")[:6] != "Ukendt"
    ] == []


def _words_for_names() -> Iterator[str]:
    """What the checks of names call them: the third word they are given."""
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    ast.Attribute(attr="name" | "names" | "unknown"), [_, _, ast.Constant(word), *_]
                ):
                    yield str(word)


def test_a_sentence_too_long_to_be_shown_is_still_said_in_danish() -> None:
    way = " -> ".join(f"step_{n}(answer=yes)" for n in range(60))

    problem = Problem("a.yaml", 1, 1, f"a case can get stuck and never end, this way: {way}")

    assert len(problem.sentence) < 410
    assert problem.danish.startswith("En sag kan gå i stå og aldrig slutte ad denne vej: step_0(answer=yes)")
    assert len(problem.danish) < 410


def test_two_hundred_complaints_are_said_within_a_moment() -> None:
    sentences = [f"unknown moon '{n}' " + "' -> ; , " * 400 for n in range(200)]
    catalogue()

    began = time.perf_counter()
    said = [in_danish(sentence) for sentence in sentences]

    assert all(one.startswith(UNTRANSLATED) for one in said)
    assert time.perf_counter() - began < 1


def test_the_catalogue_is_read_once() -> None:
    assert isinstance(catalogue(), Catalogue)
    assert catalogue() is catalogue()
