"""What may be asked of an act, what was typed, what is wrong with it, and what is still missing? Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from festival.core.numbers import typed_number
from festival.core.old_fonts import written_fault
from festival.core.sentence import N_, Sentence
from festival.core.text import clean, line


class ActAsk(StrEnum):
    """One thing a contest may ask of its acts."""

    TITLE = "title"
    GENRE = "genre"
    MINUTES = "minutes"
    PROPS = "props"
    MICROPHONES = "microphones"
    WORDS = "words"
    SAID = "said"
    TRACK = "track"
    PHOTO = "photo"


ASKED_WORDS: Mapping[ActAsk, Sentence] = {
    ActAsk.TITLE: N_("Tên tiết mục"),
    ActAsk.GENRE: N_("Thể loại"),
    ActAsk.MINUTES: N_("Số phút"),
    ActAsk.PROPS: N_("Đạo cụ"),
    ActAsk.MICROPHONES: N_("Số micro"),
    ActAsk.WORDS: N_("Hai dòng cho MC"),
    ActAsk.SAID: N_("Cách đọc tên"),
    ActAsk.TRACK: N_("Nhạc nền"),
    ActAsk.PHOTO: N_("Ảnh gia đình"),
}
FILES = (ActAsk.TRACK, ActAsk.PHOTO)
LONGEST: Mapping[ActAsk, int] = {
    ActAsk.TITLE: 120,
    ActAsk.GENRE: 60,
    ActAsk.PROPS: 300,
    ActAsk.WORDS: 300,
    ActAsk.SAID: 300,
}
MOST_MINUTES = 240
MOST_MICROPHONES = 50
TOO_LONG = N_("Dài %(n)s ký tự; nhiều nhất %(most)s. Viết ngắn lại.")
TWO_LINES = N_("Nhiều nhất hai dòng: MC đọc trong lúc gia đình bước ra.")
NOT_MINUTES = N_("Ghi số phút bằng chữ số, từ 1 đến %(most)s.")
TOO_MANY_MINUTES = N_("Phần thi cho mỗi tiết mục nhiều nhất %(most)s phút.")
NOT_MICROPHONES = N_("Ghi số micro bằng chữ số, từ 0 đến %(most)s.")


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What is said of an act."""

    title: str = ""
    genre: str = ""
    minutes: int | None = None
    props: str = ""
    microphones: int | None = None
    words: str = ""
    said: str = ""

    def has(self, asked: ActAsk) -> bool:
        """Whether something is said of it; no microphone is an answer too."""
        return getattr(self, asked.value) not in ("", None)


def read_facts(
    typed: Mapping[str, str], asked: Collection[ActAsk], before: ActFacts, most_minutes: int
) -> tuple[ActFacts, dict[str, Sentence]]:
    """The facts with what was typed for what is asked, and what is wrong by field; what is not asked stays as it was."""
    values: dict[str, str | int | None] = {}
    faults: dict[str, Sentence] = {}
    for each in asked:
        if each in FILES:
            continue
        given = typed.get(each.value, "")
        read: str | int | None
        if each is ActAsk.MINUTES:
            read, fault = _number(given, 1, most_minutes or MOST_MINUTES, NOT_MINUTES, TOO_MANY_MINUTES)
        elif each is ActAsk.MICROPHONES:
            read, fault = _number(given, 0, MOST_MICROPHONES, NOT_MICROPHONES, NOT_MICROPHONES)
        else:
            read, fault = _text(given, each)
        if fault is not None:
            faults[each.value] = fault
        values[each.value] = read
    told = {name: values.get(name, getattr(before, name)) for name in ActFacts.__slots__}
    return ActFacts(**told), faults


def _number(given: str, least: int, most: int, unread: Sentence, over: Sentence) -> tuple[int | None, Sentence | None]:
    if not given.strip():
        return None, None
    number = typed_number(given)
    if number is None or number < least:
        return None, unread.filled(most=most)
    return (number, None) if number <= most else (None, over.filled(most=most))


def _text(given: str, asked: ActAsk) -> tuple[str, Sentence | None]:
    if asked is ActAsk.WORDS:
        lines = [line(each) for each in clean(given).split("\n") if each.strip()]
        text, fault = "\n".join(lines), TWO_LINES if len(lines) > 2 else None
    else:
        text, fault = line(given), None
    if len(text) > LONGEST[asked]:
        fault = TOO_LONG.filled(n=len(text), most=LONGEST[asked])
    if fault is None and asked in (ActAsk.TITLE, ActAsk.SAID) and text:
        fault = written_fault(text)
    return text, fault


def lacking(facts: ActFacts, asked: Collection[ActAsk], files: Collection[ActAsk]) -> list[ActAsk]:
    """What is asked and not there yet, in the order of the form; `files`: which of the two have one."""
    return [each for each in ActAsk if each in asked and not (each in files if each in FILES else facts.has(each))]
