import orjson
import pytest

from luoshen.decode.stream import CHUNK, Settings, _chunks, decode_lines, load_here, stream

pytestmark = pytest.mark.model


def line(number, text="空山不见人，但闻人语响。"):
    return orjson.dumps({"id": f"w{number}", "text": text}) + b"\n"


def size(line):
    return len(line[1])


def test_profiles_and_errors_come_in_the_order_of_the_lines():
    lines = [line(0), b"{broken\n", line(1), b'{"id": "x"}\n', b"\n", line(2)]
    result = decode_lines(load_here(Settings(), 1), list(enumerate(lines, 1)), Settings())
    rows = [orjson.loads(row) for row in result.data.splitlines()]
    assert [row["id"] for row in rows] == ["w0", None, "w1", "x", "w2"]
    assert ["error" in row for row in rows] == [False, True, False, True, False]
    assert (result.profiles, result.errors) == (3, 2)


def test_several_processes_give_what_one_gives():
    lines = [line(n, "明月" * (1 + n % 9)) for n in range(CHUNK + 100)]
    one = b"".join(r.data for r in stream(enumerate(lines, 1), decode_lines, size, Settings(), workers=1))
    two = b"".join(r.data for r in stream(enumerate(lines, 1), decode_lines, size, Settings(), workers=2))
    assert one.count(b"\n") == len(lines)
    ids = [orjson.loads(row)["id"] for row in two.splitlines()]
    assert ids == [f"w{n}" for n in range(len(lines))]
    genes = [[[g["gene"] for g in orjson.loads(row)["genes"]] for row in out.splitlines()] for out in (one, two)]
    assert genes[0] == genes[1]


def test_an_error_names_the_file_and_the_line_in_it():
    lines = [line(0), b"\n", b"{broken\n"] * CHUNK
    settings = Settings(source="works.jsonl")
    rows = b"".join(r.data for r in stream(enumerate(lines, 1), decode_lines, size, settings, workers=1)).splitlines()
    errors = [row["error"].split(": not")[0] for row in map(orjson.loads, rows) if "error" in row]
    assert errors == [f"works.jsonl: line {number}" for number in range(3, len(lines) + 1, 3)]


def test_chunks_close_by_count_and_by_size():
    assert [len(c) for c in _chunks(range(CHUNK * 2 + 1), lambda _: 1)] == [CHUNK, CHUNK, 1]
    assert [len(c) for c in _chunks(range(4), lambda _: 1 << 20)] == [1, 1, 1, 1]


def test_nothing_gives_nothing():
    assert list(stream([], decode_lines, len, Settings())) == []
