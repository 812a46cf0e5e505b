"""Is a copy in which anything was changed refused, a name as well as a mark, and is one of before digests still good for something?"""

from __future__ import annotations

import os
import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text, update

from config import Config
from festival.accounts.actions import create_user
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.files import store
from festival.core.files.copied import folder_beside
from festival.core.pass_key.kept import fingerprint, shown
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.operations.backup import back_up, default_target
from festival.operations.copies import BackupError, Verified
from festival.operations.proving.digest import (
    FOOT,
    CopyDigest,
    assure_unchanged,
    digest_of,
    put_digest,
    read_digest,
)
from festival.operations.restore import NOTHING, Waived, restore
from festival.operations.sealed import sealing
from festival.operations.sealed.whole_copy import back_up_whole
from tests.conftest import PASS_KEY
from tests.harness.postgres import Cluster

WORDS = "xe lửa, sen hồng, bảy con vịt"
KEY, OTHER = bytes(range(32)), bytes(range(32, 64))
SEED, CUTS = 20240614, 1000


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version; a derivation that costs nothing."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    monkeypatch.setattr(sealing, "N", 2)


def write(number: int) -> None:
    with transaction():
        ledger.append("decisions:thu", "approved", {"family": number}, {"name": "Danh Chung"})


def lines() -> int:
    with reading():
        found = ledger.head("decisions:thu").size
    db.session.remove()
    return found


def named(name: str) -> None:
    """A name that no chain holds."""
    with transaction():
        if not db.session.execute(update(User).values(name=name)).rowcount:  # type: ignore[attr-defined]
            create_user("ban-to-chuc", name, "", [Role.ORGANISER])
    db.session.remove()


def content(copy: Path) -> bytes:
    """A copy without its last line: one of a release that wrote none."""
    found = read_digest(copy)
    assert found is not None
    return copy.read_bytes()[: found.length]


def forged(changed: bytes, whole: Path) -> bytes:
    """The content of one with the digest of another, as somebody would glue it who has no key."""
    found = read_digest(whole)
    assert found is not None
    line = replace(found, length=len(changed)).line(with_mac=True)
    return changed + line + f"{len(line):08x} ".encode() + whole.read_bytes()[-FOOT + 9 :]


def refused(config: Config, copy: Path, waived: Waived = NOTHING) -> str:
    with pytest.raises(BackupError) as told:
        restore(config, copy, WORDS, waived)
    return str(told.value)


def test_a_changed_name_is_refused_as_a_changed_mark_is(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        named("Danh Chung")
        back_up(config, tmp_path / "whole")
        named("Danh Chinh")
        back_up(config, tmp_path / "changed")
        copy = tmp_path / "forged"
        copy.write_bytes(forged(content(tmp_path / "changed"), tmp_path / "whole"))
        write(1)
        assert "không khớp dấu kiểm" in refused(config, copy)
        assert lines() == 2
        # The control: of the chain alone it is whole, as it was before copies had digests.
        restore(config, copy, waived=Waived(digest=True))
        assert lines() == 1


def test_a_copy_of_before_needs_a_word_and_is_told_why(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        back_up(config, tmp_path / "copy")
        (tmp_path / "old").write_bytes(content(tmp_path / "copy"))
        write(1)
        db.session.remove()
        db.engine.dispose()
    runner = app.test_cli_runner()
    told = runner.invoke(args=["restore", str(tmp_path / "old"), "--yes"])
    assert (told.exit_code, "--without-digest" in told.output, "Chưa đổi gì" in told.output) == (1, True, True)
    done = runner.invoke(args=["restore", str(tmp_path / "old"), "--yes", "--without-digest"])
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert lines() == 1
        with reading():
            noted = db.session.scalars(select(SecurityNote.subject).where(SecurityNote.kind == "restore")).all()
        assert noted == [{"what": "old", "without_digest": True}]
        db.session.remove()


def test_a_copy_of_the_other_kind_of_database_is_named(app: Flask, config: Config, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"PGDMP" + bytes(999) if config.is_sqlite else b"SQLite format 3\0" + bytes(999))
    with app.app_context():
        said = refused(config, tmp_path / "copy")
        assert "loại cơ sở dữ liệu ở đây (xem DATABASE_URL). Chưa đổi gì" in said
        db.session.remove()


@pytest.mark.either_database
def test_the_key_it_goes_with_is_named(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        back_up(config, tmp_path / "copy")
        said = refused(replace(config, pass_key=OTHER), tmp_path / "copy")
        assert f"có dấu {shown(fingerprint(PASS_KEY))}" in said and "chưa đổi gì" in said
        db.session.remove()


@pytest.mark.either_database
def test_with_another_key_than_that_of_the_data_nothing_is_proven(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        with transaction():
            db.session.execute(text("UPDATE pass_key SET fingerprint = 'another' WHERE state = 'current'"))
        assert back_up(config, tmp_path / "copy").proven is False
        assert read_digest(tmp_path / "copy") is None


@pytest.mark.either_database
def test_files_belong_to_it(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        held = [store.put([each], 9).key for each in (b"0" * 9, b"1" * 9)]
        done = back_up(config, tmp_path / "copy")
        assert (done.files, done.proven) == (2, True)
        beside = folder_beside(tmp_path / "copy")
        db.session.remove()
        lost = beside / held[0]
        lost.unlink()  # the name in the copy; the festival's own stays
        said = refused(config, tmp_path / "copy")
        assert "thiếu 1 trên 2 tệp" in said and beside.name in said and "--without-files" in said
        lost.write_bytes(b"2" * 9)
        assert f"{lost}: tệp nhạc hoặc ảnh không khớp" in refused(config, tmp_path / "copy")
        for key in held:
            store.remove(key)
        lost.unlink()
        kept = restore(config, tmp_path / "copy", waived=Waived(files=True)).kept
        assert [path.name for path in store.files_in(config)] == [held[1]]
        # What was put aside has its files and its digest, and is the way back.
        assert kept is not None and [path.name for path in folder_beside(kept).iterdir()] == [held[1]]
        store.remove(held[1])
        restore(config, kept)
        assert [path.name for path in store.files_in(config)] == [held[1]]


def test_a_copy_cut_at_any_of_a_thousand_places_changes_nothing(app: Flask, config: Config, tmp_path: Path) -> None:
    luck = random.Random(SEED)
    with app.app_context():
        write(0)
        back_up(config, tmp_path / "plain")
        back_up_whole(config, tmp_path / "sealed", WORDS)
        write(1)
        said = set()
        for name in ("plain", "sealed"):
            whole = (tmp_path / name).read_bytes()
            cut = tmp_path / "cut"
            cut.write_bytes(whole)
            for place in sorted(luck.sample(range(len(whole)), CUTS), reverse=True):
                os.truncate(cut, place)
                told = refused(config, cut).removeprefix(f"{cut}: ").removeprefix(f"{cut} ")
                said.add(told.split(",")[0].split(".")[0])
        assert said <= {
            "không có dấu kiểm ở cuối tệp", "tệp bị cắt", "tệp bị cắt ngay ở phần đầu", "không phải bản sao SQLite",
            "không phải bản sao PostgreSQL (pg_dump)",
        }  # fmt: skip
        assert {"không có dấu kiểm ở cuối tệp", "tệp bị cắt"} <= said
        assert lines() == 2
        assert list(config.instance.glob(".*ing*")) + list(tmp_path.glob(".*")) == []


def test_of_two_copies_of_one_second_one_gets_the_name(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        db.session.remove()
    done: list[Verified | str] = []
    ready = threading.Barrier(3)

    def copy() -> None:
        with app.app_context():
            ready.wait(30)
            try:
                done.append(back_up(config, tmp_path / "copy"))
            except BackupError as error:
                done.append(str(error))

    making = [threading.Thread(target=copy) for _ in range(3)]
    for each in making:
        each.start()
    for each in making:
        each.join(120)
    assert [str(each) for each in done if not isinstance(each, Verified)] == [
        f"{tmp_path / 'copy'} đã có; bản sao không ghi đè tệp cũ."
    ] * 2
    with app.app_context():
        restore(config, tmp_path / "copy")
        assert lines() == 1


@pytest.mark.either_database
def test_a_clock_that_was_set_back_overwrites_nothing(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        back_up(config, tmp_path / "copy")
        kept = []
        for number in (1, 2):
            write(number)
            with time_machine.travel(now().replace(hour=1, minute=0, second=0), tick=False):
                aside = restore(config, tmp_path / "copy").kept
                assert aside is not None
                kept.append(aside)
                assert not default_target(config, now()).exists()
        assert len(set(kept)) == 2
        restore(config, kept[0])
        assert lines() == 2


@pytest.mark.either_database
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another account")
def test_what_the_service_could_not_read_is_not_written(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        write(0)
        back_up(config, tmp_path / "copy")
        db.session.remove()
        os.chown(config.instance, 65534, -1)
        for said in (refused(config, tmp_path / "copy"), str(_not_copied(config, tmp_path / "second"))):
            assert "chạy lại bằng tài khoản nobody" in said and "Chưa đổi gì" in said
        os.chown(config.instance, os.geteuid(), -1)
        assert (lines(), (tmp_path / "second").exists()) == (1, False)


def _not_copied(config: Config, target: Path) -> BackupError:
    with pytest.raises(BackupError) as told:
        back_up(config, target)
    return told.value


# ------------------------------------------------------------------------------------------------------- the line itself


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Some content with a file beside, and its digest."""
    copy, beside = tmp_path / "small", tmp_path / "beside"
    beside.mkdir()
    (beside / ("a" * 32)).write_bytes(b"sound")
    copy.write_bytes(bytes(range(256)) * 2)
    put_digest(copy, KEY, beside)
    return copy


def proven(copy: Path, key: bytes = KEY) -> bool:
    found = read_digest(copy)
    if found is None:
        return False
    try:
        assure_unchanged(copy, found, key)
    except BackupError:
        return False
    return True


def test_every_cut_every_turned_bit_and_whatever_follows_is_noticed(small: Path, tmp_path: Path) -> None:
    whole = small.read_bytes()
    assert proven(small) and not proven(small, OTHER)
    found = read_digest(small)
    assert found is not None and found.files == {"a" * 32: digest_of(tmp_path / "beside" / ("a" * 32))}
    changed = tmp_path / "changed"
    passed = []
    for place in range(len(whole)):
        for new in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            changed.write_bytes(new)
            if proven(changed):
                passed.append(place)
    changed.write_bytes(whole + b"\n")
    assert (passed, proven(changed)) == ([], False)


@pytest.mark.parametrize(
    "line", [b"[]", b"{}", b"7", b'{"files":3,"fingerprint":"","length":512,"mac":""}', b"\xff", b""]
)
def test_a_line_that_is_none_is_not_read(tmp_path: Path, line: bytes) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(bytes(512) + line + f"{len(line):08x} ".encode() + b"NGAYHOI-DIGEST-1\n")
    assert read_digest(copy) is None


def test_the_same_is_written_whenever_it_is_written() -> None:
    found = CopyDigest("f", 1, {"b": "2", "a": "1"}, "m")
    assert found.line(with_mac=False) == b'{"files":{"a":"1","b":"2"},"fingerprint":"f","length":1}'
