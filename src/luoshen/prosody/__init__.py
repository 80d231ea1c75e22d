"""Tones, rhyme books, forms, ci tunes; verdicts with reasons."""
