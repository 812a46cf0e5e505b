"""Posts are written, shown, put right, taken down, shown again; the help lines are changed and had back."""

from __future__ import annotations

from dataclasses import replace

from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.help_lines import STANDARD, HelpNumber
from festival.editions.help_table import take_help_again, write_help
from festival.editions.models import Festival
from festival.posts.pictures import add_picture, picture_sizes
from festival.posts.typed import PostTyped
from festival.posts.writing import begin_post, put_away, show_post, take_back, take_down, take_version_again, write_post
from tests.house.filling_posts import small_picture


def written(festival_id: int, staff: int) -> None:
    """Two posts, one of them with a picture and a way back to its first text, the other put away; three tables of help lines."""
    sizes = picture_sizes(small_picture())
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        first = PostTyped("Bố vào bếp", "Việc nhà là việc chung.", "Mỗi tối **cả nhà** cùng nấu.")
        post = begin_post(festival, "lived-1", first, staff)
        show_post(festival, post, 1, staff)
        add_picture(
            festival, post, sizes, ("Hai bố con bên bếp", "Tối thứ bảy"), "Mẹ của cháu, giấy ở văn thư", 2, staff
        )
        write_post(festival, post, replace(first, title="Bố cùng vào bếp"), 3, staff)
        take_down(festival, post, "tên bài còn sai", 4, staff)
        take_version_again(festival, post, 2, 5, staff)
        show_post(festival, post, 6, staff)
        second = begin_post(festival, "lived-2", replace(first, title="Bố vào bếp"), staff)
        put_away(festival, second, 1, staff)
        take_back(festival, second, 2, staff)
        put_away(festival, second, 3, staff)
        desk = HelpNumber("Bàn y tế", "", "trong giờ thi", "cạnh cổng số 2")
        write_help(festival, [*STANDARD, desk], 0, staff)
        write_help(festival, None, 1, staff)
        take_help_again(festival, 1, 2, staff)
