"""``{% load charts %}``: pictures of figures, each with the table behind it."""

from typing import Any

from django import template

from organiser_portal.core.charts import DayChart
from organiser_portal.core.lines import LineChart

register = template.Library()


@register.inclusion_tag("components/day_chart.html")
def day_chart(chart: DayChart) -> dict[str, Any]:
    """Stacked columns by day, with the table behind; ``core.charts.day_chart`` makes ``chart``."""
    return {"chart": chart}


@register.inclusion_tag("components/line_chart.html")
def line_chart(chart: LineChart) -> dict[str, Any]:
    """Lines over time, with the table behind; ``core.lines.line_chart`` makes ``chart``."""
    return {"chart": chart}
