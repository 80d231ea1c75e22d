"""Bad input, end to end: a clear error or a Profile, never a traceback, and offsets that hold.

``LUOSHEN_FUZZ=10000`` spreads that many random cases over the properties here; without it a smaller, fixed draw.
"""

import io
import json
import os
import unicodedata
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from lxml import etree

import luoshen
from luoshen.cli.main import group
from luoshen.errors import InputError
from luoshen.genes.contract import validate
from luoshen.prosody import analyse
from luoshen.works.report import ReadReport

CASES = int(os.environ.get("LUOSHEN_FUZZ", "600"))
LONG_RUN = "LUOSHEN_FUZZ" in os.environ

pytestmark = pytest.mark.model


def share(part):
    """The settings of a property that gets this part of all cases."""
    return settings(
        max_examples=max(1, round(CASES * part)),
        deadline=None,
        derandomize=not LONG_RUN,
        suppress_health_check=list(HealthCheck),
    )


POEM = "空山不见人，但闻人语响。返景入深林，复照青苔上。"
#: Whole things that a random character would hardly ever make.
PIECES = [
    *(
        "空山不见人，",
        "但闻人语响。",
        "國破山河在",
        "枯藤老树昏鸦",
        "兮",
        "水调歌头",
        "（一作鬦）",
        "〔太簇爲徵〕",
        "[三]",
        "【",
        "（",
    ),
    *(
        "{木*子}",
        "□",
        "⿰木子",
        "<走山>",
        "𠀀𠮷𪚥",
        "豈金",
        "e\u0301",
        "か\u3099",
        "\u1112\u1161\u11ab",
        "葛\U000e0100",
    ),
    *(
        "\ud800",
        "\udfff",
        "\ud83d",
        "\udcff",
        "\u202e",
        "\u2066山\u2069",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\x00",
    ),
    *(
        "👨‍👩‍👧",
        "🏴\U000e0067\U000e007f",
        "🙂",
        "\u0301\u0301\u0301",
        "\ufffd",
        "\ue000",
        "\U0010ffff",
        "\x1b[31m",
        "\x07",
        "\x85",
    ),
    *("\n", "\r\n", "\r", "\u2028", "\t", "\u3000", " ", "。", "，", "！？", "……", "——", "、", "·"),
    *(
        "# ",
        "## 其一\n",
        "---\n",
        "title: x\n",
        "作者：",
        "> ",
        "<!-- ",
        "-->",
        "{",
        "}",
        "[",
        "]",
        '"',
        "\\",
        "\\ud800",
        ",",
        "<TEI>",
    ),
    *(
        "abc",
        "42",
        "ﷺ",
        "שלום",
        "ᄒ",
        "ｱ",
        "Ａ",
        "한글",
        "ǆ",
        "ﬁ",
        "İ",
        "ẞ",
        "null",
        "NaN",
        "%s",
        "{0}",
        "../",
        "-",
        "--json",
    ),
]
HAN = st.characters(categories=["Lo"], min_codepoint=0x3400, max_codepoint=0x323AF)
ANY = st.characters(categories=["L", "M", "N", "P", "S", "Z", "C"])
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), HAN, ANY, st.text(HAN, max_size=12)), max_size=40).map("".join)
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "gb18030",
    "gbk",
    "big5",
    "big5hkscs",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "latin-1",
]
RECORDS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.dictionaries(
            st.sampled_from(["text", "title", "author", "id", "tags", "paragraphs", "正文", "x"]), inside, max_size=5
        ),
    ),
    max_leaves=8,
)


@st.composite
def encoded(draw):
    """Text in some encoding, often with a byte changed, cut off or put in."""
    source = draw(st.one_of(TEXTS, RECORDS.map(lambda record: json.dumps(record, ensure_ascii=False))))
    data = bytearray(
        source.encode(
            draw(st.sampled_from(ENCODINGS)), draw(st.sampled_from(["ignore", "replace", "xmlcharrefreplace"]))
        )
    )
    damage = draw(st.sampled_from(["none", "none", "change", "cut", "put in"]))
    if data and damage != "none":
        at = draw(st.integers(0, len(data) - 1))
        data[at : len(data) if damage == "cut" else at + (damage == "change")] = draw(st.binary(max_size=3))
    return bytes(data)


@st.composite
def structured(draw):
    """Something that has nearly the form of JSON, JSON Lines, a table or TEI."""
    cells = st.one_of(TEXTS, st.just(POEM))
    kind = draw(st.sampled_from(["json", "jsonl", "table", "tei", "markdown"]))
    if kind == "json":
        text = json.dumps(draw(RECORDS), ensure_ascii=draw(st.booleans()))
    elif kind == "jsonl":
        text = "\n".join(json.dumps(record, ensure_ascii=False) for record in draw(st.lists(RECORDS, max_size=5)))
    elif kind == "table":
        rows = [["id", "text", "title"], *draw(st.lists(st.lists(cells, max_size=4), max_size=5))]
        quote = draw(st.sampled_from(["", '"']))
        text = "\n".join(
            draw(st.sampled_from([",", "\t", ";"])).join(f"{quote}{cell}{quote}" for cell in row) for row in rows
        )
    elif kind == "tei":
        lines = "".join(f"<l>{line}</l>" for line in draw(st.lists(cells, max_size=4)))
        text = f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><lg>{lines}</lg></body></text></TEI>'
    else:
        text = "\n".join(f"## {title}\n\n{body}" for title, body in draw(st.lists(st.tuples(cells, cells), max_size=4)))
    return text.encode("utf-8", draw(st.sampled_from(["ignore", "surrogatepass"])))


DATA = st.one_of(encoded(), structured(), st.binary(max_size=300))
SUFFIXES = [".txt", ".md", ".json", ".jsonl", ".csv", ".tsv", ".xml", ""]


def assert_holds(profile, text):
    """Every quotation stands in the text where it says, and the Profile keeps its published form."""
    quoted = [evidence for gene in profile.genes for evidence in gene.evidence]
    quoted += [evidence for image in profile.imagery for evidence in image.evidence]
    quoted += [allusion.evidence for allusion in profile.allusions]
    for evidence in quoted:
        assert 0 <= evidence.start < evidence.end <= len(text)
        assert text[evidence.start : evidence.end] == evidence.quote
    for line in (profile.prosody or {}).get("lines", ()):
        assert 0 <= line["start"] < line["end"] <= len(text)
    assert all(-2 <= value <= 2 for value in (profile.valence,))
    validate(json.loads(orjson.dumps(profile.to_dict())))


def assert_clear(error):
    """A message on one line that cannot steer the terminal."""
    event("refused")
    assert str(error)
    assert str(error).isprintable()


def invoke(*arguments, stdin=None, ours=False):
    """The command's result, which is a success, or one clear line and exit status 2 (or 1, a failure of ours)."""
    result = CliRunner().invoke(group, arguments, input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 1, 2), result.output
    assert "Traceback" not in result.output
    assert ours or result.exit_code != 1, result.stderr
    if result.exit_code:
        assert result.stderr.strip()
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@share(0.3)
@given(TEXTS)
def test_any_text_decodes_or_is_a_clear_error(text):
    try:
        profile = luoshen.decode(text)
    except InputError as error:
        assert_clear(error)
        return
    assert_holds(profile, unicodedata.normalize("NFC", text))


@share(0.25)
@given(DATA, st.sampled_from([None, *SUFFIXES]))
def test_any_bytes_are_read_or_are_a_clear_error(folder, data, suffix):
    report = ReadReport()
    works = []
    path = folder / f"read{suffix}"
    path.write_bytes(data)
    try:
        works = list(luoshen.read(io.BytesIO(data) if suffix is None else path, report=report))
    except InputError as error:
        assert_clear(error)
    assert report.read == len(works)
    assert report.seen == report.read + report.left_out.total()
    for work in works:
        event("read")
        assert any(map(str.isalpha, work.text))
        assert unicodedata.is_normalized("NFC", work.text)
        for value in (work.text, work.title, work.author, work.dynasty, work.id):
            assert "\0" not in value
            value.encode()
        assert len(work.id) > 0
    orjson.dumps(report.to_dict())


COMMANDS = [
    ("decode",),
    ("decode", "--json"),
    ("decode", "--json", "--all-genes", "--embedding"),
    ("prosody",),
    ("prosody", "--json"),
]
VIEWS = [(), ("--lang", "zh"), ("--lang", "en", "--script", "traditional"), ("--script", "simplified")]


def lines_of(output):
    """JSON Lines; only a line feed ends one, and not the U+2028 that a title may hold."""
    return [json.loads(line) for line in output.split("\n") if line]


def assert_json(output):
    """One indented object, or a line each, each with an id."""
    one = output.startswith("{\n")
    found = [json.loads(output)] if one else lines_of(output)
    assert all(record["id"] for record in found)


@share(0.2)
@given(DATA, st.sampled_from(SUFFIXES), st.sampled_from(COMMANDS), st.sampled_from(VIEWS), st.booleans())
def test_any_file_through_the_command_line(folder, data, suffix, command, view, piped):
    path = folder / f"work{suffix}"
    path.write_bytes(data)
    result = invoke(*command, *view, *(("-",) if piped else (str(path),)), stdin=data if piped else None)
    event(f"status {result.exit_code}")
    assert "\x1b" not in result.stdout
    assert "\0" not in result.stdout
    if "--json" in command:
        assert_json(result.stdout)


@share(0.1)
@given(TEXTS, TEXTS, st.sampled_from(COMMANDS), st.sampled_from(VIEWS))
def test_any_text_through_the_command_line(text, title, command, view):
    result = invoke(*command, *view, "--title", title, "--", text)
    event(f"status {result.exit_code}")
    assert "\x1b" not in result.stdout
    if "--json" in command and result.exit_code == 0 and result.stdout:
        assert_json(result.stdout)


@st.composite
def json_lines(draw):
    """Lines, each with whether it is good, and its id if one can be made out."""
    lines = []
    for number in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(["good", "good", "any text", "record", "bytes", "blank"]))
        known = f"w{number}"
        if kind == "good":
            body = json.dumps({"id": known, "text": draw(st.sampled_from([POEM, "國破山河在", "a", "𠀀"]))}).encode()
        elif kind == "any text":
            body = json.dumps({"id": known, "text": draw(TEXTS), "title": draw(TEXTS)}).encode()
        elif kind == "record":
            body = json.dumps(draw(RECORDS), ensure_ascii=False).encode("utf-8", "surrogatepass")
        else:
            body = draw(st.binary(max_size=40)) if kind == "bytes" else draw(st.sampled_from([b"", b"  ", b"\r"]))
        lines.append((kind, known, body.replace(b"\n", b" ")))
    return lines


@share(0.15)
@given(json_lines(), st.booleans(), st.sampled_from([(), ("--all-genes",), ("--embedding",)]))
def test_json_lines_keep_their_order_whatever_stands_between(folder, lines, piped, options):
    data = b"\n".join(body for *_, body in lines)
    path = folder / "works.jsonl"
    path.write_bytes(data)
    result = invoke("decode", "--jsonl", "-" if piped else str(path), "--workers", "1", *options, stdin=data)
    written = lines_of(result.stdout)
    # A byte order mark at the start is taken off, and then the line may be blank.
    wanted = [
        (kind, known)
        for number, (kind, known, body) in enumerate(lines)
        if (body if number else body.removeprefix(b"\xef\xbb\xbf")).strip()
    ]
    assert len(written) == len(wanted)
    for (kind, known), record in zip(wanted, written, strict=True):
        if kind == "good":
            assert record["id"] == known
            assert "genes" in record
        elif kind == "any text":
            assert record["id"] in (known, None)
        assert ("error" in record) != ("genes" in record)
        if "error" in record:
            assert set(record) == {"id", "error"}
            assert record["error"]
        else:
            validate(record)
    assert result.exit_code == (2 if any("error" in record for record in written) else 0)


def test_bad_lines_in_the_middle_stop_nothing(folder):
    good = json.dumps({"id": "g", "text": POEM})
    bad = ["{", '{"id": "x"}', "null", '{"id": "y", "text": ""}', '{"id": "z", "text": "\\ud800"}', '"，"', "[]", "nan"]
    lines = [line for each in bad for line in (good, each)] + [good]
    result = invoke("decode", "--jsonl", "-", stdin="\n".join(lines))
    records = lines_of(result.stdout)
    assert ["error" in record for record in records] == [False, True] * len(bad) + [False]
    assert [record["id"] for record in records[3:10:2]] == ["x", None, "y", None]
    assert result.exit_code == 2
    assert str(len(bad)) in result.stderr


EMPTY = [
    b"",
    b"\n",
    b" \t\r\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\0",
    b"\0" * 5000,
    "，。！？".encode(),
    "……".encode("gb18030"),
    b"{}",
    b"[]",
]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("data", EMPTY)
def test_a_file_with_nothing_in_it_is_bad_input(folder, data, suffix):
    path = folder / f"nothing{suffix}"
    path.write_bytes(data)
    for command in COMMANDS:
        result = invoke(*command, str(path))
        assert result.exit_code == 2, (command, result.output)
        assert result.stdout == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "，。！？",
        "🙂🙂",
        "\u0301\u0301",
        "\u200b\u202e",
        "\ufffd",
        "42",
        "\ue000",
        "\U0010ffff",
        "。" * 99999,
    ],
)
def test_a_text_without_letters_is_an_empty_profile_or_bad_input(text):
    profile = luoshen.decode(text)
    assert_holds(profile, text)
    assert profile.genes == ()
    for command in COMMANDS:
        invoke(*command, "--", text)


LINES = {
    "verse": "空山不见人，但闻人语响。",
    "without marks": "空山不见人但闻人语响",
    "beyond the BMP": "𠀀𠮷𪚥",
    "combining": "山\u0301\u0302\u0303",
    "brackets": "（〔[【山",
    "composed": "{木*子}",
    "headings": "# 山\n## 水\n",
    "particles": "兮，",
    "no letter": "🙂",
}


@pytest.mark.parametrize("kind", LINES)
def test_a_megabyte(folder, kind):
    """All of it is read and scanned; what is decoded is as much as the time for tests allows."""
    size = 1 << 20
    text = LINES[kind] * (size // len(LINES[kind].encode()))
    path = folder / "long.txt"
    path.write_text(text, encoding="utf-8")
    works = list(luoshen.read(path))
    assert bool(works) == (kind != "no letter")
    verdict = analyse(text)
    assert sum(len(scanned.line.text) for scanned in verdict.lines) <= len(text)
    if not LONG_RUN:
        text = text[: 1 << 13]
    assert_holds(luoshen.decode(text), text)


def test_a_line_of_a_megabyte_among_bad_lines():
    record = json.dumps({"id": "long", "text": "……，🙂🙂🙂山" * 44000}, ensure_ascii=False)
    assert len(record.encode()) > 1 << 20
    result = invoke("decode", "--jsonl", "-", "--workers", "1", stdin=f"{{\n{record}\n{{\n")
    assert [record["id"] for record in lines_of(result.stdout)] == [None, "long", None]
    assert result.exit_code == 2


@share(0.02)
@given(TEXTS, TEXTS)
def test_a_picture_of_anything_is_well_formed(folder, text, title):
    path: Path = folder / "picture.svg"
    path.unlink(missing_ok=True)
    result = invoke("decode", "--picture", str(path), "--title", title, "--", text)
    if result.exit_code == 0:
        etree.parse(path)


@share(0.03)
@given(DATA, st.sampled_from(SUFFIXES), st.sampled_from(["--against", "--decoder"]))
def test_earlier_works_and_decoders_of_any_bytes(folder, data, suffix, option):
    path = folder / f"given{suffix}"
    path.write_bytes(data)
    # A decoder that is none may count as a damaged model.
    result = invoke("decode", "--json", option, str(path), POEM, ours=option == "--decoder")
    if result.exit_code == 0:
        assert_json(result.stdout)
