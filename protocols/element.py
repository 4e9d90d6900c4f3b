"""What all kinds share: a strict frozen model that knows its key and its section of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator

from protocols.conditions import Condition, read_condition
from protocols.misfits import as_meant

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words

Written = Mapping[str, object]
# What a column of the database holds.
LONGEST_NAME = 60


class Element(BaseModel):
    """One thing a definition says.

    `section` is its top-level YAML key, empty for what stands inside others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, strict=False)

    section: ClassVar[str] = ""
    # A section that holds one thing instead of several by name.
    single: ClassVar[bool] = False
    # Where a field of a step this element is made into was written in the element, when not under its name.
    written_as: ClassVar[Mapping[str, str]] = {}

    key: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _as_meant(cls, value: object, info: ValidationInfo) -> object:
        return as_meant(cls, value, info)

    def check(self, scope: Scope) -> Iterator[Complaint]:
        """What is wrong with this element inside its definition: a path below it, and how to mend it."""
        yield from ()

    def lowered(self, words: Words) -> Mapping[str, Written]:
        """The steps this element is made of, by key, as a file would write them; most elements make none.

        Values may also be elements that have been read already. `words` are in the definition's language.
        The loader reads the steps, names this element in their `made_from`, and puts them behind the
        written ones; what is wrong with them is said at this element's place in the file.
        """
        return {}


T = TypeVar("T")


def _with_keys(written: object) -> object:
    """Gives every entry of a mapping its own name, so that a question knows what it is called."""
    if not isinstance(written, Mapping):
        return written
    return {
        name: {**entry, "key": name} if isinstance(entry, Mapping) else entry
        for name, entry in written.items()
    }


def read_name(written: str) -> str:
    """A name that conditions can speak of; ValueError otherwise."""
    if not (written.isascii() and written.isidentifier()):
        raise ValueError(
            f"'{written}' cannot be a name; use a to z, digits and underscores, and do not begin with a digit"
        )
    if len(written) > LONGEST_NAME:
        raise ValueError(f"'{written}' is too long for a name; use at most {LONGEST_NAME} characters")
    return written


Named = Annotated[dict[Annotated[str, AfterValidator(read_name)], T], BeforeValidator(_with_keys)]


def _listed(written: object) -> object:
    return tuple(written) if isinstance(written, list) else written


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
When = Annotated[Condition, BeforeValidator(read_condition)]


def conditions_in(value: object) -> Iterator[Condition]:
    """Every condition inside an element, however deep."""
    match value:
        case Condition():
            yield value
        case BaseModel():
            # Defaults hold no conditions, and most of an element is defaults.
            for name in value.model_fields_set:
                yield from conditions_in(getattr(value, name))
        case Mapping():
            for one in value.values():
                yield from conditions_in(one)
        case list() | tuple():
            for one in value:
                yield from conditions_in(one)
