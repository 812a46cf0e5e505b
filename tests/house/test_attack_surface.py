"""Is it known what a release is made of, and is a fault of one of its packages found?"""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from config import ROOT
from scripts.bill import LOCKS, bill
from scripts.known_faults import LOCKS as SEARCHED
from scripts.known_faults import main, touches
from scripts.locked import NODE, PYTHON, Locked, locked

AT = datetime(2026, 11, 27, tzinfo=UTC)


def test_the_bill_names_every_locked_package_and_is_what_it_says_it_is() -> None:
    made = bill()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made)) is None
    assert made == bill()
    runtime = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    front = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert (
        len(made["components"])
        == len(set(re.findall(r"^[\w.-]+(?:\[.*\])?==\S+", runtime, re.MULTILINE))) + len(front) - 1
    )
    names = {each["name"] for each in made["components"]}
    assert {"flask", "sqlalchemy", "pillow", "cryptography"} <= names and "pytest" not in names
    assert set(LOCKS) == {"requirements.lock", "package-lock.json"}


def test_a_bill_with_a_strange_member_is_refused_by_the_same_judge() -> None:
    made = {**bill(), "components": [{"type": "library"}]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made)) is not None


def affected(*events: dict[str, str], versions: tuple[str, ...] = (), kind: str = "ECOSYSTEM") -> dict[str, object]:
    return {"versions": list(versions), "ranges": [{"type": kind, "events": list(events)}]}


@pytest.mark.parametrize(
    ("found", "version", "hit"),
    [
        (affected({"introduced": "0"}, {"fixed": "2.0"}), "1.9.9", True),
        (affected({"introduced": "0"}, {"fixed": "2.0"}), "2.0", False),
        (affected({"introduced": "0"}, {"fixed": "2.0"}), "2.0rc1", True),
        (affected({"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"fixed": "2.1"}), "1.7", False),
        (affected({"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"fixed": "2.1"}), "2.0", True),
        (affected({"introduced": "0"}, {"last_affected": "1.2"}), "1.2", True),
        (affected({"introduced": "0"}, {"last_affected": "1.2"}), "1.2.1", False),
        (affected({"introduced": "2"}), "10.0", True),
        (affected({"introduced": "0"}, {"fixed": "1.0"}, versions=("3.3",)), "3.3", True),
        (affected({"introduced": "0"}, kind="GIT"), "1.0", False),
        (affected({"introduced": "0"}, {"fixed": "1.0"}), "not a version", True),
    ],
)
def test_whether_a_version_is_touched(found: dict[str, object], version: str, hit: bool) -> None:
    assert touches(found, version) == hit


def database(folder: Path, *records: dict[str, object]) -> str:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for record in records:
            packed.writestr(f"{record['id']}.json", json.dumps({"modified": "2026-11-20T00:00:00Z", **record}))
    return str(path)


def record(name: str, package: Locked, **more: object) -> dict[str, object]:
    told = {"ecosystem": package.registry, "name": package.name}
    return {"id": name, "summary": "made up", "affected": [{"package": told, **affected({"introduced": "0"})}], **more}


def test_a_fault_of_a_locked_package_is_found_and_the_databases_age_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flask = next(each for each in locked(ROOT / "requirements.lock") if each.name == "flask")
    front = locked(ROOT / "package-lock.json")[0]
    other = Locked(PYTHON, "somebody-else", "1.0")
    places = database(
        tmp_path,
        record("PYSEC-1", Locked(PYTHON, "Flask", flask.version)),
        record("GHSA-2", front),
        record("PYSEC-3", other),
        record("PYSEC-4", flask, withdrawn="2026-01-01T00:00:00Z"),
    )
    assert main(places, at=AT) == 1
    said = capsys.readouterr().out
    assert "against 4 records, the newest of 20 November 2026\n" in said
    assert re.findall(r"(PYSEC-\d|GHSA-\d)", said) == ["PYSEC-1", "GHSA-2"] and front.registry == NODE
    places = database(tmp_path, record("PYSEC-3", other))
    assert main(places, at=AT) == 0
    assert main(places, at=AT.replace(year=2027)) == 0
    assert "DAYS OLD" in capsys.readouterr().out


def test_without_a_database_it_is_said_and_a_broken_one_is_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main("") == 0
    assert "NOT CHECKED" in capsys.readouterr().out
    (tmp_path / "broken.zip").write_bytes(b"PK")
    (tmp_path / "empty").mkdir()
    for places in (tmp_path / "broken.zip", tmp_path / "none.zip", tmp_path / "empty"):
        assert main(str(places)) == 2
    assert set(SEARCHED) == {"requirements-dev.lock", "requirements-node.lock", "package-lock.json"}


def test_an_answered_fault_is_quiet_and_an_answer_nobody_needs_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SEARCHED:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    flask = next(each for each in locked(ROOT / "requirements.lock") if each.name == "flask")
    places = database(tmp_path, record("PYSEC-1", flask))
    (tmp_path / "pyproject.toml").write_text(
        '[tool.known-faults]\nPYSEC-1 = "only with a setting we do not have"\n', "utf-8"
    )
    assert main(places, tmp_path, AT) == 0
    (tmp_path / "pyproject.toml").write_text('[tool.known-faults]\nPYSEC-1 = "x"\nPYSEC-9 = "x"\n', "utf-8")
    assert main(places, tmp_path, AT) == 1
    assert "PYSEC-9 is answered" in capsys.readouterr().out
