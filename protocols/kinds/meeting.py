"""The kind *meeting*: who meets, who leads it, what is gone through, and what is agreed with whom by when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from protocols.element import Element, Named, Names, When, Written
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.step import Modalities, Modality, ModalityCase, Phase, Repeats
from protocols.made_steps import all_of, any_of, ladder_of

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words

HELD, PLANNED = "held", "planned"
AGREED = "_actions_done"
# A meeting is called once and may be moved to another day again and again.
_ROUNDS = 20


class Member(Element):
    """Somebody who takes part only while a condition holds."""

    title: str
    condition: When = Field(alias="if")


class Members(Element):
    """Who takes part: always, or when something holds. Titles by key."""

    fixed: dict[str, str] = {}
    when: Named[Member] = {}


class Kind(Element):
    """One meeting. It is a step in which it is first planned, perhaps moved, and then held and minuted.

    `called_when` says when it is first called; while the answer is that it has only been planned, or that
    there will be another, the step comes back, `repeats` times in all. With `actions` what was agreed becomes
    a step of its own with an item and a deadline for each; what the next meeting agrees takes its place.
    """

    section = "meetings"
    written_as: ClassVar[Mapping[str, str]] = {"opens_when": "called_when", "checklist": "parts"}

    title: str
    what: str = ""
    called_when: When
    members: Members
    chair: str = ""
    parts: dict[str, str] = {}
    actions: bool = False
    repeats: Repeats | None = None
    lapses_when: When | None = None
    lapse_reason: str = ""
    modality: Modalities = (ModalityCase(then=Modality.MUST),)
    phase: Phase = Phase.IN_PROGRESS
    holder: str = ""
    owner: str = ""
    beside: bool = False
    deadlines: Named[Deadline] = {}
    cautions: Names = ()
    contacts: Names = ()
    legal_references: Names = ()

    def check(self, scope: Scope) -> Iterator[Complaint]:
        if not self.members.fixed and not self.members.when:
            yield ("members",), "a meeting needs members; name them under fixed or when"
        for name in self.members.when:
            if name in self.members.fixed:
                sentence = f"'{name}' is a member in any case; remove it here or under fixed"
                yield ("members", "when", name), sentence

    def lowered(self, words: Words) -> Mapping[str, Written]:
        made = {self.key: self._meeting(words)}
        # Opened in one breath, the agreed actions come before the next meeting: a meeting that was opened
        # after them and held is one that replaces them.
        return {self.key + AGREED: self._agreed(words), **made} if self.actions else made

    def _meeting(self, words: Words) -> Written:
        key, again = self.key, f"{self.key}_again"
        comes_back = [f'answer.{key} == "{PLANNED}"']
        if self.repeats is not None:
            comes_back.append(f'answer.{again} == "yes"')
        return {
            "title": self.title,
            "what": self.what or words("meeting.what"),
            "opens_when": any_of(all_of(f'rounds("{key}") == 0', self.called_when), *comes_back),
            "repeats": {"at_most": self._rounds},
            "checklist": {"items": self.parts} if self.parts else {},
            "questions": self._questions(words),
            **self._as_written(),
        }

    @property
    def _rounds(self) -> int:
        return (self.repeats.at_most or 0) if self.repeats is not None else _ROUNDS

    def _as_written(self) -> Written:
        return {
            name: getattr(self, name)
            for name in (
                "lapses_when", "lapse_reason", "modality", "phase", "holder", "owner", "beside", "deadlines",
                "cautions", "contacts", "legal_references",
            )
        }  # fmt: skip

    def _questions(self, words: Words) -> Mapping[str, Written]:
        key = self.key
        held = f'given.{key} == "{HELD}"'
        people = {**self.members.fixed, **{name: one.title for name, one in self.members.when.items()}}
        asked: dict[str, Written] = {
            key: {
                "ask": words("meeting.state"),
                "type": "choice",
                "choices": {HELD: words("meeting.held"), PLANNED: words("meeting.planned")},
            },
            f"{key}_at": {
                "ask": words("meeting.at"),
                "type": "datetime",
                "may_be_ahead": True,
                "ahead_when": f'given.{key} == "{PLANNED}"',
            },
            f"{key}_present": {
                "ask": words("meeting.present"),
                "type": "choices",
                "choices": people,
                "offered_when": {name: one.condition for name, one in self.members.when.items()},
                "asked_when": held,
            },
        }
        if self.chair:
            asked[f"{key}_chair"] = {
                "ask": words("meeting.chair"),
                "type": "person",
                "roles": [self.chair],
                "asked_when": held,
            }
        asked[f"{key}_minutes"] = {
            "ask": words("meeting.minutes"),
            "type": "long_text",
            "asked_when": held,
        }
        if self.actions:
            asked[f"{key}_actions"] = {
                "ask": words("meeting.actions"),
                "help": words("meeting.actions_help"),
                "type": "actions",
                "asked_when": held,
            }
        if self.repeats is not None:
            asked[f"{key}_again"] = {"ask": words("meeting.again"), "type": "yes_no", "asked_when": held}
        return asked

    def _agreed(self, words: Words) -> Written:
        key, agreed = self.key, self.key + AGREED
        was_held = f'answer.{key} == "{HELD}"'
        return {
            "title": words("meeting.agreed_title", title=self.title),
            "what": words("meeting.agreed_what"),
            "opens_when": all_of(
                f"{was_held} && answer.{key}_actions > 0",
                any_of(f'rounds("{agreed}") == 0', f'settled_later("{key}", "{agreed}")'),
            ),
            "lapses_when": f'{was_held} && !is_open("{key}") && later("{key}", "{agreed}")',
            "lapse_reason": words("meeting.agreed_anew"),
            "repeats": {"at_most": self._rounds},
            "modality": "should",
            "phase": self.phase,
            "holder": self.holder,
            "beside": self.beside,
            "checklist": {"from": f"{key}_actions", "required": "all"},
            "deadlines": {
                "agreed": {
                    "title": words("meeting.agreed_by"),
                    "base": f'action("{key}_actions")',
                    "within": "0 days",
                    "basis": "agreed",
                    "ladder": ladder_of(self.deadlines),
                }
            },
        }
