from pathlib import Path

import orjson
import pytest

from luoshen.works.chinese_poetry import NAME, RIGHTS, collection_of, find_dist
from luoshen.works.reading import read
from luoshen.works.report import ReadReport
from luoshen.works.work import Work

#: A made-up package in small, with a trap in every file.
PACKAGE: dict[str, object] = {
    "quantangshi/poet.tang.0.json": [
        {
            "author": "李白",
            "title": "靜夜思（二首）（見《文苑英華》卷二四○）",
            "paragraphs": ["牀前明月光（一作「看」），疑是地上[霜]。", "（《全唐詩》卷六。", "）。"],
            "id": "t1",
            "tags": ["月"],
        },
        {"author": "崔湜", "title": "", "paragraphs": ["。"], "id": "t2"},
        {"author": "皎然", "title": "春燕", "paragraphs": ["空。"], "id": "t3"},
        {"author": "無", "title": "句", "paragraphs": None, "id": "t4"},
        {"author": "王重民", "title": "前言", "paragraphs": ["今文。"], "id": "59da975c-ad0a-4cc9-b249-21b056316559"},
        "not a record",
    ],
    "quantangshi/poet.song.0.json": [
        {"author": "某", "title": "題", "paragraphs": ["{艹點}帳□開，", "〔太簇爲徵〕猗歟\ue829。"], "id": "s1"},
        {"author": "某", "title": "存目  其一", "paragraphs": ["首句：明月。"], "id": "s2"},
    ],
    "quantangshi/error/poet.tang.0.json": [{"author": "李白", "title": "x", "paragraphs": ["明月"], "id": "t1"}],
    "quantangshi/authors.tang.json": [{"name": "李白", "desc": "人"}],
    "quantangshi/唐诗三百首.json": [
        {"author": "李白", "title": "靜夜思", "paragraphs": ["牀前明月光"], "tags": ["唐诗三百首", "思乡"], "id": "t1"}
    ],
    "songci/ci.song.0.json": [
        {
            "author": "苏轼",
            "rhythmic": "木兰花・玉楼春",
            "paragraphs": ["倚杖け然\ufffd。"],
            "prologue": "序",
            "tags": ["西湖"],
        },
        {"author": "蒋捷", "rhythmic": "谒金门", "paragraphs": ["（缺词文）（缺词文）"]},
    ],
    "songci/author.song.json": [{"name": "苏轼"}],
    "yuanqu/yuanqu.json": [
        {"dynasty": "yuan", "author": "高明《琵琶记》", "title": "一枝花", "paragraphs": ["(旦唱)我去也。", "(下)。"]},
        {"dynasty": "yuan", "author": "关汉卿", "title": "窦娥冤・端正好", "paragraphs": ["天也。"]},
        {"dynasty": "yuan", "author": "关汉卿", "title": "尾・歌楼对酒楼，山光映水", "paragraphs": ["光。"]},
        {
            "dynasty": "yuan",
            "author": "刘秉忠",
            "title": "双调・蟾宫曲",
            "paragraphs": ["散诞逍遥。", "首页,{Content-Type=[text/html]}"],
        },
        {"dynasty": "yuan", "author": "某", "title": "南吕・十样锦", "paragraphs": None},
    ],
    "shijing/shijing.json": [
        {"title": "关雎", "chapter": "国风", "section": "周南", "content": ["关关雎鸠，", "在河之洲。"]}
    ],
    "chuci/chuci.json": [{"title": "湘君", "section": "九歌", "author": "屈原", "content": ["缇[糹習]，披华裳"]}],
    "caocaoshiji/caocao.json": [{"title": "短歌行", "paragraphs": ["譬如朝露(海 一作：水)"]}],
    "nalanxingde/诗集.json": [
        {"title": " 长相思·山一程 ", "para": ["山一程\xa0", "\xa0"], "author": "纳兰性德"},
        {"title": "秣陵怀古", "para": ["山色江声"], "author": "纳兰性德"},
    ],
    "wudaishici/huajianji/huajianji-1-juan.json": [
        {
            "title": "采莲子",
            "rhythmic": "采莲子",
            "author": "尹鹗 六首",
            "paragraphs": ["湖光秋（举棹）。"],
            "notes": ["1.秋--秋天。", "泛论"],
        }
    ],
    "wudaishici/nantang/intro.json": {"title": "南唐二主词"},
    "mengxue/tangshisanbaishou.json": {
        "title": "唐詩三百首",
        "content": [
            {
                "type": "五言絕句",
                "content": [
                    {"chapter": "遣懷", "subchapter": "其一", "author": "元稹", "paragraphs": ["寥落"]},
                    {"chapter": "行宮", "subchapter": "古行宮", "author": "元稹", "paragraphs": ["宮花"]},
                ],
            }
        ],
    },
    "mengxue/qianjiashi.json": {
        "title": "千家詩",
        "author": "謝枋得",
        "content": [
            {
                "type": "七言絕句",
                "content": [
                    {
                        "chapter": "雪梅",
                        "author": "（宋）盧梅坡",
                        "paragraphs": [
                            {"subchapter": "其一", "paragraphs": ["梅雪"]},
                            {"subchapter": "其二", "paragraphs": ["有梅"]},
                        ],
                    }
                ],
            }
        ],
    },
    "mengxue/guwenguanzhi.json": {
        "title": "古文觀止",
        "content": [
            {"title": "卷一", "content": [{"chapter": "鄭伯", "author": "兩漢：左丘明 ", "paragraphs": ["初（公）"]}]}
        ],
    },
    "mengxue/dizigui.json": {
        "title": "弟子規",
        "author": "李毓秀",
        "content": [{"chapter": "總敘", "paragraphs": ["聖人訓"]}],
    },
    "mengxue/qianziwen.json": {"title": "千字文", "author": "周興嗣", "tags": "南北朝", "paragraphs": ["天地玄黃"]},
    "lunyu/lunyu.json": [{"chapter": "学而篇", "paragraphs": ["子曰"]}],
    "youmengying/youmengying.json": [{"content": "读经宜冬", "comment": ["曹秋岳曰：可。"]}],
    "yudingquantangshi/json/001.json": [{"title": "x", "paragraphs": ["z1"]}],
    "strains/json/poet.tang.0.json": [{"strains": ["平平"]}],
    "rank/ci/ci.song.rank.0.json": [{"baidu": 1}],
    "new/unheard-of.json": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("package")
    for name, content in PACKAGE.items():
        path = root / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps(content))
    (root / "README.md").write_text("# chinese-poetry\n", "utf-8")
    return root


@pytest.fixture(scope="module")
def reading(package: Path) -> tuple[list[Work], ReadReport]:
    report = ReadReport()
    return list(read(package, report=report)), report


def find(reading: tuple[list[Work], ReadReport], text: str) -> Work:
    (work,) = (work for work in reading[0] if text in work.text)
    return work


def test_every_record_is_accounted_for(reading: tuple[list[Work], ReadReport]) -> None:
    works, report = reading
    assert report.seen == 31
    assert report.read == len(works) == 23
    assert report.left_out == {"no_text": 5, "index_only": 1, "modern_essay": 1, "bad_record": 1}
    assert report.damaged == {
        "lacuna": 1,
        "composed": 2,
        "private_use": 1,
        "replacement": 1,
        "foreign": 1,
        "text_in_title": 1,
        "http_header": 1,
    }
    assert report.damaged_works == 5
    assert report.files_left_out == {
        "subset_flagged_as_wrong": 1,
        "damaged_edition": 1,
        "tone_patterns": 1,
        "hit_counts": 1,
        "not_works": 3,
        "unknown_format": 1,
    }
    assert report.files_read + report.files_left_out.total() == len(PACKAGE)


def test_every_work_has_its_source_and_rights(reading: tuple[list[Work], ReadReport]) -> None:
    for work in reading[0]:
        (source,) = work.sources
        assert (source.name, source.rights) == (NAME, RIGHTS)
        assert source.id
        assert work.dynasty
        assert work.form
        assert work.given_id is None


def test_tang(reading: tuple[list[Work], ReadReport]) -> None:
    work = find(reading, "疑是")
    assert work.text == "牀前明月光，疑是地上霜。"
    assert (work.title, work.dynasty, work.form, work.tags) == ("靜夜思（二首）", "唐", "诗", ("月",))
    assert work.extra["title_notes"] == ["（見《文苑英華》卷二四○）"]
    assert [(note.at, note.kind) for note in work.notes] == [(5, "variant"), (10, "supplied"), (12, "citation")]
    assert work.sources[0].id == "t1"
    anthology = next(w for w in reading[0] if w.tags == ("唐诗三百首", "思乡"))
    assert anthology.text == "牀前明月光"


def test_song_by_the_name_of_its_file(reading: tuple[list[Work], ReadReport]) -> None:
    work = find(reading, "猗歟")
    assert work.dynasty == "宋"
    assert work.text.startswith("{艹點}帳□開")
    assert work.extra["damage"] == ("lacuna", "composed", "private_use")
    assert work.notes[0].kind == "music"


def test_ci(reading: tuple[list[Work], ReadReport]) -> None:
    work = find(reading, "倚杖")
    assert (work.title, work.form, work.tags) == ("木兰花・玉楼春", "词", ("木兰花", "西湖"))
    assert work.extra["preface"] == "序"
    refrain = find(reading, "湖光秋")
    assert (refrain.author, refrain.dynasty, refrain.tags) == ("尹鹗", "五代", ("花间集", "采莲子"))
    assert [(note.at, note.kind) for note in refrain.notes] == [(2, "gloss"), (3, "refrain"), (4, "editorial")]


def test_qu(reading: tuple[list[Work], ReadReport]) -> None:
    scene = find(reading, "我去也")
    assert (scene.author, scene.extra["play"], scene.form, scene.text) == ("高明", "琵琶记", "曲", "我去也。")
    assert [note.kind for note in scene.notes] == ["stage", "stage"]
    assert find(reading, "天也").extra == {"play": "窦娥冤", "tune": "端正好"}
    joined = find(reading, "歌楼")
    assert (joined.title, joined.text) == ("尾", "歌楼对酒楼，山光映水光。")
    header = find(reading, "散诞")
    assert header.text == "散诞逍遥。"
    assert (header.extra["mode"], header.extra["tune"]) == ("双调", "蟾宫曲")


def test_the_other_collections(reading: tuple[list[Work], ReadReport]) -> None:
    def facts(text: str) -> tuple[str, str, str, str, tuple[str, ...]]:
        work = find(reading, text)
        return work.title, work.author, work.dynasty, work.form, work.tags

    assert facts("关关") == ("关雎", "", "先秦", "诗", ("诗经", "国风", "周南"))
    assert facts("缇[糹習]") == ("湘君", "屈原", "先秦", "辞", ("楚辞", "九歌"))
    assert facts("朝露") == ("短歌行", "曹操", "魏", "诗", ())
    assert find(reading, "朝露").text == "譬如朝露"
    assert facts("山一程") == ("长相思·山一程", "纳兰性德", "清", "词", ("长相思",))
    assert facts("山色") == ("秣陵怀古", "纳兰性德", "清", "诗", ())
    assert facts("寥落") == ("遣懷 其一", "元稹", "唐", "诗", ("唐诗三百首", "五言絕句"))
    assert facts("宮花")[0] == "行宮"
    assert find(reading, "宮花").extra["other_title"] == "古行宮"
    assert facts("有梅") == ("雪梅 其二", "盧梅坡", "宋", "诗", ("千家诗", "七言絕句"))
    assert facts("初（公）") == ("鄭伯", "左丘明", "汉", "文", ("古文观止", "卷一"))
    assert facts("聖人訓") == ("弟子規·總敘", "李毓秀", "清", "蒙书", ())
    assert facts("玄黃") == ("千字文", "周興嗣", "南北朝", "蒙书", ())
    assert facts("子曰") == ("论语·学而篇", "", "先秦", "文", ("论语",))
    assert facts("读经") == ("幽梦影", "张潮", "清", "文", ("幽梦影",))


def test_any_part_of_the_package_is_read_by_the_same_rules(package: Path) -> None:
    dist = package / "dist"
    assert sum(1 for _ in read(dist)) == 23
    assert [work.form for work in read(dist / "yuanqu")] == ["曲"] * 4
    assert [work.dynasty for work in read(dist / "caocaoshiji" / "caocao.json")] == ["魏"]
    assert find_dist(dist / "songci" / "ci.song.0.json") == dist
    assert find_dist(package.parent) is None


def test_a_broken_file_of_the_package_is_reported(package: Path, tmp_path: Path) -> None:
    (tmp_path / "songci").mkdir()
    (tmp_path / "quantangshi").mkdir()
    (tmp_path / "songci" / "ci.song.0.json").write_bytes(b"[{")
    report = ReadReport()
    assert list(read(tmp_path, report=report)) == []
    assert report.files_left_out == {"unreadable": 1}


def test_what_is_left_out_says_why() -> None:
    assert collection_of("rank/poet/x.json") == "hit_counts"
    assert collection_of("elsewhere.json") == "unknown_format"
