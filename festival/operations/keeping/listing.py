"""Which of the copies on this machine are good? One is called so only after it was read to its last byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config import Config
from festival.core.pass_key.kept import fingerprint, shown
from festival.operations import source_release
from festival.operations.copies import BackupError
from festival.operations.migrations import last_step
from festival.operations.proving.digest import assure_files, assure_unchanged, read_digest
from festival.operations.sealed.passphrase import kept_passphrase
from festival.operations.sealed.sealing import Unsealer, is_sealed, keys_of, read_head


@dataclass(frozen=True, slots=True)
class ListedCopy:
    """A copy, whether it is good, and what there is to say."""

    path: Path
    good: bool
    words: str


def listed(config: Config, most: int) -> Iterator[ListedCopy]:
    """The newest first."""
    found = [path for path in (config.instance / "backups").glob("festival-*") if path.is_file()]
    for path in sorted(found, key=lambda each: (-each.stat().st_mtime, each.name))[:most]:
        try:
            good, words = _sealed(config, path) if is_sealed(path) else _plain(config, path)
            yield ListedCopy(path, good, words)
        except BackupError as error:
            yield ListedCopy(path, False, str(error))


def _sealed(config: Config, path: Path) -> tuple[bool, str]:
    passphrase = kept_passphrase(config)
    if passphrase is None:
        read_head(path)
        return False, f"mã hóa, đủ độ dài; chưa mở thử được, thử bằng: flask drill {path}"
    with path.open("rb") as opened:
        Unsealer(opened, path, keys_of(path, passphrase)).finish()
    return True, "mã hóa, nguyên vẹn"


def _plain(config: Config, path: Path) -> tuple[bool, str]:
    found = read_digest(path)
    if found is None:
        return False, "không có dấu kiểm: bị cắt, hoặc do phiên bản cũ của chương trình làm"
    if found.fingerprint != fingerprint(config.pass_key):
        return False, f"của khóa thẻ khác (dấu {shown(found.fingerprint)})"
    assure_unchanged(path, found, config.pass_key)
    assure_files(path, found)
    of = source_release.of_dump if path.suffix == ".dump" else source_release.of_sqlite
    revision = of(path)
    older = "" if revision == last_step() else f", bảng của bước {revision}: máy chủ nâng cấp khi khởi động"
    return True, f"nguyên vẹn{older}"
