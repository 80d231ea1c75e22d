"""``luoshen decode --reader hosted`` from the command line to a real server and back."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

import jsonschema
import platformdirs
import pytest
from click.testing import CliRunner

from luoshen.cli.main import group

POEM = "空山不见人，但闻人语响。\n返景入深林，复照青苔上。"
ANSWER = {
    "genes": [
        {"gene": "空灵", "strength": 3, "evidence": ["空山不见人", "万径人踪灭"]},
        {"gene": "豪放", "strength": 2, "evidence": ["大江东去"]},
    ],
    "valence": 0,
    "themes": ["山水"],
}


class Endpoint(ThreadingHTTPServer):
    """A chat endpoint on this machine that gives one answer for ever, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.status = [], 200
        self.url = f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], sent))
        message = {"role": "assistant", "content": json.dumps(ANSWER, ensure_ascii=False)}
        usage = {"prompt_tokens": 1200, "completion_tokens": 50}
        body = json.dumps({"choices": [{"message": message}], "usage": usage}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def endpoint(monkeypatch, tmp_path):
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        settings = {"URL": server.url, "MODEL": "poet-7b", "KEY": "sk-very-secret-0123456789"}
        for name, value in settings.items():
            monkeypatch.setenv(f"LUOSHEN_HOSTED_{name}", value)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def poem(tmp_path):
    file = tmp_path / "poem.txt"
    file.write_text(f"鹿柴\n王维\n\n{POEM}\n", encoding="utf-8")
    return str(file)


def run(*arguments):
    return CliRunner().invoke(group, ["decode", "--reader", "hosted", *arguments])


def test_a_file_becomes_a_profile_whose_evidence_was_checked(endpoint, poem):
    result = run(poem, "--json", "--all-genes")
    assert result.exit_code == 0, result.output
    profile = json.loads(result.stdout)
    assert result.stdout.startswith("{\n")  # one work: indented
    schema = resources.files("luoshen.genes").joinpath("profile.schema.json").read_text("utf-8")
    jsonschema.Draft202012Validator(json.loads(schema)).validate(profile)
    assert (profile["title"], profile["author"], profile["decoder"]) == ("鹿柴", "王维", "hosted:poet-7b@prompt-v1")
    (gene,) = profile["genes"]
    (evidence,) = gene["evidence"]
    assert (gene["gene"], gene["strength"], evidence["method"]) == ("空灵", 3, "hosted")
    assert POEM[evidence["start"] : evidence["end"]] == evidence["quote"] == "空山不见人"
    notes = [(warning["code"], warning["message_zh"]) for warning in profile["warnings"]]
    assert [code for code, _ in notes] == ["uncalibrated", "evidence_not_found", "evidence_not_found", "no_evidence"]
    assert "“万径人踪灭”不见于原文" in notes[1][1]
    assert profile["all_genes"]["豪放"] == 0
    # What needs no reader is there too.
    assert profile["prosody"]["form"] == "五绝"
    assert {image["image"] for image in profile["imagery"]} >= {"山", "苔"}


def test_only_the_text_leaves_the_machine(endpoint, poem):
    run(poem)
    ((path, authorization, sent),) = endpoint.asked
    assert (path, authorization) == ("/v1/chat/completions", "Bearer sk-very-secret-0123456789")
    user = sent["messages"][-1]["content"]
    assert POEM in user
    assert "鹿柴" not in user
    assert "王维" not in user


def test_the_second_run_asks_nothing_and_says_so(endpoint, poem):
    first, second = run(poem, "--json"), run(poem, "--json")
    assert len(endpoint.asked) == 1
    assert first.stdout == second.stdout
    assert first.stderr == (
        "1 requests, 0 answers from the cache; 1,200 tokens in, 50 out"
        " · 请求1次，缓存命中0次；输入1,200词元，输出50词元\n"
    )
    assert second.stderr.startswith("0 requests, 1 answers from the cache; 0 tokens in, 0 out")


def test_people_see_the_reading_and_its_warnings(endpoint, poem):
    result = run(poem, "--lang", "zh")
    assert result.exit_code == 0, result.output
    for words in ("鹿柴", "空灵", "空山不见人", "由托管模型解读", "“大江东去”不见于原文"):
        assert words in result.stdout
    assert "豪放 " not in result.stdout


def test_several_works_are_a_line_each(endpoint, poem):
    result = run(poem, "床前明月光，疑是地上霜。", "--json")
    first, second = map(json.loads, result.stdout.splitlines())
    assert [gene["gene"] for gene in first["genes"]] == ["空灵"]
    assert second["genes"] == []  # none of the words stands in it
    assert "2 requests" in result.stderr


def test_a_key_that_is_refused_is_one_line_and_status_1(endpoint, poem):
    endpoint.status = 401
    result = run(poem, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "LUOSHEN_HOSTED_KEY" in result.stderr
    assert "very-secret" not in result.stderr
    assert len(result.stderr.splitlines()) == 1
