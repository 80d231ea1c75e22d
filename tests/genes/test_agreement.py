import json
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshen.errors import FormatError, InputError, VocabularyError
from luoshen.genes.agreement import (
    Reading,
    agreement,
    krippendorff_alpha,
    readings_of_labels,
    readings_of_profiles,
)
from luoshen.genes.vocabulary import GENES

from .test_profile import DEER

NAN = np.nan
#: The worked example of Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C:
#: four observers, twelve units, values missing.
WORKED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)


@pytest.mark.parametrize(
    ("distance", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_is_that_of_krippendorffs_worked_example(distance, alpha):
    assert krippendorff_alpha(WORKED, distance) == pytest.approx(alpha, abs=0.0005)


def test_ordinal_alpha_calculated_by_hand():
    # Two observers, four units: (1,1) (1,1) (3,3) (1,2). Values n1 = 5, n2 = 1, n3 = 2, n = 8.
    # Ordinal distances: d12 = (5/2 + 1/2)^2 = 9, d23 = (1/2 + 2/2)^2 = 2.25, d13 = (5/2 + 1 + 2/2)^2 = 20.25.
    # Observed: the pair 1-2 once, twice counted, (2 * 9) / 8 = 2.25.
    # Expected: 2 (5*1*9 + 1*2*2.25 + 5*2*20.25) / (8 * 7) = 504 / 56 = 9. Alpha = 1 - 2.25 / 9 = 0.75.
    assert krippendorff_alpha(np.array([[1.0, 1, 3, 1], [1, 1, 3, 2]])) == pytest.approx(0.75)


@pytest.mark.parametrize("ratings", [[[1.0, NAN], [NAN, 2.0]], [[2.0, 2.0], [2.0, 2.0]], [[NAN], [NAN]]])
def test_alpha_is_not_defined_without_pairs_or_without_variation(ratings):
    assert krippendorff_alpha(np.array(ratings)) is None


READINGS = {
    "甲": {
        "w1": Reading({"空灵": 3, "含蓄": 2}, 0.0),
        "w2": Reading({"悲慨": 3}, -2.0),
        "w3": Reading({}, 1.0),
        "w4": Reading({"豪放": 3}, 2.0),
    },
    "乙": {
        "w1": Reading({"空灵": 3, "清奇": 1}, 0.0),
        "w2": Reading({"哀婉": 2, "悲慨": 1}, -1.0),
        "w3": Reading({}, 1.0),
    },
}


def test_agreement_calculated_by_hand():
    result = agreement(READINGS, ["空灵", "含蓄", "清奇", "悲慨", "哀婉", "豪放"])
    assert (result.works, result.pairs) == (3, 3)
    # w1: 2*1/(2+2) = 1/2; w2: 2*1/(1+2) = 2/3; w3: nobody names a gene, 1.
    assert result.set_f1 == pytest.approx((1 / 2 + 2 / 3 + 1) / 3)
    # 空灵 in 乙's set, 空灵 in 甲's set, 悲慨 in 乙's set, 哀婉 not in 甲's set; w3 has no first gene.
    assert result.first_in_set == pytest.approx(3 / 4)
    # (0,0) (-2,-1) (1,1): deviations 1/3, -5/3, 4/3 and 0, -1, 1: r = 3 / sqrt(14/3 * 2).
    assert result.valence_r == pytest.approx(3 / (14 / 3 * 2) ** 0.5)
    # 空灵: (3,3) (0,0) (0,0): they agree wholly. 豪放: only one of the two read w4.
    assert result.alpha_by_gene["空灵"] == pytest.approx(1)
    assert result.alpha_by_gene["豪放"] is None
    assert 0 < result.alpha < 1


def test_all_genes_together_are_every_gene_of_every_work():
    genes = ["空灵", "含蓄", "清奇"]
    readings = {
        "a": {"1": Reading({"空灵": 1, "含蓄": 2}, 0), "2": Reading({"清奇": 3}, 0)},
        "b": {"1": Reading({"空灵": 2, "含蓄": 2}, 0), "2": Reading({"清奇": 3, "空灵": 1}, 0)},
    }
    rows = np.array([[1.0, 2, 0, 0, 0, 3], [2, 2, 0, 1, 0, 3]])
    assert agreement(readings, genes).alpha == pytest.approx(krippendorff_alpha(rows))


readings_strategy = st.dictionaries(
    st.sampled_from("abcd"),
    st.dictionaries(
        st.sampled_from(["w1", "w2", "w3"]),
        st.builds(
            Reading,
            st.dictionaries(st.sampled_from(GENES[:4]), st.integers(1, 3), max_size=3),
            st.integers(-2, 2).map(float),
        ),
        min_size=3,
    ),
    min_size=2,
    max_size=3,
)


@settings(max_examples=30, deadline=None)
@given(readings_strategy)
def test_measures_stay_in_range_and_agreement_with_oneself_is_whole(readings):
    result = agreement(readings, GENES[:4])
    assert 0 <= result.set_f1 <= 1
    assert result.first_in_set is None or 0 <= result.first_in_set <= 1
    assert result.valence_r is None or -1.0001 <= result.valence_r <= 1.0001
    assert result.alpha is None or result.alpha <= 1
    one = next(iter(readings.values()))
    same = agreement({"first": one, "second": one}, GENES[:4])
    assert same.set_f1 == 1
    assert same.first_in_set in (None, 1)
    assert same.alpha is None or same.alpha == pytest.approx(1)


def test_labels_and_profiles_become_readings():
    records = [
        {
            "id": DEER.id,
            "readings": [
                {"reader": "a", "genes": [{"gene": "空灵", "strength": 2, "evidence": "空山"}], "valence": 0},
                {"reader": "b", "genes": [], "valence": -1, "themes": ["山水"]},
            ],
        }
    ]
    readings = readings_of_labels(json.loads(json.dumps(records)))
    assert readings == {"a": {DEER.id: Reading({"空灵": 2}, 0)}, "b": {DEER.id: Reading({}, -1)}}
    decoded = readings_of_profiles({"model": [DEER]})
    assert decoded == {"model": {DEER.id: Reading({"空灵": 3}, 0.25)}}
    assert agreement({**readings, **decoded}).pairs == 3


@pytest.mark.parametrize(
    "record",
    [{}, None, {"id": "a"}, {"id": "a", "readings": [{"reader": "x", "genes": [{"gene": "空灵"}], "valence": 0}]}],
)
def test_a_broken_record_is_named_by_its_number(record):
    with pytest.raises(FormatError, match="record 2"):
        readings_of_labels([{"id": "z", "readings": []}, record])


def test_one_reader_reads_a_work_once():
    one = {"reader": "a", "genes": [], "valence": 0}
    with pytest.raises(FormatError, match="has read w already"):
        readings_of_labels([{"id": "w", "readings": [one, one]}])


@pytest.mark.parametrize(
    ("reading", "error", "message"),
    [
        (Reading({"空靈": 1}, 0), VocabularyError, "reader b, work w: '空靈'"),
        (Reading({"空灵": 0}, 0), FormatError, "reader b, work w: 空灵 has strength 0"),
        (Reading({"空灵": 1}, 3), FormatError, "reader b, work w: valence 3"),
        (Reading({"空灵": 1}, float("nan")), FormatError, "valence nan"),
    ],
)
def test_readings_outside_the_codebook_are_refused(reading, error, message):
    with pytest.raises(error, match=message):
        agreement({"a": {"w": Reading({}, 0)}, "b": {"w": reading}})


def test_without_two_readers_there_is_nothing_to_measure():
    with pytest.raises(InputError, match="no work was read by two readers"):
        agreement({"a": {"w": Reading({}, 0)}, "b": {"v": Reading({}, 0)}})


def test_without_evalica_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "evalica", None)
    with pytest.raises(InputError, match=r"luoshen\[agreement\]"):
        krippendorff_alpha(WORKED)
