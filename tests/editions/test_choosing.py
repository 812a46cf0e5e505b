"""Is the current edition the chosen one, does importing hide no other, and has every step its way back?"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.editions import choosing
from festival.editions.actions import open_phase
from festival.editions.models import EditionIs, EditionState, Festival, PhaseKind
from festival.editions.queries import current_festival, festival_by_code
from festival.office.removing import remove_edition
from festival.operations.migrations import init_migrations
from festival.registration.phases import festivals_open_for_registration
from festival.schedule.sessions import add_stage
from tests.harness.postgres import Cluster
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

RULES = Path(__file__).parents[2] / "festival/editions/data/rulesets/quy-che-2712.json"


@pytest.fixture
def two(app: Flask, tmp_path: Path) -> Flask:
    """An edition with families that is current, and a later one that was imported from a file."""
    with app.app_context():
        with transaction():
            make_festival(families=3, contests=2, publish=True, first_day=date(2024, 6, 14), code="kg-2024")
        said = imported(app, tmp_path, "kg-2030", "2030-06-14")
        assert "Ngày hội hiện hành vẫn là kg-2024" in said
        assert "flask festival choose kg-2030" in said
    return app


def imported(app: Flask, folder: Path, code: str, starts_on: str) -> str:
    document = json.loads(RULES.read_text("utf-8"))
    document["festival"] |= {"code": code, "name": f"Ngày hội {code}", "starts_on": starts_on, "ends_on": starts_on}
    document["festival"].pop("registration_closes_on", None)
    document["festival"].pop("data_kept_until", None)
    file = folder / f"{code}.json"
    file.write_text(json.dumps(document), "utf-8")
    return run(app, "festival", "import", str(file))


def run(app: Flask, *arguments: str, code: int = 0) -> str:
    done = app.test_cli_runner().invoke(args=list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def code_now(app: Flask) -> str:
    with app.app_context(), reading():
        festival = current_festival()
        return festival.code if festival else ""


def kinds(app: Flask, code: str) -> list[str]:
    with app.app_context(), reading():
        return [line.kind for line, _said in ledger.lines(f"decisions:{code}") if line.kind.startswith("edition_")]


def organiser(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), transaction():
        user = create_user("btc", "Người Tổ Chức", "", [Role.ORGANISER])
        client.set_cookie(SESSION_COOKIE, open_sign_in(user.id, 1).token)
    return client


def posted(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    page = client.get("/office/editions").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(path, data={"csrf_token": token[1], **fields}, follow_redirects=True)
    return answer.status_code, answer.text


def test_importing_a_later_edition_hides_nothing_and_choosing_it_is_undone_by_choosing_the_other(two: Flask) -> None:
    public = two.test_client()
    assert "kg-2030" not in public.get("/").text
    assert code_now(two) == "kg-2024"
    said = run(two, "festival", "choose", "kg-2030")
    assert "flask festival choose kg-2024" in said
    assert code_now(two) == "kg-2030"
    assert "Ngày hội kg-2030" in public.get("/").text
    run(two, "festival", "choose", "kg-2024")
    assert code_now(two) == "kg-2024"
    assert "Ngày hội kg-2030" not in public.get("/").text
    assert kinds(two, "kg-2030") == ["edition_chosen"]
    listed = run(two, "festival", "list").splitlines()
    assert [line.split("\t")[:2] for line in listed] == [["lưu trữ", "kg-2030"], ["hiện hành", "kg-2024"]]


def test_a_command_without_a_code_means_the_chosen_edition(two: Flask) -> None:
    run(two, "festival", "choose", "kg-2030")
    with two.app_context(), reading():
        held = current_festival()
        assert held is not None
        wanted = set(db.session.scalars(select(Contest.code).where(Contest.festival_id == held.id)))
    said = run(two, "contest", "list")
    assert all(code in said for code in wanted)


@pytest.mark.both_databases
def test_the_database_holds_one_current_edition_whoever_chooses_at_the_same_moment(two: Flask) -> None:
    # the naive control: a second row is refused by the database itself
    with two.app_context():
        with pytest.raises(IntegrityError), transaction():
            other = festival_by_code("kg-2030")
            assert other is not None
            db.session.add(EditionState(festival_id=other.id, state=EditionIs.CURRENT, since=now()))
        with transaction():
            db.session.delete(db.session.scalars(select(EditionState)).one())
    barrier = Barrier(2)
    refused: list[str] = []

    def take(code: str) -> None:
        with two.app_context():
            barrier.wait()
            try:
                with transaction():
                    found = festival_by_code(code)
                    assert found is not None
                    choosing.choose(found, None)
            except Conflict as error:
                refused.append(str(error.message))

    threads = [Thread(target=take, args=(code,)) for code in ("kg-2024", "kg-2030")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with two.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(EditionState)) == 1
    assert all("Vừa có người chọn ngày hội khác" in each for each in refused)
    assert len(refused) <= 1


def test_a_mistaken_edition_is_put_away_with_a_reason_and_brought_out_again(two: Flask) -> None:
    with two.app_context():
        with transaction():
            found = festival_by_code("kg-2030")
            assert found is not None
            open_phase(found.id, PhaseKind.REGISTRATION, now())
        with reading():
            assert {each.code for each in festivals_open_for_registration(now())} == {"kg-2024", "kg-2030"}
        with pytest.raises(BadInput), transaction():
            choosing.put_away(_named("kg-2030"), "  ", None)
        with pytest.raises(Conflict, match="Chọn ngày hội khác làm hiện hành trước"), transaction():
            choosing.put_away(_named("kg-2024"), "nhầm", None)
    run(two, "festival", "put-away", "kg-2030", "--reason", "nhập nhầm năm")
    with two.app_context():
        with reading():
            assert {each.code for each in festivals_open_for_registration(now())} == {"kg-2024"}
        with pytest.raises(Conflict, match="Lấy ra trước"), transaction():
            choosing.choose(_named("kg-2030"), None)
    assert two.test_client().get("/editions/kg-2030/results").status_code == 404
    run(two, "festival", "bring-out", "kg-2030")
    assert kinds(two, "kg-2030") == ["edition_put_away", "edition_brought_out"]


def test_the_public_sees_nothing_of_an_edition_before_its_organiser_shows_it(two: Flask) -> None:
    """It is being prepared while another is current: no address tells of it, not even to who guesses its code."""
    public, client = two.test_client(), organiser(two)
    chosen = "Đang chuẩn bị, công chúng chưa thấy"
    assert chosen in client.get("/office/editions").text
    assert "Công chúng chưa thấy gì" in client.get("/office/editions/kg-2030").text
    for path in (
        "/",
        "/results",
        "/programme",
        "/contests",
        "/api/v1/programme",
        "/editions/kg-2030/results",
        "/privacy",
    ):
        assert "Ngày hội kg-2030" not in public.get(path).text, path
    assert public.get("/editions/kg-2030/results").status_code == 404
    with two.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.festival_id == _named("kg-2030").id).values(state="published"))
    assert public.get("/editions/kg-2030/results").status_code == 200
    assert chosen not in client.get("/office/editions").text


def test_an_empty_edition_is_removed_and_its_code_is_free_again(two: Flask, tmp_path: Path) -> None:
    with two.app_context(), pytest.raises(Conflict, match="Cất ngày hội này trước"), transaction():
        remove_edition(_named("kg-2030"), None)
    run(two, "festival", "put-away", "kg-2030", "--reason", "nhập nhầm")
    run(two, "festival", "remove", "kg-2030", "--yes")
    assert "kg-2030" not in run(two, "festival", "list")
    assert differing(two) == []
    imported(two, tmp_path, "kg-2030", "2031-06-14")
    assert "2031-06-14" in run(two, "festival", "list")
    assert differing(two) == []


def test_what_a_person_did_in_an_edition_keeps_it_from_being_removed(two: Flask) -> None:
    run(two, "festival", "choose", "kg-2030")
    run(two, "festival", "put-away", "kg-2024", "--reason", "để thử")
    with two.app_context(), pytest.raises(Conflict, match="đã có hồ sơ"), transaction():
        remove_edition(_named("kg-2024"), None)
    run(two, "festival", "choose", "kg-2030")
    with two.app_context(), transaction():
        add_stage(_named("kg-2030").id, "san-khau", "Sân khấu")
    run(two, "festival", "bring-out", "kg-2024")
    run(two, "festival", "choose", "kg-2024")
    run(two, "festival", "put-away", "kg-2030", "--reason", "nhập nhầm")
    said = run(two, "festival", "remove", "kg-2030", "--yes", code=1)
    assert "đã có hồ sơ" in said
    with two.app_context(), reading():
        # refused as a whole: nothing of it went
        assert db.session.scalar(select(func.count(Contest.id)).where(Contest.festival_id == _named("kg-2030").id)) == 1


def test_the_only_edition_can_be_put_away_and_the_pages_say_what_to_do(app: Flask, tmp_path: Path) -> None:
    imported(app, tmp_path, "nham", "2030-06-14")
    assert code_now(app) == "nham"
    run(app, "festival", "put-away", "nham", "--reason", "nhập nhầm")
    client = organiser(app)
    assert "Chọn ngày hội" in client.get("/office").text
    assert app.test_client().get("/").status_code == 200
    assert "flask festival choose" in run(app, "contest", "list", code=1)
    imported(app, tmp_path, "dung", "2026-06-14")
    assert code_now(app) == "dung"


def test_the_organiser_looks_at_an_archive_and_chooses_on_the_pages(two: Flask) -> None:
    run(two, "festival", "choose", "kg-2030")
    client = organiser(two)
    page = "".join(
        client.get(f"/office/editions/kg-2024?show={part}").text for part in ("results", "programme", "families")
    )
    with two.app_context(), reading():
        before = ledger.head("decisions:kg-2024")
        names = list(db.session.scalars(text("SELECT name FROM family")))
    assert names and all(name in page for name in names)
    assert "Chỉ để xem" in page and "14/6/2024" in page
    with two.app_context(), reading():
        assert ledger.head("decisions:kg-2024") == before, "looking changes nothing"
    public = two.test_client().get("/editions/kg-2024/results")
    assert public.status_code == 200 and "Đây là một ngày hội trước" in public.text
    assert two.test_client().get("/editions/kg-2030/results").headers["Location"] == "/results"
    status, text_shown = posted(client, "/office/editions/kg-2024/choose")
    assert status == 200 and "Từ bây giờ đây là ngày hội hiện hành" in text_shown
    assert code_now(two) == "kg-2024"
    assert posted(client, "/office/editions/kg-2030/put-away", reason=" ")[0] == 400
    assert posted(client, "/office/editions/kg-2030/put-away", reason="Nhập nhầm tệp")[0] == 200
    assert "Nhập nhầm tệp" in client.get("/office/editions").text
    assert posted(client, "/office/editions/kg-2030/choose")[0] == 409
    assert posted(client, "/office/editions/kg-2030/bring-out")[0] == 200
    assert posted(client, "/office/editions/kg-2030/remove")[0] == 409
    posted(client, "/office/editions/kg-2030/put-away", reason="Nhập nhầm tệp")
    status, text_shown = posted(client, "/office/editions/kg-2030/remove")
    assert status == 200 and "Mã này dùng lại được" in text_shown
    assert client.get("/office/editions/kg-2030").status_code == 404


def test_the_newest_edition_of_an_old_database_becomes_the_chosen_one(
    two: Flask, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")  # a backup is made first
    init_migrations(two)
    with two.app_context():
        db.session.remove()
        db.engine.dispose()
        downgrade(revision="0012")
        upgrade()
        db.engine.dispose()
    assert code_now(two) == "kg-2030", "as the pages of the old release had it"


def _named(code: str) -> Festival:
    found = festival_by_code(code)
    assert found is not None
    return found


def differing(app: Flask) -> list[str]:
    """Streams of the removed edition whose rows are not those of the ledger (the cast itself is written without one)."""
    with app.app_context(), seals.snapshot():
        return [each.name for each in seals.inspect().streams if "kg-2030" in each.name and not each.clean]
