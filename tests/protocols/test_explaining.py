"""Conditions in words: good sentences for each thing one can say, and no sign of its language left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from protocols.checking import check
from protocols.condition_functions import FUNCTIONS, Takes
from protocols.conditions import read_condition
from protocols.definition import Definition
from protocols.explaining import explain_asked, explain_at, explain_condition
from protocols.loader import examine, library
from protocols.wording import languages, words_of
from tests.protocols.small import small

INVENTED = Path(__file__).parent / "invented"
# Quotes of keys, operators, underscores and the words of the language itself.
SIGNS = re.compile(r"&&|\|\||[=!<>]=|[<>]|\"|\w_\w|\b(answer|given|fact|person|acute)\.\w|\b\w+\(\"|\bnull\b")


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    return small(tmp_path)


def said(source: str, definition: Definition, language: str = "da") -> str:
    return explain_condition(read_condition(source), definition, language)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("true", "Altid."),
        ('done("talk")', "Trinnet “Tal sammen” er udført."),
        ('!done("talk")', "Trinnet “Tal sammen” er ikke udført."),
        ('!(done("talk") || acute.on)', "Trinnet “Tal sammen” er ikke udført, og sagen er ikke akut."),
        ('done("talk") && done("visit")', "Trinnene “Tal sammen” og “Tag på besøg” er udført."),
        (
            'done("talk") || done("visit")',
            "Mindst ét af trinnene “Tal sammen” eller “Tag på besøg” er udført.",
        ),
        (
            '!is_open("talk") && !is_open("visit")',
            "Ingen af trinnene “Tal sammen” og “Tag på besøg” er åbne.",
        ),
        ('answer.worried == "yes"', "Svaret på “Er I bekymrede?” er “Ja”."),
        ('answer.worried != "yes"', "Svaret på “Er I bekymrede?” er ikke “Ja”."),
        ("answer.worried == null", "“Er I bekymrede?” er ikke besvaret."),
        ('answer.worried != null && answer.worried != "no"', "Svaret på “Er I bekymrede?” er ikke “Nej”."),
        ('answer.worried in ["yes", "no"]', "Svaret på “Er I bekymrede?” er “Ja” eller “Nej”."),
        ('"school" in answer.topics', "“Skole” er valgt under “Om hvad?”."),
        ('!("school" in answer.topics)', "“Skole” er ikke valgt under “Om hvad?”."),
        ("size(answer.topics) > 1", "Antallet af valg under “Om hvad?” er mindst 2."),
        ("size(answer.topics) == 0", "Der er ikke valgt noget under “Om hvad?”."),
        ('answer.talked_with == "boss"', "Svaret på “Med hvem?” er “Chefen”."),
        ("age != null && age < 18", "Alderen er kendt og under 18 år."),
        ("age == null || age < 1", "Alderen er ukendt eller under 1 år."),
        (
            'score("worried") != null && score("worried") > 8',
            "Pointtallet for “Er I bekymrede?” er kendt og mindst 9.",
        ),
        ("age == null || age >= 21", "Alderen er ukendt eller mindst 21 år."),
        ('fact.urgent == "yes"', "Oplysningen “Haster det?” er “Ja”."),
        ('rounds("visit") == 0', "Trinnet “Tag på besøg” har ikke været åbnet før."),
        ('rounds("visit") >= 2', "Antallet af gange, trinnet “Tag på besøg” har været åbnet, er mindst 2."),
        (
            'acute.presses > rounds("alarm")',
            "Der er trykket akut, siden trinnet “Slå alarm” sidst blev åbnet.",
        ),
        ('later("visit", "talk")', "Trinnet “Tag på besøg” er åbnet efter trinnet “Tal sammen”."),
        ("!handover.accepted", "Handlepligten er ikke taget over."),
        ('unanswered("hotline") > 1', "Antallet af ubesvarede opkald i træk til “Rådgivningen” er mindst 2."),
        ('!reached("hotline")', "Der er ikke opnået kontakt med “Rådgivningen”."),
        ('expired("talk.talked")', "Fristen “talked” i trinnet “Tal sammen” er udløbet."),
        (
            'count_within("alarm", "90 days") >= 3',
            "Antallet af gange, trinnet “Slå alarm” er åbnet inden for de seneste 90 dage, er mindst 3.",
        ),
        ('bypassed("boss")', "“Chefen” er sprunget over."),
        (
            'answer.worried == "yes" ? done("talk") : done("visit")',
            "Et af disse gælder:\n"
            "– svaret på “Er I bekymrede?” er “Ja”, og trinnet “Tal sammen” er udført\n"
            "– svaret på “Er I bekymrede?” er ikke “Ja”, og trinnet “Tag på besøg” er udført",
        ),
        ('age == null ? "yes" : "no"', "“Ja”, når dette gælder: alderen er ukendt. Ellers “Nej”."),
    ],
)
def test_a_condition_is_said_in_good_danish(source: str, words: str, definition: Definition) -> None:
    assert said(source, definition) == words


def test_what_is_nested_becomes_a_list(definition: Definition) -> None:
    source = (
        'done("talk") && (acute.on || (settled("visit") && answer.worried == "no")) && !is_open("alarm")'
        ' && (rounds("visit") == 0 || fact.urgent == "no")'
    )

    assert said(source, definition) == (
        "Alt dette gælder:\n"
        "– trinnet “Tal sammen” er udført\n"
        "– et af disse gælder:\n"
        "  – sagen er akut\n"
        "  – trinnet “Tag på besøg” er afsluttet, og svaret på “Er I bekymrede?” er “Nej”\n"
        "– trinnet “Slå alarm” er ikke åbent\n"
        "– trinnet “Tag på besøg” har ikke været åbnet før, eller oplysningen “Haster det?” er “Nej”"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('given.worried == "yes"', "Kun hvis du svarer “Ja” til “Er I bekymrede?”."),
        (
            'given.worried != null && given.worried != "yes"',
            "Kun hvis du svarer andet end “Ja” til “Er I bekymrede?”.",
        ),
        ('given.talked_with == "boss"', "Kun hvis du vælger “Chefen” under “Med hvem?”."),
        ("size(given.topics) > 0", "Kun hvis du har valgt noget under “Om hvad?”."),
        (
            '"school" in given.topics || "home" in given.topics',
            "Kun hvis du vælger “Skole” eller “Hjem” under “Om hvad?”.",
        ),
        ("acute.on", "Kun hvis dette gælder: sagen er akut."),
    ],
)
def test_when_a_question_is_asked_is_said_to_who_fills_the_form_in(
    source: str, words: str, definition: Definition
) -> None:
    assert explain_asked(read_condition(source), definition) == words


def test_one_year_is_one_year_in_german_too(definition: Definition) -> None:
    assert said("age != null && age >= 1", definition, "de").endswith("mindestens 1 Jahr.")


def test_two_questions_with_the_same_words_are_told_apart_by_their_steps(tmp_path: Path) -> None:
    definition = small(tmp_path, ("ask: Hvad så du?", "ask: Hvorfor?"))

    assert said('answer.visit_note == ""', definition) == "“Hvorfor? (Tag på besøg)” er ikke besvaret."
    assert said('answer.why == ""', definition) == "“Hvorfor? (Tal sammen)” er ikke besvaret."
    assert said('answer.worried == "no"', definition) == "Svaret på “Er I bekymrede?” er “Nej”."


def test_another_language_speaks_with_its_own_quotes_and_answers(definition: Definition) -> None:
    source = 'done("talk") && answer.worried == "yes"'

    assert (
        said(source, definition, "sv")
        == "Steget ”Tal sammen” är utfört, och svaret på ”Er I bekymrede?” är ”Ja”."
    )
    assert "„Ja“" in said(source, definition, "de")
    assert "“Yes”" in said(source, definition, "en")


ARGUMENTS = {
    Takes.STEP: "talk",
    Takes.ASSESSED_STEP: "talk",
    Takes.JOIN: "none",
    Takes.STEP_DEADLINE: "talk.talked",
    Takes.CONTACT: "hotline",
    Takes.ROLE: "boss",
    Takes.RELATION: "kin",
    Takes.PERSON_FACT: "urgent",
    Takes.VALUE: "yes",
    Takes.DURATION: "90 days",
    Takes.FORM_QUESTION: "worried",
}


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "joined"])
@pytest.mark.parametrize("language", languages())
def test_every_function_of_the_language_has_words(name: str, language: str, definition: Definition) -> None:
    function = FUNCTIONS[name]
    written = ", ".join(f'"{ARGUMENTS[one]}"' for one in function.takes)
    source = f"{name}({written})" + (" >= 2" if function.yields != "boolean" else "")

    for each in (source, f"!({source})"):
        sentence = said(each, definition, language)
        assert not SIGNS.search(sentence), sentence
        assert words_of(language)("explain.other").lower() not in sentence.lower()


def every_definition() -> list[Definition]:
    invented = [examine(path, thorough=False)[0] for path in sorted(INVENTED.glob("*_*.yaml"))]
    return [*library().all(), *(one for one in invented if one is not None)]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("definition", every_definition(), ids=lambda one: one.key)
def test_no_sign_of_a_condition_is_left_in_any_language(definition: Definition, language: str) -> None:
    for condition in definition.conditions:
        # Only what looks at the form is ever said of a question.
        looks_at_form = any(path[0] == "given" for path in condition.names)
        for where in ("opens_when", "asked_when") if looks_at_form else ("opens_when",):
            sentence = explain_at(where, condition, definition, language)
            assert not SIGNS.search(sentence), (str(condition), sentence)
            assert words_of(language)("explain.other").lower() not in sentence.lower(), str(condition)
            assert sentence.endswith(".") or "\n– " in sentence


def test_the_check_explains_in_danish_and_in_the_language_of_the_definition() -> None:
    report = check(INVENTED / "lillby_concern.yaml", explain=True)

    told = {one.where: one for one in report.conditions}

    opening = told["steps.police_report.opens_when"]
    assert opening.sentence.startswith("Trinnet “Tag imod bekymringen” er udført")
    assert opening.own.startswith("Steget ”Ta emot oron” är utfört")
