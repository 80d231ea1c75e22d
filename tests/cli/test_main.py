import importlib
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from luoshen.cli.main import COMMANDS, LazyGroup, group
from luoshen.errors import DataError, EncodingError, FormatError, HostedError, InputError, ModelError, VocabularyError


@pytest.fixture
def failing(monkeypatch):
    """Invokes the group with a command that raises the given error."""

    def invoke(error, *options):
        @click.command("genes")
        def command():
            raise error

        monkeypatch.setattr(LazyGroup, "get_command", lambda *_: command)
        return CliRunner().invoke(group, [*options, "genes"])

    return invoke


@pytest.mark.parametrize("kind", [InputError, FormatError, EncodingError, VocabularyError])
def test_bad_input_is_one_line_and_status_2(failing, kind):
    result = failing(kind("poem.txt: byte 3: mend it"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "luoshen: poem.txt: byte 3: mend it\n"


@pytest.mark.parametrize("kind", [ModelError, HostedError, DataError])
def test_a_failure_of_ours_is_one_line_and_status_1(failing, kind):
    result = failing(kind("the model is damaged"))
    assert (result.exit_code, result.stderr) == (1, "luoshen: the model is damaged\n")


def test_debug_shows_where_an_error_came_from(failing):
    assert isinstance(failing(InputError("x"), "--debug").exception, InputError)


def test_an_error_of_another_kind_is_not_hidden(failing):
    assert isinstance(failing(ZeroDivisionError()).exception, ZeroDivisionError)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_name_and_help_in_both_languages(name):
    command = getattr(importlib.import_module(COMMANDS[name]), name)
    assert command.name == name
    assert command.help.isascii() is False
    result = CliRunner().invoke(group, [name, "--help"])
    assert result.exit_code == 0
    assert f"{name} [OPTIONS]" in result.output


def test_help_lists_the_commands():
    output = CliRunner().invoke(group, ["--help"]).output
    assert all(f"  {name} " in output for name in COMMANDS)


def test_an_unknown_command_is_a_usage_error():
    result = CliRunner().invoke(group, ["dance"])
    assert result.exit_code == 2
    assert "dance" in result.stderr


def test_version():
    assert "0.1.0" in CliRunner().invoke(group, ["--version"]).output


def test_a_file_name_that_is_no_utf8_ends_in_no_traceback(tmp_path):
    result = subprocess.run(
        [sys.executable, "-c", "from luoshen.cli import main; main()", "genes", b"\xff\xfe"], capture_output=True
    )
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr
    assert result.stderr.startswith(b"luoshen: ")
