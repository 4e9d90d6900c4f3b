"""Whether the contacts that all definitions of a folder share belong to definitions that are there."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path

from protocols.kinds.contact import Kind as Contact
from protocols.problems import Problem
from protocols.reading import SHARED, read_sections
from protocols.yaml_source import Where, read_yaml


def unknown_tracks(folder: Path, keys: Collection[str]) -> list[Problem]:
    """A problem for each name under `tracks` in the shared contacts that is no definition's key.

    Such a contact, or number, would be shown to nobody and nobody would notice.
    """
    problems: list[Problem] = []
    for name in (name for name, section in SHARED.items() if section == "contacts"):
        if not (folder / name).exists():
            continue
        source = read_yaml(folder / name)
        # What is wrong with a contact in itself is said with each definition that reads it.
        contacts = read_sections(source, []).get("contacts", {})
        for key, contact in contacts.items():
            assert isinstance(contact, Contact)
            problems += [
                source.problem(("contacts", key, *where), _sentence(track, keys))
                for where, track in _tracks(contact)
                if track not in keys
            ]
    return problems


def _tracks(contact: Contact) -> Iterator[tuple[Where, str]]:
    for position, track in enumerate(contact.tracks):
        yield ("tracks", position), track
    for nth, number in enumerate(contact.numbers):
        for position, track in enumerate(number.tracks):
            yield ("numbers", nth, "tracks", position), track


def _sentence(track: str, keys: Collection[str]) -> str:
    close = difflib.get_close_matches(track, keys, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(sorted(keys))}"
    return f"unknown definition '{track}'; {hint}"
