"""The documentation as a contract: what is not documented, or not as it is documented, fails."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
import shlex
from itertools import groupby, takewhile
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import click
import pytest

from luoshen import errors

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in PAGES}
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def load_reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reference = load_reference()
COMMANDS: dict[str, click.Context] = reference.commands()


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one of the same kind."""
    parts = re.split(r"^## ", page, flags=re.MULTILINE)
    return next((part for part in parts if part.split("\n", 1)[0] == heading), "")


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them, and its explicit ones."""
    prose = FENCE.sub("", page)
    found = set(re.findall(r'<a id="([^"]+)"', prose))
    for heading in re.findall(r"^#{1,6} (.+)$", prose, re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", LINK.sub(lambda link: link[0], heading).lower())
        found.add(name.strip().replace(" ", "-"))
    return found


def commands_in(page: str) -> list[list[str]]:
    """The words of every ``luoshen`` command in a page's console blocks, from ``luoshen`` on."""
    lines = [line for kind, block in FENCE.findall(page) if kind == "console" for line in block.splitlines()]
    found = []
    for line in lines:
        if line.startswith("$ "):
            words = shlex.shlex(line[2:], posix=True, punctuation_chars="|<>")
            words.whitespace_split = True
            for piped, command in groupby(words, lambda word: word == "|"):
                typed = list(takewhile(lambda word: word not in ("<", ">"), command))
                if not piped and Path(typed[0]).name == "luoshen":
                    found.append(["luoshen", *typed[1:]])
    return found


def test_every_command_and_option_is_documented() -> None:
    assert len(COMMANDS) > 4
    page = TEXTS["docs/cli.md"]
    missing = []
    for name, context in COMMANDS.items():
        told = section(page, name)
        for parameter in context.command.get_params(context):
            if isinstance(parameter, click.Option):
                names = [*parameter.opts, *parameter.secondary_opts]
                missing += [f"{name} {n}" for n in names if not re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", told)]
            elif parameter.make_metavar(context) not in told:
                missing.append(f"{name} {parameter.name}")
        if not told:
            missing.append(name)
    assert missing == []


def test_the_command_reference_is_up_to_date() -> None:
    assert TEXTS["docs/cli.md"] == reference.rewrite(TEXTS["docs/cli.md"]), "run `make docs`"


def test_every_option_says_what_it_is_for() -> None:
    options = [
        (name, parameter)
        for name, context in COMMANDS.items()
        for parameter in context.command.params
        if isinstance(parameter, click.Option)
    ]
    assert [f"{name} {option.opts[0]}" for name, option in options if not option.help] == []


def test_every_error_is_documented() -> None:
    page = TEXTS["docs/errors.md"]
    known = {
        name: kind
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == "luoshen.errors" and issubclass(kind, Exception)
    }
    assert len(known) > 5
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.MULTILINE))
    assert rows == {name: kind.__bases__[0].__name__ for name, kind in known.items()}


def test_the_status_of_every_error_is_as_documented() -> None:
    for name, status in re.findall(r"^\| `(\w+)` \|.*\| (\d) \|$", TEXTS["docs/errors.md"], re.MULTILINE):
        assert (status == "2") == issubclass(getattr(errors, name), errors.InputError), name


def test_every_warning_is_documented() -> None:
    decode = ROOT / "src" / "luoshen" / "decode"
    code = re.compile(r'(?:Warning|_dropped)\(\s*"(\w+)"')
    codes = {found for path in decode.glob("*.py") for found in code.findall(path.read_text("utf-8"))}
    assert {"prose", "faint", "uncalibrated", "unknown_gene"} <= codes
    for page in ("docs/profile.md", "docs/profile.zh.md"):
        assert codes <= set(re.findall(r"`(\w+)`", TEXTS[page])), page


def test_every_field_of_a_profile_is_explained() -> None:
    schema = json.loads((ROOT / "src" / "luoshen" / "genes" / "profile.schema.json").read_text("utf-8"))
    for kind in ("profile", "gene", "evidence", "image", "allusion", "warning"):
        fields = schema["$defs"][kind]["properties"]
        for page in ("docs/profile.md", "docs/profile.zh.md"):
            assert set(fields) <= set(re.findall(r"`(\w+)`", TEXTS[page])), (kind, page)


@pytest.mark.parametrize("name", TEXTS)
def test_internal_links_resolve(name: str) -> None:
    broken = []
    for target in LINK.findall(CODE.sub("", FENCE.sub("", TEXTS[name]))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        path = ((ROOT / name).parent / file).resolve() if file else ROOT / name
        if not path.exists() or (anchor and anchor not in anchors(path.read_text("utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", TEXTS)
def test_paths_that_are_named_exist(name: str) -> None:
    named = re.findall(r"`((?:src|train|tests|evaluate|docs|requirements|examples)/[\w./-]+)`", TEXTS[name])
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_commands_in_the_pages_parse(name: str) -> None:
    for _, command, *words in commands_in(TEXTS[name]):
        context = COMMANDS[f"luoshen {command}"]
        # Raises for an option that is not there, or a value that is missing.
        context.command.make_parser(context).parse_args(words)


def test_a_command_that_does_not_exist_would_be_found() -> None:
    page = "```console\n$ .venv/bin/luoshen decode --no-such poem.txt > out\n$ cat a | luoshen genes\n```\n"
    assert commands_in(page) == [["luoshen", "decode", "--no-such", "poem.txt"], ["luoshen", "genes"]]
    context = COMMANDS["luoshen decode"]
    with pytest.raises(click.NoSuchOption):
        context.command.make_parser(context).parse_args(["--no-such"])


def test_both_readmes_show_it_at_once() -> None:
    for name in ("README.md", "README.zh.md"):
        first = TEXTS[name].split("\n## ")[0]
        assert len(commands_in(first)) == 1, name
        assert "$ make start" in first
        assert reference.OUTPUT.search(first), name


@pytest.mark.parametrize("name", TEXTS)
def test_output_that_is_shown_comes_from_a_command_that_exists(name: str) -> None:
    for place in reference.OUTPUT.finditer(TEXTS[name]):
        program, command, *_ = shlex.split(place[2])
        assert f"{program} {command}" in COMMANDS


def test_every_make_target_is_explained() -> None:
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets is not None
    assert [target for target in targets[1].split() if f"`make {target}`" not in TEXTS["CONTRIBUTING.md"]] == []


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if "<!-- figures -->" in text])
def test_the_figures_are_those_of_the_shipped_model(name: str) -> None:
    assert TEXTS[name] == reference.with_figures(TEXTS[name], chinese=name.endswith(".zh.md")), "run `make docs`"
    assert "0." in reference.figures_table(chinese=True)
