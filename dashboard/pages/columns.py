"""Columns of the tables that can be sorted: names in words, numbers in their unit.

Cells are text to the browser whatever the data holds: no column renders HTML or markdown.
"""

from typing import Any

from dashboard.look import NOTHING


def _number(field: str, title: str, pattern: str, **more: Any) -> dict[str, Any]:
    return {
        "field": field,
        "headerName": title,
        "type": "rightAligned",
        "filter": "agNumberColumnFilter",
        "valueFormatter": {
            "function": f"params.value == null ? '{NOTHING}' : d3.format('{pattern}')(params.value)"
        },
        **more,
    }


def _text(field: str, title: str, **more: Any) -> dict[str, Any]:
    return {"field": field, "headerName": title, "tooltipField": field, **more}


def _table(columns: list[dict[str, Any]], row_id: str, rows: int) -> dict[str, Any]:
    return {
        "columnDefs": columns,
        "getRowId": row_id,
        "columnSize": "sizeToFit",
        "dangerously_allow_code": False,
        "dashGridOptions": {
            "paginationPageSize": rows,
            "paginationPageSizeSelector": False,
            "tooltipShowDelay": 400,
            "rowHeight": 32,
            "headerHeight": 34,
        },
    }


def _band(field: str, title: str) -> dict[str, Any]:
    return _text(
        field,
        title,
        maxWidth=120,
        cellClassRules={
            "band-low": "params.value == 'low'",
            "band-medium": "params.value == 'medium'",
            "band-high": "params.value == 'high'",
        },
    )


PARTNERS = _table(
    [
        _text("partner_name", "Partner", minWidth=190, cellClass="cell-link"),
        _text("segment", "Segment", maxWidth=110),
        _text("tier", "Tier", maxWidth=100),
        _text("region", "Region", maxWidth=90),
        _band("revenue_band", "Revenue band"),
        _number("revenue_score", "Revenue", ".1f", maxWidth=105),
        _band("engagement_band", "Engagement band"),
        _number("engagement_score", "Engagement", ".1f", maxWidth=120),
        _number("expected_revenue", "Expected", ",.0f", maxWidth=120),
        _text("gaps", "Gaps", minWidth=260),
    ],
    "params.data.partner_id",
    12,
)

SCENARIO_PARTNERS = _table(
    [
        _text("partner_name", "Partner", minWidth=190, cellClass="cell-link"),
        _text("segment", "Segment", maxWidth=110),
        _number("official_score", "Score", ".1f", maxWidth=100),
        _number("scenario_score", "Would be", ".1f", maxWidth=110),
        _number("score_difference", "Change", "+.1f", maxWidth=100),
        _band("official_band", "Band"),
        _band("scenario_band", "Would be"),
        _number("official_expected_revenue", "Expected", ",.0f", maxWidth=130),
        _number("scenario_expected_revenue", "Would be", ",.0f", maxWidth=130),
    ],
    "params.data.partner_id",
    10,
)

EXPERIMENT_RESULTS = _table(
    [
        _text("metric", "Metric"),
        _text("role", "Role", maxWidth=110),
        _text("scale", "Scale", maxWidth=110),
        _text("method", "Method", minWidth=170),
        _number("control_value", "Control", ",.3~f"),
        _number("treatment_value", "Treatment", ",.3~f"),
        _number("difference", "Difference", "+,.3~f"),
        _number("difference_low", "from", "+,.3~f"),
        _number("difference_high", "to", "+,.3~f"),
        _number("p_value", "p", ".3f", maxWidth=90),
    ],
    "params.data.metric + params.data.scale + params.data.method + params.data.arm",
    10,
)

RECORDS = _table(
    [
        _text("counted_on", "Counted on", maxWidth=120),
        _text("activity_type", "What", maxWidth=180),
        _text("source", "Source", maxWidth=180),
        _text("source_record_id", "Record", maxWidth=180),
        _number("quantity", "Quantity", ",.2~f", maxWidth=110),
        _number("amount", "Amount", ",.2f", maxWidth=130),
        _text("definition", "What it means", minWidth=300),
    ],
    "params.data.source_record_id + params.data.activity_type",
    12,
)
