"""What does each sign of the installation mean, what is looked at, what is done, and how is it seen to be well again? Pure.

The words stand on the organiser's page of the machine, where no network is needed to read them; docs/operating.md holds the
same with its commands, which a test runs.
"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.pulse.signs import WatchedPart
from festival.core.sentence import N_, Sentence


@dataclass(frozen=True, slots=True)
class RunbookEntry:
    """Four answers in the order they are needed; `commands` are typed on the server."""

    means: Sentence
    look: Sentence
    act: Sentence
    well: Sentence
    commands: tuple[str, ...]


RUNBOOK: dict[WatchedPart, RunbookEntry] = {
    WatchedPart.WORKER: RunbookEntry(
        means=N_(
            "Cổng, chấm điểm và đăng ký vẫn chạy. Nhưng thư nằm lại, tệp in và ảnh không làm xong, việc ban đêm (sao lưu, đối chiếu sổ, xóa đúng hạn) bị bỏ."
        ),
        look=N_(
            "Tiến trình có đang chạy không, và dòng cuối trong nhật ký nói gì: thường là ổ đĩa đầy hoặc cơ sở dữ liệu không trả lời."
        ),
        act=N_(
            "Xử lý lý do ghi trong nhật ký trước, rồi khởi động lại. Thư và việc đang dở tự làm tiếp, không việc nào làm hai lần."
        ),
        well=N_("Sau nửa phút, dòng này báo tiến trình nền đang chạy."),
        commands=(
            "systemctl status festival-worker",
            "journalctl -u festival-worker -n 50",
            "sudo systemctl restart festival-worker",
        ),
    ),
    WatchedPart.BACKUP: RunbookEntry(
        means=N_("Chưa mất gì. Nhưng nếu máy hỏng bây giờ thì mất mọi điều ghi sau bản sao cuối."),
        look=N_("Bộ hẹn giờ có chạy không, lần chạy cuối dừng vì sao: thường là hết chỗ trên ổ đĩa."),
        act=N_("Dọn chỗ nếu ổ đĩa đầy, làm một bản ngay, rồi chép bản đó sang máy khác."),
        well=N_("Dòng này báo bản sao gần nhất cách đây 0 giờ."),
        commands=(
            "systemctl status festival-backup.timer",
            "journalctl -u festival-backup -n 50",
            "flask backup",
        ),
    ),
    WatchedPart.DRILL: RunbookEntry(
        means=N_(
            "Bản sao mới nhất không khôi phục được: nó bị hỏng, thuộc khóa thẻ khác, hoặc khác với sổ đang dùng. Dữ liệu đang dùng không bị động đến."
        ),
        look=N_(
            "Lý do ghi ngay ở dòng này. Trên PostgreSQL, lý do hay gặp là tài khoản chưa được phép tạo cơ sở dữ liệu tạm."
        ),
        act=N_(
            "Giữ mọi bản sao cũ. Làm một bản mới rồi thử lại. Bản mới vẫn không được thì đối chiếu sổ trước khi tin bất kỳ bản nào."
        ),
        well=N_("Lệnh thử nói khôi phục được, khớp với sổ đang dùng; dòng này báo nguyên vẹn."),
        commands=("flask backup", "flask drill", "flask ledger verify"),
    ),
    WatchedPart.LETTERS: RunbookEntry(
        means=N_("Thư của các gia đình nằm chờ ở đây, không mất. Đăng ký, thẻ và cổng không phụ thuộc vào thư."),
        look=N_("Máy chủ thư trả lời gì: câu đó ghi ở dòng này và cạnh từng thư trong danh sách."),
        act=N_(
            "Sai mật khẩu hoặc địa chỉ máy chủ thư: sửa cấu hình rồi khởi động lại. Sai địa chỉ người nhận: sửa ở hồ sơ. Sau đó cho những thư đã bị trả gửi lại."
        ),
        well=N_("Danh sách thư chờ trống, dòng này báo không có thư nào bị kẹt."),
        commands=("flask outbox list", "flask outbox again", "flask outbox run"),
    ),
    WatchedPart.DISK: RunbookEntry(
        means=N_(
            "Khi ổ đĩa đầy hẳn, không điều gì được ghi nữa: máy ở cổng giữ lượt trên máy và gửi sau, còn đăng ký thì báo máy chủ đang bận."
        ),
        look=N_("Thư mục nào lớn: bản sao lưu, nhạc nền, nhật ký của máy."),
        act=N_(
            "Chép bản sao cũ sang máy khác rồi xóa ở đây, giữ ít nhất hai bản mới nhất. Thu gọn nhật ký. Không xóa tệp nào của cơ sở dữ liệu, kể cả tệp có đuôi -wal."
        ),
        well=N_("Dòng này báo còn hơn 1 GB."),
        commands=("df -h /var/lib/festival", "du -sh /var/lib/festival/*", "sudo journalctl --vacuum-size=200M"),
    ),
    WatchedPart.DATABASE: RunbookEntry(
        means=N_("Cơ sở dữ liệu chạy được nhưng có điều chưa đúng khuyến nghị, ghi ở dòng này."),
        look=N_("Phiên bản và nơi đặt tệp. Bảng của cơ sở dữ liệu phải cùng phiên bản với chương trình."),
        act=N_(
            "SQLite phải nằm trên ổ đĩa của chính máy, không phải thư mục mạng. Bảng cũ hơn chương trình: nâng cấp; một bản sao được làm trước khi bảng thay đổi."
        ),
        well=N_("Dòng này chỉ còn tên và phiên bản của cơ sở dữ liệu."),
        commands=("flask db current", "flask db upgrade"),
    ),
    WatchedPart.CERTIFICATE: RunbookEntry(
        means=N_(
            "Khi chứng chỉ hết hạn hoặc không được tin, điện thoại không mở được trang nào và máy ở cổng không gửi được; lượt đã quét vẫn giữ trên máy."
        ),
        look=N_(
            "Caddy có gia hạn được không. Tên máy chủ và đồng hồ có đúng không: máy sai giờ cũng làm chứng chỉ bị từ chối."
        ),
        act=N_(
            "Có mạng: để Caddy gia hạn lại. Không có mạng: làm chứng chỉ mới theo hướng dẫn cho nơi không có mạng, rồi cài lại trên điện thoại."
        ),
        well=N_(
            "Lệnh thử từ một máy khác trong mạng không còn dòng nào hỏng; trong vòng một giờ dòng này cũng báo tốt."
        ),
        commands=(
            "journalctl -u caddy -n 50",
            "sudo systemctl reload caddy",
            "flask venue check https://ngayhoi.example.vn",
        ),
    ),
    WatchedPart.CLOCKS: RunbookEntry(
        means=N_("Thứ tự các lượt quét và giờ trên trang có thể sai. Không lượt nào mất."),
        look=N_("Chỉ vài máy lệch thì lỗi ở các máy đó; hầu hết lệch cùng một phía thì lỗi ở máy chủ."),
        act=N_(
            "Máy lệch: bật giờ tự động trên máy đó. Máy chủ lệch: bật đồng bộ giờ; nơi không có mạng thì chỉnh tay theo một đồng hồ đúng."
        ),
        well=N_("Sau một phút, dòng này báo đồng hồ khớp nhau."),
        commands=("timedatectl", "sudo timedatectl set-ntp true"),
    ),
    WatchedPart.AWAY: RunbookEntry(
        means=N_("Máy hỏng, cháy hay mất thì các bản sao trên máy mất theo. Dữ liệu đang dùng không sao."),
        look=N_("Lý do ghi ở dòng này: không có mạng, nơi nhận đầy, sai khóa hay cụm mật khẩu."),
        act=N_("Sửa lý do đó rồi gửi ngay. Không có mạng: cắm ổ đĩa ngoài và đặt FESTIVAL_AWAY tới thư mục của nó."),
        well=N_("Dòng này báo bản sao ở ngoài máy cách đây 0 giờ."),
        commands=("systemctl status festival-away.timer", "flask copies send"),
    ),
    WatchedPart.MACHINES: RunbookEntry(
        means=N_("Nhiều máy cùng phục vụ nhưng không giống nhau: người mở trang ở máy này có thể bị máy kia từ chối."),
        look=N_("Dòng này nói điều gì khác nhau: khóa bí mật, thư mục tệp hay bản chương trình."),
        act=N_("Đặt giống nhau trên mọi máy rồi khởi động lại từng máy một; máy còn lại phục vụ trong lúc đó."),
        well=N_("Dòng này chỉ còn số máy cùng phục vụ."),
        commands=("sudo systemctl restart festival-web",),
    ),
}

# What stands on no line: then this page may not open at all, so it is printed before the day.
OUT_OF_ORDER: tuple[tuple[Sentence, RunbookEntry], ...] = (
    (
        N_("Trang không mở được, hoặc báo chưa sẵn sàng"),
        RunbookEntry(
            means=N_(
                "Chương trình dừng, cơ sở dữ liệu không trả lời, hoặc khóa thẻ không phải khóa của dữ liệu này. Máy ở cổng và máy chấm vẫn làm việc, gửi sau."
            ),
            look=N_("Nhật ký của máy chủ nói lý do bằng một câu."),
            act=N_(
                "Cơ sở dữ liệu dừng thì bật lại. Sai khóa thẻ: đặt đúng tệp pass.key mà câu đó nêu. Máy hỏng hẳn: khôi phục bản sao trên máy khác."
            ),
            well=N_("Địa chỉ /readyz trả lời sẵn sàng."),
            commands=(
                "systemctl status festival-web",
                "journalctl -u festival-web -n 50",
                "flask passes key",
                "sudo systemctl restart festival-web",
                "curl -s http://127.0.0.1:5000/readyz",
            ),
        ),
    ),
    (
        N_("Các bảng không khớp với sổ ghi"),
        RunbookEntry(
            means=N_(
                "Có dòng trong cơ sở dữ liệu bị sửa ngoài chương trình. Điểm hoặc lượt điểm danh có thể không còn đúng."
            ),
            look=N_("Trang Sổ ghi và lệnh đối chiếu nêu từng dòng khác."),
            act=N_(
                "Dừng chấm và công bố, giữ nguyên máy chủ, báo trưởng ban. Rồi khôi phục bản sao gần nhất còn khớp, hoặc ghi lại số đúng bằng chức năng sửa."
            ),
            well=N_("Lệnh đối chiếu kết thúc không nêu dòng nào."),
            commands=("flask ledger verify",),
        ),
    ),
)
