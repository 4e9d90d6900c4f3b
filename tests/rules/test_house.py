"""The house keeps its own rules: sizes, names, rooms, and what may stand where."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("handlepligt", "flows", "models", "notifications", "protocols")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def tracked(*patterns: str) -> list[Path]:
    """The files git knows, or would add, that match the patterns."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in tracked(f"{package}/*.py")]


def test_there_are_modules_to_hold_against_the_rules() -> None:
    assert len(modules()) > 100


def test_no_python_file_exceeds_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations/versions" not in str(path)
        and (lines := len(path.read_text("utf-8").splitlines())) > 300
    }

    assert long == {}


def test_each_module_opens_with_a_sentence_saying_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip()
    ]

    assert silent == []


def test_no_module_bears_a_name_that_says_nothing() -> None:
    empty_words = {"utils", "helpers", "manager", "service", "data", "misc", "common"}

    assert [path for path in modules() if path.stem in empty_words] == []


def test_no_module_in_flows_is_named_like_a_room() -> None:
    assert [path for path in tracked("flows/*.py") if path.stem in PACKAGES] == []


def test_every_room_is_on_the_map_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rooms = {
        path.name
        for path in (ROOT / "handlepligt").iterdir()
        if path.is_dir() and (path / "__init__.py").exists()
    }

    missing = [room for room in rooms | set(PACKAGES) if f"{room}/" not in readme]

    assert missing == []


def test_every_single_module_of_the_house_is_on_the_map() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")

    missing = [
        path.name
        for path in (ROOT / "handlepligt").glob("*.py")
        if path.name != "__init__.py" and path.name not in readme
    ]

    assert missing == []


def test_our_top_level_names_belong_to_no_other_distribution() -> None:
    owners = packages_distributions()

    assert {name: owners[name] for name in PACKAGES if set(owners.get(name, [])) - {"handlepligt"}} == {}


@pytest.mark.slow
def test_a_room_imports_only_from_rooms_below_it() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]

    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_rules_of_import_are_those_of_the_house() -> None:
    names = [contract["name"] for contract in SETTINGS["tool"]["importlinter"]["contracts"]]

    assert len(names) == 5


def test_every_kind_and_every_channel_and_every_report_has_a_test_of_its_own() -> None:
    folders = {
        "protocols/kinds": "tests/protocols/kinds",
        "notifications/channels": "tests/notifications/channels",
        "handlepligt/reports": "tests/reports",
    }
    base = {"__init__", "report"}

    untested = [
        f"{source}/{path.name}"
        for source, tests in folders.items()
        for path in (ROOT / source).glob("*.py")
        if path.stem not in base and not (ROOT / tests / f"test_{path.stem}.py").exists()
    ]

    assert untested == []


def test_nothing_left_to_do_hides_in_a_comment() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    here = Path(__file__)

    found = [
        str(path)
        for path in tracked("*.py", "*.yaml", "*.html", "*.css", "*.js", "*.sh")
        if path != here and marks.search(path.read_text("utf-8"))
    ]

    assert found == []


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_committed() -> None:
    forbidden = re.compile(
        r"pypi\.o" r"rg|pythonhosted\.o" r"rg|npmjs\.o" r"rg|(?<![\w.-])/(root|home/\w+|work)/", re.IGNORECASE
    )

    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in forbidden.finditer(text)]

    assert found == []


def test_the_numbers_of_the_contacts_stand_in_one_file() -> None:
    contacts = ROOT / "protocols/definitions/contacts.yaml"
    numbers = set(re.findall(r'number: "((?:\d\d ){3}\d\d)"', contacts.read_text("utf-8")))
    assert len(numbers) >= 9

    elsewhere = [
        f"{path.relative_to(ROOT)}: {number}"
        for path in tracked("*.py", "*.yaml", "*.yml", "*.html", "*.md", "*.txt", "*.js")
        if path != contacts and "tests" not in path.parts
        for number in numbers
        if number in path.read_text("utf-8") or number.replace(" ", "") in path.read_text("utf-8")
    ]

    assert elsewhere == []


def test_the_locks_name_no_index() -> None:
    for lock in tracked("requirements*.lock"):
        text = lock.read_text("utf-8")

        assert "--hash=sha256:" in text
        assert "://" not in text
        assert not re.search(r"^--?(extra-)?(index|find)", text, re.MULTILINE)

    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")
