"""What does a person read when a command cannot be carried out? One sentence, the same for all rooms."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DatabaseError, DataError, OperationalError, StatementError

from festival.core.types import Unstorable
from festival.core.web.errors import Refusal

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

UNSTORABLE = "Có số hoặc ngày quá lớn, hay ký tự không ghi được. Chưa ghi gì."

NO_TABLE = {"UndefinedTable", "UndefinedColumn"}  # what psycopg calls it


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
        raise click.ClickException(UNSTORABLE) from error
    except StatementError as error:
        if isinstance(error.orig, Unstorable):
            raise click.ClickException(UNSTORABLE) from error
        words = _database_words(error) if isinstance(error, DatabaseError) else None
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
