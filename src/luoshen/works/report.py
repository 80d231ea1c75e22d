"""What became of every record that was read: the figures add up, and nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from luoshen.works.work import Work

#: Why a record or a file was left out, or how a work is damaged: the code, in Chinese, in English.
REASONS: dict[str, tuple[str, str]] = {
    # records left out
    "no_text": ("没有正文", "no text"),
    "bad_record": ("记录格式不对", "not a usable record"),
    "index_only": ("存目：只有题目和首句", "an index entry: only the title and first line of a poem ascribed in error"),
    "modern_essay": ("今人所撰前言、考释，不是唐诗", "a preface or study by a modern compiler, no poem"),
    # files left out
    "symlink": ("符号链接，不跟随", "a symbolic link, not followed"),
    "not_a_file": ("不是普通文件", "not a plain file"),
    "hidden": ("隐藏文件", "a hidden file"),
    "unknown_format": ("不认识的格式", "not in a format that Luoshen reads"),
    "unreadable": ("整个文件无法读取", "the whole file cannot be read"),
    "subset_flagged_as_wrong": (
        "主体之中被标记为有误的子集，同样的编号已在主体里",
        "a flagged subset of the main files: the same ids are read there",
    ),
    "damaged_edition": ("文本残损，多数律诗缺句", "a damaged text: most of its regulated poems have lost segments"),
    "tone_patterns": (
        "已知有误的平仄数据；平仄另行推算",
        "tone patterns known to be wrong: tones are computed instead",
    ),
    "hit_counts": ("搜索引擎命中数，没有编号", "hit counts of search engines, without ids"),
    "not_works": ("作者小传、简介或字表，不是作品", "biographies, introductions or character tables, not works"),
    # damage
    "lacuna": ("缺字 □", "characters lost: □"),
    "composed": ("以部件拼写的字", "characters written as their parts: {..}"),
    "replacement": ("替换字符 U+FFFD", "characters lost in an earlier conversion: U+FFFD"),
    "private_use": ("私用区字符", "private-use characters, which no font has to agree on"),
    "foreign": ("误码：不属于正文的字符", "characters that a wrong encoding left behind"),
    "text_in_title": ("正文开头误入题目，已接回", "the verse ran over into the title: joined again"),
    "http_header": ("混入网页抓取的残余，已删", "the remains of a web page stood in the text: removed"),
}


class Rejected(NamedTuple):
    """A record that could not become a Work: where it stood, why, and the id that it claimed, if any."""

    place: str
    reason: str  #: a code of :data:`REASONS`
    message: str  #: the place, the reason and the remedy, in English
    id: str | None = None


Item = Work | Rejected


@dataclass
class ReadReport:
    """Counts of a reading, with up to ``max_examples`` examples of every reason.

    ``seen == read + sum(left_out.values())``; damaged works are among those read.
    """

    max_examples: int = 5
    read: int = 0
    damaged_works: int = 0
    files_read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    damaged: Counter[str] = field(default_factory=Counter)  #: works with this damage; a work may have several
    files_left_out: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """All records met with in the files that were read."""
        return self.read + self.left_out.total()

    def count(self, item: Item) -> None:
        """Take one record into the counts."""
        if isinstance(item, Rejected):
            self.left_out[item.reason] += 1
            self._example(item.reason, item.place, item.message)
            return
        self.read += 1
        damage = item.extra.get("damage")
        if damage:
            self.damaged_works += 1
            source = item.sources[0]
            for kind in damage:
                self.damaged[kind] += 1
                self._example(kind, f"{source.name}: {source.id}" if source.id else source.name, item.title)

    def leave_out_file(self, place: str, reason: str, detail: str = "") -> None:
        """Take one file that is not read into the counts."""
        self.files_left_out[reason] += 1
        self._example(reason, place, detail)

    def _example(self, reason: str, place: str, detail: str) -> None:
        examples = self.examples.setdefault(reason, [])
        if len(examples) < self.max_examples:
            examples.append({"place": place, "detail": detail[:200]})

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values, every reason in Chinese and English."""

        def table(counts: Counter[str]) -> list[dict[str, Any]]:
            return [
                {
                    "reason": reason,
                    "count": count,
                    "zh": REASONS[reason][0],
                    "en": REASONS[reason][1],
                    "examples": self.examples.get(reason, []),
                }
                for reason, count in counts.most_common()
            ]

        return {
            "seen": self.seen,
            "read": self.read,
            "damaged_works": self.damaged_works,
            "files_read": self.files_read,
            "left_out": table(self.left_out),
            "damaged": table(self.damaged),
            "files_left_out": table(self.files_left_out),
        }
