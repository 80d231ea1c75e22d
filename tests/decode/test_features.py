import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.decode.features import MAX_TOKENS, UNKNOWN, Vocabulary, segment_numbers, segment_shapes, windows


@pytest.fixture(scope="module")
def vocabulary():
    fold = dict(zip("見聞語響", "见闻语响", strict=True))
    return Vocabulary("空山不见人但闻语响月", ["空山", "见人", "人语"], fold)


def test_letters_become_tokens_and_punctuation_their_features(vocabulary):
    features = vocabulary.features("空山不见人，但闻人语响。")
    assert len(features) == 10
    assert features.offsets.tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert features.after.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 2]


def test_both_scripts_read_alike(vocabulary):
    a, b = vocabulary.features("空山不见人，但闻人语响。"), vocabulary.features("空山不見人，但聞人語響。")
    for name in ("characters", "bigrams", "shapes", "after"):
        assert getattr(a, name).tolist() == getattr(b, name).tolist()


def test_a_bigram_never_crosses_a_mark(vocabulary):
    assert vocabulary.features("见人语").bigrams.tolist() == [0, 2, 3]
    assert vocabulary.features("见人，语").bigrams.tolist() == [0, 2, 0]


def test_unknown_letters_and_astral_han_keep_their_offsets(vocabulary):
    features = vocabulary.features("𠮷空a，𠮷")
    assert features.offsets.tolist() == [0, 1, 2, 4]
    assert features.characters.tolist()[0] == UNKNOWN
    assert features.characters.tolist()[1] == 3


def test_place_and_length_in_a_segment_are_one_number():
    shapes = segment_shapes(np.array([False, False, True, False, True]))
    assert len(set(shapes.tolist())) == 5
    assert segment_shapes(np.array([False] * 12 + [True])).tolist() == [0] * 13


def test_saved_vocabulary_loads_alike(vocabulary, tmp_path):
    vocabulary.save(tmp_path / "v.json")
    loaded = Vocabulary.load(tmp_path / "v.json")
    text = "空山不見人，但闻人语响月"
    assert loaded.features(text).bigrams.tolist() == vocabulary.features(text).bigrams.tolist()


@given(st.lists(st.integers(0, 5).map(lambda n: 0 if n > 1 else n), max_size=1500))
def test_windows_cover_everything_in_order_and_stay_small(after):
    cuts = windows(np.array(after, dtype=np.int32))
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(after)
    for (start, stop), (again, further) in itertools.pairwise(cuts):
        assert stop - start <= MAX_TOKENS
        assert start < again <= stop < further
    assert len(cuts) <= 1 + len(after) / (MAX_TOKENS / 3)


def test_segments_are_numbered():
    assert segment_numbers(np.array([0, 1, 0, 0, 2])).tolist() == [0, 0, 1, 1, 1]


@given(st.text(max_size=80))
def test_any_text_has_features_at_true_offsets(text):
    features = Vocabulary("山", [], {}).features(text)
    assert all(text[o].isalpha() for o in features.offsets)
    assert len(features) == sum(c.isalpha() for c in text)
