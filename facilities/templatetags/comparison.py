from django import template

register = template.Library()


@register.filter
def signed_m2(value: float) -> str:
    """A difference of areas with its sign; nothing but ± where there is none to two decimals."""
    if abs(value) < 0.005:
        return "±0.00"
    return f"{'+' if value > 0 else '−'}{abs(value):,.2f}"
