"""What is wrong with a text as it was handed down: counted and kept, never mended in silence."""

from __future__ import annotations

import re

_KINDS = {
    "lacuna": re.compile("□"),
    # {艹點}; <走山>, in which the parts of one character stand (a longer <..> is something else)
    "composed": re.compile(r"\{[^{}\n]{1,24}\}|<[㐀-鿿]{1,4}>|\[[㐀-鿿]{2}\](?=[，。、])|[⿰-⿻]"),
    "replacement": re.compile("\ufffd"),
    "private_use": re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]"),
}
#: Letters of other scripts, table lines and the like, which misread bytes leave in a Chinese text.
_FOREIGN = re.compile("[0-9A-Za-zΑ-ωЀ-ӿぁ-ゖァ-ヺㄅ-ㄩ─-╿︰-﹎ⅰ-ⅿ=|*]")
_ANY = re.compile("[□{<\\[⿰-⿻\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]")


def damage(text: str, *, chinese_only: bool = False) -> tuple[str, ...]:
    """The kinds of damage in ``text``, as codes of :data:`luoshen.works.report.REASONS`.

    ``chinese_only``: the text is known to be wholly Chinese, so that Latin letters, kana and the
    like are what a wrong encoding left behind.
    """
    kinds = []
    if _ANY.search(text):
        kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(text)]
    if chinese_only and _FOREIGN.search(_KINDS["composed"].sub("", text)):
        kinds.append("foreign")
    return tuple(kinds)
