"""Tones, rhyme books, forms, ci tunes; verdicts with reasons."""

from luoshen.prosody.analyse import analyse, summary
from luoshen.prosody.verdict import Character, Finding, RhymeWord, Scanned, Tune, Verdict

__all__ = ["Character", "Finding", "RhymeWord", "Scanned", "Tune", "Verdict", "analyse", "summary"]
