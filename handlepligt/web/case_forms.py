"""The forms beside the steps of a case: call, follow-up, handover, siblings, closing, reopening."""

from collections.abc import Mapping
from datetime import datetime

from handlepligt.cases.hand_to_authority import FIELDS as AUTHORITY_FIELDS
from handlepligt.cases.offer_handover import NOTE_FIELDS
from handlepligt.cases.view_case import CaseView
from handlepligt.web.forms import Choice, Field, Form
from handlepligt.web.questions import question_field, step_fields
from handlepligt.web.rendering import local_day, local_time
from handlepligt.web.row_forms import row_forms

Fields = dict[str, list[Field]]
_SHORT = 500
_LONG = 20_000
_YES_NO = (Choice("yes", "Ja"), Choice("no", "Nej"))


def case_forms(
    view: CaseView, typed: Form, problems: Mapping[str, str], now: datetime, *, active: str = ""
) -> Fields:
    """The fields of every form on the page of a case, by the form's name; steps as `step:<slot>`.

    `typed` belongs to the form named `active`; the others are empty.
    """

    def text(name: str, label: str, *, kind: str = "text", required: bool = True, help: str = "") -> Field:
        return Field(
            name,
            label,
            kind,
            value=typed.text(name),
            required=required,
            help=help,
            problem=problems.get(name, ""),
            longest=_LONG if kind == "long_text" else _SHORT,
        )

    def pick(name: str, label: str, choices: tuple[Choice, ...], *, kind: str = "select") -> Field:
        return Field(
            name,
            label,
            kind,
            value=typed.text(name),
            choices=choices,
            required=True,
            problem=problems.get(name, ""),
        )

    nothing = Form({})
    forms: Fields = {
        f"step:{step.slot}": step_fields(
            step,
            view.definition,
            typed if active == f"step:{step.slot}" else nothing,
            problems if active == f"step:{step.slot}" else {},
            now,
        )
        for step in view.open_steps
    }
    forms["call"] = [
        pick("call.contact", "Hvem ringede du til?", _contacts(view)),
        Field(
            "call.at",
            "Hvornår?",
            "datetime",
            values=(
                typed.text("call.at.date") or local_day(now),
                typed.text("call.at.time") or local_time(now),
            ),
            required=True,
            problem=problems.get("call.at", ""),
        ),
        text("call.note", "Hvad blev sagt?", kind="long_text", required=False),
    ]
    forms["followup"] = [
        text("followup.on", "Ny dato", kind="date"),
        text("followup.note", "Hvad skal der ses på?", kind="long_text", required=False),
    ]
    note = [text(f"note.{key}", label, kind="long_text") for key, label in NOTE_FIELDS.items()]
    forms["handover"] = [pick("handover.to", "Til hvem?", _receivers(view)), *note]
    forms["authority"] = [
        *(text(f"authority.{key}", label) for key, label in AUTHORITY_FIELDS.items()),
        *note,
    ]
    forms["sibling"] = [
        text("sibling.reference", "Sagsnummer", required=False, help="Hvis barnet allerede har en sag."),
        text("sibling.name", "Barnets navn", required=False, help="Hvis der skal rejses en ny bekymring."),
        text("sibling.birth_date", "Barnets fødselsdato", kind="date", required=False),
    ]
    forms["close"] = [
        pick("close.end", "Hvordan slutter sagen?", _ends(view), kind="radio"),
        text("close.reason", "Begrundelse til lederen", kind="long_text"),
        pick("close.has_siblings", "Er der andre børn i familien?", _YES_NO, kind="radio"),
        *(
            question_field(question, f"end.{end.key}.", typed, problems, definition=view.definition)
            for end in view.ends
            for question in end.questions.values()
        ),
    ]
    forms["reopen"] = [text("reopen.reason", "Hvorfor skal sagen åbnes igen?", kind="long_text")]
    forms["skip"] = [text("skip.reason", "Hvorfor er trinnet ikke relevant?", kind="long_text")]
    return forms | row_forms(view, typed, problems, active)


def _contacts(view: CaseView) -> tuple[Choice, ...]:
    known = (Choice(key, contact.title) for key, contact in view.definition.contacts.items())
    return (Choice("", "Vælg"), *known)


def _receivers(view: CaseView) -> tuple[Choice, ...]:
    pools = tuple(Choice(f"pool:{key}", f"Alle: {title}") for key, title in view.pools)
    people = tuple(Choice(f"staff:{one.id}", one.name) for one in view.receivers)
    return (Choice("", "Vælg"), *people, *pools)


def _ends(view: CaseView) -> tuple[Choice, ...]:
    return tuple(Choice(end.key, end.title) for end in view.ends)
