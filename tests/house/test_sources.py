"""Is there anything in the repository that must not be: hosts, machine paths, inline scripts, floats for marks?"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from config import ROOT

INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", re.I),
    "a style in the page": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "an outside address": re.compile(r"(?:src|href|action)\s*=\s*[\"']https?://", re.I),
}
UNSAFE = re.compile(r"\|\s*safe\b|\bMarkup\(|autoescape\s+false")
JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.S)
# JSON for a module to read is data, not a script.
DATA_BLOCK = re.compile(r"<script[^>]*type=[\"']application/json[\"'][^>]*>", re.I)
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}")


def tracked(*patterns: str) -> list[Path]:
    """Files git knows or would take, by pattern; without git, those on the disk."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    found = [ROOT / line for line in done.stdout.splitlines()]
    return [path for path in found if path.is_file()]


def templates() -> list[Path]:
    # Letters are read in mail programs, which know no style sheet of ours.
    return [path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts]


def test_pages_have_nothing_inline() -> None:
    found = []
    for path in templates():
        source = path.read_text(encoding="utf-8")
        text = DATA_BLOCK.sub("", JINJA.sub("", source))
        found += [f"{path.relative_to(ROOT)}: {what}" for what, pattern in INLINE.items() if pattern.search(text)]
        # The icons' own drawings are constants of that file.
        if UNSAFE.search(source) and path.name != "icons.html":
            found.append(f"{path.relative_to(ROOT)}: unsafe output")
    assert found == []


# A form that is fetched puts what is typed into the address; a chosen filter may stand there, a name or a phone may not.
TYPED_INTO_AN_ADDRESS = re.compile(
    r"<form(?![^>]*method=[\"']post)(?:(?!</form>).)*?(?:\{\{-?\s*text\(|<textarea|type=[\"'](?:text|search|tel|email)[\"'])",
    re.S | re.I,
)


def typed_into_an_address(source: str) -> bool:
    return TYPED_INTO_AN_ADDRESS.search(source) is not None


def test_what_is_typed_does_not_come_into_an_address() -> None:
    names = {path.relative_to(ROOT / "templates").as_posix(): path for path in templates()}
    found = {name for name, path in names.items() if typed_into_an_address(path.read_text(encoding="utf-8"))}
    assert found == set()


@pytest.mark.parametrize(
    ("form", "bites"),
    [
        ('<form method="get">{{ text("q", "Tìm") }}</form>', True),
        ('<form role="search"><input type="search" name="q"></form>', True),
        ('<form method="get"><select name="state"></select></form>', False),
        ('<form method="post" action="/x">{{ csrf() }}{{ text("search", "Tìm") }}</form>', False),
    ],
)
def test_the_search_for_fetched_forms_bites(form: str, bites: bool) -> None:
    assert typed_into_an_address(form) is bites


@pytest.mark.parametrize(
    "offence",
    ["<script>alert(1)</script>", "<p style='color:red'>", '<a onclick="x()">', "<img src='https://cdn.example/x'>"],
)
def test_the_search_for_inline_parts_bites(offence: str) -> None:
    assert any(pattern.search(offence) for pattern in INLINE.values())


def test_every_post_form_carries_its_token() -> None:
    forms = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", re.I | re.S)
    bare = [
        f"{path.relative_to(ROOT)}: {body[:60]!r}"
        for path in templates()
        for body in forms.findall(path.read_text(encoding="utf-8"))
        if "csrf" not in body
    ]
    assert bare == []


def test_locks_name_no_host_and_carry_hashes() -> None:
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"https?://|--index-url|--find-links|file:", text) == [], path.name
        packages = re.findall(r"^[a-z0-9][^\s=]*==[^\s\\;]+", text, re.M)
        entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
        assert len(packages) == len(entries) > 0
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    installed = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in installed.items() if "integrity" not in entry or "resolved" in entry] == []
    assert "http" not in json.dumps(lock)


def test_front_end_versions_are_exact() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert [name for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_no_machine_paths_and_no_keys() -> None:
    machine = re.compile(r"(?<![\w./-])/(?:root|work|home/\w+)/\w|\.\./shared")
    found = []
    for path in tracked():
        if path.name == "test_sources.py" or path.suffix in {".lock", ".png", ".woff2", ".xlsx", ".webp", ".ico"}:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if machine.search(text) or SECRETS.search(text):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_third_party_code_is_not_committed() -> None:
    assert tracked("static/vendor", "node_modules", ".venv", "instance") == []


def test_no_floats_where_marks_are_reckoned() -> None:
    reckoning = [
        *(ROOT / "festival" / "contests" / f"{name}.py" for name in ("marks", "measures", "panel")),
        *(ROOT / "festival" / "results").rglob("*.py"),
    ]
    floating = re.compile(r"\bfloat\(|\bround\(|[^\w.]\d+\.\d+(?![\w.])")
    found = []
    for path in reckoning:
        code = re.sub(r'""".*?"""|#[^\n]*|"[^"\n]*"', "", path.read_text(encoding="utf-8"), flags=re.S)
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in floating.findall(code)]
    assert found == []
