"""The bundled encoder is what sentence-transformers would load, only lighter; and it knows some Vietnamese."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder import StaticEncoder, TransformerEncoder, load_encoder
from knowledge.lexicon import BUNDLED

TEXTS = [
    "Tỷ lệ hồ sơ trực tuyến toàn trình đạt 70% năm 2030.",
    "chi tieu 5g nam 2030",
    "57-NQ/TW; 1.000 tỷ; 0,75%; «AI»",
    "Trạm y tế xã nộp báo cáo. " * 400,
    "!?",
    "",
    "東京 ❤ Zürich",
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder(BUNDLED)


def likeness(encoder: StaticEncoder, one: str, other: str) -> float:
    first, second = encoder.encode([one, other])
    return float(first @ second)


def test_vectors_equal_those_of_sentence_transformers(encoder: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    # The weights are kept in half precision; both compute in single.
    model = SentenceTransformer(str(BUNDLED), device="cpu").float()
    np.testing.assert_allclose(encoder.encode(TEXTS), model.encode(TEXTS), atol=1e-5, rtol=0)


def test_another_model_is_loaded_by_sentence_transformers(encoder: StaticEncoder) -> None:
    other = load_encoder(str(BUNDLED))
    assert isinstance(other, TransformerEncoder)
    assert other.name == str(BUNDLED)
    np.testing.assert_allclose(other.encode(TEXTS), encoder.encode(TEXTS), atol=1e-5, rtol=0)
    assert other.encode([]).shape[0] == 0


def test_encoding_imports_neither_torch_nor_sentence_transformers() -> None:
    code = (
        "import sys; from knowledge.encoder import load_encoder\n"
        "assert load_encoder().encode(['hồ sơ']).any()\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=BUNDLED.parent.parent)
    assert done.stdout.strip() == "[]"


def test_vectors_have_length_one_and_nothing_said_has_none(encoder: StaticEncoder) -> None:
    lengths = np.linalg.norm(encoder.encode(["hồ sơ", "một câu dài hơn về chuyển đổi số", ""]), axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 0], atol=1e-6)


def test_no_text_gives_no_vector(encoder: StaticEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.encode(["a"]).shape[1])


def test_a_text_has_one_vector_in_whatever_company(encoder: StaticEncoder) -> None:
    many = [f"văn bản số {number}" for number in range(1500)]
    np.testing.assert_allclose(encoder.encode(many)[1234], encoder.encode([many[1234]])[0], atol=1e-6)


def test_case_and_unicode_form_do_not_matter(encoder: StaticEncoder) -> None:
    text = "Chuyển đổi số ở xã"
    assert likeness(encoder, text, unicodedata.normalize("NFD", text).upper()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("thủ tục hành chính qua mạng", "nộp hồ sơ trực tuyến", "trồng rừng phòng hộ"),
        ("mức phạt khi chậm nộp thuế", "xử phạt vi phạm hành chính về thuế", "bảo tàng lịch sử tỉnh"),
        ("chi tieu phu song di dong", "chỉ tiêu phủ sóng di động", "khám bệnh, chữa bệnh"),
        ("bao cao dinh ky hang thang", "báo cáo định kỳ hằng tháng", "chăn nuôi gia súc"),
    ],
)
def test_what_belongs_together_is_nearer(encoder: StaticEncoder, question: str, answer: str, other: str) -> None:
    assert likeness(encoder, question, answer) > likeness(encoder, question, other) + 0.1


def test_the_model_is_small_and_names_its_sources() -> None:
    assert (BUNDLED / "model.safetensors").stat().st_size <= 16e6
    card = (BUNDLED / "README.md").read_text(encoding="utf-8")
    assert "Wikipedia" in card
    assert "CC BY-SA" in card
    assert "pháp điển" in card


def test_a_missing_model_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        StaticEncoder(tmp_path)
