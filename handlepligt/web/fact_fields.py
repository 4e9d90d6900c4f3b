"""Draws the facts (oplysninger) a protocol asks about a case or a linked person, and reads them back."""

from collections.abc import Mapping

from handlepligt.domain import danish_time, wording
from handlepligt.web.forms import Choice, Field, parse_day
from protocols.kinds.fact import FactType
from protocols.kinds.fact import Kind as Fact

UNKNOWN = "unknown"
_KINDS = {
    FactType.YES_NO: "radio",
    FactType.CHOICE: "radio",
    FactType.DATE: "date",
    FactType.NUMBER: "number",
    FactType.TEXT: "text",
}
_YES_NO = {"yes": "Ja", "no": "Nej"}


def fact_field(
    fact: Fact,
    name: str,
    value: str,
    problems: Mapping[str, str],
    *,
    only_when: str = "",
    is_asked: bool = True,
    required: bool = False,
    scope: str = "",
) -> Field:
    """One fact as the field `name`, holding `value`: what was typed, or what is known (`written`)."""
    words = fact.choices if fact.type is FactType.CHOICE else _YES_NO if fact.allowed else {}
    choices = tuple(Choice(key, text) for key, text in words.items())
    return Field(
        name,
        fact.ask,
        _KINDS[fact.type],
        value=value,
        choices=(*choices, Choice(UNKNOWN, "Ved ikke")) if choices else (),
        help=fact.help,
        required=required,
        problem=problems.get(name, ""),
        longest=wording.LINE,
        only_when=only_when,
        is_asked=is_asked,
        scope=scope,
    )


def read_fact(fact: Fact, typed: str) -> str:
    """What was typed in the field of a fact, as the verbs take it: a date that can be read becomes one."""
    on = parse_day(typed) if fact.type is FactType.DATE else None
    return on.isoformat() if on else typed


def written(fact: Fact, known: object) -> str:
    """A kept fact as it stands in its field; of what has choices an unknown one is chosen as such."""
    if known in (None, ""):
        return UNKNOWN if fact.allowed else ""
    if fact.type is FactType.DATE:
        on = parse_day(str(known))
        return danish_time.day(on) if on else str(known)
    return str(known).replace(".", ",") if fact.type is FactType.NUMBER else str(known)
