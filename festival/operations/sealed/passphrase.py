"""Where does a passphrase come from, and is it good enough? Never from the command line, which every account can read."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from config import Config
from festival.operations.copies import BackupError

VARIABLE = "BACKUP_PASSPHRASE"
KEPT = "away/passphrase"  # inside the instance folder
LEAST = 12
# A tenth of a second and 128 MiB a guess: ten thousand million of them are thirty years of one machine.
GUESSES_LOG10 = 10.0
ADVICE = "Chọn bốn năm từ không liên quan, ví dụ do bốn năm người mỗi người nghĩ một từ."

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Đọc cụm mật khẩu từ dòng đầu của tệp này (cũng nhận /dev/fd/N); không có thì từ biến {VARIABLE}, rồi hỏi.",
)


def why_weak(passphrase: str) -> str | None:
    """What is wrong with a new passphrase, in words; None when it is good."""
    if len(passphrase) < LEAST:
        return f"Cụm mật khẩu cần ít nhất {LEAST} ký tự. {ADVICE}"
    # loaded when asked: its word lists take longer than most commands
    found = import_module("zxcvbn").zxcvbn(passphrase[:72])
    if float(found["guesses_log10"]) < GUESSES_LOG10:
        return f"Cụm mật khẩu này thường gặp hoặc dễ đoán. {ADVICE}"
    return None


def new_passphrase(file: Path | None) -> str:
    """For a new file: good enough, and typed twice when it is typed."""
    given = _given(file)
    if given is None:
        given = str(click.prompt("Cụm mật khẩu", hide_input=True, confirmation_prompt="Gõ lại cụm mật khẩu"))
    wrong = why_weak(given)
    if wrong is not None:
        raise BackupError(f"{wrong} Chưa làm bản sao.")
    return given


def known_passphrase(file: Path | None) -> str:
    """Of a file that is there."""
    given = _given(file)
    return given if given is not None else str(click.prompt("Cụm mật khẩu", hide_input=True))


def sending_passphrase(config: Config, file: Path | None) -> str:
    """For a new file that is sent: given, kept on this machine, or asked where somebody sits at a terminal."""
    kept = config.instance / KEPT
    if file is None and not kept.exists() and VARIABLE not in os.environ and not sys.stdin.isatty():
        raise BackupError(
            f"Chưa có cụm mật khẩu: ghi vào dòng đầu của tệp {kept} (quyền 600) rồi chạy lại. Chưa gửi gì."
        )
    return new_passphrase(file or (kept if kept.exists() else None))


def kept_passphrase(config: Config) -> str | None:
    """What the nightly work uses; None when nobody put one on this machine."""
    file = config.instance / KEPT
    return _given(file) if file.exists() else None


def _given(file: Path | None) -> str | None:
    if file is not None:
        try:
            first = file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except (OSError, UnicodeError) as error:
            raise BackupError(f"Không đọc được tệp cụm mật khẩu {file}.") from error
        if not first:
            raise BackupError(f"Dòng đầu của tệp cụm mật khẩu {file} để trống.")
        return first
    return os.environ.get(VARIABLE) or None
