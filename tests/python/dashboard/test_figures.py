"""Numbers in words, and charts that show what their frame holds."""

import io

import pandas as pd
import pytest
from PIL import Image

from dashboard import look, pictures
from dashboard.figures import partner, partner_charts, programme, scenarios, segments

HOSTILE = "<a href='https://example.org'>Acme</a> & <b>Sons</b>"


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "—"), (float("nan"), "—"), (pd.NA, "—"), (0, "0"), (999.4, "999"), (12_345, "12.3k"),
     (456_789, "457k"), (22_325_041, "22.3M"), (-9_690_000, "-9.69M"), (3.2e9, "3.20B")],
)  # fmt: skip
def test_money_has_three_digits_that_matter(value: object, said: str):
    assert look.money(value) == said


def test_values_are_said_in_the_unit_of_their_metric():
    assert look.in_unit(0.846, "ratio") == "85%"
    assert look.in_unit(23.0, "days") == "23 days"
    assert look.in_unit(2.5, "1 to 5") == "2.5"
    assert look.in_unit(12_345.0, "currency a day") == "12.3k"
    assert look.in_unit(float("nan"), "ratio") == "not observed"


def test_cells_hold_every_pair_of_bands_high_revenue_on_top():
    frame = pd.DataFrame(
        [("high", "low", 6), ("low", "low", 43), ("high", "high", 51)],
        columns=["revenue_band", "engagement_band", "partners"],
    )
    heat = programme.cells(frame).data[0]
    assert [list(row) for row in heat.z] == [[43, 0, 0], [0, 0, 0], [6, 0, 51]]
    assert heat.hovertext[2][0] == "high revenue, low engagement"
    assert heat.text[2][0] == "<b>6</b><br>6%"


def test_drivers_step_from_nothing_to_the_score():
    frame = pd.DataFrame(
        [
            (1, "strategy", "icp_overlap_rate", 4.0, 8.0, "observed"),
            (2, "execution", "onboarding_pace", 10.0, 10.0, "observed"),
            (6, "adjustment", "smoothing", -1.5, None, None),
        ],
        columns=["place", "kind", "name", "points", "most_points", "evidence_state"],
    )
    figure = partner_charts.drivers(frame, "revenue")
    bars = {bar.name: bar for bar in figure.data}
    assert list(bars["strategy"].base) == [0]
    assert list(bars["execution"].base) == [4.0]
    assert list(bars["adjustment"].base) == [14.0]
    assert list(bars["adjustment"].x) == [-1.5]
    assert list(bars["published score"].x) == [12.5]
    assert bars["execution"].customdata[0][0] == "onboarding_pace", "a click names the metric"


def test_movers_show_the_greatest_rise_on_top_and_escape_names():
    frame = pd.DataFrame(
        [("P1", HOSTILE, 50.0, 55.0, 5.0), ("P2", "Beta", 50.0, 48.0, -2.0)],
        columns=["partner_id", "partner_name", "score_before", "score_now", "score_change"],
    ).assign(metric_points=0.0, weight_points=0.0, smoothing_points=0.0, guardrail_points=0.0)
    figure = programme.movers(frame)
    assert list(figure.data[0].x) == [-2.0, 5.0]
    names = figure.layout.yaxis.ticktext
    assert (
        names[1]
        == "&lt;a href='https://example.org'&gt;Acme&lt;/a&gt; &amp; &lt;b&gt;Sons&lt;/b&gt;"
    )
    assert figure.data[0].customdata[1][0] == "P1"


def test_names_of_groups_are_escaped_wherever_plotly_reads_them():
    frame = pd.DataFrame(
        {"segment": [HOSTILE], "partners": [3], "mean_difference": [-1.0], "bands_up": [0],
         "bands_down": [1]}
    )  # fmt: skip
    box = pd.DataFrame(
        {"group_name": [HOSTILE], "outcome": ["revenue"], "lower_quartile": [1.0], "median": [2.0],
         "upper_quartile": [3.0], "lowest": [0.0], "highest": [4.0], "partners": [3]}
    )  # fmt: skip
    for figure in (scenarios.segments(frame), segments.scores(box)):
        assert "<a" not in figure.to_json()
        assert "&lt;a" in figure.to_json().replace("\\u0026", "&").replace("\\u003c", "<")


def test_a_chart_without_data_says_why():
    empty = pd.DataFrame(columns=["revenue_band", "engagement_band", "partners"])
    figure = programme.cells(empty)
    assert figure.layout.annotations[0].text == "No partner with a score is left."
    assert not figure.data


def test_a_partner_that_nobody_knows_is_said_to_be_unknown():
    assert "no partner" in partner.headline(pd.DataFrame()).children


def test_a_forecast_adds_what_is_booked_to_what_is_to_come():
    frame = pd.DataFrame(
        [("2026 Q3", True, 30, 400.0, 1_000.0, 800.0, 1_300.0, 900.0),
         ("2026 Q4", False, 30, 0.0, 1_200.0, None, None, None)],
        columns=["quarter", "is_running", "partners", "booked_revenue", "forecast_revenue",
                 "low_80", "high_80", "pipeline_implied"],
    )  # fmt: skip
    booked, to_come, _ = programme.forecast(frame).data
    assert list(booked.y) == [400, 0]
    assert list(to_come.y) == [600, 1_200]
    assert to_come.error_y.array[0] == 300
    assert to_come.error_y.arrayminus[0] == 200
    assert list(booked.x) == ["2026 Q3 (running)", "2026 Q4"]


def test_actions_say_why_and_by_when():
    frame = pd.DataFrame(
        [("Coaching", "What is done", "Why it is", "partner manager", "More meetings", None,
          "overdue", pd.Timestamp("2026-07-05"), None)],
        columns=["title", "what", "reason", "owner_role", "expected_effect", "effect_evidence",
                 "state", "due_on", "driver_metric"],
    )  # fmt: skip
    said = str(partner.actions(frame))
    for text in ("Coaching", "overdue", "partner manager", "by 5 Jul 2026", "Why it is"):
        assert text in said
    assert "recommends no actions" in str(partner.actions(pd.DataFrame()))


def test_a_small_picture_keeps_the_colours_of_bands_and_noise_is_refused():
    picture = Image.new("RGB", (1400, 900), "white")
    for place, colour in enumerate(look.BAND_COLOURS.values()):
        picture.paste(colour, (10 + 50 * place, 10, 40 + 50 * place, 20))
    few = Image.open(io.BytesIO(pictures.small(_png(picture), "chips"))).convert("RGB")
    for place, colour in enumerate(look.BAND_COLOURS.values()):
        found = few.getpixel((20 + 50 * place, 15))
        assert "#{:02X}{:02X}{:02X}".format(*found) == colour
    with pytest.raises(ValueError, match="noise"):
        pictures.small(_png(Image.effect_noise((1400, 900), 90).convert("RGB")), "noise")


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
