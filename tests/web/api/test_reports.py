"""The reports over HTTP."""

import pytest

from handlepligt.reports import reports
from tests.make import DAY, HOUR
from tests.web.api.calling import Api


def test_all_reports_are_listed_with_what_their_columns_mean(api: Api) -> None:
    listed = api.saw(api.house.lars, "/reports")["items"]

    assert [one["key"] for one in listed] == list(reports())
    assert all(one["title"] and one["columns"] for one in listed)


def test_every_report_there_is_can_be_read(api: Api) -> None:
    api.raised()
    api.clock.later(2 * DAY)

    for key in reports():
        shown = api.saw(api.house.lars, f"/reports/{key}")
        columns = {column["key"] for column in shown["columns"]}
        assert shown["rows"]
        assert all(set(row) == columns for row in shown["rows"])


def test_durations_are_seconds(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    api.clock.later(HOUR)
    api.complete(mia, reference, "discuss")

    rows = api.saw(api.house.lars, "/reports/response_times")["rows"]

    first = next(row for row in rows if row["measure"].startswith("Modtaget → første"))
    assert first["median"] == pytest.approx(3600, abs=5)


def test_a_report_is_about_the_cases_one_may_see(api: Api) -> None:
    api.raised()

    assert api.saw(api.house.sofie, "/reports/open_cases")["rows"] == []
    assert api.saw(api.house.lars, "/reports/open_cases", team="syd")["rows"] == []
    assert api.saw(api.house.lars, "/reports/open_cases", track="adviser_under_18")["rows"] != []


def test_who_works_cases_but_leads_none_reads_no_reports(api: Api) -> None:
    for who in (api.house.mia, api.house.frida, api.house.ada):
        assert api.get(who, "/reports").status_code == 403
        assert api.get(who, "/reports/response_times").status_code == 403


@pytest.mark.parametrize("key", ["nothing", "report", "__init__", "%00"])
def test_an_unknown_report_is_not_found(api: Api, key: str) -> None:
    assert api.get(api.house.lars, f"/reports/{key}").status_code == 404


@pytest.mark.parametrize("wanted", [{"team": "nowhere"}, {"track": "nothing"}, {"month": "11"}])
def test_a_filter_that_means_nothing_is_refused_by_name(api: Api, wanted: dict[str, str]) -> None:
    answer = api.get(api.house.lars, "/reports/open_cases", **wanted)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(wanted)
