import os
import random
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshen.decode import allusion, ngrams
from luoshen.decode.allusion import ReuseIndex, dynasty_rank, index_for
from luoshen.errors import FormatError, InputError
from luoshen.prosody.lines import cut
from luoshen.works.script import to_traditional
from luoshen.works.work import Work

WENG = Work(
    "又是春残也，如何出翠帏。\n落花人独立，微雨燕双飞。\n寓目魂将断，经年梦亦非。\n那堪向愁夕，萧飒暮蝉辉。",
    "春残",
    "翁宏",
    "五代",
)
LI_HE = Work(
    "茂陵刘郎秋风客，夜闻马嘶晓无迹。\n画栏桂树悬秋香，三十六宫土花碧。\n"
    "魏官牵车指千里，东关酸风射眸子。\n空将汉月出宫门，忆君清泪如铅水。\n"
    "衰兰送客咸阳道，天若有情天亦老。\n携盘独出月荒凉，渭城已远波声小。",
    "金铜仙人辞汉歌",
    "李贺",
    "唐",
)
DU_MU = Work("娉娉袅袅十三余，豆蔻梢头二月初。\n春风十里扬州路，卷上珠帘总不如。", "赠别", "杜牧", "唐")
LIU = Work("朱雀桥边野草花，乌衣巷口夕阳斜。\n旧时王谢堂前燕，飞入寻常百姓家。", "乌衣巷", "刘禹锡", "唐")
YAN = Work(
    "梦后楼台高锁，酒醒帘幕低垂。去年春恨却来时。落花人独立，微雨燕双飞。\n"
    "记得小苹初见，两重心字罗衣。琵琶弦上说相思。当时明月在，曾照彩云归。",
    "临江仙",
    "晏几道",
    "宋",
)
EARLIER = (WENG, LI_HE, DU_MU, LIU)


@pytest.fixture(scope="module")
def index():
    return ReuseIndex.build(EARLIER)


def traditional(work):
    return Work(to_traditional(work.text), work.title, work.author, work.dynasty)


@pytest.mark.parametrize("source", [WENG, traditional(WENG)])
@pytest.mark.parametrize("work", [YAN, traditional(YAN)])
def test_a_couplet_taken_over_is_one_allusion_in_either_script(source, work):
    (found,) = ReuseIndex.build([LI_HE, source]).find(work)
    evidence = found.evidence
    assert work.text[evidence.start : evidence.end] == evidence.quote
    assert len(evidence.quote) == 11
    assert evidence.weight == 1.0
    assert found.kind == "line"
    assert found.source_line in source.text
    assert len(found.source_line) == 11
    assert (found.source_id, found.source_title, found.source_author) == (source.id, "春残", "翁宏")


def test_phrases_and_lines_within_longer_lines(index):
    work = Work("叹豆蔻梢头旧恨，十年梦、屈指堪惊。想当年、天若有情天亦老，谁知。", dynasty="宋")
    first, second = index.find(work)
    assert (first.evidence.quote, first.kind, first.source_line) == ("豆蔻梢头", "phrase", "豆蔻梢头二月初")
    assert (second.evidence.quote, second.kind, second.source_title) == (
        "天若有情天亦老",
        "line",
        "金铜仙人辞汉歌",
    )


def test_marks_within_a_phrase_do_not_hide_it(index):
    work = Work("怎奈向、寻常、百姓人家。", dynasty="宋")
    assert [a.evidence.quote for a in index.find(work)] == ["寻常、百姓"]


@pytest.mark.parametrize(
    ("line", "weight"),
    [("落花人独坐", 0.8), ("落月人独立", 0.8), ("天若无情天亦老", 0.857), ("天道有情天易老", 0.714)],
)
def test_a_line_with_letters_changed_is_a_variant(index, line, weight):
    (found,) = index.find(Work(f"不相干处，{line}。", dynasty="宋"))
    assert (found.evidence.quote, found.kind, found.evidence.weight) == (line, "variant", weight)
    assert found.evidence.start == 5


@pytest.mark.parametrize("line", ["落月人孤立", "地若无情地亦老", "天若有情天"])
def test_too_many_changes_are_no_variant(index, line):
    assert all(a.kind != "variant" for a in index.find(Work(f"不相干处，{line}。", dynasty="宋")))


def test_never_the_work_itself(index):
    assert index.find(LI_HE) == ()
    assert index.find(traditional(LI_HE)) == ()
    assert index.find(Work(LI_HE.text, given_id="another number")) == ()
    edition = Work(LI_HE.text.replace("官", "宫").replace("荒凉", "凄凉"), given_id="an edition")
    assert index.find(edition) == ()


def test_the_same_id_is_the_work_itself_whatever_its_text():
    index = ReuseIndex.build([Work(WENG.text, given_id="7")])
    assert index.find(Work(YAN.text, given_id="7")) == ()
    assert len(index.find(Work(YAN.text, given_id="8"))) == 1


def test_a_work_made_of_another_is_no_edition_of_it(index):
    work = Work("春风十里扬州路，赢得重来。卷上珠帘总不如，一笑相逢还去，一生心事，付与西楼。", dynasty="宋")
    assert [a.source_author for a in index.find(work)] == ["杜牧", "杜牧"]


def test_only_earlier_works_where_dynasties_are_known(index):
    def finds(dynasty):
        return len(index.find(Work(YAN.text, dynasty=dynasty)))

    assert [finds(name) for name in ("唐", "五代", "宋", "清代", "", "不详")] == [0, 0, 1, 1, 1, 1]
    undated = ReuseIndex.build([Work(WENG.text)])
    assert len(undated.find(Work(YAN.text, dynasty="先秦"))) == 1


def test_the_earliest_source_wins_then_the_first_given():
    def quoting(author, dynasty):
        return Work(f"{author}昨夜无人见，天若有情天亦老。何处登楼。", author=author, dynasty=dynasty)

    works = [quoting("无名", ""), quoting("孙洙", "宋"), LI_HE, quoting("后人", "唐")]
    (found,) = ReuseIndex.build(works).find(Work("天若有情天亦老，摇摇幽恨难禁。", dynasty="元"))
    assert found.source_author == "李贺"


def test_the_longer_match_is_kept_and_nothing_overlaps():
    short = Work("忽闻乌衣巷口，有人家。", author="短", dynasty="唐")
    (found,) = ReuseIndex.build([short, LIU]).find(Work("乌衣巷口夕阳斜，谁家。", dynasty="宋"))
    assert (found.source_author, found.evidence.quote) == ("刘禹锡", "乌衣巷口夕阳斜")


def test_what_stands_in_many_works_is_no_allusion():
    fillers = "甲乙丙丁戊己庚辛壬癸"
    limit = allusion.STOCK[4]

    def sources(count):
        return [Work(f"豆蔻梢头{fillers[i]}{fillers[i + 1]}{fillers[i]}，{fillers[i] * 6}。") for i in range(count)]

    work = Work("恨豆蔻梢头。")
    assert len(ReuseIndex.build(sources(limit)).find(work)) == 1
    assert ReuseIndex.build(sources(limit + 1)).find(work) == ()


def test_the_same_line_in_several_works_counts_once():
    works = [Work(f"{letter * 5}，{DU_MU.text}", given_id=letter) for letter in "甲乙丙丁"]
    assert len(ReuseIndex.build(works).find(Work("恨豆蔻梢头。"))) == 1


def test_common_words_that_meet_are_no_allusion():
    words = ["春风", "明月", "万里", "何处"]
    background = [Work(f"{a}子丑{b}寅，卯辰{b}巳午{a}。") for a in words for b in words if a != b] * 9
    index = ReuseIndex.build([*background, Work("春风万里卯寅丑，豆蔻梢头午巳辰。")])
    found = index.find(Work("春风万里，豆蔻梢头。"))
    assert [a.evidence.quote for a in found] == ["豆蔻梢头"]


def test_four_letters_across_the_feet_are_no_allusion(index):
    assert index.find(Work("入寻常百，蔻梢头二。", dynasty="宋")) == ()


@pytest.mark.parametrize("text", ["", "。，", "春", "□□□□□", "plain English words", "豆蔻\n梢头", "\ud800豆蔻"])
def test_texts_with_nothing_in_them(index, text):
    assert index.find(Work(text)) == ()


def test_lost_characters_match_nothing():
    index = ReuseIndex.build([Work("豆蔻□头二月初，落花□独立。")])
    assert index.find(Work("豆蔻□头，落花□独立，豆蔻梢头。")) == ()


def test_no_match_runs_over_into_the_next_work():
    index = ReuseIndex.build([Work("旧时王谢堂前燕"), Work("豆蔻梢头二月初")])
    found = index.find(Work("旧时王谢堂前燕，豆蔻梢头二月初"))
    assert [a.evidence.quote for a in found] == ["旧时王谢堂前燕", "豆蔻梢头二月初"]


def test_a_text_without_marks(index):
    text = "不见旧时王谢堂前燕飞入寻常百姓家落花人独立"
    found = index.find(Work(text, dynasty="宋"))
    assert [a.evidence.quote for a in found] == ["旧时王谢堂前燕飞入寻常百姓家", "落花人独立"]


def test_an_empty_index_finds_nothing(tmp_path):
    index = ReuseIndex.build([])
    assert index.find(YAN) == ()
    index.save(tmp_path)
    assert len(ReuseIndex.load(tmp_path)) == 0


@pytest.mark.parametrize(
    ("name", "rank"),
    [("先秦", 0), ("漢", 1), ("汉代", 1), ("晉", 3), ("南北朝", 4), ("唐朝", 6), ("北宋", 8), ("清", 12), ("代", None)],
)
def test_order_of_dynasties(name, rank):
    assert dynasty_rank(name) == rank


RARE = "鸾凤螭虬麒麟鸳鸯鹧鸪蟋蟀芙蓉菡萏蘼芜薜荔琵琶箜篌邂逅徘徊窈窕参差崔嵬缥缈潇湘𠀋𠂢"


def phrases(shortest, longest):
    letters = st.lists(st.sampled_from(RARE), min_size=shortest, max_size=longest, unique=True)
    return letters.map("".join)


@settings(max_examples=50, deadline=None)
@given(
    quote=phrases(5, 9),
    before=st.text(st.sampled_from("天地玄黄宇宙洪荒，。"), max_size=9),
    after=st.text(st.sampled_from("日月盈昃辰宿列张，。"), max_size=9),
    as_traditional=st.booleans(),
    source_traditional=st.booleans(),
    as_line=st.booleans(),
)
def test_planted_quotations_are_found_in_place(quote, before, after, as_traditional, source_traditional, as_line):
    source = Work(f"起承转合。{quote}，闰余成岁，律吕调阳，云腾致雨，露结为霜。")
    marks = "，" if as_line else ""
    text = f"{before}{marks}{quote}{marks}{after}"
    if source_traditional:
        source = traditional(source)
    if as_traditional:
        text = to_traditional(text)
    offset = len(before) + len(marks)
    found = ReuseIndex.build([source]).find(Work(text))
    assert [(a.evidence.start, a.evidence.end) for a in found] == [(offset, offset + len(quote))]
    (found,) = found
    assert text[found.evidence.start : found.evidence.end] == found.evidence.quote
    assert found.kind == "line"
    assert found.source_line == source.text[5 : 5 + len(quote)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(st.sampled_from("春江花月夜落人，。\n□兮，"), max_size=40), min_size=1, max_size=6), st.data())
def test_whatever_is_found_is_there(texts, data):
    works = [Work(text, given_id=str(number)) for number, text in enumerate(texts)]
    index = ReuseIndex.build(works)
    work = Work(data.draw(st.text(st.sampled_from("春江花月夜落人，。\n□兮，"), max_size=40)), given_id="new")
    by_id = {work.id: work for work in works}
    end = 0
    for found in index.find(work):
        evidence = found.evidence
        assert evidence.start >= end
        end = evidence.end
        assert work.text[evidence.start : evidence.end] == evidence.quote
        assert found.source_line in by_id[found.source_id].text
        quote = "".join(line.text for line in cut(evidence.quote))
        line = "".join(line.text for line in cut(found.source_line))
        if found.kind == "variant":
            assert 0 < sum(a != b for a, b in zip(quote, line, strict=True)) <= ngrams.CHANGES[len(quote)]
        else:
            assert len(quote) >= 4
            assert quote in line
    for work in works:
        assert all(found.source_id != work.id for found in index.find(work))


@settings(max_examples=50, deadline=None)
@given(phrases(7, 7), st.sets(st.integers(0, 6), min_size=1, max_size=2), st.booleans())
def test_every_variant_is_proposed(line, places, five):
    length = 5 if five else 7
    places = {min(places) % 5} if five else places
    line = line[:length]
    changed = "".join("甲" if place in places else letter for place, letter in enumerate(line))
    found = ReuseIndex.build([Work(f"{line}。")]).find(Work(f"乙丙，{changed}，丁戊己庚辛壬癸子丑。"))
    assert [(a.kind, a.evidence.quote) for a in found] == [("variant", changed)]


def test_blocks_of_keys_are_the_same_as_all_at_once(monkeypatch):
    lines = cut("".join(work.text for work in EARLIER))
    letters = ngrams.fold(line.text for line in lines)
    starts = ngrams.line_starts(lines, len(letters))
    at_once = ngrams.sorted_keys(letters, starts)
    monkeypatch.setattr(ngrams, "_BLOCK", 5)
    assert np.array_equal(ngrams.sorted_keys(letters, starts), at_once)


def test_keys_looked_up_in_portions_find_the_same(index, monkeypatch):
    work = Work(f"{YAN.text}\n{DU_MU.text}", dynasty="清")
    at_once = index.find(work)
    monkeypatch.setattr(allusion, "_KEYS_AT_A_TIME", 3)
    assert index.find(work) == at_once
    assert len(at_once) == 2


def test_saved_and_loaded_it_is_the_same(index, tmp_path):
    index.save(tmp_path / "new" / "folder")
    loaded = ReuseIndex.load(tmp_path / "new" / "folder")
    assert len(loaded) == 4
    assert loaded.find(YAN) == index.find(YAN) != ()
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["reuse.npz"]


def test_nothing_half_written_is_left(index, tmp_path, monkeypatch):
    index.save(tmp_path)
    whole = (tmp_path / "reuse.npz").read_bytes()

    def fail(file, **_):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="disk full"):
        index.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["reuse.npz"]
    assert (tmp_path / "reuse.npz").read_bytes() == whole


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_index_is_refused_or_harmless(index, tmp_path, data):
    index.save(tmp_path)
    file = tmp_path / "reuse.npz"
    whole = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        del whole[place:]
    else:
        whole[place] ^= data.draw(st.integers(1, 255))
    file.write_bytes(whole)
    try:
        loaded = ReuseIndex.load(tmp_path)
    except FormatError:
        return
    assert loaded.find(YAN) == index.find(YAN)  # the byte said nothing; a file's date, for example


@pytest.mark.parametrize("content", [b"", b"not an index", b"PK\x03\x04", b"\x93NUMPY"])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "reuse.npz").write_bytes(content)
    with pytest.raises(FormatError):
        ReuseIndex.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("version", lambda a: a + 1),
        ("letters", lambda a: a[:-1]),
        ("letters", lambda a: a.astype(np.int64)),
        ("starts", lambda a: ~a),
        ("keys", lambda a: a | np.uint64(0xFFFFFFFF)),
        ("first", lambda a: a[::-1].copy()),
        ("ends", lambda a: a + 1),
        ("ranks", lambda a: a[:-1]),
        ("ids", lambda a: a.reshape(1, -1)),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(index, tmp_path, name, spoil):
    index.save(tmp_path)
    with np.load(tmp_path / "reuse.npz") as file:
        arrays = dict(file)
    arrays[name] = spoil(arrays[name])
    np.savez(tmp_path / "reuse.npz", **arrays)
    with pytest.raises(FormatError):
        ReuseIndex.load(tmp_path)


def test_no_index_there(tmp_path):
    with pytest.raises(InputError, match="no reuse index"):
        ReuseIndex.load(tmp_path)


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.setattr(allusion, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "weng.txt").write_text(WENG.text, encoding="utf-8")
    return folder


def count_builds(monkeypatch):
    builds = []
    original = ReuseIndex.build.__func__

    def build(cls, works):
        builds.append(1)
        return original(cls, works)

    monkeypatch.setattr(ReuseIndex, "build", classmethod(build))
    return builds


def test_a_folder_is_indexed_once_and_again_when_it_changes(bank, tmp_path, monkeypatch):
    builds = count_builds(monkeypatch)
    assert len(index_for(bank).find(YAN)) == 1
    assert len(index_for(str(bank)).find(YAN)) == 1
    assert len(builds) == 1
    (bank / "weng.txt").write_text(DU_MU.text, encoding="utf-8")
    assert index_for(bank).find(YAN) == ()
    os.utime(bank / "weng.txt", ns=(1, 1))
    index_for(bank / "weng.txt")
    index_for(bank)
    assert len(builds) == 4
    assert len(list((tmp_path / "cache" / "reuse").iterdir())) == 2


def test_a_damaged_cache_is_built_again(bank, tmp_path, monkeypatch):
    index_for(bank)
    (file,) = (tmp_path / "cache" / "reuse").glob("*/reuse.npz")
    file.write_bytes(b"broken")
    assert len(index_for(bank).find(YAN)) == 1
    builds = count_builds(monkeypatch)
    index_for(bank)
    assert builds == []


def test_a_cache_that_cannot_be_written_costs_only_time(bank, tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    assert len(index_for(bank).find(YAN)) == 1


def test_where_nothing_can_be_read(bank):
    (bank / "weng.txt").unlink()
    with pytest.raises(InputError, match="no works"):
        index_for(bank)
    with pytest.raises(InputError, match="no such file"):
        index_for(bank / "nowhere")


def test_a_thousand_works_take_no_time():
    chosen = random.Random(5)
    han = [chr(code) for code in range(0x4E00, 0x5200)]
    works = [
        Work("".join("".join(chosen.choices(han, k=7)) + "，" for _ in range(8)), given_id=str(number))
        for number in range(1000)
    ]
    started = time.process_time()
    index = ReuseIndex.build(works)
    assert time.process_time() - started < 3
    started = time.process_time()
    for work in works[:200]:
        index.find(work)
    assert time.process_time() - started < 2
