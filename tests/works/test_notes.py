import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.works.notes import drama, editorial, lift
from luoshen.works.work import Note

MARKS = st.text(st.sampled_from("明月光，。\n（）()[]［］〔〕〖〗一三作《》見云旦□"), max_size=40)


@pytest.mark.parametrize(
    ("text", "clean", "notes"),
    [
        ("殘夜水（一作「月」）明樓。", "殘夜水明樓。", [(3, "（一作「月」）", "variant")]),
        (
            "一片冰心。\n（《全唐詩》卷一。\n又見《詩話》。\n）。",
            "一片冰心。",
            [(5, "（《全唐詩》卷一。又見《詩話》。）", "citation")],
        ),
        ("千[里]握兵符。", "千里握兵符。", [(1, "[里]", "supplied")]),
        ("長[宵]（霄）獨恨。", "長宵獨恨。", [(1, "[宵]", "supplied"), (2, "（霄）", "editorial")]),
        ("三危[七]鎮羣望〖1〗。", "三危鎮羣望。", [(2, "[七]", "marker"), (5, "〖1〗", "marker")]),
        ("〔太簇爲徵〕猗歟禖宮，", "猗歟禖宮，", [(0, "〔太簇爲徵〕", "music")]),
        ("湖光秋（举棹），", "湖光秋，", [(3, "（举棹）", "refrain")]),
        ("富（下缺）。", "富。", [(1, "（下缺）", "gap")]),
        ("圌（音纏）山", "圌山", [(1, "（音纏）", "gloss")]),
        ("甲。\n（外（內）注《書》）。\n乙。", "甲。\n乙。", [(2, "（外（內）注《書》）", "citation")]),
        ("甲。\n（《書》一（《志》二。\n）。", "甲。", [(2, "（《書》一（《志》二。）。", "citation")]),
        ("爐[H。70x]氊", "爐[H。70x]氊", []),
        ("明月（光", "明月（光", []),
        ("（全注）。", "", [(0, "（全注）", "editorial")]),
        ("無注。", "無注。", []),
    ],
)
def test_editions(text: str, clean: str, notes: list[tuple[int, str, str]]) -> None:
    assert lift(text) == (clean, tuple(Note(*note) for note in notes))


@pytest.mark.parametrize(
    ("text", "clean", "stages"),
    [
        ("(正末唱)我去也。\n（旦云)你去。\n(下)。", "我去也。\n你去。", ["(正末唱)", "（旦云)", "(下)"]),
        ("［旦］安然。［外、净上］", "安然。", ["［旦］", "［外、净上］"]),
        ("一曲〔满庭芳〕，又［满庭芳］", "一曲〔满庭芳〕，又［满庭芳］", []),
        ("(搽旦云，大人！\n(张千云)禀爷", "(搽旦云，大人！\n禀爷", ["(张千云)"]),
    ],
)
def test_stage_directions(text: str, clean: str, stages: list[str]) -> None:
    result, notes = lift(text, drama)
    assert result == clean
    assert [note.text for note in notes] == stages
    assert {note.kind for note in notes} <= {"stage"}


@given(MARKS, st.sampled_from([editorial, drama]))
def test_places_are_in_order_and_no_letter_is_lost(text: str, judge: object) -> None:
    clean, notes = lift(text, judge)  # type: ignore[arg-type]
    places = [note.at for note in notes]
    assert places == sorted(places)
    assert all(0 <= at <= len(clean) for at in places)
    lifted = "".join(note.text for note in notes if note.kind != "supplied")
    assert sorted(filter(str.isalpha, text)) == sorted(filter(str.isalpha, clean + lifted))


@given(st.lists(st.sampled_from(["明月", "（一作風）", "，", "（《書》）", "清光"])))
def test_notes_go_back_to_where_they_stood(pieces: list[str]) -> None:
    text = "松" + "".join(pieces)
    clean, notes = lift(text)
    for note in reversed(notes):
        clean = clean[: note.at] + note.text + clean[note.at :]
    assert clean == text
