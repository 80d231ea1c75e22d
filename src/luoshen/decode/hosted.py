"""A hosted language model as a reader: any endpoint that speaks OpenAI's chat protocol.

DeepSeek, Hunyuan, Qwen, or a llama.cpp or Ollama server on one's own machine. The text is sent, and nothing else:
no title, no author. What comes back is checked against the text before it is believed.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from luoshen.decode.hosted_cache import AnswerCache
from luoshen.decode.hosted_client import KEY_SETTING, MODEL_SETTING, URL_SETTING, ChatClient, Cost, PassingError
from luoshen.decode.hosted_prompt import (
    PROMPT_VERSION,
    UnusableAnswerError,
    WindowReading,
    check_answer,
    correction,
    parse_answer,
    read_answer,
    system_prompt,
    user_message,
    windows,
)
from luoshen.decode.outside import outside_warnings
from luoshen.errors import HostedError, InputError
from luoshen.genes.profile import Evidence, GeneReading, Profile, ThemeReading
from luoshen.genes.profile import Warning as ProfileWarning
from luoshen.genes.vocabulary import GENES
from luoshen.works.work import Work

#: Characters of a text that go into one request.
WINDOW = 3000
#: The model says how strong a gene is, not how sure it is; these stand in for that, and nothing calibrates them.
CONFIDENCE_OF_STRENGTH = {1: 0.6, 2: 0.75, 3: 0.9}
CONFIDENCE_OF_THEME = 0.7
_LONGEST_PAUSE = 60.0
_GENES_MOST, _THEMES_MOST = 5, 2
_UNCALIBRATED = ProfileWarning(
    "uncalibrated",
    "Read by a hosted model: confidences follow from its strengths and are not calibrated.",
    "由托管模型解读：置信度由强度换算而来，未经校准。",
)


class HostedReader:
    """Reads works with a hosted model.

    ``base_url`` is the address before ``/chat/completions``, such as ``http://127.0.0.1:11434/v1``; it, ``model`` and
    ``api_key`` may come from the environment (``LUOSHEN_HOSTED_URL``, ``LUOSHEN_HOSTED_MODEL``,
    ``LUOSHEN_HOSTED_KEY``), the key only for the address that stands there too, if one does. ``timeout`` and
    ``backoff`` (the first pause, doubled each time) are seconds; ``retries`` is how often a request is made again
    after a failure or an unusable answer; ``price_in`` and ``price_out`` are per million tokens.

    Raises :class:`InputError` for settings that are missing or cannot be used.
    """

    def __init__(
        self,
        base_url: str | None = None,
        model: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 3,
        backoff: float = 1.0,
        cache_dir: str | Path | None = None,
        price_in: float | None = None,
        price_out: float | None = None,
    ) -> None:
        base_url = base_url or os.environ.get(URL_SETTING, "")
        if not base_url:
            raise InputError(
                f"no address of a hosted model; set {URL_SETTING}, for example to http://127.0.0.1:11434/v1"
                f" · 未指定托管模型的网址，请设置 {URL_SETTING}"
            )
        model = model or os.environ.get(MODEL_SETTING, "")
        if not model:
            raise InputError(
                f"no hosted model named; set {MODEL_SETTING}, for example to deepseek-chat"
                f" · 未指定托管模型，请设置 {MODEL_SETTING}"
            )
        # A key that was set for one address is never sent to another.
        if api_key is None and (os.environ.get(URL_SETTING) or base_url).rstrip("/") == base_url.rstrip("/"):
            api_key = os.environ.get(KEY_SETTING)
        self.cost = Cost(price_in=price_in, price_out=price_out)
        self._client = ChatClient(base_url, model, (api_key or "").strip(), timeout, self.cost)
        self.base_url, self.model = self._client.base_url, model
        self.decoder = f"hosted:{model}@{PROMPT_VERSION}"
        self._retries = retries
        self._backoff = backoff
        self._cache = AnswerCache(cache_dir) if cache_dir is not None else None

    def __repr__(self) -> str:
        return f"HostedReader({self.base_url!r}, {self.model!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def read(self, work: Work) -> Profile:
        """The model's reading of ``work``, every gene with words that stand in the text.

        Raises :class:`HostedError` when the model gives no usable answer.
        """
        readings = [
            (len(piece), _moved(self._read_window(piece), start))
            for start, piece in windows(work.text, WINDOW)
            if any(map(str.isalpha, piece))
        ]
        if not readings:
            merged = WindowReading(warnings=list(outside_warnings(work.text)))
        elif len(readings) == 1:
            merged = readings[0][1]
        else:
            merged = _merge(readings)
        genes = sorted(merged.strengths, key=lambda gene: -merged.strengths[gene])
        found = tuple(
            GeneReading(
                gene, merged.strengths[gene], CONFIDENCE_OF_STRENGTH[merged.strengths[gene]], merged.evidence[gene]
            )
            for gene in genes
        )
        return Profile(
            work.id,
            found,
            merged.valence,
            tuple(ThemeReading(theme, CONFIDENCE_OF_THEME) for theme in merged.themes),
            self.decoder,
            confidences=dict.fromkeys(GENES, 0.0) | {reading.gene: reading.confidence for reading in found},
            warnings=(*((_UNCALIBRATED,) if readings else ()), *dict.fromkeys(merged.warnings)),
            title=work.title,
            author=work.author,
            dynasty=work.dynasty,
        )

    def read_many(self, works: Iterable[Work]) -> Iterator[Profile]:
        """The reading of each work, as soon as it is there; what was read stays in the cache if one fails."""
        for work in works:
            yield self.read(work)

    def _read_window(self, text: str) -> WindowReading:
        # The prompt itself is part of the question: with another vocabulary it is another one.
        key = AnswerCache.key(self.base_url, self.model, PROMPT_VERSION, system_prompt(), text)
        answer = self._cached(key)
        if answer is not None:
            self.cost.cached += 1
            return read_answer(answer, text)
        answer = self._ask(text)
        reading = read_answer(answer, text)
        if self._cache:
            try:
                self._cache.put(key, answer)
            except OSError as error:
                reading.warnings.append(
                    ProfileWarning(
                        "not_cached",
                        f"The answer could not be kept in {self._cache.folder}: {error.strerror}.",
                        f"答复未能写入缓存 {self._cache.folder}：{error.strerror}。",
                    )
                )
        return reading

    def _cached(self, key: str) -> dict[str, Any] | None:
        answer: Any = self._cache.get(key) if self._cache else None
        try:
            check_answer(answer)
        except UnusableAnswerError:
            return None
        return dict(answer)  # an object, says the schema

    def _ask(self, text: str) -> dict[str, Any]:
        messages = [
            {"role": "system", "content": system_prompt()},
            {"role": "user", "content": user_message(text)},
        ]
        failure = ""
        for attempt in range(self._retries + 1):
            try:
                content = self._client.complete(messages)
            except PassingError as passing:
                failure = str(passing)
                if attempt < self._retries:
                    time.sleep(min(max(passing.pause, self._backoff * 2**attempt), _LONGEST_PAUSE))
                continue
            try:
                return parse_answer(content)
            except UnusableAnswerError as unusable:
                failure = f"unusable answer: {unusable} · 答复不合格式"
                told = [
                    {"role": "assistant", "content": content[:2000] or "(nothing)"},
                    {"role": "user", "content": correction(unusable)},
                ]
                messages = [*messages[:2], *told]
        raise HostedError(
            f"{self.model} at {self.base_url} gave no answer in {self._retries + 1} tries; the last failure: {failure}."
            " Try again later, or another model · 请稍后再试，或换一个模型"
        )


def _moved(reading: WindowReading, by: int) -> WindowReading:
    """``reading`` with its evidence moved to where the window starts in the work."""
    evidence = {
        gene: tuple(replace(item, start=item.start + by, end=item.end + by) for item in items)
        for gene, items in reading.evidence.items()
    }
    return replace(reading, evidence=evidence)


def _merge(readings: list[tuple[int, WindowReading]]) -> WindowReading:
    """One reading of a work from those of its windows, each with its length.

    A strength is the mean over the work, so that what marks one window alone is a secondary note of the whole.
    """
    total = sum(length for length, _ in readings)
    strengths: dict[str, float] = defaultdict(float)
    evidence: dict[str, tuple[Evidence, ...]] = defaultdict(tuple)
    themes: dict[str, float] = defaultdict(float)
    merged = WindowReading()
    for length, reading in readings:
        share = length / total
        merged.valence += share * reading.valence
        for theme in reading.themes:
            themes[theme] += share
        for gene, strength in reading.strengths.items():
            strengths[gene] += share * strength
            evidence[gene] += tuple(
                replace(item, weight=round(item.weight * share, 4)) for item in reading.evidence[gene]
            )
        merged.warnings += reading.warnings
    for gene in sorted(strengths, key=lambda gene: -strengths[gene])[:_GENES_MOST]:
        merged.strengths[gene] = max(1, round(strengths[gene]))
        merged.evidence[gene] = evidence[gene]
    merged.valence = round(merged.valence, 2)
    merged.themes = tuple(sorted(themes, key=lambda theme: -themes[theme])[:_THEMES_MOST])
    merged.warnings.append(
        ProfileWarning(
            "windows",
            f"The work is long: it was read in {len(readings)} pieces, and the readings were merged.",
            f"作品较长，分{len(readings)}段解读后合并。",
        )
    )
    return merged
