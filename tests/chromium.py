"""Where the browser of the page tests is found."""

import shutil
import sys
from contextlib import suppress
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root, as in a container, Chromium has no sandbox; the small /dev/shm of containers breaks long pages.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


def find_chromium() -> Path | None:
    """The machine's own Chromium, else the one Playwright has fetched."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    from playwright.sync_api import Error, sync_playwright

    with suppress(Error), sync_playwright() as playwright:
        fetched = Path(playwright.chromium.executable_path)
        return fetched if fetched.is_file() else None
    return None


if __name__ == "__main__":
    sys.exit(find_chromium() is None)
