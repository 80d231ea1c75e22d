"""A Profile as a picture (SVG): the text with its evidence under colour, and bars for its genes."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from luoshen.cli.palette import gene_colour
from luoshen.cli.words import Lang, gene_name, prosody_line, sureness, theme_name, valence_words
from luoshen.genes.profile import Profile
from luoshen.works.work import Work

_FONT = "'LXGW WenKai','Noto Serif CJK SC','Source Han Serif SC','Songti SC',SimSun,serif"
_LETTERS_SHOWN = 3000
_WIDE = 26  #: letters to a row of a long line
_INK, _FAINT, _PAPER = "#2b2622", "#8a8178", "#faf7f0"
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")


def picture(work: Work, profile: Profile, lang: Lang) -> str:
    """One self-contained SVG, 960 wide and as high as the text needs."""
    rows = _rows(work.text[:_LETTERS_SHOWN])
    size = 26 if len(rows) <= 12 and all(stop - start <= 20 for start, stop in rows) else 17
    colours = _colours(profile)
    out: list[str] = []
    y = 64
    out.append(_text(48, y, work.title or work.id, 34, _INK, weight="bold"))
    by = " · ".join(part for part in (work.dynasty, work.author) if part)
    if by:
        out.append(_text(48, y + 32, by, 17, _FAINT))
        y += 32
    top = y + 24
    y = top
    for start, stop in rows:
        y += round(size * 1.75)
        out.extend(_row(work.text, start, stop, 48, y, size, colours))
    left_bottom = y
    x, y = 560, top + 6
    for gene in profile.genes:
        y += 34
        colour = gene_colour(gene.gene)
        out.append(_text(x, y, gene_name(gene.gene, lang), 18, colour, weight="bold"))
        sure = f"{gene.strength} · {gene.confidence:.0%} {sureness(gene.confidence, lang)}"
        out.append(_text(912, y, sure, 13, _FAINT, anchor="end"))
        out.append(f'<rect x="{x}" y="{y + 8}" width="352" height="7" rx="3.5" fill="#e7e1d6"/>')
        out.append(
            f'<rect x="{x}" y="{y + 8}" width="{352 * gene.strength / 3:.0f}" height="7" rx="3.5" fill="{colour}"/>'
        )
        quotes = "  ".join(e.quote for e in gene.evidence[:3])
        y += 36
        out.append(_text(x, y, quotes, 16, colour))
    y += 20
    for name, value in _facts(profile, lang):
        for line in _wrapped(value, 21 if lang == "zh" else 44):
            y += 25
            if name:
                out.append(_text(x, y, name, 14, _FAINT))
            out.append(_text(x + 62, y, line, 15, _INK))
            name = ""
    height = max(left_bottom, y) + 56
    out.append(_text(912, height - 18, f"{profile.decoder} · {profile.id}", 11, _FAINT, anchor="end"))
    body = "\n".join(out)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="960" height="{height}" viewBox="0 0 960 {height}" '
        f'font-family="{_FONT}" role="img">\n<title>{_clean(work.title or work.id)}</title>\n'
        f'<rect width="960" height="{height}" fill="{_PAPER}"/>\n{body}\n</svg>\n'
    )


def _facts(profile: Profile, lang: Lang) -> list[tuple[str, str]]:
    zh = lang == "zh"
    images = "、".join(i.image if zh else f"{i.image} {i.label}" for i in profile.imagery[:14])
    facts = [
        ("情感" if zh else "mood", f"{profile.valence:+.1f} {valence_words(profile.valence, lang)}"),
        ("题材" if zh else "themes", "、".join(theme_name(t.theme, lang) for t in profile.themes)),
        ("格律" if zh else "prosody", prosody_line(profile, lang)),
        ("意象" if zh else "imagery", images),
    ]
    facts += [("注意" if zh else "note", w.message_zh if zh else w.message) for w in profile.warnings]
    return [(name, value) for name, value in facts if value]


def _colours(profile: Profile) -> dict[int, str]:
    """Colour of each code point that is evidence; the stronger gene wins where two share it."""
    colours: dict[int, str] = {}
    for gene in reversed(profile.genes):
        for evidence in gene.evidence:
            colours.update(dict.fromkeys(range(evidence.start, evidence.end), gene_colour(gene.gene)))
    return colours


def _rows(text: str) -> list[tuple[int, int]]:
    """Code-point ranges of the rows to print: lines, and long lines cut after their punctuation."""
    rows = []
    start = 0
    for line in text.split("\n"):
        at = start
        stop = start + len(line)
        while stop - at > _WIDE:
            marks = [i + 1 for i in range(at + _WIDE // 2, at + _WIDE) if not text[i].isalnum()]
            cut = marks[-1] if marks else at + _WIDE
            rows.append((at, cut))
            at = cut
        if stop > at:
            rows.append((at, stop))
        start = stop + 1
    return rows


def _row(text: str, start: int, stop: int, x: int, y: int, size: int, colours: dict[int, str]) -> list[str]:
    out = []
    at = start
    while at < stop:
        colour = colours.get(at)
        end = at + 1
        while end < stop and colours.get(end) == colour:
            end += 1
        left = x + (at - start) * size
        if colour:
            out.append(
                f'<rect x="{left}" y="{y + 6}" width="{(end - at) * size}" height="3" rx="1.5" fill="{colour}"/>'
            )
        for place in range(at, end):
            out.append(_text(x + (place - start) * size, y, text[place], size, colour or _INK))
        at = end
    return out


def _wrapped(value: str, width: int) -> list[str]:
    lines, line = [], ""
    pieces = re.split(r"(?<=[、 ·，：；])", value)
    for part in (piece[at : at + width] for piece in pieces for at in range(0, max(1, len(piece)), width)):
        if line and len(line) + len(part) > width:
            lines.append(line)
            line = ""
        line += part
    return [*lines, line]


def _clean(text: str) -> str:
    return escape(_UNPRINTABLE.sub("·", text))


def _text(x: int, y: int, text: str, size: int, fill: str, *, weight: str = "normal", anchor: str = "start") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{_clean(text)}</text>'
    )
