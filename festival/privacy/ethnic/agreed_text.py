"""To which words does somebody agree who writes down an ethnic group?"""

from __future__ import annotations

from festival.core.sentence import N_

# Changed words get the next version.
TEXT_VERSION = 1
TEXT = N_(
    "Tôi đồng ý để Ban Tổ chức lưu dân tộc đã ghi, chỉ để đếm số người theo dân tộc trong báo cáo, từ 5 người trở lên. Không ai"
    " đọc được theo tên, không xuất ra danh sách. Không ghi cũng được. Tôi có thể rút lại bất cứ lúc nào, khi đó dân tộc đã ghi bị xóa."
)
