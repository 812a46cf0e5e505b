"""Do two organisers who take two files at the same moment never overwrite each other unseen?"""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.transaction import transaction
from festival.office.festival_import import import_festival, read_file
from festival.setup.pieces import Document, mark
from festival.setup.saving import begin, document_of, written
from tests.harness.waiting import PATIENCE_S
from tests.setup.test_file_pages import CODE, FILE, hidden, rules, sent

Take = Callable[[Flask, FlaskClient, dict[str, str], threading.Barrier], bool]


def honest(_app: Flask, client: FlaskClient, fields: dict[str, str], together: threading.Barrier) -> bool:
    together.wait(PATIENCE_S)
    return sent(client, f"{FILE}/take", **fields).status_code == 302


def naive(app: Flask, _client: FlaskClient, fields: dict[str, str], together: threading.Barrier) -> bool:
    """Looks first, then writes: what must never be built."""
    with app.app_context():
        same = mark(document_of(CODE)) == fields["seen"]
        together.wait(PATIENCE_S)
        if same:
            with transaction():
                import_festival(read_file(fields["document"].encode()))
        return same


def both_at_once(app: Flask, take: Take) -> tuple[list[bool], Document]:
    """Two organisers looked at their files and take them together; who was told it is done, and what stands."""
    with app.app_context(), transaction():
        begin(rules())
    looked: list[tuple[FlaskClient, dict[str, str]]] = []
    for number in (1, 2):
        client = app.test_client()
        with app.app_context(), transaction():
            user = create_user(f"toc-{number}", "Trần Thị Ngọc Bích Phương Uyên", "", [Role.ORGANISER])
            client.set_cookie(SESSION_COOKIE, open_sign_in(user.id, 1).token)
        changed = rules()
        changed["contests"][number]["name"] = f"Tên của người thứ {number}"
        looked.append((client, hidden(sent(client, FILE, document=written(changed).decode()))))
    together, done = threading.Barrier(2), [False, False]

    def one(at: int) -> None:
        done[at] = take(app, *looked[at], together)

    threads = [threading.Thread(target=one, args=(at,)) for at in (0, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with app.app_context():
        return done, document_of(CODE)


def test_one_of_two_files_is_taken_and_the_other_organiser_is_told(app: Flask) -> None:
    done, stands = both_at_once(app, honest)
    assert sorted(done) == [False, True]
    names = [each["name"] for each in stands["contests"][1:3]]
    won = done.index(True)
    assert names[won] == f"Tên của người thứ {won + 1}"
    assert names[1 - won] == rules()["contests"][2 - won]["name"]


def test_who_looks_first_and_then_writes_overwrites_the_other(app: Flask) -> None:
    done, stands = both_at_once(app, naive)
    assert done == [True, True]
    changed = [each["name"].startswith("Tên của người") for each in stands["contests"][1:3]]
    assert sorted(changed) == [False, True]
