"""Is every sentence there in both languages, and does a page speak only one?"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts" / "catalogues.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_catalogues_are_complete(catalogues: ModuleType) -> None:
    assert catalogues.faults() == []


def test_a_missing_translation_is_noticed(catalogues: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with one message more than the catalogue holds, the check must speak."""
    ours, scripts = catalogues.found()
    ours.add("Một câu chưa ai dịch")
    monkeypatch.setattr(catalogues, "found", lambda: (ours, scripts))
    assert catalogues.faults() == ["en: Một câu chưa ai dịch"]


def test_vietnamese_comes_first_and_english_is_a_choice(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "en-US,en"}).text
    assert '<html lang="vi"' in page
    assert "Đăng nhập" in page
    client.set_cookie("lang", "en")
    page = client.get("/sign-in").text
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_forms_complain_in_vietnamese(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/sign-in", data={"csrf_token": token, "login": "x" * 100, "password": "x"})
    assert "Nhiều nhất 80 ký tự." in answer.text
