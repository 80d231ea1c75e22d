import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.decode.selection import WHOLE, best_spans, choose_genes, sigmoid, strengths


def test_the_likeliest_are_chosen_and_how_many_follows_from_their_probabilities():
    sure = choose_genes(np.array([[0.95, 0.05, 0.9, 0.02, 0.03, 0.0]]))
    assert np.flatnonzero(sure[0]).tolist() == [0, 2]
    even = choose_genes(np.array([[0.4, 0.4, 0.4, 0.4, 0.0, 0.0]]))
    assert even.sum() == 4
    assert not choose_genes(np.array([[0.1, 0.1, 0.1, 0.05, 0.0, 0.0]])).any()


@given(st.lists(st.floats(0, 1), min_size=6, max_size=26))
def test_never_more_than_five_and_always_the_top(probabilities):
    values = np.array([probabilities])
    mask = choose_genes(values)[0]
    assert mask.sum() <= 5
    if mask.any() and not mask.all():
        assert values[0][mask].min() >= values[0][~mask].max()


def test_strength_is_the_likeliest_level():
    levels = np.array([[0.9, 0.1, 0.0], [0.9, 0.8, 0.1], [0.9, 0.85, 0.8], [0.5, 0.9, 0.1]])
    assert strengths(levels).tolist() == [1, 2, 3, 2]


def test_a_span_stays_in_its_segment():
    attention = np.array([[0.0, 0.1, 0.4, 0.4, 0.1, 0.0]])
    segments = np.array([[0, 0, 0, 1, 1, 1]])
    start, size, _ = best_spans(attention, segments, 3.0)
    assert set(segments[0, start[0] : start[0] + size[0]]) in ({0}, {1})
    assert size[0] >= 2


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=12), st.data())
def test_spans_are_the_best_of_all_runs(weights, data):
    attention = np.array([weights]) / sum(weights)
    count = len(weights)
    breaks = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    segments = np.cumsum([0, *breaks[1:]])[None, :]
    _, size, value = best_spans(attention, segments, 5.0)
    runs = [
        2 * attention[0, a:b].sum() * 5 / (b - a + 5) * (WHOLE if whole(segments[0], a, b) else 1)
        for a, b in itertools.combinations(range(count + 1), 2)
        if 2 <= b - a <= (10 if whole(segments[0], a, b) else 7) and segments[0, a] == segments[0, b - 1]
    ]
    if runs:
        assert value[0] == pytest.approx(max(runs))
    else:
        assert size[0] == 1


def whole(segments, a, b):
    return (a == 0 or segments[a - 1] != segments[a]) and (b == len(segments) or segments[b] != segments[b - 1])


def test_a_whole_segment_is_favoured():
    attention = np.array([[0.19, 0.2, 0.2, 0.2, 0.21]])
    start, size, _ = best_spans(attention, np.zeros((1, 5), dtype=int), 3.0)
    assert (start[0], size[0]) == (0, 5)


def test_a_long_work_may_carry_more():
    values = np.full((2, 26), 0.02)
    values[:, :8] = 0.95
    assert choose_genes(values, np.array([5, 8])).sum(1).tolist() == [5, 8]


def test_sigmoid_does_not_overflow():
    assert sigmoid(np.array([-1e6, 0.0, 1e6])).tolist() == pytest.approx([0, 0.5, 1], abs=1e-9)
