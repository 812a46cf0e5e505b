"""Keep the catalogues: `python scripts/catalogues.py update` reads all messages out of code, templates and scripts.

The source language of messages is Vietnamese. `festival/translations/en` translates them; `…/vi` holds only the
messages of WTForms and click, whose own language is English. Messages of scripts (`t("…")`) live in the same catalogue and are
written out as `js-<language>.json` for the pages.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click
import wtforms
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "festival" / "translations"
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
METHODS = [("**.py", "python")]
TEMPLATES = [("**.html", "jinja2.ext:babel_extract"), ("**.txt", "jinja2.ext:babel_extract")]
BORROWED = [Path(module.__file__ or "").parent for module in (wtforms, click)]


def found() -> tuple[Catalog, set[str]]:
    """Every message of ours, and which of them scripts use."""
    catalogue = Catalog(project="ngay-hoi-gia-dinh", locale="vi", charset="utf-8")
    for base, methods in (("festival", METHODS), ("templates", TEMPLATES)):
        options = {"**": {"encoding": "utf-8", "silent": "false"}}
        for name, _line, message, _comments, context in extract_from_dir(
            ROOT / base, methods, options if base == "templates" else {}, keywords=KEYWORDS
        ):
            catalogue.add(message, locations=[(f"{base}/{name}", 0)], context=context)
    scripts: set[str] = set()
    files = [*sorted((ROOT / "static" / "js").rglob("*.js")), ROOT / "static" / "sw.js"]
    for path in files:
        if not path.is_file():
            continue
        with path.open("rb") as source:
            for _line, _function, message, _comments in _extract_script(source):
                scripts.add(message)
                catalogue.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return catalogue, scripts


def _extract_script(source: object) -> list[tuple[int, str, str, list[str]]]:
    options = {"template_string": True}
    rows = extract("javascript", source, keywords={"t": None}, options=options)  # type: ignore[arg-type]
    return [(line, "t", message, []) for line, message, _comments, _context in rows if isinstance(message, str)]


def borrowed_messages() -> Catalog:
    """The English messages WTForms shows on pages and click on the terminal."""
    catalogue = Catalog(locale="vi")
    for folder in BORROWED:
        for _name, _line, message, _comments, _context in extract_from_dir(
            folder, METHODS, {}, keywords={"gettext": None, "_": None, "ngettext": (1, 2)}
        ):
            catalogue.add(message)
    return catalogue


def load(language: str) -> Catalog:
    """A catalogue as it stands, empty if there is none yet."""
    path = po(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def po(language: str) -> Path:
    """Where a catalogue lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def update() -> None:
    """Bring both catalogues up to date with the sources; translations are kept, unused ones dropped."""
    ours, _scripts = found()
    for language, template in (("en", ours), ("vi", borrowed_messages())):
        catalogue = load(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        path = po(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write_po(out, catalogue, sort_output=True, omit_header=True, no_location=True, width=110)


def compile_all() -> None:
    """Write the `.mo` files and the words of the scripts; these are not kept in the repository."""
    scripts = found()[1]
    for language in ("en", "vi"):
        catalogue = load(language)
        with po(language).with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue)
    english = load("en")
    words = {message: english.get(message).string for message in sorted(scripts) if english.get(message)}  # type: ignore[union-attr]
    (FOLDER / "js-en.json").write_text(json.dumps(words, ensure_ascii=False, indent=1), encoding="utf-8")


PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def faults() -> list[str]:
    """What is missing or differs in its placeholders; empty when both catalogues are complete."""
    ours, _scripts = found()
    wrong: list[str] = []
    for language, wanted in (("en", ours), ("vi", borrowed_messages())):
        catalogue = load(language)
        for message in wanted:
            if not message.id:
                continue
            name = message.id if isinstance(message.id, str) else message.id[0]
            kept = catalogue.get(name)
            strings = [] if kept is None else [kept.string] if isinstance(kept.string, str) else list(kept.string)
            if not strings or not all(strings):
                wrong.append(f"{language}: {name}")
            elif any(set(PLACEHOLDERS.findall(text)) - set(PLACEHOLDERS.findall(name)) for text in strings):
                wrong.append(f"{language}: placeholders of {name}")
    return wrong


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            missing = faults()
            print("\n".join(missing) or "complete")
            sys.exit(bool(missing))
        case _:
            sys.exit("usage: catalogues.py update | compile | check")
