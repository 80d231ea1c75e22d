import json
import sys
from functools import cache

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

from luoshen.decode import fit as fitting
from luoshen.decode import fit_figures, fitted
from luoshen.decode.fit import fit
from luoshen.decode.fit_card import model_card
from luoshen.decode.fit_examples import Examples
from luoshen.decode.fitted import FittedDecoder, encoder_features, grams
from luoshen.decode.local import Reading
from luoshen.decode.selection import sigmoid
from luoshen.errors import InputError, ModelError

WORDS = {"边塞": "沙场征马孤城", "闺怨": "红袖罗帷空床", "田园": "桑麻鸡犬柴门"}
FILLER = "春风明月山水夜来花落人归"


@pytest.fixture(autouse=True)
def encoder(monkeypatch):
    """A stand-in for the shipped encoder's identity; and less to choose from, for speed."""
    monkeypatch.setitem(fitting.ENCODER_STRENGTHS, "label", (1e-3, 3e-2))
    monkeypatch.setitem(fitting.ENCODER_STRENGTHS, "labels", (1e-2,))
    monkeypatch.setitem(fitting.TEXT_STRENGTHS, "label", (1.0, 10.0))
    monkeypatch.setitem(fitting.TEXT_STRENGTHS, "labels", (10.0,))
    monkeypatch.setattr(fit_figures, "RESAMPLES", 200)
    for module in (fitted, fitting):
        monkeypatch.setattr(module, "encoder_identity", lambda: ("test", "0" * 12))


def reading(vector):
    return Reading(
        confidences=sigmoid(vector[:4]),
        present=(),
        strengths=np.ones(4),
        evidence={},
        valence=float(vector[0]),
        themes=sigmoid(vector[4:7]),
        embedding=vector[:8],
        pooled=vector,
        unknown=0.0,
    )


def material(count=60, *, labels=3, seed=0, signal=1.0):
    """Texts whose words, and readings whose first numbers, tell their label."""
    random = np.random.default_rng(seed)
    names = list(WORDS)[:labels]
    targets = np.arange(count) % labels
    texts, readings = [], []
    for target in targets:
        said = random.choice(list(FILLER), 6).tolist()
        if random.random() < signal:
            said += random.choice(list(WORDS[names[target]]), 3).tolist()
        vector = random.normal(size=16)
        vector[target] += 2 * signal
        texts.append("".join(said) + "。" + "".join(random.choice(list(FILLER), 5)))
        readings.append(reading(vector))
    return Examples("label", texts, targets, tuple(names), source="poems.csv"), readings


def several(count=60):
    examples, readings = material(count)
    targets = np.eye(3, dtype=bool)[examples.targets]
    targets[::4, 0] = True
    return Examples("labels", examples.texts, targets, examples.labels), readings


def numbers(count=60):
    examples, readings = material(count)
    return Examples("number", examples.texts, np.array([r.valence * 10 + 700 for r in readings])), readings


def two_labels():
    return material(labels=2)


@cache
def fitted_on(pair):
    examples, readings = pair()
    return fit(examples, encoder_features(readings))


@pytest.fixture
def decoder():
    return fitted_on(material)


def by_scikit_learn(decoder, pair, unseen):
    """Values for ``unseen``, by scikit-learn's own classes from end to end."""
    examples, readings = pair
    settings = decoder.figures["settings"]
    tfidf = TfidfVectorizer(analyzer=grams, vocabulary=decoder.vocabulary, sublinear_tf=True)
    scaler = StandardScaler()
    inputs = (
        (
            scaler.fit_transform(encoder_features(readings)),
            scaler.transform(encoder_features(unseen[1])),
            settings["encoder_strength"],
            settings["encoder_weight"],
        ),
        (
            tfidf.fit_transform(examples.texts),
            tfidf.transform(unseen[0]),
            settings["text_strength"],
            1 - settings["encoder_weight"],
        ),
    )
    total = 0
    for x, z, strength, weight in inputs:
        if examples.kind == "number":
            values = Ridge(alpha=strength, tol=1e-6).fit(x, examples.targets).predict(z)[:, None]
        elif examples.kind == "label":
            values = LogisticRegression(C=strength, tol=1e-3, max_iter=500).fit(x, examples.targets).predict_proba(z)
        else:
            one = [
                LogisticRegression(C=strength, tol=1e-3, max_iter=500).fit(x, column).predict_proba(z)[:, 1]
                for column in examples.targets.T
            ]
            values = np.array(one).T
        total = total + weight * values
    return total


@pytest.mark.parametrize(
    "pair",
    [material, two_labels, several, numbers],
)
def test_predictions_are_those_of_scikit_learn(pair, tmp_path):
    decoder = fitted_on(pair)
    pair = pair()
    decoder.save(tmp_path / "out", "card")
    decoder = FittedDecoder.load(tmp_path / "out")
    new, readings = material(30, seed=5)
    texts = [*new.texts, "", "zzz"]
    readings = [*readings, readings[0], readings[1]]
    low, high = decoder.bounds
    expected = np.clip(by_scikit_learn(decoder, pair, (texts, readings)), low, high)
    np.testing.assert_allclose(decoder.probabilities(texts, readings), expected, rtol=1e-5, atol=1e-4)


def test_prediction_needs_no_scikit_learn(decoder, tmp_path, monkeypatch):
    decoder.save(tmp_path / "out", "card")
    for name in [name for name in sys.modules if name.split(".")[0] in ("sklearn", "scipy")]:
        monkeypatch.setitem(sys.modules, name, None)
    examples, readings = material(5)
    assert len(FittedDecoder.load(tmp_path / "out").predict(examples.texts, readings)) == 5


def test_it_learns_what_the_texts_and_readings_tell(decoder):
    examples, readings = material(30, seed=3)
    answers = decoder.predict(examples.texts, readings)
    right = [label == examples.labels[target] for (label, _), target in zip(answers, examples.targets, strict=True)]
    assert np.mean(right) > 0.8
    for label, probability in answers:
        assert list(probability) == list(examples.labels)
        assert sum(probability.values()) == pytest.approx(1, abs=1e-3)
        assert max(probability, key=probability.get) == label
    figures = decoder.figures["figures"]
    assert figures["majority"]["accuracy"]["value"] == pytest.approx(1 / 3, abs=0.02)
    assert figures["fitted"]["accuracy"]["low"] > figures["majority"]["accuracy"]["high"]


def test_either_script_reads_alike(decoder):
    _, readings = material(1)
    simplified, traditional = decoder.probabilities(["孤城征马罗帷", "孤城征馬羅帷"], readings * 2)
    np.testing.assert_array_equal(simplified, traditional)


def test_no_texts_no_answers(decoder):
    assert decoder.predict([], []) == []


def test_chance_is_not_beaten_where_nothing_can_be_learned():
    examples, readings = material(200, labels=2, signal=0.0)
    figures = fit(examples, encoder_features(readings)).figures["figures"]
    assert figures["fitted"]["accuracy"]["low"] < 0.5
    assert figures["fitted"]["accuracy"]["value"] < 0.6


def test_the_same_seed_gives_the_same_decoder(decoder):
    again = fitted_on.__wrapped__(material)
    assert again.figures == decoder.figures
    np.testing.assert_array_equal(again.from_text.weights, decoder.from_text.weights)
    examples, readings = material()
    assert fit(examples, encoder_features(readings), seed=1).figures != decoder.figures


def test_several_labels_are_joined_and_never_none():
    decoder = fitted_on(several)
    examples, readings = several()
    answers = decoder.predict(examples.texts, readings)
    assert all(answer and set(answer.split("|")) <= set(examples.labels) for answer, _ in answers)
    assert any("|" in answer for answer, _ in answers)
    for answer, probability in answers:
        over = [n for n, (_, p) in enumerate(probability.items()) if p >= decoder.thresholds[n]]
        assert len(answer.split("|")) == max(1, len(over))
    assert decoder.figures["metric"] == "micro_f1"
    assert decoder.figures["figures"]["fitted"]["micro_f1"]["value"] > 0.7


def test_a_number_stays_within_what_was_learned_from():
    decoder = fitted_on(numbers)
    examples, readings = numbers()
    low, high = examples.targets.min(), examples.targets.max()
    readings = [*readings, reading(np.full(16, 1e3)), reading(np.full(16, -1e3))]
    answers = decoder.predict([*examples.texts, "山", "水"], readings)
    assert all(low - 1e-3 <= value <= high + 1e-3 and given == {} for value, given in answers)
    assert decoder.figures["figures"]["fitted"]["r"]["value"] > 0.8
    assert decoder.figures["figures"]["majority"]["r"]["value"] == pytest.approx(0, abs=0.3)


def test_works_of_one_group_are_no_help_to_each_other():
    """Each poet has a mark of his own and one label: across poets nothing can be learned."""
    random = np.random.default_rng(0)
    poets = [f"poet {n}" for n in range(20) for _ in range(6)]
    targets = np.repeat(np.arange(20) % 2, 6)
    marks = np.repeat(random.normal(size=(20, 16)) * 5, 6, axis=0) + random.normal(size=(120, 16)) * 0.1
    texts = ["".join(random.choice(list(FILLER), 8)) for _ in poets]
    features = encoder_features([reading(mark) for mark in marks])
    alone = fit(Examples("label", texts, targets, ("a", "b")), features).figures
    grouped = fit(Examples("label", texts, targets, ("a", "b"), groups=poets), features).figures
    assert alone["figures"]["fitted"]["accuracy"]["value"] > 0.8
    assert grouped["figures"]["fitted"]["accuracy"]["value"] < 0.65
    assert grouped["data"]["groups"] == 20


def test_too_few_groups_to_test_on():
    examples, readings = material()
    groups = ["李白", "杜甫"] * 30
    with pytest.raises(InputError, match="2 groups are too few"):
        fit(Examples("label", examples.texts, examples.targets, examples.labels, groups), encoder_features(readings))


def test_a_label_that_one_group_alone_has_can_be_fitted():
    examples, readings = material()
    groups = [examples.labels[target] for target in examples.targets]
    decoder = fit(
        Examples("label", examples.texts, examples.targets, examples.labels, groups), encoder_features(readings)
    )
    assert decoder.figures["figures"]["fitted"]["accuracy"]["value"] == 0


def test_saved_and_loaded_it_answers_the_same(decoder, tmp_path):
    decoder.save(tmp_path / "a" / "out", "卡")
    assert sorted(path.name for path in (tmp_path / "a" / "out").iterdir()) == [
        "README.md",
        "decoder.json",
        "decoder.npz",
    ]
    again = FittedDecoder.load(tmp_path / "a" / "out")
    examples, readings = material(20, seed=9)
    assert again.predict(examples.texts, readings) == decoder.predict(examples.texts, readings)
    assert again.figures == decoder.figures
    again.save(tmp_path / "b", "卡")
    for name in ("decoder.json", "decoder.npz"):
        assert (tmp_path / "b" / name).read_bytes() == (tmp_path / "a" / "out" / name).read_bytes()


def test_a_decoder_is_replaced_and_nothing_else(decoder, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    decoder.save(out, "one")
    decoder.save(out, "two")
    assert (out / "README.md").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        decoder.save(tmp_path / "mine", "card")
    with pytest.raises(InputError, match="file of this name"):
        decoder.save(tmp_path / "mine" / "thesis.txt", "card")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "x"


def test_a_folder_without_a_decoder(tmp_path):
    with pytest.raises(InputError, match="luoshen fit"):
        FittedDecoder.load(tmp_path)


def test_another_encoder_is_told_apart(decoder, tmp_path, monkeypatch):
    decoder.save(tmp_path / "out", "card")
    monkeypatch.setattr(fitted, "encoder_identity", lambda: ("test", "1" * 12))
    with pytest.raises(ModelError, match="fit it again"):
        FittedDecoder.load(tmp_path / "out")


def change(out, **members):
    settings = json.loads((out / "decoder.json").read_text())
    (out / "decoder.json").write_text(json.dumps(settings | members))


def arrays(out, **members):
    with np.load(out / "decoder.npz") as file:
        kept = dict(file)
    np.savez(out / "decoder.npz", **(kept | members))


@pytest.mark.parametrize(
    "harm",
    [
        lambda out: (out / "decoder.json").write_text("{"),
        lambda out: (out / "decoder.json").write_text("[]"),
        lambda out: (out / "decoder.npz").unlink(),
        lambda out: (out / "decoder.npz").write_bytes((out / "decoder.npz").read_bytes()[:100]),
        lambda out: change(out, labels=["a"]),
        lambda out: change(out, kind="opinion"),
        lambda out: change(out, format=2),
        lambda out: arrays(out, idf=np.zeros(3)),
        lambda out: arrays(out, mean=np.array([{}], dtype=object)),
    ],
)
def test_a_damaged_decoder_is_refused(harm, decoder, tmp_path):
    decoder.save(tmp_path / "out", "card")
    FittedDecoder.load(tmp_path / "out")
    harm(tmp_path / "out")
    with pytest.raises(ModelError, match="fit it again"):
        FittedDecoder.load(tmp_path / "out")


def test_an_encoder_that_is_missing(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(fitted, "MODEL_FOLDER", tmp_path)
    fitted.encoder_identity.cache_clear()
    try:
        with pytest.raises(ModelError, match="install luoshen again"):
            fitted.encoder_identity()
    finally:
        fitted.encoder_identity.cache_clear()


def test_the_encoder_is_known_by_its_weights_too(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(fitted, "MODEL_FOLDER", tmp_path)
    (tmp_path / "reader.json").write_text('{"name": "reader 1"}')
    (tmp_path / "vocabulary.json").write_text("[]")
    seen = set()
    for weights in ("a", "b"):
        (tmp_path / "reader.onnx").write_text(weights)
        fitted.encoder_identity.cache_clear()
        seen.add(fitted.encoder_identity())
    fitted.encoder_identity.cache_clear()
    assert len(seen) == 2
    assert {name for name, _ in seen} == {"reader 1"}


def test_the_card_says_in_both_languages_what_was_found(decoder):
    card = model_card(decoder)
    chinese, english = card.split("\n---\n", 1)
    accuracy = decoder.figures["figures"]["fitted"]["accuracy"]
    said = f"{accuracy['value']:.3f} [{accuracy['low']:.3f}, {accuracy['high']:.3f}]"
    for part in (chinese, english):
        assert said in part
        assert "| 边塞 | 20 |" in part
        assert "poems.csv" in part
        assert "--group-column" in part
    assert "majority or median" in english
    assert "局限" in chinese
    assert "mean error" not in english


def test_the_card_warns_of_few_examples_and_of_no_gain_and_escapes_labels():
    examples, readings = two_labels()
    odd = Examples("label", examples.texts, examples.targets, ("a|b", "<c>"), unlabelled=4, rare={"d": 2})
    random = np.random.default_rng(0).normal(size=(60, 16))
    card = model_card(fit(odd, encoder_features([reading(vector) for vector in random])))
    assert r"a\|b" in card
    assert r"\<c\>" in card
    assert "includes zero" in card
    assert "d (2)" in card
    assert "without a label: 4" in card
    few = Examples("label", examples.texts[:40], examples.targets[:40], ("甲", "乙"))
    assert "under 30 works mean little: 甲, 乙" in model_card(fit(few, encoder_features(readings[:40])))


def test_the_cards_of_numbers_and_of_several_labels():
    assert "ridge" in model_card(fitted_on(numbers))
    assert "全对率" in model_card(fitted_on(several))


def test_whole_numbers_as_labels_have_a_mean_error():
    examples, readings = material()
    scored = Examples("label", examples.texts, examples.targets, ("1", "2", "3"))
    decoder = fit(scored, encoder_features(readings))
    assert 0 <= decoder.figures["figures"]["fitted"]["mae"]["value"] < 0.5
    assert "mean error" in model_card(decoder)


def test_saving_where_nothing_may_be_written(decoder, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        decoder.save(tmp_path / "file" / "out", "card")
