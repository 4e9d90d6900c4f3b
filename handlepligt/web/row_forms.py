"""The forms that stand once for each row of a case: people, facts, roles, deadlines, lifted forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlepligt.cases.fact_values import facts_of_case, facts_of_person
from handlepligt.cases.link_person import LONGEST_NAME
from handlepligt.cases.view_case import CaseView
from handlepligt.cases.view_extensions import PossibleExtension
from handlepligt.cases.view_people import PersonLine, RoleChoice
from handlepligt.domain import danish_time, wording
from handlepligt.domain.vocabulary import BypassReason
from handlepligt.web.fact_fields import fact_field, written
from handlepligt.web.forms import Choice, Field, Form
from handlepligt.web.rendering import full
from protocols.definition import Definition
from protocols.kinds.fact import Kind as Fact

Fields = dict[str, list[Field]]
LINK_FACT, PERSON_FACT = "link.fact.", "person.fact."
_VALUE = "fact.value"
_PICK = Choice("", "Vælg")


def row_forms(view: CaseView, typed: Form, problems: Mapping[str, str], active: str) -> Fields:
    """The fields of each form by its name; `typed` and `problems` belong to the form named `active`."""

    def about(name: str, row: str = "") -> "_Form":
        whole = f"{name}:{row}" if row else name
        is_active = whole == active
        scope = f"{row}-" if row else ""
        return _Form(name, scope, typed if is_active else Form({}), problems if is_active else {})

    forms: Fields = {}
    if view.definition.relations:
        linking = active == "link"
        forms["link"] = link_fields(
            view.definition, typed if linking else Form({}), problems if linking else {}
        )
    for person in view.people:
        forms[f"person:{person.id}"] = _person(about("person", person.id), view.definition, person)
        forms[f"unlink:{person.id}"] = [about("unlink", person.id).text("reason", "Hvorfor?")]
    for key, fact in facts_of_case(view.definition).items():
        forms[f"fact:{key}"] = _fact(about("fact", key), fact, view.case.facts.get(key))
    if view.roles_to_go_past:
        forms["bypass"] = _bypass(about("bypass"), view.roles_to_go_past)
    for row, extension in view.extensions.items():
        forms[f"extend:{row}"] = _extension(about("extend", row), extension)
    for lift in view.lifts:
        to = tuple(Choice(key, title) for key, title in lift.bands)
        form = about("lift", lift.row_id)
        forms[f"lift:{lift.row_id}"] = [
            form.pick("band", "Hvad skal den hæves til?", to),
            form.text("reason", "Hvorfor?"),
        ]
    return forms


def link_fields(definition: Definition, typed: Form, problems: Mapping[str, str]) -> list[Field]:
    """Who is linked, and what is asked about people of that relation."""
    form = _Form("link", "", typed, problems)
    relations = tuple(Choice(key, one.title) for key, one in definition.relations.items())
    only = relations[0].value if len(relations) == 1 else ""
    relation = typed.line("link.relation") or only
    asked = facts_of_person(definition, relation) if relation else {}
    facts = [
        fact_field(
            fact,
            name := LINK_FACT + key,
            typed.text(name),
            problems,
            only_when=_only_for(definition, fact),
            is_asked=key in asked,
        )
        for key, fact in definition.facts.items()
        if fact.is_of_a_person
    ]
    return [
        form.pick("relation", "Hvem er personen for borgeren?", relations, value=relation),
        form.text("name", "Personens navn", kind="text", longest=LONGEST_NAME),
        *facts,
    ]


@dataclass(frozen=True)
class _Form:
    """One form of the page: what its fields are called, what was typed in them and what is wrong."""

    name: str
    scope: str
    typed: Form
    problems: Mapping[str, str]

    def text(
        self,
        key: str,
        label: str,
        *,
        kind: str = "long_text",
        required: bool = True,
        help: str = "",
        longest: int = wording.LETTER,
    ) -> Field:
        name = f"{self.name}.{key}"
        return Field(
            name, label, kind, value=self.typed.text(name), required=required, help=help,
            problem=self.problems.get(name, ""), longest=longest, scope=self.scope,
        )  # fmt: skip

    def pick(
        self, key: str, label: str, choices: tuple[Choice, ...], *, kind: str = "radio", value: str = ""
    ) -> Field:
        name = f"{self.name}.{key}"
        return Field(
            name, label, kind, value=self.typed.text(name) or value, choices=choices, required=True,
            problem=self.problems.get(name, ""), scope=self.scope,
        )  # fmt: skip

    def moment(self, key: str, label: str, *, help: str) -> Field:
        name = f"{self.name}.{key}"
        values = (self.typed.text(f"{name}.date"), self.typed.text(f"{name}.time"))
        return Field(
            name, label, "datetime", values=values, help=help, problem=self.problems.get(name, ""),
            scope=self.scope,
        )  # fmt: skip

    def value(self, name: str, known: str) -> str:
        """What was typed, in a form nobody has touched what is known."""
        return self.typed.text(name) if self.typed.values else known


def _only_for(definition: Definition, fact: Fact) -> str:
    titles = [definition.relations[key].title for key in fact.relations if key in definition.relations]
    return f"Kun for: {', '.join(titles)}." if titles and len(titles) < len(definition.relations) else ""


def _person(form: _Form, definition: Definition, person: PersonLine) -> list[Field]:
    fields = [
        fact_field(
            fact,
            name := PERSON_FACT + key,
            form.value(name, written(fact, person.known.get(key))),
            form.problems,
            required=True,
            scope=form.scope,
        )
        for key, fact in facts_of_person(definition, person.relation_key).items()
    ]
    return [*fields, form.text("reason", "Hvorfor rettes det?")] if fields else []


def _fact(form: _Form, fact: Fact, known: object) -> list[Field]:
    value = form.value(_VALUE, written(fact, known))
    return [
        fact_field(fact, _VALUE, value, form.problems, required=True, scope=form.scope),
        form.text("reason", "Hvorfor rettes det?"),
    ]


def _bypass(form: _Form, roles: tuple[RoleChoice, ...]) -> list[Field]:
    reasons = tuple(
        Choice(one.value, f"Den, det gælder, {one.danish}", _consequence(one))
        for one in BypassReason
        if any(one in role.reasons for role in roles)
    )
    waits = [one for one in roles if one.no_answer_within is not None]
    fields = [
        form.pick(
            "role", "Hvem skal der gås uden om?", (_PICK, *(Choice(one.key, one.title) for one in roles)),
            kind="select",
        ),
        form.pick("reason", "Hvorfor?", reasons),
    ]  # fmt: skip
    if waits:
        spans = sorted({danish_time.duration(one.no_answer_within) for one in waits if one.no_answer_within})
        help = f"Skal skrives, når den, det gælder, ikke svarer. De har {' eller '.join(spans)} til at svare."
        fields.append(form.moment("tried_at", "Hvornår prøvede du første gang?", help=help))
    return [*fields, form.text("note", "Hvad skete der?", required=False)]


def _consequence(reason: BypassReason) -> str:
    if reason is not BypassReason.IS_THE_CONCERN:
        return ""
    return "Får ikke længere besked om sagen og kan ikke se den."


def _extension(form: _Form, extension: PossibleExtension) -> list[Field]:
    reasons = tuple(Choice(one, one) for one in extension.reasons)
    only = reasons[0].value if len(reasons) == 1 else ""
    latest = f"Højst til {full(extension.latest_at)}. Lad feltet stå tomt for at få hele forlængelsen."
    until = (
        form.moment("until", "Ny frist", help=latest)
        if extension.counts_time
        else form.text("until", "Ny frist", kind="date", required=False, help=latest)
    )
    return [
        form.pick("why", "Hvorfor?", reasons, value=only),
        form.text("note", "Uddyb", required=False),
        until,
    ]
