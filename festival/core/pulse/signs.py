"""Which parts of the installation are well, and what is to be done when one is not? Pure.

What is judged is given: when something was last done, how much is left. One rule for `/readyz`, for the organiser's page
and for the dashboard, so that they never differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from festival.core.pool.sizing import ServingTogether
from festival.core.post.faults import fault_words
from festival.core.sentence import N_, Sentence

# The worker writes every 20 s; three are missed before it is called silent, a fourth for a machine that is very busy.
SILENT_AFTER = timedelta(seconds=90)
# A copy a night, with two hours for a night that ran late.
COPY_DUE = timedelta(hours=26)
COPY_MISSING = timedelta(hours=50)
CERTIFICATE_SOON = timedelta(days=21)
CERTIFICATE_NOW = timedelta(days=3)
# Beyond this a phone's own time is no help when two scans are put in order.
CLOCK_OFF = timedelta(minutes=2)
SET_CLOCK = N_("Bật đồng bộ giờ của máy chủ: timedatectl set-ntp true.")


class Level(StrEnum):
    """How it stands; the worst comes last."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class WatchedPart(StrEnum):
    """What is watched."""

    WORKER = "worker"
    BACKUP = "backup"
    DRILL = "drill"
    AWAY = "away"
    LETTERS = "letters"
    DISK = "disk"
    DATABASE = "database"
    CERTIFICATE = "certificate"
    CLOCKS = "clocks"
    MACHINES = "machines"


@dataclass(frozen=True, slots=True)
class PartSign:
    """How one part stands, in words; `todo` says what to do when it is not well."""

    part: WatchedPart
    level: Level
    words: Sentence
    todo: Sentence | None = None


def worker_sign(last: datetime | None, at: datetime) -> PartSign:
    """`last`: when the worker wrote that it lives; None if it never did."""
    todo = N_(
        "Thư không đi, ảnh và tệp không làm xong, việc ban đêm không chạy. Trên máy chủ: systemctl restart festival-worker."
    )
    if last is None:
        return PartSign(WatchedPart.WORKER, Level.WARN, N_("Tiến trình nền chưa chạy lần nào."), todo)
    if at - last > SILENT_AFTER:
        silent = N_("Tiến trình nền im lặng đã %(minutes)s phút.").filled(minutes=minutes(at - last))
        return PartSign(WatchedPart.WORKER, Level.BAD, silent, todo)
    return PartSign(WatchedPart.WORKER, Level.GOOD, N_("Tiến trình nền đang chạy."))


def backup_sign(last: datetime | None, at: datetime) -> PartSign:
    """`last`: when a copy was last made and checked."""
    todo = N_("Chạy flask backup, rồi xem bộ hẹn giờ: systemctl status festival-backup.timer.")
    if last is None:
        return PartSign(WatchedPart.BACKUP, Level.WARN, N_("Chưa có bản sao lưu nào."), todo)
    age = at - last
    if age < -CLOCK_OFF:
        return _ahead(WatchedPart.BACKUP, -age)
    said = N_("Bản sao lưu gần nhất cách đây %(hours)s giờ.").filled(hours=int(age / timedelta(hours=1)))
    level = Level.BAD if age > COPY_MISSING else Level.WARN if age > COPY_DUE else Level.GOOD
    return PartSign(WatchedPart.BACKUP, level, said, todo if level is not Level.GOOD else None)


def _ahead(part: WatchedPart, by: timedelta) -> PartSign:
    """The last time is later than now: how old it is cannot be said."""
    said = N_("Lần gần nhất mang giờ sau bây giờ %(minutes)s phút: đồng hồ máy chủ đã bị lùi.").filled(
        minutes=minutes(by)
    )
    return PartSign(part, Level.WARN, said, SET_CLOCK)


def away_sign(arrived: datetime | None, refused: str, at: datetime) -> PartSign:
    """`arrived`: when a sealed copy last lay away from the machine; `refused`: why the last attempt after that failed."""
    again = N_("Chạy flask copies send để gửi ngay, rồi xem bộ hẹn giờ: systemctl status festival-away.timer.")
    if arrived is None and not refused:
        todo = N_("Máy hỏng hay mất thì các bản sao trên máy mất theo. Đặt FESTIVAL_AWAY và bật festival-away.timer.")
        return PartSign(WatchedPart.AWAY, Level.WARN, N_("Chưa có bản sao nào ở ngoài máy này."), todo)
    age = None if arrived is None else at - arrived
    if age is not None and age < -CLOCK_OFF:
        return _ahead(WatchedPart.AWAY, -age)
    level = Level.BAD if age is None or age > COPY_MISSING else Level.WARN if age > COPY_DUE or refused else Level.GOOD
    if refused:
        said = N_("Gửi bản sao ra ngoài máy không được: %(why)s").filled(why=refused)
    else:
        assert age is not None
        said = N_("Bản sao gần nhất ở ngoài máy cách đây %(hours)s giờ.").filled(hours=int(age / timedelta(hours=1)))
    return PartSign(WatchedPart.AWAY, level, said, again if level is not Level.GOOD else None)


def drill_sign(
    last: datetime | None, refused: str, lines: int | None, at: datetime, sealed: str = ""
) -> PartSign | None:
    """Whether the newest copy could be put back: when that was tried last, `refused`: why not, `lines` of the ledger it held.

    `sealed`: the sealed copy that was opened and tried as well.

    None: no night has passed yet. Neither: it was begun and did not end.
    """
    todo = N_("Đừng xóa các bản sao cũ hơn. Chạy flask backup, rồi flask drill để thử ngay.")
    if last is None:
        return None
    if refused:
        said = N_("Thử khôi phục bản sao gần nhất không được: %(why)s").filled(why=refused)
        return PartSign(WatchedPart.DRILL, Level.BAD, said, todo)
    if last - at > CLOCK_OFF:
        return _ahead(WatchedPart.DRILL, last - at)
    if lines is None:
        return PartSign(WatchedPart.DRILL, Level.WARN, N_("Lần thử khôi phục gần nhất chưa xong."), todo)
    hours = int((at - last) / timedelta(hours=1))
    said = N_("Đã thử khôi phục bản sao gần nhất cách đây %(hours)s giờ: nguyên vẹn, %(lines)s dòng sổ.").filled(
        hours=hours, lines=lines
    )
    if sealed:
        said = N_(
            "Đã thử khôi phục bản sao gần nhất cách đây %(hours)s giờ: nguyên vẹn, %(lines)s dòng sổ; bản sao mã hóa "
            "%(sealed)s cũng mở và khôi phục được."
        ).filled(hours=hours, lines=lines, sealed=sealed)
    late = at - last > COPY_MISSING
    return PartSign(WatchedPart.DRILL, Level.WARN if late else Level.GOOD, said, todo if late else None)


def letters_sign(stuck: int, failed: int, error: str) -> PartSign:
    """`stuck`: letters the mail server did not take when last asked, with its `error`; `failed`: those that were given up."""
    if stuck:
        said = N_("%(n)s thư chưa gửi được.").filled(n=stuck)
        unset = N_("Chưa đặt máy chủ thư: đặt FESTIVAL_SMTP_HOST rồi khởi động lại.")
        todo = fault_words(error) if error else unset
        return PartSign(WatchedPart.LETTERS, Level.BAD, said, todo)
    if failed:
        refused = N_("%(n)s thư không đến được người nhận.").filled(n=failed)
        return PartSign(WatchedPart.LETTERS, Level.WARN, refused, N_("Sửa địa chỉ của người nhận, rồi cho gửi lại."))
    return PartSign(WatchedPart.LETTERS, Level.GOOD, N_("Không có thư nào bị kẹt."))


def disk_sign(free_bytes: int, least_bytes: int) -> PartSign:
    """What is free where the data lies, beside what is warned of."""
    said = N_("Ổ đĩa còn %(mb)s MB.").filled(mb=free_bytes // 10**6)
    if free_bytes >= least_bytes:
        return PartSign(WatchedPart.DISK, Level.GOOD, said)
    todo = N_("Xóa bớt tệp hoặc chuyển bản sao lưu đi nơi khác.")
    return PartSign(WatchedPart.DISK, Level.BAD if free_bytes < least_bytes // 4 else Level.WARN, said, todo)


def certificate_sign(ends: datetime | None, refused: str, at: datetime) -> PartSign | None:
    """`ends`: until when the web address is certified; `refused`: why it was not believed. None: nothing is certified (http)."""
    todo = N_("Xem Caddy có gia hạn được không: journalctl -u caddy. Ở nơi không có mạng: đổi chứng chỉ mới.")
    if refused:
        said = N_("Chứng chỉ của địa chỉ web không được tin: %(why)s.").filled(why=refused)
        return PartSign(WatchedPart.CERTIFICATE, Level.BAD, said, todo)
    if ends is None:
        return None
    left = ends - at
    if left <= timedelta():
        return PartSign(WatchedPart.CERTIFICATE, Level.BAD, N_("Chứng chỉ của địa chỉ web đã hết hạn."), todo)
    said = N_("Chứng chỉ của địa chỉ web còn %(days)s ngày.").filled(days=left.days)
    level = Level.BAD if left < CERTIFICATE_NOW else Level.WARN if left < CERTIFICATE_SOON else Level.GOOD
    return PartSign(WatchedPart.CERTIFICATE, level, said, todo if level is not Level.GOOD else None)


def clocks_sign(ahead_ms: Sequence[int]) -> PartSign:
    """How far the clock of each device is ahead of the server's (below 0: behind), of those that were seen today.

    When most of several differ by the same, it is the server's own clock that is wrong.
    """
    off = [each for each in ahead_ms if abs(each) > CLOCK_OFF / timedelta(milliseconds=1)]
    if not off:
        return PartSign(WatchedPart.CLOCKS, Level.GOOD, N_("Đồng hồ máy chủ và các máy khớp nhau."))
    if len(off) >= 3 and len(off) * 2 > len(ahead_ms) and (min(off) > 0) == (max(off) > 0):
        by = minutes(timedelta(milliseconds=abs(sorted(off)[len(off) // 2])))
        said = N_("Đồng hồ máy chủ lệch khoảng %(minutes)s phút so với hầu hết các máy.").filled(minutes=by)
        return PartSign(WatchedPart.CLOCKS, Level.BAD, said, SET_CLOCK)
    said = N_("%(n)s máy có đồng hồ lệch hơn 2 phút.").filled(n=len(off))
    return PartSign(WatchedPart.CLOCKS, Level.WARN, said, N_("Mở trang Thiết bị, bật giờ tự động trên các máy đó."))


def machines_signs(serving: ServingTogether) -> list[PartSign]:
    """Whether the connections suffice, and, of several machines, whether they have in common what they must. Empty: one, and it fits."""
    signs = []
    machines = serving.machines
    if not serving.takes_changes:
        said = N_("PostgreSQL ở địa chỉ này chỉ cho đọc, không ghi được gì.")
        todo = N_(
            "Máy đó đang chép theo một máy PostgreSQL khác, hoặc bị khóa ghi. Đưa nó lên làm máy chính (pg_ctl promote), "
            "hoặc trỏ DATABASE_URL về máy chính."
        )
        signs.append(PartSign(WatchedPart.DATABASE, Level.BAD, said, todo))
    elif serving.needs > serving.given:
        said = N_("Máy chủ có thể cần %(needs)s kết nối tới PostgreSQL, PostgreSQL chỉ cho %(given)s.").filled(
            needs=serving.needs, given=serving.given
        )
        todo = N_(
            "Lúc đông sẽ có người nhận “Máy chủ đang bận”. Tăng max_connections của PostgreSQL (hoặc giới hạn của tài khoản), "
            "hoặc giảm FESTIVAL_WORKERS, FESTIVAL_THREADS."
        )
        signs.append(PartSign(WatchedPart.DATABASE, Level.WARN, said, todo))
    if len({each.secret for each in machines}) > 1:
        said = N_("Các máy chủ không cùng khóa bí mật: biểu mẫu mở ở máy này gửi tới máy kia bị từ chối.")
        todo = N_("Đặt cùng một FESTIVAL_SECRET_KEY (hoặc chép cùng tệp secret.key) trên mọi máy rồi khởi động lại.")
        signs.append(PartSign(WatchedPart.MACHINES, Level.BAD, said, todo))
    if len({each.shared for each in machines}) > 1:
        said = N_(
            "Các máy chủ không cùng thư mục tệp: nhạc, ảnh và giấy tờ làm xong ở máy này không mở được ở máy kia."
        )
        todo = N_("Gắn cùng một thư mục vào mọi máy, đặt FESTIVAL_SHARED tới đó rồi khởi động lại.")
        signs.append(PartSign(WatchedPart.MACHINES, Level.BAD, said, todo))
    if len({each.release for each in machines}) > 1:
        said = N_("Các máy chủ chạy các bản khác nhau: %(releases)s.").filled(
            releases=", ".join(sorted({each.release for each in machines}))
        )
        todo = N_("Cài cùng một bản trên mọi máy rồi khởi động lại.")
        signs.append(PartSign(WatchedPart.MACHINES, Level.BAD, said, todo))
    if len(machines) > 1 and not any(sign.part is WatchedPart.MACHINES for sign in signs):
        signs.append(
            PartSign(
                WatchedPart.MACHINES, Level.GOOD, N_("%(n)s máy chủ cùng phục vụ ngày hội.").filled(n=len(machines))
            )
        )
    return signs


def minutes(span: timedelta) -> int:
    """Whole minutes, at least one."""
    return max(int(span / timedelta(minutes=1)), 1)
