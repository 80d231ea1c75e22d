"""Answers kept on disk, so that nothing is paid for twice."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from luoshen.errors import InputError


class AnswerCache:
    """One JSON file an answer, named after what was asked; it holds neither keys nor the text that was read."""

    def __init__(self, folder: str | Path) -> None:
        """Make ``folder`` if it is not there.

        Raises :class:`InputError` if it cannot be made or written to.
        """
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"cache folder {self.folder}: {error.strerror}; name one that can be written to"
                " · 缓存目录不可用，请另指定一个可写的目录"
            ) from error

    @staticmethod
    def key(*asked: str) -> str:
        """SHA-256 of all that was asked: the same question has the same key."""
        return sha256(json.dumps(asked).encode()).hexdigest()

    def get(self, key: str) -> Any:
        """What was put under ``key``, or None if nothing was, or it cannot be read any more."""
        try:
            return json.loads(self._path(key).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep ``value``, written aside and then renamed, so that no one ever sees half of it.

        Raises :class:`OSError` if the disk does not take it.
        """
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(value, file)
            Path(aside).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(aside).unlink()
            raise

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"
