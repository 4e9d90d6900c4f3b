"""The page assets come whole and unaltered, or the build stops."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "handlepligt" / "web" / "static" / "vendor"


def test_the_style_sheet_asks_only_for_files_that_are_shipped() -> None:
    sheet = VENDOR / "dkfds" / "css" / "dkfds.min.css"

    wanted = set(re.findall(r"url\((\.\./[^)]+)\)", sheet.read_text()))

    assert len(wanted) > 50
    assert [address for address in wanted if not (sheet.parent / address).is_file()] == []


def test_fonts_come_only_in_the_newest_format() -> None:
    formats = {font.suffix for font in (VENDOR / "dkfds" / "fonts").rglob("*.*")}

    assert formats == {".woff2"}


@pytest.mark.slow
def test_a_package_that_does_not_match_its_hash_stops_the_build(tmp_path: Path) -> None:
    for name in ("hatch_build.py", "package.json", "requirements-tools.lock"):
        shutil.copy(ROOT / name, tmp_path)
    lock = (ROOT / "package-lock.json").read_text()
    tampered = re.sub(r"(sha512-)(.)", lambda hit: hit[1] + ("A" if hit[2] != "A" else "B"), lock)
    (tmp_path / "package-lock.json").write_text(tampered)

    built = subprocess.run([sys.executable, "hatch_build.py"], cwd=tmp_path, capture_output=True, text=True)

    assert built.returncode != 0
    assert "EINTEGRITY" in built.stderr
    assert not (tmp_path / "handlepligt").exists()
