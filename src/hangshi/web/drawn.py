"""The chart of a report as an ECharts option: on the page as in its file."""

from typing import Any

from hangshi.reports.charts import LINE, Chart


def drawn(it: Chart) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 24, "top": 32, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": list(it.labels)},
        "yAxis": {"type": "value", "name": it.measure},
        "series": [{"type": "line" if it.shape == LINE else "bar", "name": it.name, "data": list(it.values)}],
    }
