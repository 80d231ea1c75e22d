import orjson

from luoshen.works.report import ReadReport, Rejected
from luoshen.works.work import Source, Work


def test_counts_add_up_and_examples_are_few() -> None:
    report = ReadReport(max_examples=2)
    for number in range(5):
        report.count(Rejected(f"line {number}", "no_text", "no letters"))
    report.count(Work("明□", sources=(Source("book", "7"),), extra={"damage": ("lacuna",)}))
    report.count(Work("明月", sources=(Source("book", "8"),)))
    report.leave_out_file("a.exe", "unknown_format")
    data = orjson.loads(orjson.dumps(report.to_dict()))
    assert (data["seen"], data["read"], data["damaged_works"]) == (7, 2, 1)
    assert data["left_out"] == [
        {
            "reason": "no_text",
            "count": 5,
            "zh": "没有正文",
            "en": "no text",
            "examples": [{"place": "line 0", "detail": "no letters"}, {"place": "line 1", "detail": "no letters"}],
        }
    ]
    assert data["damaged"][0]["examples"] == [{"place": "book: 7", "detail": ""}]
    assert data["files_left_out"][0]["reason"] == "unknown_format"
