"""Every error that Luoshen raises on purpose.

Each message names the input, the place in it, and what to do about it.
"""

from __future__ import annotations


class LuoshenError(Exception):
    """The root: catch this to catch all of ours."""


class InputError(LuoshenError):
    """What was given cannot be used; mending it is the user's part (exit status 2)."""


class FormatError(InputError):
    """A file or a record does not have the form that it claims."""


class EncodingError(InputError):
    """Bytes that no known encoding turns into text."""


class VocabularyError(InputError):
    """A gene, theme or concept that the vocabulary does not hold."""


class ModelError(LuoshenError):
    """A model that is missing, damaged, or of another version."""


class HostedError(LuoshenError):
    """A hosted model did not give a usable answer."""


class DataError(LuoshenError):
    """Data shipped with the package is missing or damaged: install it again."""
