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
        "filter": False,
        "width": 100,
        "valueFormatter": {
            "function": f"params.value == null ? '{NOTHING}' : d3.format('{pattern}')(params.value)"
        },
        **more,
    }


def _text(field: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "field": field, "headerName": title, "tooltipField": field, "width": 105, "filter": False,
        **more,
    }  # fmt: skip


def _table(columns: list[dict[str, Any]], row_id: str, rows: int, **options: Any) -> dict[str, Any]:
    return {
        "columnDefs": columns,
        "getRowId": row_id,
        "columnSize": "responsiveSizeToFit",
        "dangerously_allow_code": False,
        "dashGridOptions": {
            "paginationPageSize": rows,
            "paginationPageSizeSelector": False,
            "tooltipShowDelay": 400,
            "rowHeight": 30,
            "headerHeight": 34,
            "localeText": {"noRowsToShow": "Nothing to list."},
            **options,
        },
    }


def _band(field: str, title: str) -> dict[str, Any]:
    return _text(
        field,
        title,
        cellClassRules={
            "band-low": "params.value == 'low'",
            "band-medium": "params.value == 'medium'",
            "band-high": "params.value == 'high'",
        },
    )


PARTNERS = _table(
    [
        _text("partner_name", "Partner", width=200, filter=True, cellClass="cell-link"),
        _text("segment", "Segment"),
        _text("tier", "Tier"),
        _text("region", "Region", width=80),
        _number("revenue_score", "Revenue", ".1f"),
        _band("revenue_band", "Band"),
        _number("engagement_score", "Engagement", ".1f", width=115),
        _band("engagement_band", "Band"),
        _number("expected_revenue", "Expected", ",.0f", width=120),
        _text("gaps", "Gaps", width=250),
    ],
    "params.data.partner_id",
    12,
)

ACTIONS = _table(
    [
        _text("partner_name", "Partner", width=180, filter=True, cellClass="cell-link"),
        _text("title", "Action", width=190, filter=True),
        _text("due_on", "Due", width=120),
        _text("state", "State"),
        _text("owner_role", "Who", width=140, filter=True),
        _text("reason", "Why", width=400),
    ],
    "params.data.action_key",
    10,
    # A row is an action and not a partner: the partner is read from the row that is selected.
    rowSelection={"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
)

SCENARIO_PARTNERS = _table(
    [
        _text("partner_name", "Partner", width=220, filter=True, cellClass="cell-link"),
        _text("segment", "Segment"),
        _number("official_score", "Score", ".1f"),
        _number("scenario_score", "Would be", ".1f"),
        _number("score_difference", "Change", "+.1f"),
        _band("official_band", "Band"),
        _band("scenario_band", "Would be"),
        _number("official_expected_revenue", "Expected", ",.0f"),
        _number("scenario_expected_revenue", "Would be", ",.0f"),
    ],
    "params.data.partner_id",
    10,
)

EXPERIMENT_RESULTS = _table(
    [
        _text("metric", "Metric", width=150),
        _text("role", "Role"),
        _text("scale", "Scale"),
        _text("method", "Method", width=190),
        _number("control_value", "Control", ",.4~r"),
        _number("treatment_value", "Treatment", ",.4~r"),
        _number("difference", "Difference", "+,.4~r"),
        _number("difference_low", "from", "+,.4~r"),
        _number("difference_high", "to", "+,.4~r"),
        _number("p_value", "p", ".3f"),
    ],
    "params.data.metric + params.data.scale + params.data.method + params.data.arm",
    10,
)

RECORDS = _table(
    [
        _text("counted_on", "Counted on"),
        _text("activity_type", "What", width=140),
        _text("source", "Source", width=140),
        _text("source_record_id", "Record", width=140),
        _number("quantity", "Quantity", ",.2~f"),
        _number("amount", "Amount", ",.2f"),
        _text("definition", "What it means", width=300),
    ],
    "params.data.source_record_id + params.data.activity_type",
    12,
)
