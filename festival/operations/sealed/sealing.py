"""How is a file closed by a passphrase, so that nobody without it reads it and every change, cut or swap is noticed?

Two readable lines, then the content in pieces. The first line names the form; the second says all that is needed beside
the passphrase: Scrypt's n, r and p (RFC 7914; 128 MiB of memory, so that guessing is dear) with a random salt, the size
of a piece, the length of the content, and a check of the passphrase and of this line. Each piece is sealed by AES-256-GCM
with the nonce prefix ‖ number ‖ whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and
Vizár), bound to the two lines: a piece fits its place only, and the last one cannot be missing. One piece is in memory.
"""

from __future__ import annotations

import hmac
import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from festival.operations.copies import BackupError

MAGIC = b"NGAYHOI-SEALED-1\n"
PIECE = 1 << 20
TAG = 16
HEAD_MAX = 1024
N, R, P = 1 << 17, 8, 1
# A file that asks for more was not made here; it would only fill the memory.
N_MAX, R_MAX, P_MAX = 1 << 20, 16, 4
PIECE_MAX = 1 << 24
ANOTHER = "Chưa đổi gì; lấy bản sao khác."


class SealBroken(BackupError):
    """The file cannot be opened; the message says why."""


@dataclass(frozen=True, slots=True)
class SealHead:
    """What stands in the second line, without the check."""

    kdf: str
    n: int
    r: int
    p: int
    salt: str
    cipher: str
    piece: int
    prefix: str
    length: int

    def line(self) -> bytes:
        """The same bytes whenever it is written."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode("ascii")

    @property
    def pieces(self) -> int:
        """At least one, so that there is a last one."""
        return max(1, -(-self.length // self.piece))


class Keys:
    """What a passphrase and a head amount to."""

    def __init__(self, head: SealHead, passphrase: str) -> None:
        secret = unicodedata.normalize("NFC", passphrase).encode("utf-8")
        derived = Scrypt(salt=bytes.fromhex(head.salt), length=64, n=head.n, r=head.r, p=head.p).derive(secret)
        self.head = head
        self.check = hmac.new(derived[32:], head.line(), sha256).hexdigest()[:32]
        self.top = top_of(head, self.check)
        self._bound = sha256(self.top).digest()
        self._cipher = AESGCM(derived[:32])

    def _nonce(self, number: int, last: bool) -> bytes:
        return bytes.fromhex(self.head.prefix) + number.to_bytes(4, "big") + bytes([last])

    def seal(self, number: int, last: bool, plain: bytes) -> bytes:
        """One piece."""
        return self._cipher.encrypt(self._nonce(number, last), plain, self._bound)

    def unseal(self, number: int, last: bool, sealed: bytes) -> bytes | None:
        """The piece; None when it is not the one of this place."""
        try:
            return self._cipher.decrypt(self._nonce(number, last), sealed, self._bound)
        except InvalidTag:
            return None


def new_keys(passphrase: str, length: int) -> Keys:
    """For a new file of `length` bytes of content."""
    head = SealHead("scrypt", N, R, P, os.urandom(16).hex(), "AES-256-GCM", PIECE, os.urandom(7).hex(), length)
    return Keys(head, passphrase)


class Sealer:
    """Takes the content piecemeal (`write`) and puts it sealed into `out`; `close` writes the last piece."""

    def __init__(self, out: IO[bytes], keys: Keys) -> None:
        self.out, self.keys = out, keys
        self.held = bytearray()
        self.number = 0
        self.taken = 0
        out.write(keys.top)

    def write(self, content: bytes) -> int:
        """As a file does."""
        self.held += content
        self.taken += len(content)
        # A full piece waits for what follows it: only then is it known not to be the last.
        while len(self.held) > self.keys.head.piece:
            self._put(bytes(self.held[: self.keys.head.piece]), last=False)
            del self.held[: self.keys.head.piece]
        return len(content)

    def close(self) -> None:
        """The last piece, which says that it is the last."""
        if self.taken != self.keys.head.length:
            raise RuntimeError(f"{self.taken} bytes of content, not {self.keys.head.length}")
        self._put(bytes(self.held), last=True)

    def _put(self, plain: bytes, *, last: bool) -> None:
        self.out.write(self.keys.seal(self.number, last, plain))
        self.number += 1


class Unsealer:
    """Reads a sealed file piece by piece; whatever `read` answers is proven. SealBroken at the first fault."""

    def __init__(self, source: IO[bytes], path: Path, keys: Keys) -> None:
        self.source, self.path, self.keys = source, path, keys
        self.held = b""
        self.number = 0
        source.seek(len(keys.top))

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; b"" after the last piece."""
        while not self.held and self.number < self.keys.head.pieces:
            self.held = self._next()
        answer, self.held = self.held[:size], self.held[size:]
        return answer

    def finish(self) -> None:
        """Prove what was not read, to the last piece."""
        while self.read(PIECE):
            pass

    def _next(self) -> bytes:
        number, last = self.number, self.number == self.keys.head.pieces - 1
        plain = self.keys.unseal(number, last, self.source.read(self.keys.head.piece + TAG))
        if plain is None:
            raise SealBroken(
                f"{self.path}: khối {number + 1} trên {self.keys.head.pieces} đã bị đổi, đảo chỗ hoặc hỏng. {ANOTHER}"
            )
        self.number += 1
        return plain


def is_sealed(path: Path) -> bool:
    """Whether a file says of itself that it is one, cut within the first line or not."""
    with path.open("rb") as opened:
        begins = opened.read(len(MAGIC))
    return len(begins) > 8 and MAGIC.startswith(begins)


def read_head(path: Path) -> tuple[SealHead, str]:
    """The head and its check; SealBroken when the head cannot be read or the file has not the length it names."""
    with path.open("rb") as opened:
        top = opened.read(HEAD_MAX)
    line, newline, _rest = top[len(MAGIC) :].partition(b"\n")
    if not newline and path.stat().st_size < HEAD_MAX:
        raise SealBroken(f"{path}: tệp bị cắt ngay ở phần đầu. {ANOTHER}")
    try:
        values = json.loads(line)
        check = str(values.pop("check"))
        head = SealHead(**values)
        # exactly as it was written: no other spelling of the same values
        fits = top_of(head, check) == top[: len(MAGIC) + len(line) + 1] and _possible(head)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SealBroken(f"{path}: phần đầu tệp đã bị đổi hoặc hỏng. {ANOTHER}") from error
    if not fits:
        raise SealBroken(f"{path}: phần đầu tệp đã bị đổi hoặc hỏng. {ANOTHER}")
    lacking = len(MAGIC) + len(line) + 1 + head.length + head.pieces * TAG - path.stat().st_size
    if lacking > 0:
        raise SealBroken(f"{path}: tệp bị cắt, thiếu {lacking} byte ở cuối. {ANOTHER}")
    if lacking < 0:
        raise SealBroken(f"{path}: tệp bị nối thêm {-lacking} byte ở cuối. {ANOTHER}")
    return head, check


def top_of(head: SealHead, check: str) -> bytes:
    """Both lines."""
    return MAGIC + head.line()[:-1] + b',"check":' + json.dumps(check).encode() + b"}\n"


def _possible(head: SealHead) -> bool:
    """Whether this program can have written it, and can read it without filling the memory."""
    return (
        (head.kdf, head.cipher) == ("scrypt", "AES-256-GCM")
        and 2 <= head.n <= N_MAX
        and head.n & (head.n - 1) == 0
        and 1 <= head.r <= R_MAX
        and 1 <= head.p <= P_MAX
        and 1 <= head.piece <= PIECE_MAX
        and 0 <= head.length < head.piece << 32
        and (len(bytes.fromhex(head.salt)), len(bytes.fromhex(head.prefix))) == (16, 7)
    )


def keys_of(path: Path, passphrase: str) -> Keys:
    """The keys of a file; SealBroken when the passphrase is another."""
    head, check = read_head(path)
    keys = Keys(head, passphrase)
    if not hmac.compare_digest(keys.check.encode(), check.encode()):
        raise SealBroken(
            f"{path}: cụm mật khẩu không đúng (hoặc phần đầu tệp đã bị đổi). Chưa đổi gì; thử lại, để ý chữ hoa, dấu."
        )
    return keys
