import pytest

from luoshen.errors import FormatError
from luoshen.works.report import Rejected
from luoshen.works.tei import read_tei
from luoshen.works.work import Note, Work

HEADER = """<teiHeader><fileDesc><titleStmt><title>李白集</title><author>李白</author></titleStmt>
<publicationStmt><availability><licence target="https://creativecommons.org/publicdomain/zero/1.0/"/></availability>
</publicationStmt></fileDesc><profileDesc><creation><date>唐</date></creation></profileDesc></teiHeader>"""


def document(body: str, header: str = HEADER) -> bytes:
    return f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{header}<text><body>{body}</body></text></TEI>'.encode()


def read(data: bytes) -> list[Work]:
    items = list(read_tei(data, name="a.xml"))
    assert not any(isinstance(item, Rejected) for item in items)
    return [item for item in items if isinstance(item, Work)]


def test_verse_with_its_header_and_notes() -> None:
    (work,) = read(
        document(
            """<head>靜夜思</head>
            <lg><l>床<note>一作牀</note>前明月光，</l>
            <l>疑是地上霜。<note>《李太白集》</note></l></lg>
            <note>見卷六</note>
            <p>右一<lb/>首<gap quantity="2" unit="char"/></p>"""
        )
    )
    assert (work.title, work.text) == ("靜夜思", "床前明月光，\n疑是地上霜。\n右一\n首□□")
    assert (work.author, work.dynasty) == ("李白", "唐")
    assert work.sources[0].rights == "https://creativecommons.org/publicdomain/zero/1.0/"
    for note in work.notes:
        assert 0 <= note.at <= len(work.text)
    assert Note(work.text.index("前"), "一作牀") in work.notes
    assert Note(work.text.index("。") + 1, "《李太白集》") in work.notes


def test_titled_divisions_are_works_of_their_own() -> None:
    first, second = read(
        document(
            '<div><head>卷一</head><div xml:id="p1"><head>靜<note>注</note>夜思</head><lg><l>明月</l></lg></div>'
            "<div><head>春望</head><byline>杜甫</byline><ab>國破</ab></div></div>"
        )
    )
    assert (first.title, first.text, first.author, first.tags) == ("靜夜思", "明月", "李白", ("李白集",))
    assert first.sources[0].id == "p1"
    assert (second.title, second.text, second.author) == ("春望", "國破", "杜甫")


def test_variants_and_choices() -> None:
    (work,) = read(
        document(
            "<l>殘夜<app><lem>水</lem><rdg>月</rdg></app>明樓</l>"
            "<l><choice><sic>己</sic><corr>已</corr></choice>矣<del>乎</del></l>"
        )
    )
    assert work.text == "殘夜水明樓\n已矣"
    assert work.notes == (Note(3, "月", "variant"), Note(7, "己", "variant"))


def test_a_play() -> None:
    (work,) = read(document("<sp><speaker>旦</speaker><p>我去也<stage>下</stage>。</p></sp>"))
    assert work.text == "我去也。"
    assert [(note.at, note.text, note.kind) for note in work.notes] == [(0, "旦", "stage"), (3, "下", "stage")]


def test_a_corpus_of_several_documents_without_a_namespace() -> None:
    one = "<TEI><text><body><p>{}</p></body></text></TEI>"
    works = read(f"<teiCorpus>{one.format('明月')}{one.format('清 風 a  b')}</teiCorpus>".encode())
    assert [work.text for work in works] == ["明月", "清風a b"]


def test_places_hold_when_the_text_is_not_in_nfc() -> None:
    (work,) = read(document("<l>e\u0301te\u0301<note>n</note>月</l>"))
    assert work.text == "\u00e9t\u00e9月"
    assert work.notes[0].at == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<TEI>", "not well-formed"),
        (b"<\0", "range , line 1"),
        (b"<html/>", "root element is 'html'"),
        (b'<!DOCTYPE TEI [<!ENTITY a "x">]><TEI><text><body><p>&a;</p></body></text></TEI>', "declares entities"),
        (
            b'<!DOCTYPE TEI [<!ENTITY a SYSTEM "file:///etc/passwd">]><TEI><text><body><p>&a;</p></body></text></TEI>',
            "declares entities",
        ),
    ],
)
def test_what_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        list(read_tei(data, name="a.xml"))


def test_an_external_document_type_is_not_fetched() -> None:
    data = b'<!DOCTYPE TEI SYSTEM "http://example.invalid/tei.dtd">' + document("<p>明月</p>")
    assert read(data)[0].text == "明月"
