"""Poems checked by hand: form, rhyme, named licences and faults, polyphones at a place, tunes."""

import importlib.util
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASES = [json.loads(line) for line in (HERE / "cases.jsonl").read_text("utf-8").splitlines()]

spec = importlib.util.spec_from_file_location("evaluate_prosody", HERE.parents[1] / "evaluate/prosody.py")
assert spec is not None
assert spec.loader is not None
evaluator = importlib.util.module_from_spec(spec)
spec.loader.exec_module(evaluator)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['title']}{'-'.join(map(str, c['expect'].values()))}"[:40])
def test_case(case):
    assert evaluator.failures(case) == []


def test_there_are_enough_cases_of_every_kind():
    figures = evaluator.evaluate(CASES)
    assert figures["cases"] >= 200
    assert figures["by_kind"]["tone"]["of"] >= 60
    assert figures["by_kind"]["tune"]["of"] >= 40
    assert figures["accuracy"] == 1.0


def test_a_wrong_case_is_reported():
    case = {"title": "", "text": "白日依山尽，黄河入海流。欲穷千里目，更上一层楼。", "expect": {"rhyme": "东"}}
    assert evaluator.failures(case) == ["rhyme: '尤', expected '东'"]
    assert evaluator.evaluate([case])["accuracy"] == 0.0
