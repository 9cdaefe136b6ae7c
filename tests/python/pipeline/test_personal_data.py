"""S3 and S4: a marked address and the key of the pseudonyms are found nowhere outside the archive,
the rejected lines and the key's own file."""

import json
from pathlib import Path

import pytest

from tests.python.pipeline.running import Programme

CANARY = "canary.bird@example.com"
PEOPLE = "canary-person-4711"
ENROLLMENT = {
    "enrollment_id": "L1",
    "partner_id": "P-000001",
    "learner_id": PEOPLE,
    "course_id": "C",
    "assigned_at": "2026-06-01T10:00:00Z",
    "completed_at": None,
    "passed": None,
}
FILES = {
    "crm/activities/a.csv": "activity_id,partner_id,occurred_at,kind,direction,contact_email\n"
    f"A1,P-000001,2026-06-01T10:00:00Z,meeting,mutual,{CANARY}\n"
    f"A2,P-000001,not a time,meeting,mutual,{CANARY}\n",
    "portal/events/e.csv": "event_id,partner_id,user_id,occurred_at,event\n"
    f"E1,P-000001,{PEOPLE},2026-06-01T10:00:00Z,login\n",
    "learning/enrollments/l.jsonl": json.dumps(ENROLLMENT) + "\n",
    "feedback/surveys/s.csv": "response_id,partner_id,submitted_at,score,comment\n"
    f'S1,P-000001,2026-06-01T10:00:00Z,4,"ask {CANARY}"\n',
}
# The bytes as they came, private to their owner; and the working database, whose rejects keep text.
PRIVATE = ("archive", "secrets")


def files_that_hold(folder: Path, needles: list[bytes]) -> list[Path]:
    found = []
    for path in folder.rglob("*"):
        if (
            path.is_file()
            and not path.is_symlink()
            and path.relative_to(folder).parts[0] not in PRIVATE
        ):
            content = path.read_bytes()
            if any(needle in content for needle in needles):
                found.append(path)
    return found


@pytest.mark.slow
def test_personal_data_and_the_key_stay_where_they_belong(copy_of_released: Programme):
    programme = copy_of_released
    for path, text in FILES.items():
        programme.write(path, text)
    done = programme.command("run")
    key = programme.settings().pseudonym_key.read_bytes()
    needles = [CANARY.encode(), PEOPLE.encode(), key, key.hex().encode()]

    assert files_that_hold(programme.warehouse, needles) == []
    assert not any(needle in (done.stdout + done.stderr).encode() for needle in needles)
    # The check can fail: the archive, which is left out above, does hold the address.
    assert programme.rows("select count(*) from raw_crm.activities where activity_id = 'A1'") == [
        (1,)
    ]
    ((pseudonym,),) = programme.rows(
        "select contact_email from raw_crm.activities where activity_id = 'A1'"
    )
    assert files_that_hold(programme.warehouse, [pseudonym.encode()])
    assert (programme.settings().pseudonym_key.stat().st_mode & 0o077) == 0


def test_no_pseudonym_passes_the_activities(released: Programme):
    """People are counted, never carried along: no column of a mart is about a person."""
    columns = released.released(
        "select column_name from information_schema.columns where table_schema = 'marts'"
    )
    personal = {
        "manager_email",
        "contact_email",
        "user_id",
        "learner_id",
        "rater_id",
        "comment",
        "taken_by",
    }
    assert not personal & {name for (name,) in columns}
