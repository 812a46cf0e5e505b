"""Does a command start without what it does not need, and is everything a person can cause told in one sentence?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from config import ROOT, Config
from festival.core.database import db
from festival.core.transaction import reading
from festival.factory import COMMANDS
from festival.operations.commands import RoomCommand
from festival.operations.telling import told
from festival.roster.models import Family, FamilyState
from tests.conftest import test_config
from tests.harness.postgres import Cluster
from tests.harness.served import environment, free_port

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

HEAVY = {
    "alembic",
    "flask_migrate",
    "openpyxl",
    "xlsxwriter",
    "numpy",
    "didppy",
    "ortools",
    "gunicorn",
    "festival.demo.cli",
}
LOGIN_WORDS = "Tên đăng nhập gồm 1 đến 80 ký tự, không có khoảng trắng."
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


Command = Callable[..., tuple[int, str]]


@pytest.fixture
def flask(quick_flask: Path) -> Command:
    """Call with settings and arguments; exit code and what stands on the terminal."""

    def run(config: Config, *arguments: str, **more: str) -> tuple[int, str]:
        done = subprocess.run(
            [quick_flask / "flask", "--app", "app", *arguments],
            cwd=ROOT,
            env={**environment(config), "LANGUAGE": "vi", "FESTIVAL_PORT": str(free_port()), **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout.strip()

    return run


def test_nothing_heavy_is_loaded_before_a_command_needs_it(tmp_path: Path) -> None:
    ask = f"import sys, app; print(*sorted({HEAVY!r} & set(sys.modules)))"
    config = test_config(tmp_path / "instance", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environment(config), capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


def every(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    """A command, or all of a group, by full name."""
    if isinstance(command, click.Group) and command.name != "demo":
        return [found for inner in command.commands.values() for found in every(inner, f"{name} {inner.name}")]
    return [(name, command)]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_factory_page_and_command_say_the_same(command: RoomCommand) -> None:
    real = command.load()
    assert command.short_help == real.get_short_help_str(200)
    if command.name == "db":  # Flask-Migrate's own
        return
    for name, inner in every(real, f"flask {command.name}"):
        section = re.search(rf"^### `{name}(?: [^`]*)?`\n\n(.*?)$", PAGE, flags=re.MULTILINE)
        assert section is not None, name
        assert section[1] == " ".join((inner.help or "").split()), name


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("FESTIVAL_PORT", "abc", "FESTIVAL_PORT: cần một số từ 1 đến 65535, đang là “abc”"),
        ("DATABASE_URL", "postgresql://a:b@máy:cổng/x", "DATABASE_URL: không đọc được"),
        ("DATABASE_URL", "postgresql://a@127.0.0.1:1/x", "Không dùng được cơ sở dữ liệu (DATABASE_URL)"),
        ("DATABASE_URL", "sqlite:////proc/x/y.sqlite3", "DATABASE_URL: không dùng được /proc/x"),
        ("FESTIVAL_INSTANCE", "/proc/x", "FESTIVAL_INSTANCE: không tạo được thư mục /proc/x"),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence(
    flask: Command, tmp_path: Path, setting: str, value: str, words: str
) -> None:
    config = test_config(tmp_path / "instance", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    code, said = flask(config, "serve", **{setting: value})
    assert (code, len(said.splitlines())) == (1, 1), said
    assert said.startswith(f"Lỗi: {words}")


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o555)
    # Root may write everywhere, so the system's answer is given here.
    config = test_config(shut, f"sqlite:///{tmp_path / 'none.sqlite3'}")
    ask = "import os; os.access = lambda *_: False; import app"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environment(config), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Lỗi: FESTIVAL_INSTANCE: không ghi được vào thư mục {shut}.")


def test_a_database_without_tables_is_told_what_to_do(flask: Command, tmp_path: Path) -> None:
    config = test_config(tmp_path / "instance", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert flask(config, "festival", "list") == (
        1,
        "Lỗi: Cơ sở dữ liệu chưa có bảng của phiên bản này. Chạy: flask db upgrade",
    )


def test_a_file_that_is_no_database_is_named(flask: Command, tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite3"
    path.write_bytes(b"Danh Chung " * 500)
    path.chmod(0o600)  # else its closing is told too
    code, said = flask(test_config(tmp_path / "instance", f"sqlite:///{path}"), "festival", "list")
    assert (code, said) == (1, "Lỗi: Tệp cơ sở dữ liệu đã hỏng. Khôi phục từ bản sao: flask restore TỆP")


@pytest.mark.parametrize("arguments", [("serve", "--no-demo"), ("db", "upgrade"), ("db", "current")])
def test_a_database_of_a_later_release_is_refused(
    flask: Command, app: Flask, config: Config, arguments: tuple[str, ...]
) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.engine.dispose()
    code, said = flask(config, *arguments)
    assert (code, len(said.splitlines())) == (1, 1), said
    assert said.startswith("Lỗi: Cơ sở dữ liệu này do phiên bản mới hơn của chương trình ghi (bước 9999)")


@pytest.mark.parametrize(
    ("arguments", "last_line"),
    [
        (("nosuch",), "Lỗi: Không có lệnh 'nosuch'."),
        (
            ("festival", "import", "khong-co.json"),
            "Lỗi: Giá trị của 'FILE' chưa đúng: Tệp 'khong-co.json' không có ở đây.",
        ),
        (("admin", "create"), "Lỗi: Thiếu tham số 'LOGIN'."),
        (("device", "revoke", "hai"), "Lỗi: Giá trị của 'NUMBER' chưa đúng: 'hai' không phải là số (integer)."),
    ],
)
def test_click_speaks_vietnamese(flask: Command, tmp_path: Path, arguments: tuple[str, ...], last_line: str) -> None:
    config = test_config(tmp_path / "instance", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    code, said = flask(config, *arguments)
    assert (code, said.splitlines()[-1]) == (2, last_line)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (lambda at: (at / "none" / "file").write_text(""), "{at}/none/file: không có tệp hoặc thư mục này."),
        (lambda at: at.write_text(""), "{at}: là thư mục, cần một tệp."),
        (lambda at: b"\xff\xfe\x00".decode("utf-8"), "Có ký tự không đọc được; tệp chữ cần mã hóa UTF-8. Chưa ghi gì."),
    ],
)
def test_a_file_fault_is_one_sentence(tmp_path: Path, cause: object, words: str) -> None:
    with pytest.raises(click.ClickException) as refused, told():
        cause(tmp_path)  # type: ignore[operator]
    assert refused.value.message == words.format(at=tmp_path)


def test_our_own_mistake_stays_a_traceback() -> None:
    with pytest.raises(KeyError), told():
        raise KeyError("ours")


# The same sentence, whichever room's command is asked for what is not there.
NO_FESTIVAL = "Không có ngày hội «khong-co». Xem: flask festival list"
OF_A_FESTIVAL = [
    ("checkin", "status", "--festival", "khong-co"),
    ("contest", "list", "--festival", "khong-co"),
    ("device", "list", "--festival", "khong-co"),
    ("festival", "phase", "khong-co", "judging"),
    ("judging", "status", "tai-nang", "--festival", "khong-co"),
    ("registration", "list", "--festival", "khong-co"),
    ("results", "delegations", "--festival", "khong-co"),
    ("schedule", "show", "khong-co"),
]
NO_CONTEST = "Không có phần thi «khong-co». Xem: flask contest list"
OF_A_CONTEST = [
    ("contest", "seat", "khong-co", "--chair", "thuky"),
    ("judging", "status", "khong-co"),
    ("results", "standings", "khong-co"),
    ("schedule", "draw", "kien-giang-2024", "khong-co"),
]
NO_ACCOUNT = "Không có tài khoản «khongai». Tạo bằng: flask admin create khongai"
OF_AN_ACCOUNT = [
    ("admin", "code", "khongai"),
    ("contest", "seat", "tai-nang", "--chair", "khongai"),
    ("device", "enrol", "--role", "judge", "--user", "khongai", "--by", "bantochuc"),
    ("registration", "officer", "908", "khongai"),
]

REFUSED = [
    (("ledger", "verify", "judging:khong-co"), "Không có sổ «judging:khong-co». Xem các sổ: flask ledger head"),
    (("ledger", "head", "khong-co"), "Không có sổ «khong-co». Xem các sổ: flask ledger head"),
    (("admin", "create", "", "--name", "Danh Chung", "--password", "nang-bien-hon-dat"), LOGIN_WORDS),
    (("admin", "create", "Lan Anh", "--name", "Danh Chung", "--password", "nang-bien-hon-dat"), LOGIN_WORDS),
    (("admin", "create", "a" * 81, "--name", "Danh Chung", "--password", "nang-bien-hon-dat"), LOGIN_WORDS),
    (("admin", "create", "lan", "--name", " ", "--password", "nang-bien-hon-dat"), "Nhập họ và tên."),
    (
        ("device", "revoke", "9" * 25, "--by", "bantochuc"),
        "Có số hoặc ngày quá lớn, hay ký tự không ghi được. Chưa ghi gì.",
    ),
    (
        ("festival", "phase", "kien-giang-2024", "judging", "--open", "0001-01-01"),
        "Có số hoặc ngày quá lớn, hay ký tự không ghi được. Chưa ghi gì.",
    ),
    (
        ("registration", "list", "--unit", "khong-co"),
        "Không có đoàn nào ứng với «khong-co». Xem: flask registration delegations",
    ),
    (
        ("registration", "submit", "KHONGCOMA1"),
        "Không có gia đình mang mã này. Xem: flask registration list",
    ),
    *((command, NO_FESTIVAL) for command in OF_A_FESTIVAL),
    *((command, NO_CONTEST) for command in OF_A_CONTEST),
    *((command, NO_ACCOUNT) for command in OF_AN_ACCOUNT),
    (
        ("results", "sign", "tai-nang", "--number", "1", "--by", "khongai"),
        "Không có tài khoản đang dùng «khongai».",
    ),
    (
        ("admin", "create", "lan", "--name", "Danh Chung", "--password", "iloveyou12"),
        "Mật khẩu này nằm trong số những mật khẩu bị đoán trước tiên. Chọn một câu của riêng mình.",
    ),
    (
        ("results", "release", "tai-nang", "--by", "bantochuc"),
        "Cần cả --by và --second, hoặc --override kèm lý do.",
    ),
    (("backup", "/proc/sao-luu"), "Không ghi được vào thư mục /proc (không có tệp hoặc thư mục này)."),
]


@pytest.mark.parametrize(
    ("arguments", "words"), REFUSED, ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else ""
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    demo_app: Flask, arguments: tuple[str, ...], words: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    before = counts(demo_app)
    answer = demo_app.test_cli_runner().invoke(args=list(arguments))
    assert (answer.exit_code, answer.output.partition("Lỗi: ")[2]) == (1, f"{words}\n"), answer.exception
    assert counts(demo_app) == before


def test_a_family_named_is_answered_for(demo_app: Flask) -> None:
    with demo_app.app_context(), reading():
        code = db.session.scalar(select(Family.code).where(Family.state == FamilyState.APPROVED))
    answer = demo_app.test_cli_runner().invoke(args=["registration", "submit", str(code)])
    assert answer.exit_code == 1
    assert answer.output.splitlines()[0].endswith(
        "chưa gửi được: Hồ sơ này đã gửi hoặc đã có quyết định nên không gửi được nữa."
    )
    assert answer.output.splitlines()[1] == "0 trên 1 gia đình đã gửi."


def counts(app: Flask) -> dict[str, int]:
    """Rows of every table."""
    with app.app_context(), reading():
        tables = db.metadata.sorted_tables
        return {each.name: db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}
