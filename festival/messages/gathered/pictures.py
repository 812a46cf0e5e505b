"""How is a message drawn as a picture, one at once or all of an edition by the worker?

The worker's document is a tar, a folder a delegation: a text and a picture a message. A piece is a whole number of its
blocks, so pieces made before and after a kill lie one behind the other; a computer of an office opens it as zip.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import IO, Any

from festival.core.web.errors import NotFound
from festival.core.work import jobs
from festival.core.work.making import Maker, Plan
from festival.documents import paper
from festival.editions.queries import festival_by_code
from festival.messages.gathered.parts import picture_of, text_of
from festival.messages.gathered.reading import Notice, festival_facts, file_name, notices

KIND = "gathered-messages"
PPI = 144  # 840 px wide: read on a phone without zooming
COLOURS = 24
BLOCK = tarfile.BLOCKSIZE


def drawn(facts: dict[str, str], asked: Sequence[Notice]) -> list[bytes]:
    """A picture a message, in a quarter of the bytes that many colours would need."""
    if not asked:
        return []
    pages = paper.png("messages/notice.typ", {"notices": [picture_of(facts, each) for each in asked]}, ppi=PPI)
    return [paper.few_colours(page, COLOURS) for page in pages]


def _plan(subject: str) -> Plan:
    festival = festival_by_code(subject)
    if festival is None:
        raise NotFound()
    return {"facts": festival_facts(festival), "notices": notices(festival)}


def _make(plan: Plan, start: int, until: int) -> bytes:
    every = plan["notices"]
    places = _places(every)
    wanted = every[start:until]
    out = BytesIO()
    for place, notice, picture in zip(places[start:until], wanted, drawn(plan["facts"], wanted), strict=True):
        _put(out, f"{place}.txt", text_of(plan["facts"], notice).encode())
        _put(out, f"{place}.png", picture)
    if until >= len(every):
        out.write(bytes(2 * BLOCK))
    return out.getvalue()


def _places(every: Sequence[dict[str, Any]]) -> list[str]:
    """A folder a delegation; its own message first, then its families by number, so that two of one name are two."""
    found, folder, at = [], "", 0
    for notice in every:
        if notice["kind"] == "delegation":
            folder, at = file_name(notice["name"]), 0
        found.append(f"{folder}/{at:02d}-{file_name(notice['name'])}")
        at += 1
    return found


def _put(out: IO[bytes], name: str, content: bytes) -> None:
    head = tarfile.TarInfo(name)
    head.size, head.mode = len(content), 0o600
    out.write(head.tobuf(tarfile.USTAR_FORMAT))
    out.write(content + bytes(-len(content) % BLOCK))


def as_zip(progress: jobs.Progress) -> bytes:
    """The finished messages as every computer opens them."""
    out = BytesIO()
    with (
        gzip.open(jobs.made_file(progress.code)) as packed,
        tarfile.open(fileobj=packed, mode="r|") as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive,
    ):
        for member in made:
            content = made.extractfile(member)
            if content is not None:
                archive.writestr(zipfile.ZipInfo(member.name), content.read())
    return out.getvalue()


MAKER = Maker(KIND, _plan, lambda plan: len(plan["notices"]), _make, steps_a_piece=25)
