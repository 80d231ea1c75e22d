"""The part of ``docs/genes.md`` and ``docs/genes.zh.md`` that comes from the vocabulary.

``python -m luoshen.genes.markdown docs/genes.md docs/genes.zh.md`` writes it anew between its markers.
"""

from __future__ import annotations

import sys
from pathlib import Path

from luoshen.errors import FormatError
from luoshen.genes.vocabulary import Gene, Vocabulary

BEGIN = "<!-- from the vocabulary: begin -->"
END = "<!-- from the vocabulary: end -->"


def reference(language: str) -> str:
    """The genes, close pairs and themes as Markdown, in ``zh`` or ``en``."""
    vocabulary = Vocabulary.load()
    chinese = language == "zh"
    parts = [vocabulary.note_zh if chinese else vocabulary.note_en]
    parts += [_gene(gene, chinese) for gene in vocabulary.shown()]
    parts += ["## 易混的基因" if chinese else "## Close pairs", _pairs(vocabulary, chinese)]
    parts += ["## 题材" if chinese else "## Themes", _themes(vocabulary, chinese)]
    return "\n\n".join(parts)


def rewrite(text: str, language: str) -> str:
    """A page with the part between its markers made anew. Raises :class:`FormatError` if the markers are missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise FormatError(f"the page needs {BEGIN} and {END} · 页面缺少标记")
    return f"{before}{BEGIN}\n\n{reference(language)}\n\n{END}{after}"


def _gene(gene: Gene, chinese: bool) -> str:
    example = gene.examples[0]
    traditional = [gene.name_hant] if gene.name_hant != gene.name else []
    # The anchor is the local name of the gene's URI, …/genes#kongling.
    if chinese:
        names = "，".join([*traditional, gene.pinyin, gene.name_en])
        return (
            f'<a id="{gene.id}"></a>\n### {gene.name}\n\n{names}。\n\n{gene.definition_zh}\n\n'
            f"> {example.quote}  \n> ——{example.author}《{example.title}》"
        )
    names = ", ".join([*traditional, gene.pinyin])
    return (
        f'<a id="{gene.id}"></a>\n### {gene.name} {gene.name_en}\n\n{names}. {gene.definition_en}\n\n'
        f"> {example.quote}  \n> {example.translation}  \n"
        f"> — {example.author_en}, “{example.title_en}” ({example.author}《{example.title}》)"
    )


def _pairs(vocabulary: Vocabulary, chinese: bool) -> str:
    rows = ["| | |", "|---|---|"]
    done: set[frozenset[str]] = set()
    for gene in vocabulary.genes:
        for close in gene.close:
            pair = frozenset((gene.name, close.gene))
            if pair in done:
                continue
            done.add(pair)
            other = vocabulary.find(close.gene)
            if chinese:
                rows.append(f"| {gene.name}、{other.name} | {close.distinction_zh} |")
            else:
                names = f"{gene.name} {gene.name_en}, {other.name} {other.name_en}"
                rows.append(f"| {names} | {close.distinction_en} |")
    return "\n".join(rows)


def _themes(vocabulary: Vocabulary, chinese: bool) -> str:
    if chinese:
        return "、".join(theme.name for theme in vocabulary.themes) + "。"
    return "; ".join(f"{theme.name} {theme.name_en}" for theme in vocabulary.themes) + "."


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        written = rewrite(page.read_text(encoding="utf-8"), "zh" if page.name.endswith(".zh.md") else "en")
        page.write_text(written, encoding="utf-8")
