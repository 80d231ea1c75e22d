"""The rules of the house (CONTRIBUTING.md) that a program can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import luoshen

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "luoshen"
MODULES = sorted(SRC.rglob("*.py"))
#: Later ones may use earlier ones, never the reverse.
ORDER = ("works", "genes", "prosody", "decode", "bank", "create", "learn", "translate", "lineage", "cli", "web")
DOORS = ("cli", "web")  #: nothing imports them, nor one the other
LONGEST = 400
REGISTRIES = re.compile(
    r"registry\.npmjs|registry\.yarnpkg|npmmirror\.|pypi\.org|pythonhosted\.|deb\.debian\.|proxy\.golang|static\.crates"
)
ONE_MACHINE = re.compile(r"(?<![\w.~*])/(?:work|root|tmp|home|opt|Users)/(?=\w)|\b[A-Z]:\\Users\\")
GPL = re.compile(r"\b[AL]?GPL|GNU (?:Affero |Lesser |Library )?General Public", re.IGNORECASE)


def part(module: str) -> str | None:
    """The part of the house that a dotted module name belongs to; None for ``luoshen.errors`` and other packages."""
    names = module.split(".")
    return names[1] if names[0] == "luoshen" and len(names) > 1 and names[1] in ORDER else None


def imported(tree: ast.Module, package: list[str]) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import, inside functions and ``TYPE_CHECKING`` too.

    ``package`` holds the names of the package that the module lies in, for relative imports.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "__import__")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, str(node.args[0].value)


def broken_imports(source: str, place: Path) -> list[str]:
    """What a module at ``place``, relative to ``src``, imports against the rule."""
    own = part(".".join(place.with_suffix("").parts))
    if own is None:  # the public face, which gathers all, and the errors
        return []
    found = []
    for line, name in imported(ast.parse(source), list(place.parent.parts)):
        other = part(name)
        if other is None and name.split(".")[:2] == ["luoshen", place.stem]:
            continue
        whole = name.split(".")[0] == "luoshen" and other is None and not name.startswith("luoshen.errors")
        upward = other is not None and ORDER.index(other) > ORDER.index(own)
        door = other in DOORS and other != own
        if upward or door or whole:
            found.append(f"{place}:{line}: {own} imports {name}")
    return found


def committed() -> dict[str, str]:
    """Every text file that git keeps, by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    texts = {}
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            texts[name] = data.decode()
    return texts


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return committed()


def test_imports_run_downward() -> None:
    assert len(MODULES) > 20
    found = [line for path in MODULES for line in broken_imports(path.read_text("utf-8"), path.relative_to(SRC.parent))]
    assert found == []


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("from luoshen.decode.decoder import decode", "luoshen/works/a.py"),
        ("def f():\n    import luoshen.cli.main", "luoshen/decode/a.py"),
        ("if TYPE_CHECKING:\n    from luoshen.prosody import analyse", "luoshen/genes/a.py"),
        ("from ..cli import words", "luoshen/decode/a.py"),
        ("from luoshen import cli", "luoshen/decode/a.py"),
        ("import importlib\nimportlib.import_module('luoshen.web.app')", "luoshen/cli/a.py"),
        ("import luoshen", "luoshen/decode/a.py"),
    ],
)
def test_the_import_rule_sees_through_disguises(source: str, place: str) -> None:
    assert len(broken_imports(source, Path(place))) == 1


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("from luoshen.errors import InputError", "luoshen/works/a.py"),
        ("from luoshen.works.work import Work\nfrom . import b\nimport numpy", "luoshen/genes/a.py"),
        ("from .words import language", "luoshen/cli/a.py"),
    ],
)
def test_the_import_rule_lets_pass_what_it_should(source: str, place: str) -> None:
    assert broken_imports(source, Path(place)) == []


def test_every_folder_has_its_place_in_the_order() -> None:
    assert {path.relative_to(SRC).parts[0] for path in MODULES if path.parent != SRC} <= set(ORDER)


def test_no_module_is_too_long(texts: dict[str, str]) -> None:
    modules = {name: text for name, text in texts.items() if name.endswith(".py") and not name.startswith("tests/")}
    assert [name for name, text in modules.items() if text.count("\n") > LONGEST] == []


def test_every_module_says_what_it_is() -> None:
    assert [path.name for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_no_registry_is_named_by_its_host(texts: dict[str, str]) -> None:
    assert [(name, found[0]) for name, text in texts.items() if (found := REGISTRIES.search(text))] == []


def test_no_path_of_one_machine(texts: dict[str, str]) -> None:
    assert [(name, found[0]) for name, text in texts.items() if (found := ONE_MACHINE.search(text))] == []


def test_the_lock_names_no_place_and_every_hash(texts: dict[str, str]) -> None:
    for name in ("requirements/base.txt", "requirements/dev.txt"):
        entries = texts[name].replace("\\\n", " ").splitlines()
        assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
        assert "://" not in texts[name]
        assert "--find-links" not in texts[name]


def test_the_base_lock_is_part_of_the_dev_lock_and_holds_no_torch(texts: dict[str, str]) -> None:
    base, dev = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", texts[f"requirements/{name}.txt"], re.MULTILINE))
        for name in ("base", "dev")
    )
    assert base.items() <= dev.items()
    assert "torch" not in dev
    assert set(map(bare, project()["dependencies"])) <= base.keys()


def needed(name: str, seen: set[str]) -> set[str]:
    """The installed distributions that ``name`` needs at run time, without extras, itself included."""
    if name in seen:
        return seen
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # for another platform
        return seen
    seen.add(name)
    for line in lines:
        if "extra ==" not in line:
            needed(bare(line), seen)
    return seen


def bare(requirement: str) -> str:
    """The name that a requirement starts with."""
    return re.split(r"[\[<>=~!;( ]", requirement)[0].lower()


def licence(name: str) -> str:
    """What a distribution says of its licence, without the text of the licence itself."""
    data = metadata.metadata(name)
    said = [data.get("License-Expression"), data.get("License"), *(data.get_all("Classifier") or [])]
    return "\n".join(line.split("\n")[0] for line in said if line and (line in said[:2] or "License" in line))


def test_no_dependency_is_gpl() -> None:
    names: set[str] = set()
    extras = project()["optional-dependencies"]
    for requirement in (*project()["dependencies"], *extras["fit"], *extras["agreement"]):
        needed(bare(requirement), names)
    assert {"numpy", "scipy", "rdflib", "pyparsing"} <= names
    assert [(name, found[0]) for name in sorted(names) if (found := GPL.search(licence(name)))] == []


def test_no_gpl_in_what_is_committed(texts: dict[str, str]) -> None:
    notices = re.compile(r"GNU (?:Affero |Lesser )?General Public License,? (?:as published|version)", re.IGNORECASE)
    assert [name for name, text in texts.items() if notices.search(text)] == []
    assert texts["LICENSE"].lstrip().startswith("Apache License")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_versions_agree(texts: dict[str, str]) -> None:
    version = project()["version"]
    assert luoshen.__version__ == version
    assert re.search(r'^version: "?([\d.]+)"?$', texts["CITATION.cff"], re.MULTILINE)[1] == version
    assert re.search(r"^## \[([\d.]+)\]", texts["CHANGELOG.md"], re.MULTILINE)[1] == version


def test_the_changelog_runs_back_in_time(texts: dict[str, str]) -> None:
    dates = re.findall(r"^## \[[\d.]+\] - (\d{4}-\d\d-\d\d)$", texts["CHANGELOG.md"], re.MULTILINE)
    assert dates
    assert all(later >= earlier for later, earlier in pairwise(dates))


def test_the_public_face_is_documented(texts: dict[str, str]) -> None:
    headings = re.findall(r"^(?:### |- )`luoshen\.(\w+)", texts["docs/python.md"], re.MULTILINE)
    assert sorted(headings) == sorted(luoshen.__all__)
    assert all(getattr(luoshen, name).__doc__ for name in luoshen.__all__)


def test_importing_opens_no_socket() -> None:
    script = """
import sys
def watch(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(watch)
import luoshen
assert "torch" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_is_whole(texts: dict[str, str]) -> None:
    body = texts["examples/luoshenfu.txt"].split("---\n")[2]
    assert sum(map(str.isalpha, body)) == 911
    assert body.startswith("黄初三年，余朝京师，还济洛川。")
    assert body.endswith("揽騑辔以抗策，怅盘桓而不能去。\n")


def test_no_module_imports_what_another_keeps_to_itself() -> None:
    found = []
    for path in MODULES:
        tree = ast.parse(path.read_text("utf-8"))
        for _, name in imported(tree, list(path.relative_to(SRC.parent).parent.parts)):
            owner, _, last = name.rpartition(".")
            if owner.startswith("luoshen") and last.startswith("_") and not last.startswith("__"):
                found.append(f"{path.relative_to(SRC)}: {name}")
    assert found == []
