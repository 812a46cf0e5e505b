"""Does the server say in time that its disk fills up or its database is gone?"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from festival.core.pass_key.guard import settle
from festival.core.pulse import watching
from festival.factory import create_app
from tests.conftest import test_config as settings_for_tests

pytestmark = pytest.mark.either_database


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_ready_without_warnings(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"], answer.json["warnings"]) == (200, "ready", [])


def test_warns_below_one_gigabyte(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, warned in ((1024**3, 0), (1024**3 - 1, 1), (0, 1)):
        monkeypatch.setattr(watching.shutil, "disk_usage", lambda _path, free=free: Usage(10**12, 0, free))
        answer = client.get("/readyz")
        assert (answer.status_code, len(answer.json["warnings"])) == (200, warned), free


def test_the_disk_asked_is_the_one_of_the_data(config: Config) -> None:
    free = shutil.disk_usage(config.instance.parent).free
    config.instance.mkdir(parents=True, exist_ok=True)
    app = create_app(replace(config, disk_warning_bytes=free * 2))
    assert len(app.test_client().get("/readyz").json["warnings"]) == 1


def test_not_ready_when_the_database_is_gone(app: Flask, client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200


def test_not_ready_before_the_tables_are_made(tmp_path: Path) -> None:
    app = create_app(settings_for_tests(tmp_path / "instance", f"sqlite:///{tmp_path / 'none.sqlite3'}"))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"status": "unready", "warnings": ["Cơ sở dữ liệu không trả lời"]},
    )


def test_not_ready_with_another_pass_key(app: Flask, config: Config) -> None:
    with app.app_context():
        settle()
    other = create_app(replace(config, pass_key=bytes(32))).test_client()
    answer = other.get("/readyz")
    assert (answer.status_code, answer.json["status"], len(answer.json["warnings"])) == (503, "unready", 1)
    assert other.get("/").status_code == 503
    assert app.test_client().get("/readyz").json["status"] == "ready"
