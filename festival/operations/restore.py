"""How is a copy put back, and what stands beside it afterwards?"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect

from config import Config
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.disk.alone import IN_USE, fold_in, only_connection
from festival.core.disk.private import private_file, private_folder, write_private
from festival.core.files.copied import folder_beside, put_files_back
from festival.core.pass_key.guard import remedy
from festival.core.pass_key.kept import fingerprint, keep_key, shown
from festival.operations import source_key, source_release
from festival.operations.backup import put_in_place
from festival.operations.copies import (
    DUMP_MAGIC,
    SQLITE_MAGIC,
    BackupError,
    run_tool,
    sync_to_disk,
    verify_dump,
    verify_engine,
    verify_sqlite,
)
from festival.operations.migrations import known
from festival.operations.sealing import is_sealed
from festival.operations.source_key import CopyKey
from festival.operations.whole_copy import opened_whole

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


def restore(config: Config, source: Path, passphrase: str | None = None) -> Restored:
    """Put a copy back in place of the database, from a whole copy the keys too.

    Refused while the server or anything else has the database open: a process that runs on would go on writing into the
    one that was put aside. Nothing is touched before the copy was verified and found to fit the pass key.
    """
    if not source.is_file():
        raise BackupError(f"Không có tệp {source}.")
    if not is_sealed(source):
        put_files_back(config, folder_beside(source))  # first: what no row holds in the end is swept
        return Restored(_put_back(config, source, config.pass_key))
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
        # First where a start looks for the right key: whatever ends this in the middle, no key is lost.
        if own is not None:
            keep_key(config, opened.pass_key)
        key_kept = keep_key(config, config.pass_key) if opened.pass_key != config.pass_key else None
        put_files_back(config, opened.files)
        kept = _put_back(config, opened.database, opened.pass_key)
        if own is None:
            return Restored(kept)
        write_private(own, opened.pass_key.hex().encode())
        if "FESTIVAL_SECRET_KEY" not in os.environ:
            write_private(config.instance / "secret.key", opened.secret_key.encode("utf-8"))
        return Restored(kept, own, key_kept, mark)


def _put_back(config: Config, source: Path, key: bytes) -> Path | None:
    """Answers where the present database was kept, if there was one."""
    assure_fit(config, source, key)
    if config.is_sqlite:
        return _put_back_sqlite(config.sqlite_path, source)
    db.session.remove()
    if not only_connection(db.engine):
        raise BackupError(IN_USE)
    kept = _kept_dump(config)
    pour(source, config.database_url)
    verify_engine(db.engine)
    return kept


def assure_fit(config: Config, source: Path, key: bytes) -> None:
    """BackupError unless this copy is whole, of this database engine, of no later release, and goes with this pass key."""
    with source.open("rb") as opened:
        magic = opened.read(16)
    if config.is_sqlite:
        if magic != SQLITE_MAGIC:
            raise BackupError(f"{source} không phải bản sao SQLite.")
        verify_sqlite(source)
        _refuse_later(source_release.of_sqlite(source))
        _refuse_another_key(config, source_key.of_sqlite(source), key)
        return
    if not magic.startswith(DUMP_MAGIC):
        raise BackupError(f"{source} không phải bản sao PostgreSQL (pg_dump).")
    verify_dump(source)
    _refuse_later(source_release.of_dump(source))
    _refuse_another_key(config, source_key.of_dump(source), key)


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
    db.engine.dispose()
    kept = config.instance / "backups" / f"festival-truoc-phuc-hoi-{local(now()):%Y%m%d-%H%M%S}.dump"
    with put_in_place(kept) as making:
        run_tool("pg_dump", "--format=custom", "--no-owner", f"--file={making}", url=config.database_url)
    return kept


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


def _put_back_sqlite(database: Path, source: Path) -> Path | None:
    private_folder(database.parent)
    incoming = database.with_name(f".{database.name}.incoming")
    incoming.unlink(missing_ok=True)
    shutil.copyfile(source, private_file(incoming))
    sync_to_disk(incoming)
    kept: Path | None = None
    if database.exists():
        db.engine.dispose()
        if not fold_in(database):
            raise BackupError(IN_USE)
        kept = database.with_name(f"{database.stem}-truoc-phuc-hoi-{local(now()):%Y%m%d-%H%M%S}{database.suffix}")
        database.rename(kept)
    for companion in ("-wal", "-shm"):
        database.with_name(database.name + companion).unlink(missing_ok=True)
    incoming.rename(database)
    sync_to_disk(database.parent)
    return kept
