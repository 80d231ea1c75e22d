from rich.console import Console

from luoshen.cli.show import render
from luoshen.genes.profile import Evidence, GeneReading, Profile
from luoshen.works.work import Work

TEXT = "几回魂梦与君同。今宵剩把银釭照，犹恐相逢是梦中。"


def test_a_quote_is_shown_as_it_stands_in_the_view_of_the_text():
    work = Work(TEXT, title="鹧鸪天")
    evidence = (Evidence("几回", 0, 2, 1.0, "attention"),)  # alone, 几回 could be in either script
    profile = Profile(work.id, (GeneReading("哀婉", 2, 0.9, evidence),), 0.0, (), "test")
    console = Console(width=100)
    with console.capture() as captured:
        console.print(render(work, profile, "zh", "traditional"))
    assert captured.get().count("幾回") == 2
    assert "几回" not in captured.get()
