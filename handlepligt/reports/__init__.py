"""What can be counted about the work. Reports read, never write."""

from functools import cache

from handlepligt.plugins import find_classes
from handlepligt.reports.report import Report


@cache
def reports() -> dict[str, Report]:
    """Every report in this folder by key (its file's name)."""
    found = find_classes("handlepligt.reports", Report)  # type: ignore[type-abstract]
    return {key: kind() for key, kind in found.items() if kind is not Report}
