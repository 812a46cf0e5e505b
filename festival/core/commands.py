"""How does `flask …` start quickly, and what does a person read when a command cannot be carried out?

A command costs what it imports, and a festival is run with a hundred of them. The factory knows each room's commands by
name only; the module behind a name is imported when that command is called (docs/decisions/0014). Whatever a
person can cause is told in one sentence here, once for all rooms, never as a traceback.
"""

from __future__ import annotations

import errno
import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import DatabaseError, DataError, OperationalError

from config import ROOT
from festival.core.errors import Refusal

FILE_FAULTS = {
    errno.EACCES: "không có quyền đọc hoặc ghi",
    errno.EPERM: "không có quyền đọc hoặc ghi",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "không có thư mục này",
    errno.EISDIR: "là thư mục, cần một tệp",
    errno.EEXIST: "đã có",
    errno.ENOSPC: "ổ đĩa đã đầy",
}

NO_TABLE = {"UndefinedTable", "UndefinedColumn"}  # what psycopg calls it


class RoomCommand(click.Command):
    """A name in `flask --help`; the command itself, `where` as "module:attribute", is imported when called.

    `also` is a module of a higher room that adds commands to the group.
    """

    def __init__(self, name: str, where: str, short_help: str, *, also: str | None = None) -> None:
        super().__init__(name, short_help=short_help)
        self.where, self.also = where, also

    def load(self) -> click.Command:
        """The real command or group."""
        module, _, attribute = self.where.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        if self.also is not None:
            import_module(self.also)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The real command's context, in which everything that goes wrong is told in words."""
        context = self.load().make_context(info_name, args, parent, **extra)
        context.with_resource(told())
        return context


def speak_vietnamese() -> None:
    """Let click say "Usage" and "No such option" in our catalogue's words; LANGUAGE=en in the environment undoes it."""
    os.environ.setdefault("LANGUAGE", "vi")
    gettext.bindtextdomain("messages", str(ROOT / "festival" / "translations"))


@contextmanager
def told() -> Iterator[None]:
    """Turn what a person can cause into a sentence; what is our own mistake stays a traceback."""
    try:
        yield
    except Refusal as refused:
        raise click.ClickException(str(refused.message)) from refused
    except UnicodeError as error:
        raise click.ClickException("Có ký tự không đọc được; tệp chữ cần mã hóa UTF-8. Chưa ghi gì.") from error
    except (DataError, OverflowError) as error:
        raise click.ClickException("Có số hoặc ngày quá lớn, hay ký tự không ghi được. Chưa ghi gì.") from error
    except DatabaseError as error:
        words = _database_words(error)
        if words is None:
            raise  # a statement of ours that is wrong
        raise click.ClickException(words) from error
    except OSError as error:
        if error.filename is None:
            raise
        reason = FILE_FAULTS.get(error.errno or 0, error.strerror)
        raise click.ClickException(f"{error.filename}: {reason}.") from error


def _database_words(error: DatabaseError) -> str | None:
    """What the one at the terminal can do about it; None when nothing."""
    said = str(error.orig)
    if type(error.orig).__name__ in NO_TABLE or "no such table" in said or "no such column" in said:
        return "Cơ sở dữ liệu chưa có bảng của phiên bản này. Chạy: flask db upgrade"
    if "readonly" in said:
        return "Không ghi được cơ sở dữ liệu: tệp hoặc thư mục chỉ cho đọc."
    if "locked" in said:
        return "Cơ sở dữ liệu đang bận, chưa ghi gì. Chờ một lát rồi chạy lại."
    if "not a database" in said or "malformed" in said:
        return "Tệp cơ sở dữ liệu đã hỏng. Khôi phục từ bản sao: flask restore TỆP"
    if isinstance(error, OperationalError):
        first = said.strip().splitlines()[0] if said.strip() else type(error.orig).__name__
        return f"Không dùng được cơ sở dữ liệu (DATABASE_URL): {first}"
    return None
