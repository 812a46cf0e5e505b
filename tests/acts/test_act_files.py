"""Track and photo of an act: sent in one piece or in parts, kept, replaced, put back, handed over on USB, opened by whom, gone when."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from config import ROOT, Config
from festival.acts import keeping, uploading
from festival.acts.models import ActFile, ActFileKind
from festival.core.database import db
from festival.core.files import store
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.roster.models import Entry
from tests.acts.conftest import Troupe, parts_of
from tests.acts.music import mp3, nine_hours, wav
from tests.registration.pages_kit import post, token_of, words
from tests.registration.registered import race

pytestmark = pytest.mark.either_database


def photo(gps: bool = True) -> bytes:
    """A JPEG as a phone takes it, with where and when."""
    exif = Image.Exif()
    exif[0x0132] = "2024:06:14 07:30:00"
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
    kept = BytesIO()
    Image.new("RGB", (300, 200), "red").save(kept, "JPEG", exif=exif, comment=b"Danh Chung o Hon Me")
    return kept.getvalue()


def test_a_track_is_sent_replaced_taken_away_and_put_back(troupe: Troupe) -> None:
    troupe.ask()
    phone, desk = troupe.phone(), troupe.organiser()
    assert troupe.send(phone, troupe.own, mp3(), "C:\\Nhac\\../hát ru.mp3").status_code == 303
    assert troupe.send(troupe.officer(), troupe.officers, wav(), "bai-moi.wav").status_code == 303
    assert troupe.files() == [("track", 1, "mp3", False), ("track", 2, "wav", True)]
    assert "hát ru.mp3" in words(phone.get(troupe.own)) and "Nhac" not in words(phone.get(troupe.own))
    assert troupe.back(phone, troupe.own, use_track="1").status_code == 303
    assert troupe.files() == [("track", 1, "mp3", True), ("track", 2, "wav", False)]
    assert troupe.back(desk, troupe.office, away_track="1").status_code == 303
    assert (troupe.files()[0], troupe.back(desk, troupe.office, away_track="1").status_code) == (
        ("track", 1, "mp3", False),
        409,
    )
    assert post(desk, f"{troupe.office}/usb", {}, troupe.office).status_code == 303
    assert post(desk, f"{troupe.office}/usb", {}, troupe.office).status_code == 409
    assert troupe.back(desk, troupe.office, use_track="2").status_code == 303
    assert troupe.files() == [
        ("track", 1, "mp3", False),
        ("track", 2, "wav", True),
        ("track", 3, "usb", False),
    ]
    # refused files leave nothing
    assert troupe.send(phone, troupe.own, nine_hours(mp3()), "dai.mp3").status_code == 400
    assert "chỉ phát được 0:03" in words(troupe.send(phone, troupe.own, nine_hours(mp3()), "dai.mp3"))
    assert (troupe.stored(), len(troupe.files())) == (2, 3)
    with troupe.world.app.app_context(), reading():
        assert checks.inspect().clean
    with troupe.world.app.app_context(), transaction():
        db.session.scalars(select(ActFile).where(ActFile.number == 2)).one().sha256 = "0" * 64
    with troupe.world.app.app_context(), reading():
        assert not checks.inspect().clean


def test_who_opens_a_track_gets_the_part_a_player_asks_for(troupe: Troupe) -> None:
    troupe.ask()
    phone, desk = troupe.phone(), troupe.organiser()
    troupe.send(phone, troupe.own, wav(), "a.wav")
    whole = phone.get(f"{troupe.own}/track/1")
    assert (whole.status_code, whole.data == wav(), whole.mimetype) == (200, True, "audio/wav")
    part = desk.get(f"{troupe.office}/track/1", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, wav()[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(wav())}"
    past = desk.get(f"{troupe.office}/track/1", headers={"Range": "bytes=99999999-"})
    assert past.status_code == 416
    assert troupe.officer().get(f"{troupe.office}/track/1").status_code == 403
    assert troupe.officer().get(f"{troupe.own}/track/1").status_code == 403
    assert [desk.get(f"{troupe.office}/{path}").status_code for path in ("track/2", "photo/1")] == [404, 404]


def test_a_photo_loses_where_it_was_taken_and_what_is_no_picture_is_refused(troupe: Troupe) -> None:
    troupe.ask()
    phone = troupe.phone()
    sent = photo()
    assert b"Danh Chung" in sent and Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    assert troupe.send(phone, troupe.own, sent, "a.jpg", "photo").status_code == 303
    kept = phone.get(f"{troupe.own}/photo/1").data
    shown = Image.open(BytesIO(kept))
    assert (shown.size, dict(shown.getexif()), b"Danh Chung" in kept, "comment" in shown.info) == (
        (300, 200),
        {},
        False,
        False,
    )
    polyglot = sent + b"PK\x05\x06" + bytes(18)
    assert troupe.send(phone, troupe.own, polyglot, "a.jpg", "photo").status_code == 303
    assert b"PK\x05\x06" not in phone.get(f"{troupe.own}/photo/2").data
    no_picture = troupe.send(phone, troupe.own, b"PK\x03\x04" + bytes(999), "a.jpg", "photo")
    assert (no_picture.status_code, "không phải là ảnh" in words(no_picture)) == (400, True)
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert troupe.send(phone, troupe.own, bomb.getvalue(), "bom.png", "photo").status_code == 400
    assert troupe.stored() == 2


def test_a_large_track_that_was_cut_goes_on(troupe: Troupe) -> None:
    troupe.ask()
    phone = troupe.phone()
    content = wav(30)
    pieces = parts_of(content)
    assert len(pieces) == 3
    begin = f"/api/v1{troupe.own}/upload"
    wanted = {"name": "../../bai hat.wav", "size": str(len(content)), "tail": "0001"}
    wanted["csrf_token"] = token_of(phone.get(troupe.own))

    def send(address: str, number: int, digest: str = "") -> int:
        piece, right = pieces[number]
        return phone.post(f"{address}/parts/{number}", data=piece, headers={"Part-Digest": digest or right}).status_code

    assert phone.post(begin, data={**wanted, "tail": "0002"}).status_code == 400
    first = phone.post(begin, data=wanted).get_json()
    assert (first["there"], first["part"]) == ({}, 1 << 20)
    assert [send(first["address"], 0), send(first["address"], 1), send(first["address"], 1)] == [204, 204, 204]
    assert send(first["address"], 2, pieces[0][1]) == 400  # damaged on the way
    cut = phone.post(f"{first['address']}/done")
    assert (cut.status_code, cut.get_json()["missing"]) == (409, [2])
    # cut; the same file is chosen again, with a page and a token of its own
    again = phone.post(begin, data=wanted).get_json()
    assert again["there"] == {"0": pieces[0][1], "1": pieces[1][1]}
    assert send(first["address"], 2) == 404  # the first token leads nowhere now
    assert send(again["address"], 2) == 204
    done = phone.post(f"{again['address']}/done")
    assert (done.status_code, phone.post(f"{again['address']}/done").status_code) == (200, 200)
    assert troupe.files() == [("track", 1, "wav", True)]
    assert phone.get(f"{troupe.own}/track/1").data == content
    assert list((troupe.instance / "files" / "parts").iterdir()) == []
    large = phone.post(begin, data={**wanted, "size": str(101 << 20)})
    assert (large.status_code, "100 MB" in large.get_json()["message"]) == (400, True)


def test_what_is_refused_at_the_end_of_an_upload_is_said_and_leaves_nothing(troupe: Troupe) -> None:
    troupe.ask()
    desk = troupe.organiser()
    fields = {"csrf_token": token_of(desk.get(troupe.office)), "name": "a.mp3", "size": str(len(wav()))}
    address = desk.post(f"/api/v1/acts/{troupe.code}/upload", data=fields).get_json()["address"]
    for number, (piece, digest) in enumerate(parts_of(wav())):
        desk.post(f"{address}/parts/{number}", data=piece, headers={"Part-Digest": digest})
    refused = desk.post(f"{address}/done")
    assert (refused.status_code, "Đổi đuôi tên tệp thành .wav" in refused.get_json()["message"]) == (400, True)
    assert (troupe.files(), troupe.stored()) == ([], 0)


def test_a_full_disk_is_said_and_nothing_is_kept(troupe: Troupe) -> None:
    troupe.ask()
    phone = troupe.phone()
    config: Config = troupe.world.app.config["FESTIVAL"]
    troupe.world.app.config["FESTIVAL"] = replace(config, disk_warning_bytes=1024**5)
    full = troupe.send(phone, troupe.own, wav(), "a.wav")
    assert (full.status_code, "mang tệp bằng USB tới bàn âm thanh" in words(full)) == (507, True)
    troupe.world.app.config["FESTIVAL"] = config
    assert troupe.send(phone, troupe.own, wav(), "a.wav").status_code == 303


def test_a_disk_that_fills_while_a_file_is_written(troupe: Troupe) -> None:
    """The kernel refuses the bytes themselves: no half file, no unfinished one."""
    folder = troupe.instance / "full"
    program = (
        "import resource, sys; from pathlib import Path; from festival.core.files.store import NoRoom, write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); folder = Path(sys.argv[1])\n"
        "try: write_whole(folder / 'a', [bytes(60_000)] * 3)\n"
        "except NoRoom as full: print(full.status, len(list(folder.iterdir())))"
    )
    said = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True)
    assert said.stdout.split() == ["507", "0"], said.stderr


def test_earlier_files_go_after_the_last_day_and_what_no_row_holds_is_swept(troupe: Troupe) -> None:
    troupe.ask()
    phone = troupe.phone()
    for content, name in ((mp3(), "a.mp3"), (wav(), "b.wav")):
        troupe.send(phone, troupe.own, content, name)
    with troupe.world.app.app_context():
        orphan = store.put([b"nobody's"], 8)
        assert (store.sweep(), store.sweep(grace_s=-1)) == (0, 1)  # a young one may still get its row
        assert orphan.key not in keeping.keys_held()
        db.session.remove()
        with time_machine.travel("2024-06-16T10:00:00+00:00"):
            assert keeping.forget_earlier() == 0
        with time_machine.travel("2024-06-17T10:00:00+00:00"):
            assert keeping.forget_earlier() == 1
    assert troupe.stored() == 1
    gone = troupe.back(phone, troupe.own, use_track="1")
    assert (gone.status_code, "xóa theo hạn lưu" in words(gone)) == (409, True)
    with troupe.world.app.app_context(), reading():
        assert checks.inspect().clean


@pytest.mark.both_databases
def test_two_tracks_at_once_are_both_kept_and_one_stands(troupe: Troupe) -> None:
    troupe.ask()

    def act() -> int:
        entry = db.session.scalars(select(Entry).where(Entry.code == troupe.code)).one()
        row = keeping.file_row(ActFileKind.TRACK, store.put([b"x"], 1), "mp3", "a", "office", None)
        return keeping.keep(troupe.world.rules().festival, entry, row).number

    assert sorted(race(troupe.world.app, 5, act)) == [1, 2, 3, 4, 5]
    assert [each[1] for each in troupe.files() if each[3]] == [5]
    with troupe.world.app.app_context():
        assert uploading.forget_old() == 0
