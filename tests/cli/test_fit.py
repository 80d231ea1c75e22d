import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from luoshen.cli.main import group
from luoshen.decode import fit as fitting
from luoshen.decode import fit_figures, fitted, local
from luoshen.decode.fitted import FittedDecoder
from luoshen.decode.local import Reading

WORDS = {"悲": "泪断肠孤", "喜": "笑歌春晴"}
NEW = "断肠孤舟泪"


class Encoder:
    """Reads nothing."""

    def read(self, texts):
        rest = {"present": (), "strengths": np.ones(2), "evidence": {}, "valence": 0.0, "unknown": 0.0}
        numbers = {"confidences": np.full(2, 0.5), "themes": np.full(2, 0.5)}
        return [Reading(**rest, **numbers, embedding=np.zeros(2), pooled=np.zeros(4)) for _ in texts]


@pytest.fixture(autouse=True)
def encoder(monkeypatch):
    monkeypatch.setattr(local, "shipped_model", lambda threads=0: Encoder())
    monkeypatch.setattr(fit_figures, "RESAMPLES", 50)
    for module in (fitted, fitting):
        monkeypatch.setattr(module, "encoder_identity", lambda: ("test", "0" * 12))


def poems(path, count=40):
    random = np.random.default_rng(0)
    names = list(WORDS)
    lines = ["text,label,poet"]
    for n in range(count):
        words = "".join(random.choice(list(WORDS[names[n % 2]]), 4)) + "".join(random.choice(list("山水风月"), 4))
        lines.append(f"{words},{names[n % 2]},{n % 7}")
    path.write_text("\n".join(lines))
    return path


def luoshen(*arguments):
    return CliRunner().invoke(group, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_table_becomes_a_decoder_with_its_card(tmp_path):
    out = tmp_path / "mood"
    result = luoshen("fit", poems(tmp_path / "data.csv"), "--out", out)
    assert result.exit_code == 0
    assert "准确率" in result.stdout
    assert "accuracy" in result.stdout
    assert str(out / "README.md") in result.stdout
    assert (out / "README.md").read_text().startswith("#")
    answers = FittedDecoder.load(out).predict([NEW], Encoder().read([NEW]))
    assert answers[0][0] == "悲"


def test_figures_as_json_are_those_of_the_card(tmp_path):
    out = tmp_path / "mood"
    arguments = (poems(tmp_path / "data.csv"), "--group-column", "poet", "--seed", 3, "--out", out, "--json")
    result = luoshen("fit", *arguments)
    found = json.loads(result.stdout)
    assert found["data"]["groups"] == 7
    assert found["data"]["labels"] == {"喜": 20, "悲": 20}
    assert found["settings"]["seed"] == 3
    assert found["metric"] == "accuracy"
    value = found["figures"]["fitted"]["accuracy"]["value"]
    assert value > 0.8
    assert f"{value:.3f}" in (out / "README.md").read_text()
    assert luoshen("fit", *arguments).stdout == result.stdout


def test_what_is_left_out_is_said(tmp_path):
    data = poems(tmp_path / "data.csv")
    data.write_text(data.read_text() + "\n孤舟,,1\n寒江,怒,2")
    result = luoshen("fit", data, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 rows without a label" in result.stderr
    assert "'怒' 1" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--label-column", "mood"), "no column 'mood'; there are: 'text', 'label', 'poet'"),
        (("--text-column", "诗"), "no column '诗'"),
        (("--kind", "number"), "row 1: '悲'"),
    ],
)
def test_bad_input_is_one_line_and_status_2(tmp_path, options, message):
    result = luoshen("fit", poems(tmp_path / "data.csv"), *options, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_of_other_things_is_refused_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "shipped_model", lambda threads=0: pytest.fail("worked first"))
    poems(tmp_path / "data.csv")
    result = luoshen("fit", tmp_path / "data.csv", "--out", tmp_path)
    assert result.exit_code == 2
    assert "not empty" in result.stderr


def test_help_has_an_example_and_loads_no_scikit_learn():
    code = (
        "import sys; from click.testing import CliRunner; from luoshen.cli.fit import fit; "
        "print(CliRunner().invoke(fit, ['--help']).output); "
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'onnxruntime')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "luoshen fit data.csv --text-column text --label-column label --out" in done.stdout


def test_progress_shows_on_a_terminal_after_a_while(tmp_path, monkeypatch):
    from luoshen.cli import fit as command

    monkeypatch.setattr(command, "_PATIENCE", 0.0)
    monkeypatch.setattr(command, "_on_terminal", lambda: True)
    result = luoshen("fit", poems(tmp_path / "data.csv"), "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0
    json.loads(result.stdout)


def test_progress_is_lines_where_there_is_no_terminal(tmp_path, monkeypatch):
    from luoshen.cli import fit as command

    monkeypatch.setattr(command, "_PATIENCE", 0.0)
    monkeypatch.setattr(command, "_CHUNK", 16)
    result = luoshen("fit", poems(tmp_path / "data.csv"), "--out", tmp_path / "out", "--json")
    json.loads(result.stdout)
    lines = [line for line in result.stderr.splitlines() if not line.startswith("luoshen: ")]
    reading = [f"reading · 读取: {done}/40" for done in (16, 32, 40)]
    assert lines == [*reading, *(f"fitting · 训练: {done}/6" for done in range(1, 7))]


def test_where_characters_alone_do_better_it_says_so(tmp_path, monkeypatch):
    real = fitting.figures

    def worse(*arguments):
        found = real(*arguments)
        found["gain"] = {"value": -0.1, "low": -0.2, "high": 0.05}
        return found

    out = tmp_path / "mood"
    monkeypatch.setattr(fitting, "figures", worse)
    result = luoshen("fit", poems(tmp_path / "data.csv"), "--out", out)
    assert "Caution: in the cross-validation characters alone (TF-IDF) did better" in result.stderr
    assert "注意：交叉验证中，仅用字（TF-IDF）胜过本模型" in result.stderr
    card = (out / "README.md").read_text()
    assert "did better than this decoder (accuracy " in card
    assert "胜过本模型（准确率 " in card
    assert "includes zero" not in card
    monkeypatch.setattr(fitting, "figures", real)
    assert "Caution" not in luoshen("fit", tmp_path / "data.csv", "--out", tmp_path / "other").stderr


@pytest.mark.model
def test_with_the_shipped_encoder(tmp_path, monkeypatch):
    monkeypatch.undo()
    out = tmp_path / "mood"
    assert luoshen("fit", poems(tmp_path / "data.csv"), "--out", out).exit_code == 0
    result = luoshen("decode", NEW, "--decoder", out, "--json")
    profile = json.loads(result.stdout)
    assert profile["label"] == "悲"
    assert sum(profile["labels"].values()) == pytest.approx(1, abs=1e-3)
