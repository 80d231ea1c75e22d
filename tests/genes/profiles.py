"""Strategies that build Profiles of a text by hand."""

from hypothesis import strategies as st

from luoshen.genes import profile
from luoshen.genes.profile import Allusion, Evidence, GeneReading, Image, Profile, ThemeReading
from luoshen.genes.vocabulary import GENES, THEMES

#: 𠀀 is outside the BMP, where code points and UTF-16 units part.
HAN = "空山不见人但闻语响返景入深林复照青苔上𠀀𪚥，。\n"
probabilities = st.floats(0, 1)
names = st.text(max_size=8)


@st.composite
def evidence_of(draw, text):
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return Evidence(text[start:end], start, end, draw(probabilities), draw(names))


@st.composite
def texts_and_profiles(draw):
    text = draw(st.text(HAN, min_size=1, max_size=30))
    evidence = evidence_of(text)
    several = st.lists(evidence, max_size=3).map(tuple)
    genes = draw(st.lists(st.sampled_from(GENES), unique=True, max_size=5))
    themes = draw(st.lists(st.sampled_from(THEMES), unique=True, max_size=2))
    allusions = st.builds(
        Allusion, evidence, names, names, names, names, st.sampled_from(["line", "phrase", "variant"])
    )
    return text, Profile(
        id=draw(st.text("0123456789abcdef", min_size=12, max_size=12)),
        title=draw(names),
        author=draw(names),
        dynasty=draw(names),
        genes=tuple(GeneReading(g, draw(st.integers(1, 3)), draw(probabilities), draw(several)) for g in genes),
        valence=draw(st.floats(-2, 2)),
        themes=tuple(ThemeReading(theme, draw(probabilities)) for theme in themes),
        decoder=draw(st.text(min_size=1, max_size=8)),
        imagery=tuple(
            Image(image, draw(names), draw(names), (draw(evidence), *draw(several)))
            for image in draw(st.lists(st.text("月山酒柳", min_size=1, max_size=3), unique=True, max_size=3))
        ),
        allusions=tuple(draw(st.lists(allusions, max_size=2))),
        prosody=draw(st.none() | st.just({"form": "五绝", "rhyme_group": "上声二十二养", "faults": []})),
        confidences=draw(st.dictionaries(st.sampled_from(GENES), probabilities, max_size=4)),
        embedding=draw(st.none() | st.lists(st.floats(-1, 1), min_size=1, max_size=4).map(tuple)),
        labels=draw(st.none() | st.dictionaries(names, probabilities, max_size=3)),
        label=draw(st.none() | names | st.floats(-5, 5)),
        warnings=tuple(draw(st.lists(st.builds(profile.Warning, *[st.text(min_size=1, max_size=5)] * 3), max_size=2))),
    )
