"""Luoshen 洛神: a Work goes in, a Profile made of Evidence comes out.

>>> import luoshen
>>> luoshen.decode("空山不见人，但闻人语响。返景入深林，复照青苔上。").genes[0].gene
'空灵'
"""

from luoshen.decode.decoder import decode
from luoshen.errors import (
    DataError,
    EncodingError,
    FormatError,
    HostedError,
    InputError,
    LuoshenError,
    ModelError,
    VocabularyError,
)
from luoshen.genes.profile import Evidence, GeneReading, Profile
from luoshen.works.reading import read
from luoshen.works.work import Work

__version__ = "0.1.0"

__all__ = [
    "DataError",
    "EncodingError",
    "Evidence",
    "FormatError",
    "GeneReading",
    "HostedError",
    "InputError",
    "LuoshenError",
    "ModelError",
    "Profile",
    "VocabularyError",
    "Work",
    "decode",
    "read",
]
