"""The one exception a user reads: what was refused, and why, in a sentence of theirs."""


class Refused(Exception):
    """A rule said no; nothing has been written. `code` names the rule, `sentence` is shown to the user as it is."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
