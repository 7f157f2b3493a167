"""The error raised when something a learner gave cannot be used."""


class Refused(ValueError):
    """One sentence saying what is wrong and what is accepted, with a code for its family.

    The sentence never holds content of the file, so it can be shown as it is.
    """

    def __init__(self, code: str, sentence: str) -> None:
        # Both go to the base class, so that a cache can pickle the error.
        super().__init__(code, sentence)
        self.code = code

    def __str__(self) -> str:
        """Return the sentence alone, for the screen."""
        return str(self.args[1])
