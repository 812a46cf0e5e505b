"""The sound desk and the MC read acts in their running order; all tracks travel as one ZIP; files go with copies, restores and erasures."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from flask import Flask
from sqlalchemy import select, update

from config import Config
from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.acts import asking, keeping, telling
from festival.acts.facts import ActAsk, ActFacts
from festival.acts.file_names import last_part, numbered_name
from festival.acts.models import ActFile, ActFileKind, ActVersion
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.files import store
from festival.core.files.copied import folder_beside, forget_left, keep_files, put_files_back
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.operations.restore import restore
from festival.operations.sealed.whole_copy import back_up_whole
from festival.privacy import erasing
from festival.programme.queries import festival_day
from festival.roster.models import Entry
from festival.schedule.models import Act
from tests.house.test_statements import statements
from tests.programme.scene import make_festival
from tests.registration.pages_kit import words

pytestmark = pytest.mark.either_database


def test_names_in_the_archive_open_everywhere() -> None:
    assert numbered_name(7, "Gia đình ông Danh Chung", "Hát ru", "mp3") == "007 Gia đình ông Danh Chung - Hát ru.mp3"
    assert numbered_name(1, '../a\\b:"c"', "", "wav") == "001 a b c.wav"
    assert numbered_name(2, normalize("NFD", "Hòn Đất"), "", "mp3") == normalize("NFC", "002 Hòn Đất.mp3")
    assert numbered_name(3, "???", "", "mp3") == "003 tiết mục.mp3"
    assert len(numbered_name(4, "Đặ" * 200, "", "mp3").encode()) < 200
    assert (last_part("C:\\Nhac\\bai.mp3"), last_part("../../etc/bai.mp3")) == ("bai.mp3", "bai.mp3")


def of_acts() -> list[str]:
    """Differences between the ledger and the tables of acts; the scene itself was written by no door."""
    found = [each.table for stream in checks.inspect().streams for _seal, each in stream.differences]
    return [table for table in found if table.startswith("act_")]


def festival(app: Flask, families: int = 3) -> tuple[str, int]:
    """Acts of a contest with tracks on disk, on a stick and none; the stage manager's sign-in."""
    with app.app_context(), transaction():
        scene = make_festival(families=families, contests=1, first_day=festival_day(now()))
        contest = db.session.get_one(Contest, scene.contests[0])
        asking.set_asking(contest.festival, contest, tuple(ActAsk), None, 0, None)
        for place, entry_id in enumerate(scene.entries[contest.id]):
            entry = db.session.get_one(Entry, entry_id)
            facts = ActFacts(
                title=f"Bài {place}", minutes=4, microphones=2, props="ghế", words="Một\nHai", said="xa-ruôn"
            )
            telling.tell(contest.festival, entry, facts, 0, entry.title, "office", None)
            if place == 1:
                keeping.note_usb(contest.festival, entry, None)
            elif place != 2:
                row = keeping.file_row(
                    ActFileKind.TRACK, store.put([f"{place}".encode() * 9], 9), "mp3", "a", "link", None
                )
                keeping.keep(contest.festival, entry, row)
        # the first two change places on the morning itself
        first, second = db.session.scalars(select(Act).order_by(Act.position).limit(2))
        first.turn, second.turn = 2, 1
        manager = create_user("sankhau", "Sân khấu", "", [Role.STAGE_MANAGER]).id
        return open_sign_in(manager, 1).token, scene.festival_id


def test_the_desk_the_archive_and_the_mc_follow_the_running_order(app: Flask) -> None:
    token, _festival = festival(app)
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    archive = client.get("/office/stage/a/sound.zip")
    with zipfile.ZipFile(BytesIO(archive.data)) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert [name[:3] for name in names] == ["000", "002"] and names[1].endswith("Bài 0.mp3")
        assert packed.read(names[1]) == b"0" * 9
        listed = packed.read(names[0]).decode("utf-8-sig").split("\r\n")
    assert [line[-15:] for line in listed if "(" in line] == ["Bài 1 (trên USB)"[-15:], "Bài 2 (không có nhạc)"[-15:]]
    desk, mc = client.get("/office/stage/a/sound"), client.get("/office/stage/a/mc")
    assert words(desk).index("Bài 1") < words(desk).index("Bài 0") < words(desk).index("chưa có nhạc")
    assert "4 phút · 2 micro Đạo cụ: ghế" in words(desk)
    assert "Đọc tên: xa-ruôn Một Hai" in words(mc)
    assert "4 phút · 2 micro · Đạo cụ: ghế" in words(client.get("/office/stage/a"))


def test_pages_ask_the_same_of_few_and_many(app: Flask) -> None:
    token, festival_id = festival(app, families=4)
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    pages = ("/office/stage/a/sound", "/office/stage/a/mc", "/office/acts", "/office/stage/a/sound.zip")
    found = []
    for withdrawn in (True, False):
        with app.app_context(), transaction():
            state = "withdrawn" if withdrawn else "enrolled"
            some = select(Entry.id).order_by(Entry.id.desc()).limit(3).scalar_subquery()
            db.session.execute(update(Entry).where(Entry.id.in_(some)).values(state=state))
        counts = []
        for page in pages:
            client.get(page)
            with statements(app) as seen:
                assert client.get(page).status_code == 200
            counts.append(len(seen))
        found.append(counts)
    assert found[0] == found[1] and max(found[0]) <= 20, (found, festival_id)


def test_files_go_into_a_copy_come_back_and_go_with_it(app: Flask, config: Config, tmp_path: Path) -> None:
    _token, _festival = festival(app)
    with app.app_context():
        held = sorted(path.name for path in store.files_in(config))
        copy = config.instance / "backups" / "a.sqlite3"
        assert (keep_files(config, copy), len(held)) == (1, 1)
        db.session.remove()
        for key in held:
            store.remove(key)
        assert list(store.files_in(config)) == []
        assert put_files_back(config, folder_beside(copy)) == 1
        assert sorted(path.name for path in store.files_in(config)) == held
        assert (forget_left(config.instance / "backups"), folder_beside(copy).exists()) == (
            1,
            False,
        )  # its copy is gone
        assert sorted(path.name for path in store.files_in(config)) == held


def test_one_sealed_file_brings_the_tracks_back(
    app: Flask, config: Config, tmp_path: Path, cluster: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{cluster.binaries}:/usr/bin:/bin")  # type: ignore[attr-defined]
    _token, _festival = festival(app)
    with app.app_context():
        (path,) = store.files_in(config)
        target = tmp_path / "all.sealed"
        back_up_whole(config, target, "xe lửa, sen hồng, bảy con vịt")
        store.remove(path.name)
        db.session.remove()
        db.engine.dispose()
        restore(config, target, "xe lửa, sen hồng, bảy con vịt")
        assert [each.read_bytes() for each in store.files_in(config)] == [b"0" * 9]


def test_on_the_day_of_the_data_texts_and_files_go_and_the_seal_still_holds(app: Flask, config: Config) -> None:
    _token, festival_id = festival(app)
    with app.app_context():
        with reading():
            code = db.session.get_one(Contest, 1).festival.code
            assert of_acts() == []
        erasing.erase(code, "data")
        with reading():
            assert (db.session.scalars(select(ActVersion)).all(), db.session.scalars(select(ActFile)).all()) == ([], [])
            assert of_acts() == [], festival_id
        assert list(store.files_in(config)) == []
