"""Words of the genre: abbreviations, chat spellings, everyday names for administrative terms, words that carry no content.

Everything is in folded form (lower case, no marks) unless said otherwise. Abbreviations that documents explain
themselves are added to these when documents are loaded.
"""

from __future__ import annotations

from knowledge.text import fold

# Common in any province's documents; values with marks, as they are written out.
ABBREVIATIONS = {
    "KHCN": "khoa học công nghệ", "KH&CN": "khoa học và công nghệ", "KHCNĐMST": "khoa học công nghệ đổi mới sáng tạo",
    "ĐMST": "đổi mới sáng tạo",
    "CĐS": "chuyển đổi số", "CNTT": "công nghệ thông tin", "TTHC": "thủ tục hành chính", "HTTT": "hệ thống thông tin",
    "CSDL": "cơ sở dữ liệu",
    "DVC": "dịch vụ công", "DVCTT": "dịch vụ công trực tuyến", "CBCCVC": "cán bộ công chức viên chức", "CBCC": "cán bộ công chức",
    "CCVC": "công chức viên chức", "DN": "doanh nghiệp", "DNNVV": "doanh nghiệp nhỏ và vừa", "DNVVN": "doanh nghiệp vừa và nhỏ",
    "DNKNST": "doanh nghiệp khởi nghiệp sáng tạo", "KNST": "khởi nghiệp sáng tạo", "KNĐMST": "khởi nghiệp đổi mới sáng tạo",
    "SHTT": "sở hữu trí tuệ", "CKS": "chữ ký số", "KNS": "kỹ năng số", "KNSO": "kỹ năng số", "NQ": "nghị quyết",
    "QĐ": "quyết định", "TB": "thông báo",
    "UBND": "ủy ban nhân dân", "HĐND": "hội đồng nhân dân", "TW": "trung ương", "TƯ": "trung ương",
    "BCĐ": "ban chỉ đạo", "BTV": "ban thường vụ",
    "TMĐT": "thương mại điện tử", "KTS": "kinh tế số", "XHS": "xã hội số", "CQS": "chính quyền số",
    "CPS": "chính phủ số", "ATTT": "an toàn thông tin",
    "ANM": "an ninh mạng", "ANTT": "an ninh thông tin", "ĐTĐM": "điện toán đám mây", "NSĐP": "ngân sách địa phương",
    "NSNN": "ngân sách nhà nước",
    "KKT": "khu kinh tế", "KCN": "khu công nghiệp", "QLNN": "quản lý nhà nước", "BTS": "BTS", "HTX": "hợp tác xã",
    "TTHCC": "trung tâm phục vụ hành chính công",
    "TTPVHCC": "trung tâm phục vụ hành chính công", "HCC": "hành chính công", "QLVB": "quản lý văn bản",
    "QLVBĐH": "quản lý văn bản và điều hành",
    "NNL": "nguồn nhân lực", "NL": "nhân lực", "CNS": "công nghệ số", "TCNSCĐ": "tổ công nghệ số cộng đồng",
    "BDHVS": "bình dân học vụ số",
    "MTTQ": "mặt trận tổ quốc", "VPUB": "văn phòng UBND tỉnh", "VPTU": "văn phòng tỉnh ủy", "CA": "công an", "TTDL": "trung tâm dữ liệu",
    "VB": "văn bản", "BC": "báo cáo", "NV": "nhiệm vụ", "CT": "chỉ tiêu", "KQ": "kết quả", "CBQL": "cán bộ quản lý",
    "NCKH": "nghiên cứu khoa học",
    "TTĐT": "thông tin điện tử", "GQTTHC": "giải quyết thủ tục hành chính", "TSLCD": "truyền số liệu chuyên dùng",
    "KTXH": "kinh tế xã hội",
    "NS": "ngân sách", "SP": "sản phẩm", "TC": "tổ chức", "KH": "kế hoạch", "R&D": "nghiên cứu phát triển", "HS": "hồ sơ", "DA": "dự án",
    "NC": "nghiên cứu",
    "CBCT": "cán bộ chuyên trách", "ƯD": "ứng dụng", "CSHT": "cơ sở hạ tầng", "SXKD": "sản xuất kinh doanh",
    "TTS": "thanh toán số", "ĐTTM": "đô thị thông minh", "TTĐHTM": "trung tâm điều hành thông minh",
    "IOC": "trung tâm điều hành thông minh IOC",
    "QSDĐ": "quyền sử dụng đất", "GCN": "giấy chứng nhận", "NNMT": "nông nghiệp và môi trường",
    "GDĐT": "giáo dục và đào tạo", "GD&ĐT": "giáo dục và đào tạo",
}  # fmt: skip

# Vietnam's provinces and cities, before and after the mergers of 2025 (folded): another province's figure is no answer.
PROVINCES = frozenset(
    (
        "an giang,ba ria vung tau,bac giang,bac kan,bac lieu,bac ninh,ben tre,binh dinh,binh duong,binh phuoc,binh thuan,ca mau,"
        "can tho,cao bang,da nang,dak lak,dak nong,dien bien,dong nai,dong thap,gia lai,ha giang,ha nam,ha noi,ha tinh,hai duong,"
        "hai phong,hau giang,hoa binh,ho chi minh,hung yen,khanh hoa,kien giang,kon tum,lai chau,lam dong,lang son,lao cai,"
        "long an,nam dinh,nghe an,ninh binh,ninh thuan,phu tho,phu yen,quang binh,quang nam,quang ngai,quang ninh,quang tri,"
        "soc trang,son la,tay ninh,thai binh,thai nguyen,thanh hoa,hue,thua thien hue,tien giang,tra vinh,tuyen quang,vinh long,"
        "vinh phuc,yen bai"
    ).split(",")
)

# How people type in a chat, folded; the right side is folded too.
CHAT = {
    "bn": "bao nhieu", "bnhiu": "bao nhieu", "bnhieu": "bao nhieu", "baonhieu": "bao nhieu", "bao nhiu": "bao nhieu", "bnh": "bao nhieu",
    "hok": "khong", "ko": "khong", "k": "khong", "kg": "khong", "hong": "khong", "hk": "khong", "khg": "khong",
    "kh0ng": "khong", "hem": "khong", "hum": "khong",
    "dc": "duoc", "dk": "duoc", "dx": "duoc", "duoc ko": "duoc khong", "ng": "nguoi", "ngta": "nguoi ta",
    "ngdan": "nguoi dan", "vs": "voi",
    "j": "gi", "z": "vay", "v": "vay", "zay": "vay", "r": "roi", "rui": "roi", "ui": "oi", "trc": "truoc",
    "ntn": "nhu the nao", "lm": "lam", "bh": "bao gio",
    "bjo": "bao gio", "khi nao": "khi nao", "ktso": "kinh te so", "ktxh": "kinh te xa hoi", "cty": "cong ty",
    "dv": "don vi", "cq": "co quan", "tg": "thoi gian", "tgian": "thoi gian",
    "mk": "minh", "e": "em", "a": "anh", "c": "chi", "cx": "cung", "nh": "nhieu", "nhiu": "nhieu", "m": "may", "ptram": "phan tram",
    "phtram": "phan tram", "thg": "thang", "t": "thang", "nvu": "nhiem vu", "sl": "so luong", "tl": "ty le",
    "tle": "ty le", "xog": "xong",
    "kl": "ket luan", "cnso": "cong nghe so", "ct": "chi tieu", "sn": "so nganh", "pa": "phuong an",
    "of": "cua", "target": "chi tieu", "deadline": "han", "kpi": "chi tieu", "so kh&cn": "so khoa hoc va cong nghe", "s": "so",
    "trieu": "trieu", "lun": "luon", "ah": "", "a?": "", "nhe": "", "nha": "", "nhi": "", "oi": "", "ad": "", "admin": "",
    "alo": "", "hi": "", "hello": "", "ok": "",
}  # fmt: skip

# What people say ↔ what documents write. Each line is a set of phrases that may stand for one another. A phrase with
# marks or capitals is meant only where it is typed so: «phủ», «AI» are also folded forms of other words; with «~» in front
# it may also be typed without any.
SYNONYMS = (
    ("muc tieu chung", "muc tieu tong quat", "muc tieu tong the"),
    ("thuong mai hoa", "ban duoc ra thi truong", "ban ra thi truong", "dua ra thi truong", "tieu thu tren thi truong", "ban duoc"),
    ("phi tiep xuc", "khong tiep xuc", "khong gap mat", "khong phai gap mat truc tiep", "khong phai den truc tiep",
    "khong can gap", "khong gap truc tiep"),
    ("phi dia gioi hanh chinh", "phi dia gioi", "khong phu thuoc dia gioi", "khong phan biet dia gioi",
    "lam o dau cung duoc", "o xa nao cung duoc", "nop o dau cung duoc", "bat ky noi nao"),
    ("khoi nghiep sang tao", "startup", "khoi nghiep", "start up", "khoi nghiep doi moi sang tao"),
    ("so hoa", "chuyen sang ban so", "ban so", "dien tu hoa", "scan", "ban dien tu"),
    ("ung dung cong nghe so", "len so", "dung cong nghe so", "chuyen doi so doanh nghiep", "len moi truong so", "ap dung cong nghe so"),
    ("chu ky so", "chu ky dien tu", "ky so"),
    ("tai khoan dinh danh dien tu", "vneid", "dinh danh dien tu", "dinh danh muc 2", "tai khoan dinh danh", "can cuoc dien tu"),
    ("dien toan dam may", "cloud", "dam may"),
    ("scopus isi", "tap chi quoc te", "cong bo quoc te", "bai bao quoc te", "bai dang quoc te", "scopus", "isi", "bao quoc te"),
    ("01 van dan", "1 van dan", "van dan", "muoi nghin dan", "10 000 dan", "10.000 dan", "10 nghin dan", "muoi ngan dan", "10 ngan dan"),
    ("nghien cuu khoa hoc", "lam nghien cuu", "nghien cuu", "lam khoa hoc"),
    ("12 thang", "1 nam", "mot nam", "nam dau"),
    ("ung dung thuc tien", "dua vao ap dung", "ap dung thuc te", "ap dung vao thuc te", "dua vao thuc te",
    "ung dung vao thuc te", "di vao cuoc song", "duoc ap dung"),
    ("nhiem vu khoa hoc va cong nghe", "đề tài", "de tai khoa hoc", "cong trinh khoa hoc va cong nghe",
    "de tai nghien cuu", "ket qua khoa hoc va cong nghe"),
    ("doanh nghiep vua va nho", "doanh nghiep nho va vua", "dn nho", "doanh nghiep nho", "sme"),
    ("doanh nghiep", "cong ty"),
    ("so huu tri tue", "sang che", "giai phap huu ich", "bang sang che", "ban quyen", "dang ky so huu tri tue"),
    ("bang rong co dinh", "bang thong rong co dinh", "internet toc do cao", "internet cap quang", "cap quang",
    "mang co dinh toc do cao", "1gbps", "1 gbps", "gigabit"),
    ("phu song", "phủ", "bao phu", "co song"),
    ("kinh te so", "quy mo kinh te so", "ty trong kinh te so", "digital economy"),
    ("dich vu cong truc tuyen toan trinh", "dich vu cong toan trinh", "dich vu cong truc tuyen muc 4",
    "lam thu tuc online toan bo", "dich vu cong online"),
    ("xu ly truc tuyen", "giai quyet truc tuyen", "nop truc tuyen", "nop qua mang", "nop online", "online", "lam online"),
    ("truc tuyen", "qua mang", "online", "tren mang"),
    ("chi so chuyen doi so", "dti", "diem chuyen doi so"),
    ("tich hop voi nen tang chia se lgsp", "lgsp", "nen tang chia se du lieu", "truc lien thong du lieu", "nen tang tich hop chia se"),
    ("lien thong voi trung uong", "lien thong toi trung uong", "ket noi trung uong", "ket noi voi trung uong"),
    ("vuon uom", "uom tao", "uom mam", "trung tam doi moi sang tao", "vuon uom khoi nghiep"),
    ("giai thuong", "dat giai", "doat giai", "duoc giai"),
    ("sang kien", "cai tien"),
    ("khu vuc cong", "co quan nha nuoc", "nha nuoc"),
    ("tiep can dich vu so", "dung dich vu so", "su dung dich vu so"),
    ("dan so truong thanh", "nguoi truong thanh", "nguoi lon"),
    ("ky nang so can ban", "ky nang so co ban", "boi duong ky nang so", "tap huan ky nang so"),
    ("can bo cong chuc cap xa", "can bo xa", "cong chuc xa", "cap xa"),
    ("can bo cong chuc vien chuc", "cong chuc vien chuc", "can bo nha nuoc"),
    ("can bo nghien cuu khoa hoc va cong nghe", "nha khoa hoc", "nguoi lam khoa hoc", "can bo nghien cuu"),
    ("to chuc khoa hoc va cong nghe cong lap", "vien nghien cuu cong", "to chuc khoa hoc cong lap"),
    ("phan mem quan tri dieu hanh thong nhat", "phan mem dieu hanh dung chung", "phan mem dung chung"),
    ("dang uy chinh quyen xa phuong", "xa phuong", "cap co so"),
    ("tong chi ngan sach dia phuong", "ngan sach dia phuong", "ngan sach tinh", "ngan sach"),
    ("hop tac nghien cuu phat trien voi vien truong", "hop tac vien truong", "lien ket voi vien truong", "hop tac voi truong dai hoc"),
    ("vien truong", "truong dai hoc", "vien nghien cuu", "dai hoc"),
    ("doi moi quy trinh mo hinh kinh doanh", "doi moi quy trinh", "doi moi mo hinh kinh doanh", "cai tien quy trinh"),
    ("su dung ket qua nghien cuu", "dung ket qua nghien cuu", "ung dung ket qua nghien cuu"),
    ("y te", "kham benh", "kham chua benh"),
    ("giao duc", "hoc hanh"),
    ("giao thong", "di lai"),
    ("rut ngan", "rut con", "rut xuong", "cat giam", "giam thoi gian", "giam ngay", "nhanh hon"),
    ("truong ban", "dung dau ban", "lam truong"),
    ("thuong truc", "co quan thuong truc"),
    ("so ket", "danh gia", "tong ket"),
    ("cap uy co so", "cap uy dang truc thuoc", "cap uy", "cap co so"),
    ("hop nhat", "sap nhap", "nhap tinh", "sat nhap"),
    ("ket thuc", "hoan thanh", "xong", "het han"),
    ("theo doi don doc", "don doc", "theo doi"),
    ("trang thiet bi", "thiet bi", "may moc", "may tinh", "may moc thiet bi"),
    ("hop truc tuyen", "hoi nghi truyen hinh", "hop online", "vcs", "truyen hinh truc tuyen"),
    ("benh an dien tu", "ho so benh an dien tu", "ho so suc khoe dien tu"),
    ("co so kham benh chua benh", "co so y te", "benh vien", "tram y te"),
    ("dieu chinh", "sua doi", "thay doi"),
    ("xep vi tri", "dung thu", "xep thu", "xep hang", "hang may", "thu may"),
    ("gui", "nop", "gui ve", "nop ve"),
    ("hoat dong", "chạy", "van hanh"),
    ("grdp", "tong san pham tren dia ban", "tong san pham", "quy mo kinh te cua tinh"),
    ("kinh phi", "tiền", "nguon tien", "nguon von", "bao nhieu tien"),
    ("tren moi truong dien toan dam may", "chay tren dam may"),
    ("he thong thong tin", "he thong", "phan mem he thong", "phan mem"),
    ("lam chu ky nang so", "thanh thao ky nang so", "dung thanh thao cong nghe", "thao ky nang so"),
    ("co hieu luc", "ap dung"),
    ("phe duyet", "thong qua"),
    ("hop tac", "bat tay", "lien ket", "phoi hop voi"),
    ("lap bang theo doi tien do", "bang theo doi tien do", "bang tien do"),
    ("bat dau", "tu khi nao", "khoi dong"),
    ("tap huan", "dao tao", "boi duong"),
    ("nguoi dan", "~dân", "cong dan", "nhan dan"),
    ("giay to", "ho so"),
    ("tram bts", "tram phat song", "tram 5g", "bts", "~trạm"),
    ("thu hut chuyen gia", "thu hut nhan tai", "nhan tai"),
    ("trung tam du lieu", "data center"),
    ("tri tue nhan tao", "AI"),
    ("an ninh mang", "an toan thong tin", "bao mat"),
    ("trung tam giam sat an toan thong tin", "soc", "trung tam an ninh mang"),
)  # fmt: skip

# What makes another thing of the thing named (folded): «hồ sơ đúng hạn» are not all «hồ sơ».
QUALIFIERS = (
    "mot phan", "dung han", "tre han", "qua han", "som han", "truoc han", "chuyen dung", "binh quan dau nguoi", "nong thon", "do thi",
    "mien nui", "hai dao", "dan toc thieu so", "lan dau", "nuoc ngoai",
)  # fmt: skip

# Syllables without content in a question, with marks. A question typed without marks is held against the folded forms,
# unless the documents write the syllable and its neighbour as another word («tien do», «bao cao»).
MARKED_STOPWORDS = frozenset(
    "là gì nào bao nhiêu mấy thế sao như ra vào ở tại của cho và với thì mà rằng này kia đó đây các những một số hỏi xin "
    "em anh chị bạn tôi mình ạ à ừ nhé nha nhỉ hả được bị có còn không chưa đến hết cuối đầu năm tháng ngày mốc đạt phải cần "
    "vậy rồi hay hoặc về theo trong ngoài trên từ mỗi hàng hằng đều đã đang sẽ rất cũng bởi ai đâu khi lúc nếu nay giờ luôn thêm "
    "lại đúng mức nói ghi đưa cứ ít khoảng vì bằng nhiều hơn kém việc do để cái con sang tới so lên xuống lấy giữa xài dùng "
    "nền khác thay tỷ tỉ lệ r v j k cả hôm chỗ giùm dùm ráng trước".split()
)
STOPWORDS = frozenset(fold(word) for word in MARKED_STOPWORDS)
# Everyday words of questions (folded) that are no typing slips though no document holds them.
EVERYDAY = frozenset(
    "chi tieu muc van ban tai lieu noi dung lien quan thuc te hien bay tong cong toi thieu luong vui long phan tram ty biet gom "
    "chenh lech so sanh doi chieu mau thuan nham bao lau khi nao ngay may bao gio deadline han chot luc nao hieu luc gia tri "
    "lien he dien thoai sdt email zalo online offline website internet wifi app hotline "
    "facebook luong tien thoi tiet mua nang viet giup tho bai hat sinh nhat tuoi que nha cua ai sao the nao ra sao nhu vay "
    "thang vi sao tai sao chac khong roi chua".split()
)
# Wordings of questions: which of two readings of a mistyped word is meant, its neighbours tell.
QUESTION_PHRASES = (
    "chỉ tiêu bao nhiêu", "mục tiêu thế nào", "là bao nhiêu", "bao nhiêu phần trăm", "được bao nhiêu", "có bao nhiêu", "cần bao nhiêu",
    "phải đạt bao nhiêu", "đạt bao nhiêu chỉ tiêu", "tỷ lệ bao nhiêu", "đến năm nào", "khi nào xong", "bao giờ xong", "bao lâu một lần",
    "còn năm", "còn 2035", "thì sao", "tháng 9", "năm 2030", "đến 2035", "mốc 2040", "ngày 15", "quý 1", "ra sao", "như thế nào",
    "đúng không", "phải không", "có đúng không", "có mâu thuẫn không", "mâu thuẫn với", "có bị nhầm không", "chưa đạt", "đạt chưa",
    "thực tế đạt chưa", "hiện nay đạt", "đã đạt được", "còn hiệu lực không", "bị thay thế", "thay thế bởi", "văn bản nào",
    "quyết định nào", "kế hoạch nào", "cơ quan nào", "đơn vị nào", "sở nào", "ai chủ trì", "ai phụ trách", "ai ký", "chủ trì phối hợp",
    "được giao những việc gì", "giao việc gì", "phải làm gì", "nhiệm vụ gì", "có nhiệm vụ nào", "trách nhiệm gì", "thời hạn nào",
    "hạn nào", "hạn chót", "hạn cuối", "trước ngày nào", "chậm nhất ngày nào", "ngày nào", "tháng mấy", "lộ trình qua các mốc",
    "so sánh năm", "so sánh tỷ lệ", "so với năm", "cho xin email", "xin email của",
    "tăng thêm", "khác nhau", "cao hơn", "thấp hơn", "vì sao", "tại sao", "cho tôi hỏi", "cho em hỏi",
    "cho mình hỏi", "cho hỏi", "cho biết", "giúp em với", "anh chị ơi", "xin hỏi", "vui lòng", "cảm ơn", "số điện thoại của",
    "số ký hiệu", "hai cái", "cái nào", "cái thứ hai", "gồm những gì", "gồm những ai", "bao gồm", "do ai", "của ai",
    "kinh phí bao nhiêu", "bao nhiêu tiền", "bao nhiêu tỷ", "mỗi năm", "hằng năm", "hiện nay", "hiện tại", "tỉnh mình", "hôm nay",
    "ở đâu ra", "chỗ này chỗ kia", "làm sao", "làm gì", "như nào", "hôm nào", "mỗi xã", "nói sao", "nghe nói", "thấy ghi", "mấy chỗ",
    "một hai ba bốn năm sáu bảy tám chín mười mươi trăm nghìn vạn triệu tỷ", "mười nghìn dân", "một phần", "gấp đôi", "gấp ba",
)  # fmt: skip
# Words with some content, but seldom what tells one thing from another (folded); they weigh a part.
WEAK = frozenset(
    "ke hoach quy dinh tinh dia phuong toan ban so cap don vi co quan nhiem vu thuc hien trien khai hoan thanh phat trien xay dung to "
    "chuc cong tac hoat dong quan ly su dung ung dung "
    "lam chay dua len xuong viec tinh hinh trang thai "
    "moi bao dam dam bao tang cuong day manh giai phap chi dao bao cao nguoi chung nam nhom loai phan hop".split()
)
