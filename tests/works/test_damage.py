import pytest

from luoshen.works.damage import damage
from luoshen.works.report import REASONS


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("明月光。", ()),
        ("明□光。", ("lacuna",)),
        ("{艹點}帳，⿰木木", ("composed",)),
        ("先<走山>后", ("composed",)),
        ("纳[糹習]，披", ("composed",)),
        ("瞢\ufffd，\ue829", ("replacement", "private_use")),
        ("倚杖け然", ("foreign",)),
        ("НН绕城，﹀人︽", ("foreign",)),
        ("𠮷野，悠々", ()),
    ],
)
def test_kinds(text: str, kinds: tuple[str, ...]) -> None:
    assert damage(text, chinese_only=True) == kinds
    assert set(kinds) <= set(REASONS)


def test_other_scripts_are_no_damage_in_a_text_of_any_language() -> None:
    assert damage("The moon, さくら") == ()
