import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import luoshen.genes.contract
from luoshen.errors import FormatError
from luoshen.genes.contract import validate

from .test_profile import DEER

SCHEMA = json.loads(Path(luoshen.genes.contract.__file__).with_name("profile.schema.json").read_text(encoding="utf-8"))
GOOD = json.loads(json.dumps(DEER.to_dict(all_genes=True)))


def changed(path, value):
    data = copy.deepcopy(GOOD)
    *parents, last = path
    place = data
    for part in parents:
        place = place[part]
    place[last] = value
    return data


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "https://luoshen.readthedocs.io/schemas/profile.json"


def test_every_member_is_described_and_closed():
    for name, definition in SCHEMA["$defs"].items():
        if definition.get("type") == "object":
            assert definition["additionalProperties"] is False, name
            assert all("description" in member for member in definition["properties"].values()), name


def test_a_profile_and_a_failure_pass():
    validate(GOOD)
    validate({"id": "0123456789ab", "error": "line 3: no text"})
    validate({"id": None, "error": "line 3: not JSON"})


def test_optional_members_pass():
    validate({**GOOD, "embedding": [0.5, -1], "label": "婉约", "labels": {"婉约": 0.8}, "prosody": {"form": "五绝"}})
    validate({**GOOD, "label": 1.5})


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (changed(["valence"], 2.5), "/valence"),
        (changed(["valence"], float("nan")), "/valence"),
        (changed(["valence"], None), "/valence"),
        (changed(["genes", 0, "strength"], 0), "/genes/0/strength"),
        (changed(["genes", 0, "strength"], 2.0), "/genes/0/strength"),
        (changed(["genes", 0, "strength"], True), "/genes/0/strength"),
        (changed(["genes", 0, "confidence"], 1.01), "/genes/0/confidence"),
        (changed(["genes", 0, "gene"], ""), "/genes/0/gene"),
        (changed(["genes", 0, "intensity"], 3), "/genes/0"),
        (changed(["genes", 0, "evidence", 0, "start"], -1), "/genes/0/evidence/0/start"),
        (changed(["genes", 0, "evidence", 0, "end"], 4), "/genes/0/evidence/0"),
        (changed(["themes", 0], "山水"), "/themes/0"),
        (changed(["all_genes", "a/b~c"], 7), "/all_genes/a~1b~0c"),
        (changed(["mood"], "calm"), "the top"),
        ({key: value for key, value in GOOD.items() if key != "decoder"}, "the top"),
        ({"id": "a", "error": ""}, "/error"),
        ({"id": "a", "error": "b", "genes": []}, "the top"),
        ([], "the top"),
        ("text", "the top"),
        (None, "the top"),
    ],
)
def test_a_fault_is_named_with_its_place(data, place):
    with pytest.raises(FormatError) as caught:
        validate(data)
    assert f"Profile, at {place}: " in str(caught.value)


def test_a_long_value_does_not_flood_the_message():
    with pytest.raises(FormatError) as caught:
        validate({**GOOD, "embedding": "x" * 100_000})
    assert len(str(caught.value)) < 600


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(key=st.sampled_from(sorted(GOOD)), value=ANY)
def test_any_value_in_any_place_passes_or_raises_our_error(key, value):
    try:
        validate({**GOOD, key: value})
    except FormatError:
        return
    json.dumps({**GOOD, key: value}, allow_nan=False)
