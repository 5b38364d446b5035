// What the page says beside index.html, and how it writes days, times and sizes.

export const SENDING = "Đang gửi…";
export const NOT_SENT = "Chưa gửi được";
export const RESEND = "Gửi lại";
export const SHARE_PHONE = "Chia sẻ số điện thoại";
export const NO_CONNECTION = "Không kết nối được với trợ lý. Xin thử lại.";
export const ONLY_FORWARD = "Đồng hồ chỉ chạy tới. Xin chọn thời điểm sau lúc này.";
export const NEEDS_MOMENT = "Xin chọn đủ ngày và giờ.";
export const NEEDS_PHONE = "Xin gõ số điện thoại.";
export const NO_REMINDER = "chưa có lời nhắc nào";
export const NO_REMINDER_WHY = "Chưa có lời nhắc nào được xếp lịch. Hãy xác nhận phần việc trước, hoặc cho đồng hồ chạy thêm.";
export const WAIT_FOR_CLOCK = "Đồng hồ đang chạy, xin chờ.";
export const NEW_TAB = "Mở thẻ mới";
export const DOWNLOAD = "Tải xuống";
export const UNREAD = "Tin chưa đọc";
export const ANSWER = "Trả lời";
export const ANSWER_THIS = "Trả lời thẳng vào tin này";
export const ASSISTANT = "Trợ lý";
export const TRY_ASKING = "Thử hỏi:";
export const REMOVE = "Bỏ";
export const FILES_AT_ONCE = 10;
export const FILE_MEGABYTES = 20;
export const TOO_MANY_FILES = `Mỗi lần gửi được nhiều nhất ${FILES_AT_ONCE} tệp.`;
export const FILES_LOST = "Trang đã tải lại nên tệp chưa gửi không còn; xin chọn lại.";
export const NO_COMMAND = "Không có lệnh nào như vậy.";
export const LEAD = {
  official: "Hỏi về chỉ tiêu, nhiệm vụ, thời hạn bằng lời thường. Mỗi câu trả lời kèm văn bản và mục.",
  focal_point: "Trả lời lời nhắc bằng nút hoặc bằng lời («xong PV12»). Việc của cơ quan: gõ /viec. Hỏi gì cũng được.",
  leader: "Xem tiến độ của cơ quan: gõ /tiendo. Hỏi về chỉ tiêu, nhiệm vụ, thời hạn; mời cán bộ dùng trợ lý: /moi.",
  coordinator: "Giao việc và xác nhận: gõ /giaoviec. Tiến độ toàn tỉnh: /tiendo. Câu cần xem lại: /canxem.",
  admin: "Xác nhận phần việc: gõ /giaoviec. Mời người dùng: /moi. Duyệt câu trả lời: /canxem, /duyet.",
  "": "Người chưa có trong danh sách. Gửi một tin bất kỳ để xem cách được mời.",
};

export const openElsewhere = (name) => `${NEW_TAB}: ${name}`;
export const tooLarge = (name) => `«${name}» lớn quá ${FILE_MEGABYTES} MB nên chưa được chọn.`;
export const chosenFiles = (count) => (count ? `Đã chọn ${count} tệp` : "Không còn tệp nào được chọn");
export const gone = (share) => `Đang gửi ${Math.round(share * 100)}%`;
export const pictureLabel = (name) => `Xem ảnh ${name}`;
export const unreadCount = (count) => `${count} tin chưa đọc`;
export const movingTo = (at) => `Đang chạy đến ${at ? shortMoment(at) : "…"}`;
export const roleAndAgency = (person) => [person.role_name, person.agency].filter(Boolean).join(" · ");

/** First letters of the family name and the given name: «Trần Thị Bình» → «TB». */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? words[0][0] + words.at(-1)[0] : words[0].slice(0, 1)).toUpperCase();
}

const WEEKDAYS = ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"];
const two = (number) => String(number).padStart(2, "0");

/** An instant as Việt Nam reads it, whatever the machine's zone: {day: "2026-01-05", date: "05/01/2026", weekday, time: "08:03"}. */
export function inVietnam(instant) {
  const moment = new Date(new Date(instant).getTime() + 7 * 3600_000); // no daylight saving there
  const [year, month, day] = [moment.getUTCFullYear(), two(moment.getUTCMonth() + 1), two(moment.getUTCDate())];
  return {
    day: `${year}-${month}-${day}`,
    date: `${day}/${month}/${year}`,
    weekday: WEEKDAYS[moment.getUTCDay()],
    time: `${two(moment.getUTCHours())}:${two(moment.getUTCMinutes())}`,
  };
}

/** «Thứ hai, 05/01/2026» */
export function longDay(instant) {
  const { weekday, date } = inVietnam(instant);
  return `${weekday}, ${date}`;
}

/** «08/01/2026 08:00» */
export function shortMoment(instant) {
  const { date, time } = inVietnam(instant);
  return `${date} ${time}`;
}

/** «81,2 KB», «1,4 MB», in thousands as the assistant counts them. */
export function fileSize(bytes) {
  const [amount, unit] = bytes < 999_950 ? [Math.max(bytes, 100) / 1000, "KB"] : [bytes / 1_000_000, "MB"];
  return `${amount.toLocaleString("vi-VN", { maximumFractionDigits: 1 })} ${unit}`;
}
