"""The closed word lists of the rules: a file a list in `words/`, words apart by blanks, a line that begins with # is a remark."""

from importlib.resources import files


def words(name: str) -> frozenset[str]:
    """The words of one list."""
    text = (files("hangshi.claims") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
