"""Two organisers save one contest at the same moment: one is told, and what the other wrote is not lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from festival.core.transaction import transaction
from festival.setup import pieces
from festival.setup.saving import ChangedMeanwhile, document_of, save
from tests.harness.waiting import PATIENCE_S
from tests.setup.test_saving import code, look  # noqa: F401 - a fixture

Save = Callable[[Callable[[pieces.Document], pieces.Document], str], str]


def named(value: str) -> Callable[[pieces.Document], pieces.Document]:
    def edit(document: pieces.Document) -> pieces.Document:
        piece = pieces.contest(document, "bong-da")
        assert piece is not None
        return pieces.with_contest(document, piece | {"name": value}, replacing="bong-da")

    return edit


def honest(edit: Callable[[pieces.Document], pieces.Document], seen: str) -> str:
    try:
        with transaction():
            save("hon-quan-2024", edit, look, seen)
    except ChangedMeanwhile:
        return "told"
    return "saved"


def naive(edit: Callable[[pieces.Document], pieces.Document], seen: str) -> str:
    """Compares before its transaction: what must never be built."""
    if pieces.mark(look(document_of("hon-quan-2024"))) != seen:
        return "told"
    MEETING.wait(PATIENCE_S)
    with transaction():
        save("hon-quan-2024", edit)
    return "saved"


MEETING = threading.Barrier(2)


@pytest.mark.parametrize(("way", "expected"), [(honest, ["saved", "told"]), (naive, ["saved", "saved"])])
def test_the_second_is_told(app: Flask, code: str, way: Save, expected: list[str]) -> None:  # noqa: F811
    with app.app_context():
        seen = pieces.mark(look(document_of(code)))
    begin, said = threading.Barrier(2), dict[str, str]()

    def organiser(name: str) -> None:
        with app.app_context():
            begin.wait(PATIENCE_S)
            said[name] = way(named(name), seen)

    threads = [threading.Thread(target=organiser, args=(name,)) for name in ("Sút bóng", "Đá bóng")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(said.values()) == expected
    with app.app_context():
        stands: Any = look(document_of(code))
        assert said[stands["name"]] == "saved"
