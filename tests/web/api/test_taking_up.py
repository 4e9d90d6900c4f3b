"""A settled step is taken up again over HTTP, where its protocol lets that happen."""

from typing import Any

from tests.cases.small_case import small_in_force
from tests.protocols.kinds.test_consent import ASKED_ONCE, with_consent
from tests.web.api.calling import Api


def shared(api: Api, reference: str) -> list[dict[str, Any]]:
    items = api.saw(api.house.mia, f"/cases/{reference}/steps")["items"]
    return [one for one in items if one["key"] == "share"]


def test_a_consent_is_withdrawn_over_http(api: Api) -> None:
    mia = api.house.mia
    with small_in_force(with_consent(ASKED_ONCE)):
        reference = api.raised(track="small", facts={"urgent": "no"})
        api.complete(mia, reference, "talk", worried="yes", danger="no")
        api.complete(mia, reference, "share", share="given")
        [given] = shared(api, reference)

        taken_up = api.did(mia, f"/cases/{reference}/steps/share/take-up", {})
        api.complete(mia, reference, "share", share="withdrawn")

        _, withdrawn = shared(api, reference)
        again = api.post(mia, f"/cases/{reference}/steps/share/take-up", {})
    assert given["may_be_taken_up"]
    assert (taken_up["key"], taken_up["round"], taken_up["status"]) == ("share", 2, "open")
    assert (withdrawn["answers"]["share"], withdrawn["may_be_taken_up"]) == ("withdrawn", False)
    assert again.status_code == 409
    assert again.json()["rule"] == "share.taken_up_when"
