"""Is a copy, with the files that lie beside it, to the last byte what this festival's program wrote?

The chain of the ledger shows a changed mark; a changed name stands in no chain. So every plain copy ends with one line: which
pass key it goes with, how long its content is, the digest of each file beside it, and a keyed digest (HMAC) of all that and of
the content. Its key is derived from the pass key, without which a copy is worth nothing anyway. The line stands behind the
content, where neither SQLite nor pg_restore looks, so that there is one file to carry and nothing to forget. A sealed copy needs
none of its own: it is proven piece by piece (`sealing`).
"""

from __future__ import annotations

import hmac
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from festival.core.disk.private import private_file
from festival.core.files.copied import folder_beside
from festival.core.pass_key.kept import fingerprint
from festival.operations.copies import BackupError

PURPOSE = b"festival copy digest 1"
END = b"NGAYHOI-DIGEST-1\n"
FOOT = 9 + len(END)  # how long the line is, a blank, END
LINE_MAX = 1 << 24
PIECE = 1 << 20
NAME = re.compile("[0-9a-f]{32}")
ANOTHER = "Chưa đổi gì; lấy bản sao khác."


@dataclass(frozen=True, slots=True)
class CopyDigest:
    """The last line of a copy."""

    fingerprint: str
    length: int
    files: dict[str, str]
    mac: str

    def line(self, *, with_mac: bool) -> bytes:
        """The same bytes whenever it is written."""
        values = asdict(self)
        if not with_mac:
            del values["mac"]
        return json.dumps(values, sort_keys=True, separators=(",", ":")).encode("ascii")


def put_digest(copy: Path, key: bytes, beside: Path) -> CopyDigest:
    """Write the line behind the content of a finished copy; `beside` holds its files."""
    files = {path.name: digest_of(path) for path in sorted(beside.glob("*"))}
    bare = CopyDigest(fingerprint(key), copy.stat().st_size, files, "")
    with copy.open("rb") as opened:
        found = CopyDigest(bare.fingerprint, bare.length, files, _mac(opened, bare, key))
    line = found.line(with_mac=True)
    with copy.open("ab") as out:
        out.write(line + f"{len(line):08x} ".encode("ascii") + END)
    return found


def read_digest(copy: Path) -> CopyDigest | None:
    """The line, not yet proven; None when the copy does not end with one."""
    with copy.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - FOOT))
        foot = opened.read(FOOT)
        if len(foot) != FOOT or not re.fullmatch(b"[0-9a-f]{8} " + END, foot):
            return None
        length = int(foot[:8], 16)
        content = size - FOOT - length
        if content < 0 or length > LINE_MAX:
            return None
        opened.seek(content)
        line = opened.read(length)
    try:
        found = CopyDigest(**json.loads(line))
        fits = found.line(with_mac=True) == line and found.length == content and all(map(NAME.fullmatch, found.files))
    except (ValueError, TypeError):
        return None
    return found if fits else None


def assure_unchanged(copy: Path, found: CopyDigest, key: bytes) -> None:
    """BackupError unless the content is the one that was written."""
    with copy.open("rb") as opened:
        made = _mac(opened, found, key)
    if not hmac.compare_digest(made.encode(), str(found.mac).encode()):
        raise BackupError(f"{copy}: nội dung không khớp dấu kiểm, tệp đã bị sửa hoặc hỏng sau khi sao. {ANOTHER}")


def assure_files(copy: Path, found: CopyDigest) -> None:
    """BackupError unless the files that belong to it lie beside it, unchanged."""
    folder = folder_beside(copy)
    missing = [name for name in found.files if not (folder / name).is_file()]
    if missing:
        raise BackupError(
            f"{copy}: thiếu {len(missing)} trên {len(found.files)} tệp nhạc và ảnh của bản sao. Chưa đổi gì; chép cả thư mục "
            f"{folder.name} về cạnh bản sao rồi chạy lại. Nếu các tệp đó đã mất: thêm --without-files."
        )
    for name, digest in found.files.items():
        if digest_of(folder / name) != digest:
            raise BackupError(
                f"{folder / name}: tệp nhạc hoặc ảnh không khớp dấu kiểm của bản sao. Chưa đổi gì; lấy tệp đó từ bản sao "
                "khác, hoặc xóa tệp và thêm --without-files."
            )


def copy_content(copy: Path, target: Path) -> None:
    """What stands before the line, into another file that only this account reads."""
    found = read_digest(copy)
    shutil.copyfile(copy, private_file(target))
    if found is not None:
        os.truncate(target, found.length)


def digest_of(path: Path) -> str:
    """SHA-256 of a whole file."""
    with path.open("rb") as opened:
        return str(_fed(sha256(), opened, None).hexdigest())


def _mac(opened: IO[bytes], found: CopyDigest, key: bytes) -> str:
    own = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key)
    whole = hmac.new(own, found.line(with_mac=False) + b"\n", sha256)  # the line tells the length: nothing can be moved
    return str(_fed(whole, opened, found.length).hexdigest())


def _fed(whole: Any, opened: IO[bytes], length: int | None) -> Any:
    """The bytes of a file, all or the first `length`, a piece at a time."""
    while piece := opened.read(PIECE if length is None else min(PIECE, length)):
        whole.update(piece)
        length = None if length is None else length - len(piece)
    return whole
