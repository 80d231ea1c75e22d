import click
import pytest
from click.testing import CliRunner

from luoshen.cli.main import group

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def run(monkeypatch):
    """Runs the command line under a locale; gives what stands on standard error."""

    def invoke(*arguments, locale="C"):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", locale)
        result = CliRunner().invoke(group, arguments, prog_name="luoshen")
        assert result.exit_code == 2
        assert result.stdout == ""
        return result.stderr

    return invoke


WRONG = [
    (["prosody"], "缺少参数“TEXT|FILE|FOLDER|-”。", "Missing argument 'TEXT|FILE|FOLDER|-'."),
    (["prosody", "x", "--lnag", "zh"], "没有选项“--lnag”。是否指“--lang”？", "--lnag"),
    (["prosody", "x", "--script", "old"], "“old”不在可选之列：“simplified”“traditional”。", "'old' is not one of"),
    (["prosody", "--script"], "选项“--script”须带值。", "'--script' requires an argument"),
    (["prosody", "x", "--json=1"], "选项“--json”不带值。", "does not take a value"),
    (["card", "a", "b"], "多出参数", "unexpected extra argument"),
    (["decode", "x", "--workers", "0"], "“--workers”的值不可用：0不在范围 x>=1 之内。", "0 is not in the range x>=1"),
    (["decode", "x", "--workers", "two"], "“two”不是数。", "'two' is not a valid integer"),
    (["decode", "x", "--decoder", "nowhere"], "没有“nowhere”这个文件或文件夹。", "'nowhere' does not exist"),
    (["dance"], "没有命令“dance”。", "No such command 'dance'"),
    (["--loud"], "没有选项“--loud”。", "--loud"),
    (["decode"], "请给出文本、文件、文件夹或 -", "nothing to decode: give a text"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "zh", "en"), WRONG, ids=lambda value: "-".join(value) if isinstance(value, list) else ""
)
def test_a_usage_error_speaks_the_language_of_the_locale(run, arguments, zh, en):
    chinese = run(*arguments, locale="zh_CN.UTF-8")
    last = chinese.splitlines()[-1]
    assert last.startswith("错误：")
    assert zh in last
    assert "Usage" not in chinese
    english = run(*arguments, locale="en_GB.UTF-8")
    assert en in english
    assert english.isascii()
    # Click knows the command in most cases, and then shows how it is used.
    assert ("用法：luoshen" in chinese) == ("Usage: luoshen" in english)
    assert ("详见 luoshen" in chinese) == ("Try 'luoshen" in english)


def test_the_language_that_is_asked_for_goes_before_the_locale(run):
    assert "错误：没有选项“--loud”" in run("prosody", "x", "--loud", "--lang", "zh", locale="en_GB.UTF-8")
    assert "错误：缺少参数" in run("prosody", "--lang=zh", locale="en_GB.UTF-8")
    assert "Error: Missing argument" in run("prosody", "--lang", "en", locale="zh_CN.UTF-8")


def test_what_a_user_typed_is_never_cut(run):
    assert "(a · b)" in run("card", "a · b", locale="en_GB.UTF-8")
    assert "a · b" in run("card", "a · b", locale="zh_CN.UTF-8")


def test_what_is_not_known_stays_in_english(monkeypatch):
    from luoshen.cli.usage import told

    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert told(click.UsageError("Something new."), []).message == "Something new."
