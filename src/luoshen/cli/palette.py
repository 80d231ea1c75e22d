"""A colour for each gene, the same in the terminal and in pictures."""

from __future__ import annotations

import colorsys

from luoshen.genes.vocabulary import GENES

#: Turning by the golden angle keeps genes that stand side by side in the vocabulary far apart in hue.
_GOLDEN = 0.381966


def gene_colour(gene: str) -> str:
    """``#rrggbb`` of a gene: one lightness for all, so that none shouts on white or on black."""
    number = GENES.index(gene) if gene in GENES else len(GENES)
    red, green, blue = colorsys.hls_to_rgb((number * _GOLDEN + 0.02) % 1.0, 0.47, 0.5)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
