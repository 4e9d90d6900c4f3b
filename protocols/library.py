"""The definitions that cases may follow: which versions there are, and which of them new cases take."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from protocols.conditions import context_of
from protocols.definition import Definition
from protocols.problems import UnknownDefinitionError

Name = tuple[str, str]
STAFF_LANGUAGE = "da"


class Library:
    """Definitions by key and version. New cases take the newest version of a key that is not `withdrawn`.

    Each speaks Danish where it is translated, since that is what the staff who work by it read.
    """

    def __init__(self, definitions: Iterable[Definition], withdrawn: Collection[Name] = ()) -> None:
        self._by_name = {(one.key, one.version): one.in_language(STAFF_LANGUAGE) for one in definitions}
        self._withdrawn = frozenset(withdrawn)

    def get(self, key: str, version: str) -> Definition:
        """One published version, withdrawn or not; UnknownDefinitionError when there is none."""
        try:
            return self._by_name[key, version]
        except KeyError:
            raise UnknownDefinitionError(f"no definition {key!r} {version!r}") from None

    def latest(self, key: str) -> Definition:
        """The version of a key that new cases take, or the newest when all of them are withdrawn.

        UnknownDefinitionError when there is no version at all.
        """
        versions = [one for one in self.all() if one.key == key]
        if not versions:
            raise UnknownDefinitionError(f"no definition {key!r}")
        return max(versions, key=lambda one: (not self.is_withdrawn(one), _age_of(one)))

    def all(self) -> tuple[Definition, ...]:
        """Every definition, by key and then by age."""
        return tuple(sorted(self._by_name.values(), key=lambda one: (one.key, _age_of(one))))

    def is_withdrawn(self, definition: Definition) -> bool:
        """Whether new cases no longer take this version."""
        return (definition.key, definition.version) in self._withdrawn

    def suggest(self, age: int | None, staff_role: str) -> tuple[str, ...]:
        """The keys of the tracks that somebody with this staff role may raise for a citizen of this age."""
        context = context_of({"age": age}, {})
        newest = {one.key: self.latest(one.key) for one in self.all()}
        return tuple(
            key
            for key, one in newest.items()
            if not self.is_withdrawn(one)
            and staff_role in one.raised_by
            and one.head.applies_when.holds(context)
        )


def _age_of(definition: Definition) -> tuple[int, ...]:
    return tuple(int(part) for part in definition.version.split("-"))


class _Shelf:
    """What stands in this process; the room above, which knows the database, puts it there."""

    library: Library | None = None


def put_in_force(library: Library | None) -> None:
    """Lets every later question in this process be asked of `library`; None is what the product ships."""
    _Shelf.library = library


def in_force() -> Library | None:
    """What `put_in_force` was told last."""
    return _Shelf.library
