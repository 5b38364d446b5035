"""Training on a corpus of a few made-up sentences: the whole way, in seconds."""

from __future__ import annotations

import json
import lzma
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from knowledge.compounds import build_tokenizer
from knowledge.encoder import StaticEncoder
from knowledge.train import Pair, Recipe, main, measure_held_out, read_pairs, save_encoder, train_encoder

PLACES = ["xã Hòa An", "xã Bình Sơn", "phường Tân Lập", "huyện Đông Hải", "thị trấn Phú Mỹ"]
WORKS = {
    "hồ sơ trực tuyến": "Người dân nộp hồ sơ trực tuyến tại bộ phận một cửa của {}.",
    "phủ sóng di động": "Nhà mạng dựng trạm phát và phủ sóng di động ở {}.",
    "trạm y tế": "Bác sĩ của trạm y tế khám bệnh cho dân ở {}.",
    "đường giao thông": "Công nhân sửa đường giao thông qua {} trước mùa mưa.",
    "trồng rừng": "Kiểm lâm giao cây giống để trồng rừng tại {}.",
    "chuyển đổi số": "Tổ công nghệ hướng dẫn chuyển đổi số cho hộ kinh doanh ở {}.",
}
PAIRS = [Pair(f"{work} ở {place}", WORKS[work].format(place)) for work, place in product(WORKS, PLACES)]
SMALL = Recipe(tokens=400, dimension=16, epochs=30, batch=10, held_out=5, counted=100)


def write_pairs(folder: Path, pairs: list[Pair]) -> None:
    with lzma.open(folder / "made_up.jsonl.xz", "wt", encoding="utf-8") as file:
        for pair in pairs:
            file.write(json.dumps({"q": pair.question, "p": pair.passage}, ensure_ascii=False) + "\n")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> StaticEncoder:
    folder = tmp_path_factory.mktemp("model")
    save_encoder(train_encoder(PAIRS, SMALL), folder)
    return StaticEncoder(folder)


def test_what_was_learned_is_found_with_and_without_marks(trained: StaticEncoder) -> None:
    one_place = [pair for pair in PAIRS if "Tân Lập" in pair.passage]
    assert measure_held_out(trained, one_place).acc1 == 1
    passages = trained.encode([pair.passage for pair in one_place])
    asked = trained.encode(["phu song di dong", "trong rung", "tram y te"])
    assert [one_place[row].question.split(" ở ")[0] for row in (asked @ passages.T).argmax(axis=1)] == [
        "phủ sóng di động",
        "trồng rừng",
        "trạm y tế",
    ]


def test_the_same_seed_gives_the_same_vectors(trained: StaticEncoder, tmp_path: Path) -> None:
    save_encoder(train_encoder(PAIRS, SMALL), tmp_path)
    again = StaticEncoder(tmp_path)
    save_encoder(train_encoder(PAIRS, replace(SMALL, seed=58)), tmp_path / "other")
    other = StaticEncoder(tmp_path / "other")
    texts = [pair.question for pair in PAIRS]
    np.testing.assert_allclose(again.encode(texts), trained.encode(texts), atol=1e-3)
    assert np.abs(other.encode(texts) - trained.encode(texts)).max() > 0.1


def test_the_command_trains_saves_and_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_pairs(tmp_path, PAIRS)
    options = "--tokens 400 --dimension 16 --epochs 2 --batch 10 --held-out 5".split()
    main(["--data", str(tmp_path), "--out", str(tmp_path / "model"), *options])
    assert "25 pairs learned; vectors alone on 5 others: Acc@1" in capsys.readouterr().out
    assert StaticEncoder(tmp_path / "model").encode(["hồ sơ"]).shape == (1, 16)


def test_pairs_are_read_from_every_file(tmp_path: Path) -> None:
    write_pairs(tmp_path, PAIRS)
    (tmp_path / "made_up.jsonl.xz").rename(tmp_path / "a.jsonl.xz")
    write_pairs(tmp_path, PAIRS[:3])
    assert read_pairs(tmp_path) == PAIRS + PAIRS[:3]


def test_a_folder_without_pairs_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="jsonl"):
        read_pairs(tmp_path)


def test_compounds_are_one_token() -> None:
    words = ["cây", "đường", "nước", "tỉnh", "trạm", "người", "việc", "nhà", "sông", "cầu", "chợ"]
    texts = [
        f"{first} {second} {third} {third} hồ sơ {third} {first} {second} {second} {first}"
        for first, second, third in product(words, repeat=3)
    ]
    tokenizer = build_tokenizer(texts, 400)
    assert tokenizer.encode("Hồ sơ nước!").tokens == ["▁hồ▁sơ", "▁nước"]
    assert tokenizer.encode("ho so").tokens == ["▁ho▁so"]
    assert tokenizer.encode("sơ hồ").tokens == ["▁sơ", "▁hồ"]


def test_numbers_keep_their_decimals_and_unknown_words_fall_to_pieces() -> None:
    tokenizer = build_tokenizer(["tỷ lệ 1,5 phần trăm"] * 20, 200)
    assert tokenizer.encode("tỷ lệ: 1,5.").tokens[-1] == "▁1,5"
    assert len(tokenizer.encode("trừu").tokens) > 1
