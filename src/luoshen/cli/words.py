"""What the numbers of a Profile mean, in words for people, Chinese and English."""

from __future__ import annotations

import os
from typing import Literal

from luoshen.genes.profile import Profile
from luoshen.genes.vocabulary import Vocabulary

Lang = Literal["zh", "en"]

_VALENCE = (
    (-1.25, "哀伤外露", "openly sorrowful"),
    (-0.4, "隐含哀愁", "quietly sorrowful"),
    (0.4, "平和", "balanced"),
    (1.25, "隐含欢愉", "quietly glad"),
    (9.0, "欢欣", "openly joyful"),
)
_SURE = ((0.45, "存疑", "doubtful"), (0.7, "可能", "likely"), (1.1, "较有把握", "fairly sure"))


def language(asked: str | None) -> Lang:
    """The language that was asked for, or that of the user's locale."""
    if asked in ("zh", "en"):
        return asked  # type: ignore[return-value]
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def valence_words(valence: float, lang: Lang) -> str:
    """A valence of -2 to 2 as a phrase."""
    zh, en = next((zh, en) for limit, zh, en in _VALENCE if valence < limit)
    return zh if lang == "zh" else en


def sureness(confidence: float, lang: Lang) -> str:
    """A confidence of 0 to 1 as a phrase."""
    zh, en = next((zh, en) for limit, zh, en in _SURE if confidence < limit)
    return zh if lang == "zh" else en


def gene_name(gene: str, lang: Lang) -> str:
    """A gene's name; in English with the Chinese before it."""
    return gene if lang == "zh" else f"{gene} {Vocabulary.load().find(gene).name_en}"


def theme_name(theme: str, lang: Lang) -> str:
    """A theme's name; in English with the Chinese before it."""
    return theme if lang == "zh" else f"{theme} {Vocabulary.load().find_theme(theme).name_en}"


def prosody_line(profile: Profile, lang: Lang) -> str:
    """Form, rhyme and tune on one line, with the names of faults."""
    prosody = profile.prosody or {}
    parts = [str(prosody.get("form", ""))]
    if lang == "en" and prosody.get("form_en"):
        parts[0] += f" {prosody['form_en']}"
    if prosody.get("tune"):
        kind = "曲牌 " if prosody.get("form") == "曲" else "词牌 "
        parts.append((kind if lang == "zh" else "tune ") + str(prosody["tune"]))
    if prosody.get("rhyme_group"):
        parts.append(("押韵 " if lang == "zh" else "rhyme ") + str(prosody["rhyme_group"]))
    faults = {str(f["name_zh" if lang == "zh" else "name_en"]) for f in prosody.get("faults", ())}
    if prosody.get("regulated") and not faults:
        parts.append("合律" if lang == "zh" else "regulated, no fault")
    elif faults:
        parts.append("、".join(sorted(faults)) if lang == "zh" else ", ".join(sorted(faults)))
    return " · ".join(part for part in parts if part)
