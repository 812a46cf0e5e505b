"""How is a copy put back, and what stands beside it afterwards?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from festival.core import erasure
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.disk.alone import IN_USE, fold_in, only_connection
from festival.core.disk.private import private_folder, write_private
from festival.core.files.copied import folder_beside, keep_files, put_files_back
from festival.core.pass_key.guard import remedy
from festival.core.pass_key.kept import Codes, fingerprint, keep_key, shown
from festival.operations import source_key, source_release
from festival.operations.backup import assure_ours, own_key, put_in_place
from festival.operations.copies import (
    DUMP_MAGIC,
    SQLITE_MAGIC,
    BackupError,
    run_tool,
    sync_to_disk,
    verify_dump,
    verify_engine,
    verify_sqlite,
    writing,
)
from festival.operations.migrations import known
from festival.operations.proving.digest import assure_files, assure_unchanged, copy_content, put_digest, read_digest
from festival.operations.sealed.sealing import is_sealed
from festival.operations.sealed.whole_copy import opened_whole
from festival.operations.source_key import CopyKey

# In the transaction of the restore: what this release has and the copy of an older one has not would stand in the way of
# its upgrade (`pg_restore --clean` takes away only what the copy holds).
NOTHING_LEFT = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE public.%I CASCADE', found.tablename);
    END LOOP;
    FOR found IN
        SELECT oid::regprocedure AS named FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', found.named);
    END LOOP;
END
$$;
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put aside, and what a whole copy brought with it."""

    kept: Path | None = None
    key_placed: Path | None = None
    key_kept: Path | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Waived:
    """What somebody said is not to be asked of a copy: its digest (an older release wrote none), the files beside it."""

    digest: bool = False
    files: bool = False


KIND = "loại cơ sở dữ liệu ở đây (xem DATABASE_URL). Chưa đổi gì; lấy bản sao khác."
NOTHING = Waived()
PROVEN = Waived(digest=True, files=True)  # what lay in a sealed copy was proven with it


def restore(config: Config, source: Path, passphrase: str | None = None, waived: Waived = NOTHING) -> Restored:
    """Put a copy back in place of the database, from a whole copy the keys too.

    Refused while the server or anything else has the database open: a process that runs on would go on writing into the
    one that was put aside. Nothing is touched before the copy was verified and found to fit the pass key.
    """
    assure_ours(config)
    if not source.is_file():
        raise BackupError(f"Không có tệp {source}.")
    if not is_sealed(source):
        assure_fit(config, source, config.pass_key, waived)
        put_files_back(config, folder_beside(source))  # first: what no row holds in the end is swept
        return Restored(_put_back(config, source))
    if passphrase is None:
        raise BackupError(f"{source} được mã hóa: cần cụm mật khẩu.")
    with opened_whole(config, source, passphrase) as opened:
        mark = shown(fingerprint(opened.pass_key))
        own = config.pass_key_file
        if own is None and opened.pass_key != config.pass_key:
            raise BackupError(
                f"Biến FESTIVAL_PASS_KEY đang giữ một khóa khác (dấu khóa {shown(fingerprint(config.pass_key))}), bản sao "
                f"có khóa {mark}. Chưa đổi gì. Bỏ biến FESTIVAL_PASS_KEY khỏi môi trường (/etc/festival.env, .env) rồi chạy "
                "lại: khóa trong bản sao sẽ được đặt vào tệp pass.key."
            )
        assure_fit(config, opened.database, opened.pass_key, PROVEN)
        # First where a start looks for the right key: whatever ends this in the middle, no key is lost.
        if own is not None:
            keep_key(config, opened.pass_key)
        key_kept = keep_key(config, config.pass_key) if opened.pass_key != config.pass_key else None
        erasure.remember_all(opened.erased)
        put_files_back(config, opened.files)
        kept = _put_back(config, opened.database)
        if own is None:
            return Restored(kept)
        write_private(own, opened.pass_key.hex().encode())
        if "FESTIVAL_SECRET_KEY" not in os.environ:
            write_private(config.instance / "secret.key", opened.secret_key.encode("utf-8"))
        return Restored(kept, own, key_kept, mark)


def _put_back(config: Config, source: Path) -> Path | None:
    """Answers where the present database was kept, if there was one."""
    if config.is_sqlite:
        return _put_back_sqlite(config, source)
    db.session.remove()
    if not only_connection(db.engine):
        raise BackupError(IN_USE)
    kept = _kept_dump(config)
    pour(source, config.database_url)
    verify_engine(db.engine)
    return kept


def assure_fit(config: Config, source: Path, key: bytes, waived: Waived = NOTHING) -> None:
    """BackupError unless this copy is whole, of this engine, as it was written, of no later release, and of this pass key."""
    with source.open("rb") as opened:
        magic = opened.read(16)
    if config.is_sqlite:
        if magic != SQLITE_MAGIC:
            raise BackupError(f"{source} không phải bản sao SQLite, là {KIND}")
        _assure_proven(config, source, key, waived)
        verify_sqlite(source)
        _refuse_later(source_release.of_sqlite(source))
        _refuse_another_key(config, source_key.of_sqlite(source), key)
        return
    if not magic.startswith(DUMP_MAGIC):
        raise BackupError(f"{source} không phải bản sao PostgreSQL (pg_dump), là {KIND}")
    _assure_proven(config, source, key, waived)
    verify_dump(source)
    _refuse_later(source_release.of_dump(source))
    _refuse_another_key(config, source_key.of_dump(source), key)


def _assure_proven(config: Config, source: Path, key: bytes, waived: Waived) -> None:
    found = read_digest(source)
    if found is not None and not waived.digest:
        if found.fingerprint != fingerprint(key):
            _refuse_another_key(config, CopyKey(str(found.fingerprint), Codes((), ())), key)
        assure_unchanged(source, found, key)
    elif not waived.digest:
        raise BackupError(
            f"{source}: không có dấu kiểm ở cuối tệp, vì tệp bị cắt hay nối thêm, hoặc do phiên bản cũ của chương trình làm. "
            "Chưa đổi gì; lấy bản sao khác. Nếu chắc chắn là bản sao của phiên bản cũ: flask restore TỆP --without-digest."
        )
    if found is not None and not waived.files:
        assure_files(source, found)


def pour(source: Path, url: str) -> None:
    """Let a PostgreSQL database hold what the dump holds and nothing else, in one transaction."""
    script = run_tool("pg_restore", "--no-owner", "--file=-", str(source))
    run_tool(
        "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--file=-",
        says=NOTHING_LEFT + script, url=url,
    )  # fmt: skip


def _kept_dump(config: Config) -> Path | None:
    """The database as it is, whole or not, dumped aside before it is replaced; nothing when it holds no table."""
    if not inspect(db.engine).get_table_names():
        return None
    proven = own_key()
    db.engine.dispose()
    kept = _aside(config.instance / "backups" / "festival.dump")
    with put_in_place(kept) as making:
        run_tool("pg_dump", "--format=custom", "--no-owner", f"--file={making}", url=config.database_url)
        keep_files(config, kept)
        if proven:
            put_digest(making, config.pass_key, folder_beside(kept))
    return kept


def _aside(database: Path) -> Path:
    """A free name for what is put aside now; a clock that was set back gives a moment twice."""
    stem = database.with_name(f"{database.stem}-truoc-phuc-hoi-{local(now()):%Y%m%d-%H%M%S}")
    names = (
        stem.with_name(f"{stem.name}{again}{database.suffix}") for again in ("", *(f"-{n}" for n in range(2, 1000)))
    )
    return next(name for name in names if not name.exists())


def _refuse_later(revision: str | None) -> None:
    """Nothing of this release could read it."""
    if revision is not None and not known(revision):
        raise BackupError(
            f"Bản sao này do phiên bản mới hơn của chương trình ghi (bước {revision}); bản đang chạy không hiểu. "
            "Chưa đổi gì: cài bản mới rồi khôi phục lại, hoặc khôi phục một bản sao cũ hơn."
        )


def _refuse_another_key(config: Config, made: CopyKey, key: bytes) -> None:
    """A copy without its keys would bring back names and dead passes."""
    if not made.fits(key):
        raise BackupError(f"Bản sao không đi cùng khóa này, chưa đổi gì. {remedy(config, made.fingerprint)}")


def _put_back_sqlite(config: Config, source: Path) -> Path | None:
    database = config.sqlite_path
    incoming = database.with_name(f".{database.name}.incoming")
    kept, proven = None, False
    try:
        with writing(database.parent):
            incoming.unlink(missing_ok=True)
            copy_content(source, private_folder(database.parent) / incoming.name)
            sync_to_disk(incoming)
        if database.exists():
            proven = _is_own(config)
            db.session.remove()
            db.engine.dispose()
            if not fold_in(database):
                raise BackupError(IN_USE)
            kept = _aside(database)
            os.link(database, kept)  # a second name: at no moment is there no database
        for companion in ("-wal", "-shm"):
            database.with_name(database.name + companion).unlink(missing_ok=True)
        incoming.replace(database)
    finally:
        incoming.unlink(missing_ok=True)
    sync_to_disk(database.parent)
    if kept is not None:
        keep_files(config, kept)
        if proven:
            put_digest(kept, config.pass_key, folder_beside(kept))
    return kept


def _is_own(config: Config) -> bool:
    """`own_key` of a database that may be broken."""
    try:
        return own_key()
    except SQLAlchemyError:
        return False
