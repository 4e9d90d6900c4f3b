"""Classes found by folder."""

import sys
from pathlib import Path

import pytest

from handlepligt.plugins import find_classes
from notifications.channel import Channel


def test_a_folder_s_classes_are_found_by_file_name_in_order() -> None:
    found = find_classes("notifications.channels", Channel)  # type: ignore[type-abstract]

    assert list(found) == sorted(found)
    assert all(issubclass(each, Channel) for each in found.values())


@pytest.mark.parametrize("source", ["", "class One(dict): ...\nclass Two(dict): ...", "One = dict"])
def test_a_file_without_exactly_one_class_of_its_own_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    package = f"made_{abs(hash(source))}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    (tmp_path / package / "thing.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(TypeError, match="must define exactly one dict"):
        find_classes(package, dict)

    for name in (package, f"{package}.thing"):
        sys.modules.pop(name, None)
