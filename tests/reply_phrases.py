"""What people answer a reminder, with what is meant: said on Monday 5 January 2026.

Each line: the text | how certain (certain, answer, unclear, none) | meaning, or several that it may be | what else is read.
`TUNED` is what the rules were tuned by; `MEASURED` was written before any tuning. When it was first measured, 71 of its 79
were read as meant; what it then showed was mended, so that today's figure says less.
"""

from __future__ import annotations

TUNED = """
nop r a | certain | done
nộp rồi ạ | certain | done
xong PV12 | certain | done | codes=12
dang lam 60% | certain | in_progress | percent=60
vuong kinh phi, cho STC | certain | obstacle | note=kinh phi, cho STC
xin lui den 20/01 | certain | extension | day=2026-01-20
đang làm, xong 20/01 | certain | in_progress | day=2026-01-20
bàn giao cho người khác | certain | hand_over | whom=
chưa làm | certain | not_started
chưa xong | unclear | in_progress not_started extension
xong chưa? | none |
đã gửi báo cáo hôm qua | certain | done
hoàn thành 80% | certain | in_progress | percent=80
xong 100% | certain | done
sắp xong | certain | in_progress
không xong kịp, xin thêm 1 tuần | certain | extension | more=7
gia hạn thêm 5 ngày | certain | extension | more=5
mai nộp | certain | in_progress | day=2026-01-06
cuối tuần xong | certain | in_progress | day=2026-01-09
thứ 6 xong | certain | in_progress | day=2026-01-09
20-1 | unclear | in_progress extension | day=2026-01-20
hết tháng 1 | unclear | in_progress extension | day=2026-01-31
ok | answer | received
đã nhận | answer | received
em nộp rồi mà | certain | done
gửi r nha a | certain | done
k phải việc của sở | certain | not_ours
chuyển phòng khác | certain | hand_over | whom=
bao giờ phải nộp? | none |
chỉ tiêu 5g 2030? | none |
xong PV12 là gì? | none |
tiến độ hoàn thành 5G? | none |
hoàn thành chỉ tiêu 5G năm 2030 | answer | done
xong rồi | certain | done
Đã hoàn thành ạ | certain | done
da xong | certain | done
xog r | certain | done
PV12 xong rồi ạ | certain | done | codes=12
pv 12 dang lam 30% | certain | in_progress | codes=12 percent=30
đang làm pv3 xong ngày 15/1 | certain | in_progress | codes=3 day=2026-01-15
xong 12 | certain | done | codes=12
xong PV12, PV13 | certain | done | codes=12,13
60% | answer | in_progress | percent=60
được 50% rồi | answer | in_progress | percent=50
đang triển khai | certain | in_progress
đang trình lãnh đạo ký | certain | in_progress
mai em gửi ạ | certain | in_progress | day=2026-01-06
chiều nay nộp | certain | in_progress | day=2026-01-05
tuần sau xong | certain | in_progress | day=2026-01-16
3 ngày nữa xong | certain | in_progress | day=2026-01-08
xin gia hạn đến 31/01 do chưa có hướng dẫn | certain | extension | day=2026-01-31 note=chưa có hướng dẫn
xin lùi đến 20/01 được không ạ? | certain | extension | day=2026-01-20
đang vướng thủ tục đấu thầu | certain | obstacle | note=thủ tục đấu thầu
thiếu kinh phí | certain | obstacle | note=thiếu kinh phí
không phải nhiệm vụ của sở em | certain | not_ours
nhầm cơ quan rồi | certain | not_ours
hoàn tác | certain | undo
bấm nhầm | certain | undo
hoãn nhắc PV12 đến 18/01 vì lãnh đạo đi công tác | certain | snooze | codes=12 day=2026-01-18 note=lãnh đạo đi công tác
nhắc lại PV12 | certain | resume | codes=12
bàn giao PV12 cho chị Lan | certain | hand_over | codes=12 whom=chị Lan
chưa nộp | unclear | in_progress not_started extension
nộp ở đâu | none |
nộp cho ai ạ | none |
đã nộp chưa | none |
Sở Y tế được giao việc gì | none |
hạn nộp báo cáo | none |
chắc mai xong | unclear | in_progress extension | day=2026-01-06
cảm ơn em | answer | received
chào em | none |
nhiệm vụ của Sở Nội vụ | none |
"""

MEASURED = """
nop rui nha | certain | done
em gửi rồi ạ | certain | done
đã nộp báo cáo cho Sở KHCN rồi ạ | certain | done
Sở đã gửi kế hoạch | certain | done
da gui qua mail roi | certain | done
báo cáo đã nộp | certain | done
bc xong r | certain | done
ht roi e nhe | certain | done
hoàn tất | certain | done
Xong hết rồi em nhé | certain | done
đã ban hành kế hoạch | certain | done
đã trình UBND tỉnh hôm qua | answer | done
vừa gửi xong | certain | done
PV 7: da hoan thanh | certain | done | codes=7
xong pv7 va pv9 | certain | done | codes=7,9
hoan thanh 100% roi | certain | done
mới được 30% | answer | in_progress | percent=30
đạt 75% | answer | in_progress | percent=75
PV12 70% | certain | in_progress | codes=12 percent=70
dang lam duoc mot nua | certain | in_progress | percent=50
đang soạn thảo | certain | in_progress
dang cho ky | answer | obstacle
đang tổng hợp số liệu | certain | in_progress
gần xong rồi ạ | certain | in_progress
đang làm, tuần sau xong | certain | in_progress | day=2026-01-16
thứ 5 nộp ạ | certain | in_progress | day=2026-01-08
ngày 15 gửi | certain | in_progress | day=2026-01-15
dự kiến xong 28/2 | certain | in_progress | day=2026-02-28
sáng mai em gửi | certain | in_progress | day=2026-01-06
hết tháng này xong | certain | in_progress | day=2026-01-31
cuối tháng 2 hoàn thành | certain | in_progress | day=2026-02-28
10 ngày nữa gửi | certain | in_progress | day=2026-01-15
chủ nhật xong | certain | in_progress | day=2026-01-11
xin gia hạn | certain | extension
xin gia han PV12 den 25/1/2026 | certain | extension | codes=12 day=2026-01-25
cho em lùi sang thứ 6 nhé | certain | extension | day=2026-01-09
đề nghị gia hạn đến hết quý I | certain | extension | day=2026-03-31
chưa kịp làm, xin lùi 3 ngày | certain | extension | more=3
xin them 10 ngay vi thieu nguoi | certain | extension | more=10 note=thieu nguoi
xin hoãn đến 30/01 | certain | extension | day=2026-01-30
gia hạn được không ạ | answer | extension
bi vuong mat bang | certain | obstacle | note=mat bang
khó khăn về nhân lực | certain | obstacle | note=nhân lực
chưa có kinh phí | certain | obstacle | note=chưa có kinh phí
vướng PV5 chờ Bộ hướng dẫn | certain | obstacle | codes=5 note=chờ Bộ hướng dẫn
đang chờ Sở Tài chính thẩm định | certain | obstacle
chưa được cấp kinh phí | certain | obstacle
việc này của Sở Nội vụ | certain | not_ours
ko thuoc tham quyen cua so | certain | not_ours
không phải việc của tôi | certain | not_ours
gửi nhầm đơn vị rồi | certain | not_ours
chuyển cho anh Nam 0912345678 | certain | hand_over | whom=anh Nam 0912345678
giao lại cho chuyên viên khác | certain | hand_over | whom=
bàn giao | certain | hand_over | whom=
chưa triển khai | certain | not_started
chua bat dau lam | certain | not_started
chưa xong đâu ạ | unclear | in_progress not_started extension
vẫn chưa | unclear | in_progress not_started extension
tạm dừng nhắc đến 20/1 | certain | snooze | day=2026-01-20
mai nhắc lại nhé | certain | snooze | day=2026-01-05
em ghi nhầm | certain | undo
vâng ạ | answer | received
ok em, đã rõ | answer | received
đến 25/01 | unclear | in_progress extension | day=2026-01-25
khi nào xong? | none |
ai nộp rồi | none |
các sở đã nộp báo cáo chưa | none |
cách nộp báo cáo | none |
tỷ lệ hoàn thành dịch vụ công trực tuyến 2030 | none |
chỉ tiêu kinh tế số 2030 bao nhiêu | none |
kế hoạch 359 nói gì | none |
nhiệm vụ nào chưa hoàn thành | none |
bao giờ xong trung tâm dữ liệu | none |
năm 2030 hoàn thành 100% xã phủ sóng 5G | answer | done
phủ sóng 5G 2027 | none |
xin chào | none |
hạn PV12 là ngày nào | none |
nếu kịp thì mai xong | unclear | in_progress extension | day=2026-01-06
làm sao để nộp | none |
"""
