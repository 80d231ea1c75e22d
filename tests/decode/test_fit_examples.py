import json

import numpy as np
import pytest

from luoshen.decode.fit_examples import read_examples
from luoshen.errors import InputError


def table(tmp_path, rows, heading="text,label", name="data.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes("\n".join([heading, *rows]).encode(encoding))
    return path


def labelled(*labels, each=5):
    return [f"春风第{number}首{label},{label}" for number in range(each) for label in labels]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_in_any_encoding(tmp_path, encoding):
    examples = read_examples(table(tmp_path, ["明月松间照,清泉石上流", *labelled("喜", "悲")], encoding=encoding))
    assert examples.kind == "label"
    assert examples.labels == ("喜", "悲")
    assert examples.texts[0] == "春风第0首喜"
    assert examples.targets.tolist() == [0, 1] * 5
    assert examples.rare == {"清泉石上流": 1}
    assert examples.source == "data.csv"
    assert examples.scale is None


def test_other_columns_and_groups(tmp_path):
    rows = [f"李白\t春风{n}\t{'喜悲'[n % 2]}" for n in range(10)]
    path = table(tmp_path, [*rows, "\t孤舟\t喜", "\t寒江\t喜"], "poet\t诗\tmood", "data.tsv")
    examples = read_examples(path, text_column="诗", label_column="mood", group_column="poet")
    assert examples.groups[:10] == ["李白"] * 10
    assert len({*examples.groups[10:], "李白"}) == 3  # without a poet, each is alone


def test_several_labels_and_rows_without_one(tmp_path):
    rows = [f"春风{n},{'边塞|送别' if n % 2 else '边塞'}" for n in range(10)]
    examples = read_examples(table(tmp_path, [*rows, "秋水,", "寒江,送别｜边塞｜送别"]))
    assert examples.kind == "labels"
    assert examples.labels == ("边塞", "送别")
    assert examples.targets[[0, 1, 10]].tolist() == [[True, False], [True, True], [True, True]]
    assert examples.unlabelled == 1


def test_rare_labels_go_and_their_works_with_them_unless_they_have_another(tmp_path):
    rows = [*labelled("喜", "悲"), "孤舟,怒", "寒江,怒|喜"]
    examples = read_examples(table(tmp_path, rows))
    assert examples.labels == ("喜", "悲")
    assert "孤舟" not in examples.texts
    assert examples.targets[examples.texts.index("寒江")].tolist() == [True, False]
    assert examples.rare == {"怒": 2}


def test_whole_numbers_are_labels_in_their_own_order(tmp_path):
    examples = read_examples(table(tmp_path, labelled("10", "2.0", "-1")))
    assert examples.kind == "label"
    assert examples.labels == ("-1", "2", "10")
    assert examples.scale.tolist() == [-1, 2, 10]


@pytest.mark.parametrize("values", [[0.5, 1.5, 2.0], list(range(700, 730))])
def test_fractions_and_many_whole_numbers_are_numbers(tmp_path, values):
    rows = [f"春风{n},{values[n % len(values)]}" for n in range(30)]
    examples = read_examples(table(tmp_path, rows))
    assert examples.kind == "number"
    np.testing.assert_array_equal(examples.targets, [float(values[n % len(values)]) for n in range(30)])
    assert read_examples(table(tmp_path, rows * 5), kind="label").kind == "label"


def test_one_kind_can_be_taken_for_another(tmp_path):
    rows = [f"春风{n},{'边塞|送别' if n % 2 else '边塞'}" for n in range(10)]
    assert read_examples(table(tmp_path, rows), kind="label").labels == ("边塞", "边塞|送别")
    assert read_examples(table(tmp_path, labelled("喜", "悲")), kind="labels").targets.shape == (10, 2)


@pytest.mark.parametrize("name", ["data.jsonl", "data.json"])
def test_json(tmp_path, name):
    records = [{"text": ["春风", f"第{n}首"], "label": ["甲", "乙"] if n % 2 else "甲", "poet": n} for n in range(10)]
    whole = json.dumps(records) if name == "data.json" else "\n".join(map(json.dumps, records))
    (tmp_path / name).write_text(whole)
    examples = read_examples(tmp_path / name, group_column="poet")
    assert examples.kind == "labels"
    assert examples.texts[1] == "春风\n第1首"
    assert examples.groups[3] == "3"


BAD = {
    "no such column": (["春风,喜"], {"label_column": "mood"}, "no column 'mood'; there are: 'text', 'label'"),
    "no such group": (["春风,喜"], {"group_column": "poet"}, "no column 'poet'"),
    "one label": (labelled("喜"), {}, "two labels or more"),
    "too few of each": (labelled("喜", "悲", each=4), {}, "'喜' 4"),
    "no labels": (["春风,", "秋水,"], {}, "no row has a label"),
    "no rows": ([], {}, "no row has a label"),
    "empty texts": ([*labelled("喜", "悲"), ",喜", "……,悲"], {}, "row 11, row 12: no letters in 'text'"),
    "too many fields": (["春风,喜", "明月,松间,喜"], {}, "row 2: 3 fields"),
    "an open quotation mark": (["春风,喜", '"明月,喜'], {}, "row 2"),
    "no number": (["春风,3", "秋水,x"], {"kind": "number"}, "row 2: 'x' in 'label' is no number"),
    "not finite": (["春风,3", "秋水,inf"], {"kind": "number"}, "row 2: 'inf'"),
    "two numbers": (["春风,3", "秋水,1|2"], {"kind": "number"}, r"row 2: '1\|2'"),
    "few numbers": ([f"春风{n},{n}" for n in range(19)], {"kind": "number"}, "there are 19"),
    "one number": ([f"春风{n},7" for n in range(30)], {"kind": "number"}, "differ"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_learned_from_is_named_with_its_place(tmp_path, bad):
    rows, options, message = BAD[bad]
    with pytest.raises(InputError, match=message) as caught:
        read_examples(table(tmp_path, rows), **options)
    assert "data.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"text": "春"', "line 1: not valid JSON"),
        ("a.jsonl", '{"text": "春", "label": "a"}\n3', "line 2: an object"),
        ("a.json", "[1]", "record 1: an object"),
        ("a.json", "{}", "no column 'text'; there are: none"),
        ("a.csv", "", "no column 'text'; there are: none"),
    ],
)
def test_bad_files(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=message):
        read_examples(tmp_path / name)


def test_no_such_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_examples(tmp_path / "none.csv")
