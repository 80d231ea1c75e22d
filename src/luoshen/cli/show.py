"""A Profile for people, in a terminal: the text with its evidence marked, and what it carries."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from luoshen.cli.palette import gene_colour
from luoshen.cli.words import Lang, gene_name, prosody_line, sureness, theme_name, valence_words
from luoshen.genes.profile import Profile
from luoshen.works.script import view
from luoshen.works.work import Work

_BAR = 12
_LONG = 1200  #: letters of a text that are printed before it is cut
_QUOTES = 3


def render(work: Work, profile: Profile, lang: Lang, script: str | None, against: str | None = None) -> RenderableType:
    """Everything a reader wants to see first; the JSON has the rest. ``against``: where allusions were looked for."""
    parts: list[RenderableType] = [_heading(work, profile, script), Padding(_marked(work, profile, script), (1, 2))]
    if profile.genes:
        parts.append(Padding(_genes(work, profile, lang, script), (0, 2)))
    parts.append(Padding(_facts(profile, lang, script, against), (1, 2, 0, 2)))
    for warning in profile.warnings:
        parts.append(Text("  ⚠ " + (warning.message_zh if lang == "zh" else warning.message), style="yellow"))
    return Group(*parts)


def visible(text: str) -> str:
    """Control characters and direction marks shown as a dot, so that a text cannot steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" or c == "\u3000" else "·" for c in text)


def _heading(work: Work, profile: Profile, script: str | None) -> Text:
    heading = Text(visible(view(work.title, script)) or work.id, style="bold")
    by = " · ".join(part for part in (work.dynasty, work.author) if part)
    heading.append(f"  {visible(view(by, script))}", style="dim")
    if profile.label is not None:
        heading.append(f"  → {profile.label}", style="bold green")
    return heading


def _marked(work: Work, profile: Profile, script: str | None) -> Text:
    shown = visible(view(work.text, script))
    text = Text(shown)
    # Weaker genes first: where two share words, the stronger one's colour stays.
    for gene in reversed(profile.genes):
        for evidence in gene.evidence:
            text.stylize(f"bold {gene_colour(gene.gene)} underline", evidence.start, evidence.end)
    if len(shown) > _LONG:
        text = text[:_LONG]
        text.append(f"… ({len(shown)})", style="dim")
    return text


def _genes(work: Work, profile: Profile, lang: Lang, script: str | None) -> Table:
    table = Table.grid(padding=(0, 2))
    shown = visible(view(work.text, script))  # a quote alone has no neighbours to tell its script by
    for gene in profile.genes:
        colour = gene_colour(gene.gene)
        filled = round(_BAR * gene.strength / 3)
        bar = Text("█" * filled, style=colour)
        bar.append("░" * (_BAR - filled), style="dim")
        quotes = "  ".join(shown[e.start : e.end] for e in gene.evidence[:_QUOTES])
        sure = f"{gene.confidence:.0%} {sureness(gene.confidence, lang)}"
        name = Text(view(gene_name(gene.gene, lang), script), style=f"bold {colour}")
        table.add_row(name, bar, str(gene.strength), Text(sure, style="dim"), Text(quotes, style=colour))
    return table


def _facts(profile: Profile, lang: Lang, script: str | None, against: str | None) -> Table:
    zh = lang == "zh"
    table = Table.grid(padding=(0, 2))
    rows = [
        ("情感" if zh else "mood", f"{profile.valence:+.1f} {valence_words(profile.valence, lang)}"),
        (
            "题材" if zh else "themes",
            "、".join(f"{theme_name(t.theme, lang)} {t.confidence:.0%}" for t in profile.themes),
        ),
        (
            "意象" if zh else "imagery",
            "、".join(f"{i.image}" + ("" if zh else f" {i.label}") for i in profile.imagery[:12]),
        ),
        ("格律" if zh else "prosody", prosody_line(profile, lang)),
    ]
    for allusion in profile.allusions[:5]:
        source = (
            f"{allusion.evidence.quote} ← {allusion.source_author}《{allusion.source_title}》{allusion.source_line}"
        )
        rows.append(("出处" if zh else "source", source))
    if against is not None and not profile.allusions:
        rows.append(("出处", f"在 {against} 中未见") if zh else ("source", f"nothing found in {against}"))
    for name, value in rows:
        if value:
            table.add_row(Text(name, style="dim"), Text(visible(view(value, script))))
    return table
