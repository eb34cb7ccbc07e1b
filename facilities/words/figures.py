"""Areas and lengths in a sentence."""

from django.utils.formats import number_format


def area(square_metres: float) -> str:
    """``12.3 m²``; what is too small for that in cm²."""
    if square_metres < 0.01:
        return f"{number_format(max(round(square_metres * 10_000), 1))} cm²"
    return f"{metres(square_metres)} m²"


def metres(value: float) -> str:
    """With up to two decimals, and no zeros that say nothing."""
    text = number_format(round(value, 2), decimal_pos=2, use_l10n=True)
    return text.rstrip("0").rstrip(".") if "." in text else text
