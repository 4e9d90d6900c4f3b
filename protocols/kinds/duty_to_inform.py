"""The kind *duty to inform*: whom to tell what and what not, by when; when it may wait or be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from handlepligt.domain.deadlines import Basis, Offset, Unit
from protocols.durations import WrittenOffset, in_words
from protocols.element import Element, Named, Names, When, Written
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.decision import yes_no
from protocols.kinds.step import Modalities, Modality, ModalityCase, Phase
from protocols.made_steps import all_of, any_of, due, ladder_of, narrowed

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words

TOLD, DEFERRED, NEVER = "told", "deferred", "never"
# How often somebody may ask to leave it out and be told no; beyond that the answer is known.
_ASKED_TO_LEAVE_OUT = 20
_SAME_DAY = Offset(0, Unit.CALENDAR_DAYS)


class Deferral(Element):
    """That telling may be put off: how long at a time, how many times, and when at all."""

    at_most: WrittenOffset
    times: int
    when: When | None = None


class Never(Element):
    """That telling may be left out: when, and who else decides it, within how long."""

    when: When
    decided_by: str = ""
    within: WrittenOffset | None = None


class Kind(Element):
    """One duty to inform; nobody is told by the product, staff do it and record it.

    `unsaid` (written `not`) is what must not be told. What is put off comes back at once and is then due on
    the day that was agreed, and after `defer.at_most` at the latest. What is to be left out comes back when
    whoever decides it says no.
    """

    section = "duties_to_inform"
    written_as = {"opens_when": "applies_when", "repeats": "defer", "legal_references": "reference"}

    title: str
    whom: str
    what: str
    unsaid: str = Field(default="", alias="not")
    applies_when: When
    defer: Deferral | None = None
    never: Never | None = None
    modality: Modalities = (ModalityCase(then=Modality.MUST),)
    phase: Phase = Phase.IN_PROGRESS
    lapses_when: When | None = None
    lapse_reason: str = ""
    per_person: str = ""
    deadlines: Named[Deadline] = {}
    reference: str = ""
    cautions: Names = ()

    def check(self, scope: Scope) -> Iterator[Complaint]:
        about = scope.about(self.per_person)
        if self.defer is not None:
            yield from about.condition(self.defer.when, ("defer", "when"))
            if not 1 <= self.defer.times <= 100:
                yield ("defer", "times"), "a deferral needs a bound: say times, from 1 to 100"
            if self.defer.at_most.amount < 1:
                yield ("defer", "at_most"), "say how long it can be put off at a time, such as 14 days"
        if self.never is not None:
            yield from about.condition(self.never.when, ("never", "when"))
            yield from self._check_decider(scope, self.never)
            if scope.finding(self.never.when).is_always(False):
                yield ("never", "when"), "it can never be left out; no answers make this true"

    def _check_decider(self, scope: Scope, never: Never) -> Iterator[Complaint]:
        where = ("never", "decided_by")
        yield from scope.name("roles", never.decided_by, "role", where)
        role = scope.definition.roles.get(never.decided_by)
        if role is not None and role.holder:
            yield where, f"'{never.decided_by}' asks to leave it out; name somebody else, who decides it"
        if never.within is not None and not never.decided_by:
            yield ("never", "within"), "nobody else decides it, so nothing is due; say decided_by too"

    def lowered(self, words: Words) -> Mapping[str, Written]:
        """The step of telling and, where somebody else decides on leaving it out, the step of deciding."""
        made: dict[str, Written] = {self.key: self._telling(words)}
        if self.never is not None and self.never.decided_by:
            made[f"{self.key}_never"] = self._deciding(words, self.never)
        return made

    @property
    def _rounds(self) -> int:
        asked = _ASKED_TO_LEAVE_OUT if self.never is not None and self.never.decided_by else 0
        return 1 + (self.defer.times if self.defer is not None else 0) + asked

    def _telling(self, words: Words) -> Written:
        unsaid = f" {words('duty_to_inform.not_this', text=self.unsaid)}" if self.unsaid else ""
        return {
            "title": self.title,
            "what": words("duty_to_inform.what", whom=self.whom, what=self.what) + unsaid,
            "opens_when": self._opens_when(),
            "lapses_when": self.lapses_when,
            "lapse_reason": self.lapse_reason,
            "repeats": {"at_most": self._rounds} if self._rounds > 1 else None,
            "modality": self.modality,
            "phase": self.phase,
            "per_person": self.per_person,
            "questions": self._questions(words),
            "deadlines": self._deadlines(words),
            "cautions": self.cautions,
            "legal_references": (self.reference,) if self.reference else (),
        }

    def _opens_when(self) -> str:
        key = self.key
        if self._rounds == 1:
            return str(self.applies_when)
        ways = [all_of(f'rounds("{key}") == 0', self.applies_when)]
        if self.defer is not None:
            ways.append(f'answer.{key} == "{DEFERRED}"')
        if self.never is not None and self.never.decided_by:
            said_no = f'answer.{key}_never == "no" && settled_later("{key}_never", "{key}")'
            ways.append(f'answer.{key} == "{NEVER}" && {said_no}')
        return any_of(*ways)

    def _questions(self, words: Words) -> Mapping[str, Written]:
        key = self.key
        may = {TOLD: True, DEFERRED: self.defer is not None, NEVER: self.never is not None}
        told, deferred = f'given.{key} == "{TOLD}"', f'given.{key} == "{DEFERRED}"'
        found: dict[str, Written] = {
            key: {
                "ask": words("duty_to_inform.answer"),
                "help": self._help(words),
                "type": "choice",
                "offered_when": self._limits(),
                "choices": {one: words(f"duty_to_inform.{one}") for one, allowed in may.items() if allowed},
            },
            f"{key}_on": {"ask": words("duty_to_inform.on"), "type": "date", "asked_when": told},
            f"{key}_how": {"ask": words("duty_to_inform.how"), "type": "text", "asked_when": told},
        }
        if self.defer is not None:
            found[f"{key}_until"] = {
                "ask": words("duty_to_inform.until"),
                "help": words("duty_to_inform.at_most", length=in_words(self.defer.at_most, words)),
                "type": "date",
                "asked_when": deferred,
                "may_be_ahead": True,
                "ahead_at_most": self.defer.at_most,
            }
        if self.defer is not None or self.never is not None:
            found[f"{key}_reason"] = {
                "ask": words("duty_to_inform.reason"),
                "type": "long_text",
                "asked_when": f'given.{key} != "{TOLD}"',
            }
        return found

    def _deadlines(self, words: Words) -> Mapping[str, object]:
        """Those of the file until it is put off; then the day agreed, and the longest it may wait."""
        if self.defer is None:
            return self.deadlines
        key, ladder = self.key, ladder_of(self.deadlines)
        deferred = f'answer.{key} == "{DEFERRED}"'
        return {
            **narrowed(self.deadlines, f'answer.{key} != "{DEFERRED}"'),
            "deferred_until": due(
                words("duty_to_inform.deferred_until"),
                f'answer("{key}_until")',
                _SAME_DAY,
                ladder,
                applies_when=deferred,
            ),
            "longest_deferral": due(
                words("duty_to_inform.longest"),
                f'opened("{key}")',
                self.defer.at_most,
                ladder,
                applies_when=deferred,
            ),
        }

    def _limits(self) -> Mapping[str, str]:
        """When the answers that do not tell can be chosen."""
        key, found = self.key, {}
        if self.defer is not None:
            found[DEFERRED] = all_of(f"{self._put_off} <= {self.defer.times}", self.defer.when)
        if self.never is not None:
            # Whoever has been told no as often as is reckoned with is not to ask once more, but to tell.
            last = f'rounds("{key}") < {self._rounds}' if self.never.decided_by else None
            found[NEVER] = all_of(self.never.when, last)
        return found

    @property
    def _put_off(self) -> str:
        """How many rounds there are, this one too, without those in which it was not to be left out."""
        is_decided = self.never is not None and self.never.decided_by
        # What somebody else said yes to never comes back, so each decision stands for a round turned down.
        return f'rounds("{self.key}")' + (f' - rounds("{self.key}_never")' if is_decided else "")

    def _help(self, words: Words) -> str:
        """The same in words, for whoever misses one of the answers."""
        said: list[str] = []
        if self.defer is not None:
            said.append(words("duty_to_inform.times", times=self.defer.times))
            said += [words("duty_to_inform.defer_when")] if self.defer.when is not None else []
        said += [words("duty_to_inform.never_when")] if self.never is not None else []
        return " ".join(said)

    def _deciding(self, words: Words, never: Never) -> Written:
        asked, key = self.key, f"{self.key}_never"
        once_more = f'rounds("{key}") == 0 || settled_later("{asked}", "{key}")'
        return {
            "title": words("duty_to_inform.never_title", title=self.title),
            "what": words("duty_to_inform.never_what"),
            "opens_when": all_of(f'done("{asked}")', f'answer.{asked} == "{NEVER}"', once_more),
            "repeats": {"at_most": self._rounds},
            "owner": never.decided_by,
            "not_same_person_as": asked,
            "modality": "must",
            "phase": self.phase,
            "per_person": self.per_person,
            "questions": {
                key: {
                    "ask": words("duty_to_inform.never_agree"),
                    "type": "yes_no",
                    "choices": yes_no(words),
                },
                f"{key}_reason": {"ask": words("duty_to_inform.never_reason"), "type": "long_text"},
            },
            "deadlines": {
                "never_decided": {
                    "title": words("duty_to_inform.never_decided"),
                    "base": f'opened("{key}")',
                    "within": never.within or Offset(5, Unit.WORKING_DAYS),
                    "basis": Basis.LOCAL,
                    "decided": never.within is not None,
                    "ladder": ladder_of(self.deadlines),
                }
            },
            "legal_references": (self.reference,) if self.reference else (),
        }
