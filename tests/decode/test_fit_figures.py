import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error

from luoshen.decode.fit_examples import Examples
from luoshen.decode.fit_figures import figures, measure
from luoshen.decode.fit_folds import folds, together

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)


@settings(deadline=None, max_examples=50)
@given(pairs)
def test_figures_of_one_label_are_those_of_scikit_learn(rows):
    targets, answers = np.array(rows).T
    found = measure("label", targets, answers, np.arange(5.0))
    assert found["accuracy"] == pytest.approx(accuracy_score(targets, answers))
    assert found["macro_f1"] == pytest.approx(f1_score(targets, answers, average="macro", zero_division=0))
    assert found["mae"] == pytest.approx(mean_absolute_error(targets, answers))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=30))
def test_figures_of_several_labels_are_those_of_scikit_learn(rows):
    targets, answers = np.array(rows)[:, :3], np.array(rows)[:, 3:]
    targets[0, :] = answers[0, :] = True  # macro-F1 is over labels that occur
    found = measure("labels", targets, answers)
    assert found["micro_f1"] == pytest.approx(f1_score(targets, answers, average="micro"))
    assert found["macro_f1"] == pytest.approx(f1_score(targets, answers, average="macro"))
    assert found["exact"] == pytest.approx(accuracy_score(targets, answers))


def test_figures_of_numbers():
    found = measure("number", np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert found == {"r": pytest.approx(1), "mae": pytest.approx(2)}
    assert measure("number", np.array([1.0, 2.0]), np.array([5.0, 5.0]))["r"] == 0


def test_intervals_hold_the_figure_and_widen_when_groups_are_few():
    random = np.random.default_rng(1)
    targets = random.integers(0, 2, 300)
    groups = np.repeat(np.arange(10), 30)
    wrong = random.random(300) < np.repeat(random.random(10), 30)  # some groups are hard
    answers = {"fitted": np.where(wrong, 1 - targets, targets), "tfidf": 1 - targets, "majority": targets * 0}
    alone = figures("label", targets, answers, ("a", "b"), None, np.arange(300), 0)
    grouped = figures("label", targets, answers, ("a", "b"), None, groups, 0)

    def width(found):
        figure = found["figures"]["fitted"]["accuracy"]
        assert figure["low"] <= figure["value"] <= figure["high"]
        return figure["high"] - figure["low"]

    assert width(grouped) > 1.5 * width(alone)
    assert width(alone) == pytest.approx(4 * np.sqrt(0.25 / 300), rel=0.25)
    assert alone["figures"]["tfidf"]["accuracy"] == {"value": 0, "low": 0, "high": 0}
    assert alone["gain"]["value"] == alone["figures"]["fitted"]["accuracy"]["value"]
    confusion = np.array(alone["confusion"])
    assert confusion.sum(axis=1).tolist() == [alone["by_label"][label]["count"] for label in "ab"]
    assert np.trace(confusion) / 300 == alone["figures"]["fitted"]["accuracy"]["value"]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=8, max_size=60),
    st.sampled_from(["label", "labels", "number"]),
    st.integers(2, 5),
)
def test_every_row_is_tested_once_and_no_group_on_both_sides(rows, kind, count):
    targets, groups = np.array(rows).T
    groups[:2] = 10, 11
    wanted = {"label": targets, "labels": np.eye(4, dtype=bool)[targets], "number": targets * 1.5}[kind]
    tested = []
    for train, test in folds(kind, wanted, groups, count, seed=0):
        assert not set(groups[train]) & set(groups[test])
        assert sorted([*train, *test]) == list(range(len(rows)))
        tested.extend(test)
    assert sorted(tested) == list(range(len(rows)))


def test_folds_are_alike_in_their_labels():
    targets = np.repeat([0, 1], [80, 20])
    for _, test in folds("label", targets, np.arange(100), 5, seed=3):
        assert np.bincount(targets[test]).tolist() == [16, 4]


def test_one_text_in_two_rows_and_in_two_groups_stays_together():
    texts = ["空山新雨后", "空山新雨後。", "明月", "清泉", "竹喧", "莲动"]
    alone = together(Examples("label", texts, np.zeros(6)))
    assert alone[0] == alone[1]
    assert len(set(alone.tolist())) == 5
    grouped = together(Examples("label", texts, np.zeros(6), groups=["a", "b", "b", "c", "d", "a"]))
    assert grouped[0] == grouped[1] == grouped[2] == grouped[5]
    assert len(set(grouped.tolist())) == 3
