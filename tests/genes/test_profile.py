import json

import orjson
import pytest
from hypothesis import given

from luoshen.errors import FormatError
from luoshen.genes.contract import validate
from luoshen.genes.profile import Evidence, GeneReading, Profile, ThemeReading

from .profiles import texts_and_profiles

DEER = Profile(
    id="0123456789ab",
    genes=(GeneReading("空灵", 3, 0.9, (Evidence("空山不见人", 0, 5, 0.8, "model"),)),),
    valence=0.25,
    themes=(ThemeReading("山水", 0.7),),
    decoder="by hand",
    title="鹿柴",
    author="王维",
    dynasty="唐",
    confidences={"空灵": 0.9, "典雅": 0.1},
)


@given(texts_and_profiles())
def test_a_profile_comes_back_from_json(pair):
    _, profile = pair
    written = orjson.dumps(profile.to_dict(all_genes=True))
    assert Profile.from_dict(orjson.loads(written)) == profile


@given(texts_and_profiles())
def test_a_profile_without_the_probabilities_comes_back_but_for_them(pair):
    _, profile = pair
    data = json.loads(json.dumps(profile.to_dict()))
    assert Profile.from_dict(data).to_dict() == profile.to_dict()
    assert Profile.from_dict(data).confidences == {}


@given(texts_and_profiles())
def test_what_is_written_keeps_the_contract(pair):
    _, profile = pair
    validate(profile.to_dict())
    validate(orjson.loads(orjson.dumps(profile.to_dict(all_genes=True))))


def test_the_form_is_the_published_one():
    assert json.loads(json.dumps(DEER.to_dict(all_genes=True))) == {
        "id": "0123456789ab",
        "title": "鹿柴",
        "author": "王维",
        "dynasty": "唐",
        "genes": [
            {
                "gene": "空灵",
                "strength": 3,
                "confidence": 0.9,
                "evidence": [{"quote": "空山不见人", "start": 0, "end": 5, "weight": 0.8, "method": "model"}],
            }
        ],
        "valence": 0.25,
        "themes": [{"theme": "山水", "confidence": 0.7}],
        "imagery": [],
        "allusions": [],
        "decoder": "by hand",
        "warnings": [],
        "all_genes": {"空灵": 0.9, "典雅": 0.1},
    }


def test_what_was_not_asked_for_is_absent_not_null():
    assert DEER.to_dict().keys().isdisjoint({"all_genes", "embedding", "prosody", "label", "labels", "confidences"})


@pytest.mark.parametrize("data", [None, [], "text", {}, {"id": "a", "error": "b"}, {**DEER.to_dict(), "mood": 1}])
def test_what_is_no_profile_is_refused(data):
    with pytest.raises(FormatError, match="not a Profile"):
        Profile.from_dict(data)
