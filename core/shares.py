"""How a share is written, everywhere alike."""


def per_cent(share: float, digits: int = 0) -> str:
    """A share as "98 %", on one line with its sign."""
    return f"{share:.{digits}%}".replace("%", "\u00a0%")
