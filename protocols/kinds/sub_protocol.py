"""The kind *sub-protocol*: a case of its own that is raised from this one, with a holder of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from protocols.element import Element, Named, Names, When, Written
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.step import Modalities, Modality, ModalityCase, Phase, Repeats

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words

# Nobody has decided it: how long after the other case began somebody looks at where it stands.
_LOOKED_AT = "20 working days"


class Kind(Element):
    """One other protocol of the same folder. While its step waits, a case on that protocol runs.

    The case gets the one person `holder` means as its holder, else the holder of this case, and is about the
    linked person with `per_person`, else about the same citizen. When it closes, the step is done with the
    key of its end as the answer; `ends` says which ends there are, so that conditions can tell them apart.
    At most `several` run at once: further ones begin as others close. Unless it `may_outlive` this case,
    this one cannot close before it.
    """

    section = "sub_protocols"

    title: str
    what: str = ""
    protocol: str
    opens_when: When
    ends: dict[str, str] = {}
    per_person: str = ""
    holder: str = ""
    several: int | None = None
    may_outlive: bool = False
    repeats: Repeats | None = None
    lapses_when: When | None = None
    lapse_reason: str = ""
    modality: Modalities = (ModalityCase(then=Modality.SHOULD),)
    phase: Phase = Phase.IN_PROGRESS
    deadlines: Named[Deadline] = {}
    cautions: Names = ()
    contacts: Names = ()
    legal_references: Names = ()

    written_as: ClassVar[Mapping[str, str]] = {"questions": "ends"}

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.name("roles", self.holder, "role", ("holder",))
        if self.several is not None and self.several < 1:
            yield ("several",), "at least one case can run at once; write 1 or more, or leave it out"
        if self.protocol == scope.definition.key:
            yield ("protocol",), "a protocol cannot raise cases on itself; name another"
        if len(self.ends) == 1:
            yield ("ends",), "name every end of the other protocol, or none"
        looks_at_itself = any(name == self.key for _, name in self.opens_when.calls)
        if self.repeats is not None and not looks_at_itself:
            sentence = (
                "another case would be raised as soon as one closes; "
                f'let opens_when look at rounds("{self.key}") or at what came since'
            )
            yield ("repeats",), sentence
        asked = any(("answer", self.key) in one.names for one in scope.definition.conditions)
        if asked and not self.ends:
            yield (), f"answer.{self.key} is asked for; say under ends which ends the other protocol has"

    def lowered(self, words: Words) -> Mapping[str, Written]:
        key = self.key
        looked_at: Written = {
            "title": words("sub_protocol.looked_at"),
            "base": f'opened("{key}")',
            "within": _LOOKED_AT,
            "basis": "local",
            "decided": False,
        }
        question: dict[str, object] = {"ask": words("sub_protocol.ended"), "type": "text"}
        if self.ends:
            question |= {"type": "choice", "choices": self.ends}
        return {
            key: {
                "title": self.title,
                "what": self.what or words("sub_protocol.what"),
                "opens_when": self.opens_when,
                "lapses_when": self.lapses_when,
                "lapse_reason": self.lapse_reason,
                "waits_for": words("sub_protocol.waits_for"),
                "per_person": self.per_person,
                "modality": self.modality,
                "phase": self.phase,
                "beside": self.may_outlive,
                "repeats": self.repeats,
                "questions": {key: question},
                "deadlines": self.deadlines or {"looked_at": looked_at},
                "cautions": self.cautions,
                "contacts": self.contacts,
                "legal_references": self.legal_references,
            }
        }
