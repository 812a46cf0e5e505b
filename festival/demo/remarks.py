"""What do the made-up judges write to families, by the same door as a tablet's message?

Only in a contest whose rules take comments; families read them when it is published, until then the chair alone.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from festival.contests.models import Judge
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.demo.festival import COMMENTED, contests_by_code
from festival.demo.invention import Invention
from festival.devices.handlers import Applied, DeviceRole, Incoming
from festival.judging.comments.taking import KIND, apply_comments
from festival.schedule.queries import enrolled

# (place in the order of entries, place of the judge): words
SAID = {
    (0, 0): "Ba thế hệ cùng lên sân khấu rất tự nhiên. Bà nội giới thiệu chiếc áo làm cả hội trường lắng lại.",
    (0, 1): "Trang phục may khéo. Lần sau các cháu nói chậm hơn một chút để mọi người nghe rõ.",
    (1, 0): "Phần thuyết minh ngắn gọn, đúng ý nghĩa của trang phục. Nên dành thêm thời gian cho phần trình diễn.",
    (2, 2): "Cách phối màu hài hòa. Gia đình rất hiểu chất liệu mình chọn.",
    (3, 1): "Cảm ơn gia đình đã giữ được chiếc khăn của ông bà và kể lại câu chuyện ấy.",
}


def write_remarks(festival_id: int, made_up: Invention) -> None:
    """A few comments, written while the contest was open."""
    with transaction():
        contest = contests_by_code(festival_id)[COMMENTED]
        entries = sorted(enrolled(contest.id), key=lambda entry: entry.number or 0)
        judges = list(
            db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks).order_by(Judge.letter))
        )
        moment = now()
        incoming = [
            Incoming(
                mid=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{made_up.seed}|{COMMENTED}|{at}|{place}|said")),
                device_id=0,
                device_role=DeviceRole.JUDGE.value,
                user_id=judges[place].user_id,
                seq=1,
                kind=KIND,
                subject=f"{entries[at].code}/1",
                body={"text": words},
                base_version=0,
                at=moment,
                received_at=moment,
                festival_id=festival_id,
            )
            for (at, place), words in SAID.items()
            if at < len(entries) and place < len(judges)
        ]
        refused = [each for each in apply_comments(incoming) if not isinstance(each, Applied)]
        if refused:
            raise RuntimeError(f"{len(refused)} made-up comments were refused: {refused[0]}")
