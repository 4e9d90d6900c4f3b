"""No person and no free text ever reaches Prefect: not its database, not its files, not its logs."""

import base64
import json
import pickle
import sqlite3
import time
import zlib
from pathlib import Path

import pytest
from prefect.client.schemas.objects import StateType
from sqlmodel import select

from handlepligt.prefect_server import prefect_home
from models import CaseStep
from models.session import writing
from tests.flows.installation import NO_LONGER, Installation, wait_for
from tests.flows.searching import find, find_in_database, find_in_files

pytestmark = pytest.mark.timeout(240)

CANARIES = {
    "citizen_name": "Zubeydåh Kanariefugl",
    "summary": "Fuglesang ved Øresundshøj skole",
    "citizen_notes": "Notatfinken sidder i æbletræet",
}
CPR = "070590-4234"
ANSWER = "Svarspurven så noget på Blåbærvej"
ERROR = "Fejlsolsorten kender 0705904234"


@pytest.mark.prefect
def test_no_word_about_a_person_reaches_prefect(installation: Installation) -> None:
    installation.working()
    people = [person.name for person in vars(installation.house).values()]
    words = [*CANARIES.values(), CPR, CPR.replace("-", ""), ANSWER, "Fejlsolsorten", *people]
    words += [f"{person.username}@" for person in (installation.house.otto, installation.house.lars)]

    case_id = installation.raise_concern(**CANARIES, cpr=CPR, birth_date=None)
    installation.wait_until_mirrored(case_id)
    installation.hook(case_id, "fail", ERROR)
    installation.complete(case_id, "discuss", discussion_note=ANSWER, **NO_LONGER)
    installation.press_acute(case_id)
    wait_for(lambda: installation.run_of(case_id).state_type == StateType.FAILED, "the run failed")
    installation.hook_path(case_id, "fail").unlink()
    installation.wait_until_mirrored(case_id, seconds=60)
    installation.close(case_id)
    installation.wait_until_mirrored(case_id)
    failed = [t.state.message for t in installation.tasks_of(case_id) if t.state and t.state.is_failed()]
    # What Prefect writes late is to be searched as well.
    time.sleep(2)

    home = prefect_home(installation.settings)
    assert failed
    assert all(case_id in str(message) and "ValueError" in str(message) for message in failed)
    assert find_in_database([case_id], home / "prefect.db"), "the search itself finds nothing"
    assert find_in_database(words, home / "prefect.db") == {}
    assert find_in_files(words, home) == {}
    assert find_in_files(words, installation.folder / "logs") == {}
    assert find(words, (installation.folder / "worker.log").read_bytes()) == set()


@pytest.mark.prefect
def test_the_words_searched_for_are_truly_in_the_case(installation: Installation) -> None:
    case_id = installation.raise_concern(**CANARIES, cpr=CPR, birth_date=None)
    installation.complete(case_id, "discuss", discussion_note=ANSWER, **NO_LONGER)

    with writing(installation.engine) as session:
        answers = [step.answers for step in session.exec(select(CaseStep)) if step.case_id == case_id]

    assert installation.case(case_id).summary == CANARIES["summary"]
    assert ANSWER in str(answers)


WORD = "Fuglesang ved Øresundshøj"
PACKED = pickle.dumps({"said": [WORD]})


@pytest.mark.parametrize(
    "blob",
    [
        WORD.encode(),
        WORD.upper().encode(),
        WORD.encode("utf-16"),
        json.dumps({"a": WORD}).encode(),
        json.dumps({"a": json.dumps([WORD])}).encode(),
        PACKED,
        b"state: " + base64.b64encode(PACKED),
        json.dumps({"data": base64.urlsafe_b64encode(zlib.compress(PACKED)).decode()}).encode(),
        PACKED.hex().encode(),
        b"?q=Fuglesang%20ved%20%C3%98resundsh%C3%B8j",
    ],
    ids=["plain", "upper", "utf16", "json", "json2", "pickle", "base64", "zlib", "hex", "url"],
)
def test_the_search_sees_through_every_wrapping(blob: bytes) -> None:
    assert find([WORD, "Notatfinken"], blob) == {WORD}


def test_the_search_reads_every_column_of_every_table(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.db") as database:
        for number in range(25):
            database.execute(f"CREATE TABLE t{number} (id INTEGER, kept BLOB)")
        database.execute("INSERT INTO t7 VALUES (1, ?)", [base64.b64encode(PACKED)])

    assert find_in_database([WORD], tmp_path / "some.db") == {"t7.kept": {WORD}}
