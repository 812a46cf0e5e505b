"""What a command about photos was asked: one that is kept, put away or taken up again, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from festival.contests.models import Contest
from festival.judging.paper.photos import drop_photo, put_back_photo, readable

Command = TypeVar("Command", bound=Callable[..., Any])


def photo_options(command: Command) -> Command:
    """FILE, --drop, --back."""
    picture = click.Path(exists=True, dir_okay=False, path_type=Path)
    for option in (
        click.option("--back", type=int, help="Lấy lại ảnh số này."),
        click.option("--drop", type=int, help="Bỏ ảnh số này; ảnh vẫn được giữ."),
        click.argument("file", required=False, type=picture),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class PhotoStep:
    """At most one of the three is asked; `content` is read before the transaction."""

    content: bytes | None
    drop: int | None
    back: int | None

    @property
    def asked(self) -> bool:
        return (self.content, self.drop, self.back) != (None, None, None)

    def take(self, contest: Contest, known: Collection[int], whose: str, keep: Callable[[bytes], object]) -> None:
        """Do it. `known`: the numbers of the photos it may be about, `whose` in words."""
        number = self.drop if self.drop is not None else self.back
        if number is not None and number not in known:
            raise click.ClickException(f"{whose} không có ảnh số {number}.")
        if self.content is not None:
            keep(self.content)
        elif self.drop is not None:
            drop_photo(contest, self.drop)
        elif self.back is not None:
            put_back_photo(contest, self.back)


def photo_step(file: Path | None, drop: int | None, back: int | None) -> PhotoStep:
    if sum(each is not None for each in (file, drop, back)) > 1:
        raise click.ClickException("Chỉ ghi một trong: FILE, --drop, --back.")
    return PhotoStep(None if file is None else readable(file.read_bytes()), drop, back)
