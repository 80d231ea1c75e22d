import importlib.util
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from luoshen.cli import card as command
from luoshen.cli.main import group

spec = importlib.util.spec_from_file_location("evaluate_card", Path(__file__).parents[2] / "evaluate/card.py")
assert spec is not None
assert spec.loader is not None
maker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(maker)

FIGURES = {
    "name": "luoshen-9",
    "date": "2031-02-03",
    "labels": {"reference": 4321, "later": 8765, "blind": {"all": {"works": 211, "set_f1": 0.813}}},
    "folds": 7,
    "metrics": {
        "set_f1": {"value": 0.6123, "low": 0.6011, "high": 0.6234, "direction": "higher", "goal": 0.7},
        "ece": {"value": 0.0312, "low": 0.0287, "high": 0.0345, "direction": "lower", "goal": 0.05},
        "valence_r": {"value": 0.871, "low": 0.861, "high": 0.881, "direction": "higher", "goal": 0.8},
        "a_new_one": {"value": 0.222},
    },
    "floor": {"name": "TF-IDF", "set_f1": 0.456, "valence_r": 0.567},
    "other": {"name": "GuwenX", "metrics": {"set_f1": {"value": 0.5432, "low": 0.532, "high": 0.554}}},
    "per_gene": {
        "空灵": {"ap": 0.641, "f1": 0.593, "support": 512},
        "雄浑": {"ap": 0.731, "f1": 0.683, "support": 1513},
    },
    "speed": {"works_per_second": 312.4, "threads": 2},
    "size_mb": 7.6,
    "training": {"pretraining_tokens": 21987654, "minutes": 74, "seed": 77},
}


def numbers(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, int | float):
        yield value


def standing(text):
    """Every number of a text, without its thousands' commas."""
    return {float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def rows(text):
    """A table's cells by its first cell."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return {cells[0]: cells[1:] for cells in lines}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_number_stands_in_the_card(language):
    text = maker.card(FIGURES, language)
    wanted = set(numbers(FIGURES))
    assert len(wanted) > 30
    assert {round(number, 3) for number in wanted} <= standing(text)
    for name in ("luoshen-9", "2031-02-03", "TF-IDF", "GuwenX", "空灵", "雄浑"):
        assert name in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_changed_number_changes_the_card(language):
    text = maker.card({**FIGURES, "size_mb": 8.8}, language)
    assert "8.8 MB" in text
    assert "7.6" not in text


def test_values_goals_and_comparisons_stand_in_their_own_columns():
    table = rows(maker.card(FIGURES, "en"))
    assert table["Measure"] == ["This model", "Goal", "TF-IDF", "GuwenX"]
    assert table["Set of genes, F1 against the reader's set ↑"] == [
        "0.612 [0.601, 0.623]",
        "0.700 (not reached)",
        "0.456",
        "0.543 [0.532, 0.554]",
    ]
    assert table["Calibration error of the confidences (ECE) ↓"][1:] == ["0.050 (reached)", "–", "–"]
    assert table["Valence, Pearson r with the reader's ↑"][1] == "0.800 (reached)"
    assert table["a new one"] == ["0.222", "–", "–", "–"]


def test_genes_go_from_the_best_supported_down():
    names = list(rows(maker.card(FIGURES, "en")))
    assert names.index("雄浑 grandeur") < names.index("空灵 ethereality")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_figures_a_card_has_no_empty_section(language):
    text = maker.card({}, language)
    assert "|" not in text
    assert "{" not in text
    assert not re.search(r"^#.*\n+(?=#)", text, re.MULTILINE)
    assert text.count("\n## ") < maker.card(FIGURES, language).count("\n## ")


@pytest.mark.parametrize("missing", FIGURES)
def test_any_part_may_be_missing(missing):
    figures = {name: value for name, value in FIGURES.items() if name != missing}
    assert "\n\n\n" not in maker.card(figures, "en")


def test_unknown_values_are_dashes():
    metrics = {"map": {"value": None, "low": None, "high": 0.5, "goal": 0.4}, "ece": {"value": float("nan")}}
    table = rows(maker.card({"metrics": metrics, "per_gene": {"空灵": {}}}, "zh"))
    assert table["各基因平均精度之均值（mAP）"] == ["–", "0.400"]
    assert table["置信度校准误差（ECE）"] == ["–", "–"]
    assert table["空灵"] == ["–", "–", "–"]


def test_both_languages_have_the_same_tables():
    tables = [re.findall(r"^\|.*", maker.card(FIGURES, language), re.MULTILINE) for language in ("en", "zh")]
    assert len(tables[0]) == len(tables[1])
    assert standing("\n".join(tables[0])) == standing("\n".join(tables[1]))


def test_the_labels_are_said_to_be_no_experts():
    assert "not the judgement of human experts" in maker.card({}, "en")
    assert "不是人类专家的判断" in maker.card({}, "zh")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A model's folder with its figures and, written by the script, both cards."""
    (tmp_path / "figures.json").write_text(json.dumps(FIGURES), encoding="utf-8")
    monkeypatch.setattr(maker.sys, "argv", ["card.py", str(tmp_path)])
    maker.main()
    monkeypatch.setattr(command, "MODEL_FOLDER", tmp_path)
    return tmp_path


def luoshen_card(*arguments):
    return CliRunner().invoke(group, ["card", *arguments])


def test_the_command_shows_the_card_as_it_was_written(folder):
    for language, name in (("en", "CARD.md"), ("zh", "CARD.zh.md")):
        result = luoshen_card("--lang", language)
        assert result.exit_code == 0
        assert result.stdout == (folder / name).read_text(encoding="utf-8")
    assert "## 局限" in luoshen_card("--lang", "zh").stdout


def test_the_command_gives_the_figures(folder):
    assert json.loads(luoshen_card("--json").stdout) == FIGURES


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("CARD.md", ("--lang", "en")), ("CARD.zh.md", ("--lang", "zh")), ("figures.json", ("--json",))],
)
def test_a_missing_file_is_one_clear_line(folder, name, arguments):
    (folder / name).unlink()
    result = luoshen_card(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert name in result.stderr
    assert "install luoshen again" in result.stderr


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe"])
def test_damaged_figures_are_one_clear_line(folder, content):
    (folder / "figures.json").write_bytes(content)
    result = luoshen_card("--json")
    assert result.exit_code == 1
    assert "figures.json" in result.stderr
    assert result.stderr.count("\n") == 1
