"""The kind *temporary state*: something that holds for a while, ends by itself and may be prolonged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from handlepligt.domain.deadlines import Basis
from protocols.durations import WrittenOffset
from protocols.element import Element, Names, When, Written
from protocols.extension import Extension
from protocols.kinds.step import Repeats

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words

LONGEST = "at_most"


class Kind(Element):
    """One state, such as a secret address. While it holds, a standing step of its name is open.

    It begins when `begins_when` holds, and is over when `ends_when` holds or `at_most` has passed; with
    `expires_into: path` it then stays, and `expired("<key>.at_most")` says that somebody must decide.
    """

    section = "temporary_states"
    written_as: ClassVar[Mapping[str, str]] = {"opens_when": "begins_when", "lapses_when": "ends_when"}

    title: str
    what: str
    begins_when: When
    ends_when: When
    at_most: WrittenOffset
    basis: Basis
    reference: str = ""
    decided: bool = True
    ladder: str = ""
    extension: Extension | None = None
    expires_into: Literal["path", ""] = ""
    repeats: Repeats | None = None
    holder: str = ""
    cautions: Names = ()
    contacts: Names = ()
    legal_references: Names = ()

    def check(self, scope: Scope) -> Iterator[Complaint]:
        looks_at_itself = any(name == self.key for _, name in self.begins_when.calls)
        if self.repeats is not None and not looks_at_itself:
            sentence = (
                "the state would begin again as soon as it is over; "
                f'let begins_when look at rounds("{self.key}") or at what came since'
            )
            yield ("repeats",), sentence

    def lowered(self, words: Words) -> Mapping[str, Written]:
        longest: dict[str, object] = {
            "title": words("temporary_state.longest", title=self.title),
            "base": f'opened("{self.key}")',
            "within": self.at_most,
            "basis": self.basis,
            "reference": self.reference,
            "decided": self.decided,
            "ladder": self.ladder,
            "at_expiry": self.expires_into or "lapse",
        }
        if self.extension is not None:
            longest["extension"] = self.extension
        return {
            self.key: {
                "title": self.title,
                "what": self.what,
                "opens_when": self.begins_when,
                "lapses_when": self.ends_when,
                "lapse_reason": words("temporary_state.over"),
                "standing": True,
                "beside": True,
                "modality": "must",
                "repeats": self.repeats,
                "holder": self.holder,
                "cautions": self.cautions,
                "contacts": self.contacts,
                "legal_references": self.legal_references,
                "deadlines": {LONGEST: longest},
            }
        }
