"""Are posts, their texts and pictures, and the help table those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival, HelpTable
from festival.posts.models import Post, PostPicture, PostPictureFile, PostVersion
from festival.posts.seal.recorded import PostsRecord
from festival.posts.writing import as_typed

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class PostsReplay:
    """One festival's lines against its posts and its help table."""

    def __init__(self, stream: str, festival_id: int | None) -> None:
        self._code = stream.partition(":")[2]
        self._festival = festival_id
        self._record = PostsRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.posts, self._posts(), counts)
        yield from compare(self._record.texts, self._texts(), counts)
        yield from compare(self._record.pictures, self._pictures(), counts)
        yield from compare(self._record.files, self._files(), counts)
        yield from compare(self._record.help, self._help(), counts)

    def _posts(self) -> Found:
        for row in db.session.scalars(select(Post).where(Post.festival_id == self._festival)):
            names = ("version", "shown", "step", "slug", "down_why")
            yield (row.id,), {name: getattr(row, name) for name in names} | {"away": row.away_at is not None}

    def _texts(self) -> Found:
        """`content`: whether a text still is what its digest says."""
        own = select(PostVersion).join(Post, Post.id == PostVersion.post_id).where(Post.festival_id == self._festival)
        for row in db.session.scalars(own.execution_options(yield_per=PART)):
            same = as_typed(row).digest == row.sha256
            yield (row.post_id, row.version), {"sha256": row.sha256, "content": same}

    def _pictures(self) -> Found:
        own = select(PostPicture).join(Post, Post.id == PostPicture.post_id).where(Post.festival_id == self._festival)
        for row in db.session.scalars(own):
            yield (row.id,), {"post": row.post_id, "children": row.children, "agreed": row.agreed}

    def _files(self) -> Found:
        wanted = select(
            PostPictureFile.picture_id, PostPictureFile.size, PostPictureFile.sha256, PostPictureFile.content
        )
        wanted = wanted.join(PostPicture, PostPicture.id == PostPictureFile.picture_id)
        wanted = wanted.join(Post, Post.id == PostPicture.post_id).where(Post.festival_id == self._festival)
        for row in db.session.execute(wanted.execution_options(yield_per=PART)):
            same = sha256(row.content).hexdigest() == row.sha256
            yield (row.picture_id, row.size.value), {"sha256": row.sha256, "content": same}

    def _help(self) -> Found:
        for row in db.session.scalars(select(HelpTable).where(HelpTable.festival_id == self._festival)):
            yield (self._code,), {"version": row.version, "lines": row.lines, "by": row.changed_by}


OF_POST = N_("Bài viết số %(number)s: trạng thái hoặc nội dung", "seal_post")
OF_PICTURE = N_("Ảnh số %(number)s của bài viết", "seal_post_picture")
OF_HELP = N_("Bảng số gọi khi cần giúp", "seal_help_table")
SAID = {"help_table": OF_HELP, "post_picture": OF_PICTURE, "post_picture_file": OF_PICTURE}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which post or picture."""
    return [SAID.get(each.table, OF_POST).filled(number=str(each.key[0])) for each in differences]


SEAL = Seal("posts", "decisions:", streams, PostsReplay, words)
