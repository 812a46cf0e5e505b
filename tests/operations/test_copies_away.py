"""Does a sealed copy arrive away from this machine, whole or not at all, is its age seen, and does it come back?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text

from config import Config, ConfigError
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.pulse.pulses import pulses
from festival.core.pulse.signs import Level, WatchedPart, away_sign, backup_sign, drill_sign
from festival.core.pulse.watching import signs_of_pulses
from festival.core.transaction import reading, transaction
from festival.factory import create_app
from festival.operations.copies import BUSY, BackupError, alone
from festival.operations.keeping.places import AnotherDisk, place_of
from festival.operations.restore import restore
from festival.operations.sealed import sealing
from tests.harness.postgres import Cluster
from tests.harness.sshd import machine, shell, why_no_sshd

pytestmark = pytest.mark.either_database

WORDS = "xe lửa, sen hồng, bảy con vịt"
DAY = timedelta(days=1)
AT = now()


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version; a derivation that costs nothing."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    monkeypatch.setattr(sealing, "N", 2)


@pytest.fixture
def another_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder of another file system than the festival's."""
    for base in (Path("/dev/shm"), Path(tempfile.gettempdir()), Path("/var/tmp"), Path.home()):
        if base.is_dir() and os.access(base, os.W_OK) and base.stat().st_dev != tmp_path.stat().st_dev:
            folder = Path(tempfile.mkdtemp(prefix="festival-away-", dir=base))
            yield folder
            rmtree(folder)
            return
    pytest.skip("needs a second file system")


class Away:
    """A festival that sends its copies to a place."""

    def __init__(self, config: Config, place: str) -> None:
        self.config = replace(config, away=place)
        self.app = create_app(self.config)
        words = config.instance / "away" / "passphrase"
        words.parent.mkdir(parents=True, exist_ok=True)
        words.write_text(WORDS, "utf-8")
        self.write(0)

    def write(self, number: int) -> None:
        with self.app.app_context(), transaction():
            ledger.append("decisions:thu", "approved", {"family": number}, {"name": "Danh Chung"})

    def __call__(self, *arguments: str) -> Result:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        return self.app.test_cli_runner().invoke(args=list(arguments))

    def ready(self) -> dict[str, Any]:
        return dict(self.app.test_client().get("/readyz").get_json())

    def sign(self) -> tuple[Level, str]:
        with self.app.app_context(), reading():
            (sign,) = [each for each in signs_of_pulses(pulses()) if each.part is WatchedPart.AWAY]
        return sign.level, str(sign.words)


def goes_and_comes_back(away: Away, folder: Path) -> None:
    """The whole way: sent, listed, fetched, tried, restored; old ones go."""
    assert away.sign() == (Level.WARN, "Chưa có bản sao nào ở ngoài máy này.")
    old, broken, foreign = (folder / name for name in ("festival-20240101-020000.sealed", ".festival-20240101-020001.sealed.part", "của tôi.txt"))  # fmt: skip
    for path in (old, broken, foreign):
        path.write_bytes(b"x")
        os.utime(path, ((now() - 40 * DAY).timestamp(),) * 2)
    sent = away("copies", "send")
    assert sent.exit_code == 0 and "đã đọc lại ở đó, khớp" in sent.output, sent.output
    assert "Đã bỏ 1 bản sao quá 30 ngày" in sent.output
    (name,) = [path.name for path in folder.iterdir() if path != foreign]
    assert foreign.exists() and b"Danh" not in (folder / name).read_bytes()
    assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert away.sign() == (Level.GOOD, "Bản sao gần nhất ở ngoài máy cách đây 0 giờ.")
    assert list(away.config.instance.glob(".sending-*")) == []
    assert away("copies", "list", "--away").output == f"{name}\n"
    away.write(1)
    assert away("copies", "fetch", name).exit_code == 0
    here = away.config.instance / "backups" / name
    assert here.read_bytes() == (folder / name).read_bytes()
    assert "đã có" in away("copies", "fetch", name).output
    tried = away("drill", str(here), "--passphrase-file", str(away.config.instance / "away" / "passphrase"))
    assert tried.exit_code == 0 and f"Khôi phục được {name}: 1 sổ, 1 dòng" in tried.output, tried.output
    listed = away("copies", "list")
    assert (listed.exit_code, listed.output.split("\t")[3]) == (0, "mã hóa, nguyên vẹn\n"), listed.output
    with away.app.app_context():
        db.session.remove()
        restore(away.config, here, WORDS)
        with reading():
            assert ledger.head("decisions:thu").size == 1


def test_to_another_disk_and_back(config: Config, another_disk: Path) -> None:
    away = Away(config, str(another_disk))
    goes_and_comes_back(away, another_disk)
    # The nightly drill finds what lies there and tries it as well.
    away("copies", "send")
    drilled = away("drill")
    assert "Mở và khôi phục được cả bản sao mã hóa festival-" in drilled.output, drilled.output
    newest = max(another_disk.glob("festival-*.sealed"), key=lambda path: path.stat().st_mtime)
    content = bytearray(newest.read_bytes())
    content[-1] ^= 1
    newest.write_bytes(content)
    (away.config.instance / "backups" / newest.name).unlink(missing_ok=True)
    refused = away("drill")
    assert refused.exit_code == 1 and "đã bị đổi" in refused.output
    assert away.ready()["parts"]["drill"] == Level.BAD


@pytest.mark.parametrize("way", ["sshd", "shell"])
def test_to_another_machine_and_back(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "sshd" and (why := why_no_sshd()):
        pytest.skip(why)
    there = tmp_path / "there's copies"
    there.mkdir()
    with ExitStack() as stack:
        opened = machine if way == "sshd" else shell
        url = stack.enter_context(opened(tmp_path / "machine", config.instance / "away"))
        monkeypatch.setenv("PATH", f"{tmp_path / 'machine'}:{os.environ['PATH']}")
        away = Away(config, f"{url}{there}")
        goes_and_comes_back(away, there)
        if way == "sshd":  # another machine that answers there is not sent anything
            known = config.instance / "away" / "known_hosts"
            known.write_text(known.read_text().replace("AAAA", "AAAB", 1))
            refused = away("copies", "send")
            assert refused.exit_code == 1 and "Không vào được" in refused.output and "Chưa gửi gì" in refused.output
            assert away.sign()[0] is Level.BAD  # the restored database knows of no copy away


def test_a_transfer_that_breaks_leaves_no_copy(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is cut after some bytes; what arrived is another thing than what was sent; the other disk is full."""
    there = tmp_path / "there"
    there.mkdir()
    program = tmp_path / "machine" / "ssh"
    breaks = {
        "head -c 100 | sh -c": ("đọc lại ở nơi nhận thấy khác bản gốc", 0),
        "head -c 100 >/dev/null; echo broken pipe >&2; exit 255; sh -c": ("Không vào được copies@another.example (broken pipe)", 0),
        "echo cat: write error: No space left on device >&2; exit 1; sh -c": ("đã đầy", 0),
    }  # fmt: skip
    with shell(tmp_path / "machine", config.instance / "away") as url:
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        away = Away(config, f"{url}{there}")
        whole = program.read_text()
        for cause, (words, left) in breaks.items():
            program.write_text(whole.replace('exec sh -c "$last"', f'case "$last" in *"cat >"*) {cause} "$last";; *) exec sh -c "$last";; esac'))  # fmt: skip
            refused = away("copies", "send")
            assert refused.exit_code == 1 and words in refused.output, refused.output
            assert len(list(there.glob("festival-*"))) == left
            level, said = away.sign()
            assert level is Level.BAD and words in said
        program.write_text(whole)
        assert away("copies", "send").exit_code == 0
        assert away.sign()[0] is Level.GOOD


def test_a_disk_that_is_not_mounted_is_not_taken_for_another(config: Config, tmp_path: Path) -> None:
    (tmp_path / "mnt").mkdir()
    for place, words in ((tmp_path / "mnt", "ổ đĩa ngoài chưa được gắn"), (tmp_path / "none", "gắn ổ đĩa ngoài")):
        away = Away(config, str(place))
        refused = away("copies", "send")
        assert (refused.exit_code, words in refused.output) == (1, True), refused.output
        assert away.sign()[0] is Level.BAD
        (warning,) = [each for each in away.ready()["warnings"] if words in each]
        assert "flask copies send" in warning
    assert list((tmp_path / "mnt").iterdir()) == []


def test_what_is_missing_is_said(config: Config, tmp_path: Path) -> None:
    for place, words in (("", "đặt FESTIVAL_AWAY"), ("ssh://copies@another.example/copies", "id_ed25519")):
        refused = Away(config, place)("copies", "send")
        assert (refused.exit_code, words in refused.output) == (1, True), refused.output
    away = Away(config, str(tmp_path))
    (config.instance / "away" / "passphrase").unlink()
    assert "ghi vào dòng đầu của tệp" in away("copies", "send").output
    assert away.sign()[0] is Level.BAD and "cụm mật khẩu" in away.sign()[1]
    nothing = Away(config, "")("copies", "fetch", "../pass.key")
    assert (nothing.exit_code, "không phải tên một bản sao" in nothing.output) == (1, True)
    for wrong in ("ftp://a/b", "copies", "ssh://-oProxyCommand=x/y", "ssh://a b/c", "ssh://machine"):
        with pytest.raises(ConfigError, match="FESTIVAL_AWAY"):
            Config.from_environment({"FESTIVAL_INSTANCE": str(tmp_path / "i"), "FESTIVAL_AWAY": wrong})


def test_only_one_is_sent_at_a_time(config: Config, another_disk: Path) -> None:
    away = Away(config, str(another_disk))
    with alone(config, "away"):
        second = away("copies", "send")
    assert (second.exit_code, BUSY in second.output, list(another_disk.iterdir())) == (1, True, [])
    assert away.sign()[0] is Level.WARN  # the other one says how it ends


def test_only_what_was_read_to_its_end_is_called_good(config: Config) -> None:
    away = Away(config, "")
    with away.app.app_context(), transaction():
        ours = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        db.session.execute(text("UPDATE alembic_version SET version_num = '0066'"))
    assert away("backup").exit_code == 0
    with away.app.app_context(), transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = :ours"), {"ours": ours})
    assert away("backup").exit_code == 0
    older, newer = sorted((config.instance / "backups").iterdir(), key=lambda path: path.stat().st_mtime)
    words = dict(line.split("\t")[::3] for line in away("copies", "list").output.splitlines())
    assert words == {
        newer.name: "nguyên vẹn",
        older.name: "nguyên vẹn, bảng của bước 0066: máy chủ nâng cấp khi khởi động",
    }
    content = bytearray(newer.read_bytes())
    content[len(content) // 2] ^= 1
    newer.write_bytes(content)
    older.write_bytes(older.read_bytes()[:-1])
    listed = away("copies", "list")
    assert listed.exit_code == 1
    assert "nội dung không khớp dấu kiểm" in listed.output and "không có dấu kiểm: bị cắt" in listed.output


@pytest.mark.parametrize(
    ("sign", "level", "words"),
    [
        (away_sign(None, "", AT), Level.WARN, "Chưa có bản sao nào ở ngoài máy này."),
        (away_sign(None, "hỏng", AT), Level.BAD, "Gửi bản sao ra ngoài máy không được: hỏng"),
        (away_sign(AT - DAY, "hỏng", AT), Level.WARN, "Gửi bản sao ra ngoài máy không được: hỏng"),
        (away_sign(AT - 3 * DAY, "hỏng", AT), Level.BAD, "Gửi bản sao ra ngoài máy không được: hỏng"),
        (away_sign(AT - DAY, "", AT), Level.GOOD, "Bản sao gần nhất ở ngoài máy cách đây 24 giờ."),
        (away_sign(AT - 2 * DAY, "", AT), Level.WARN, "Bản sao gần nhất ở ngoài máy cách đây 48 giờ."),
        (away_sign(AT - 3 * DAY, "", AT), Level.BAD, "Bản sao gần nhất ở ngoài máy cách đây 72 giờ."),
        *(
            (sign, Level.WARN, "Lần gần nhất mang giờ sau bây giờ 60 phút: đồng hồ máy chủ đã bị lùi.")
            for sign in (
                away_sign(AT + DAY / 24, "", AT),
                backup_sign(AT + DAY / 24, AT),
                drill_sign(AT + DAY / 24, "", 7, AT),
            )
        ),
    ],
)
def test_how_copies_away_stand(sign: object, level: Level, words: str) -> None:
    assert (sign.level, str(sign.words), sign.todo is not None) == (level, words, level is not Level.GOOD)  # type: ignore[attr-defined]


def test_what_lies_there_already_is_not_overwritten(another_disk: Path, tmp_path: Path) -> None:
    copy = tmp_path / "festival-20260614-020000.sealed"
    copy.write_bytes(b"new")
    (another_disk / copy.name).write_bytes(b"old")
    with pytest.raises(BackupError, match="không ghi đè"):
        AnotherDisk(another_disk, tmp_path).put(copy)
    assert [path.read_bytes() for path in another_disk.iterdir()] == [b"old"]


def test_an_address_is_read_as_ssh_reads_it(config: Config) -> None:
    found = place_of(replace(config, away="ssh://copies@may.example.vn:2222/srv/festival"))
    assert (found.account, found.port, found.folder) == ("copies@may.example.vn", 2222, "/srv/festival")  # type: ignore[attr-defined]
