"""Numbers in words, and charts that show what their frame holds."""

import io
from urllib.parse import urlsplit

import pandas as pd
import pytest
from dash.development.base_component import Component
from PIL import Image

from dashboard import links, look, pictures
from dashboard.figures import bars, partner, partner_charts, programme, scenarios, segments

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


def everything(component: Component) -> list[Component]:
    return [component, *(each for each in component._traverse() if isinstance(each, Component))]


def of_class(component: Component, name: str) -> list[Component]:
    return [each for each in everything(component) if getattr(each, "className", None) == name]


def test_cells_hold_every_pair_of_bands_high_revenue_on_top():
    frame = pd.DataFrame(
        [("high", "low", 6), ("low", "low", 43), ("high", "high", 51)],
        columns=["revenue_band", "engagement_band", "partners"],
    )
    cells = of_class(programme.cells(frame), "cell")
    assert [int(each.children.split("\n")[0]) for each in cells] == [6, 0, 51, 0, 0, 0, 43, 0, 0]
    assert cells[0].children == "6\n6%"
    assert cells[0].id["part"] == "high revenue, low engagement", "a click names the cell"
    assert cells[2].style == look.shade(1.0) and cells[1].style == look.shade(0.0)


def test_shades_run_through_the_scale_and_text_stands_out():
    assert look.shade(0.0) == {"backgroundColor": "rgb(243, 246, 250)", "color": look.INK}
    assert look.shade(0.5)["backgroundColor"] == "rgb(143, 180, 217)"
    assert look.shade(0.75)["backgroundColor"] == "rgb(87, 129, 169)"
    assert look.shade(1.0) == {"backgroundColor": "rgb(31, 78, 121)", "color": "#FFFFFF"}


def test_a_bar_is_as_long_as_its_parts_and_shows_each():
    bar = bars.column([("red", 3), ("blue", 0), ("green", 1)], 8, "title")
    assert bar.children == "4"
    assert bar.style["height"] == "50.00%"
    gradient = "linear-gradient(to top, red 0.00% 75.00%, green 75.00% 100.00%)"
    assert bar.style["background"] == gradient
    assert bars.column([("red", 0)], 8, "title").to_plotly_json()["props"].keys() == {
        "children", "title",
    }  # fmt: skip


def test_scores_stack_bands_in_steps_and_say_them():
    frame = pd.DataFrame(
        [("revenue", "low", 40.0, 3), ("revenue", "medium", 40.0, 9),
         ("engagement", "high", 95.0, 6)],
        columns=["outcome", "band", "step", "partners"],
    )  # fmt: skip
    drawn = programme.scores(frame)
    columns = [each for box in of_class(drawn, "columns") for each in box.children]
    assert len(columns) == 40
    said = {each.title: each.style["height"] for each in columns if hasattr(each, "style")}
    assert said == {
        "revenue score 40 to 45: 12 partners (3 low, 9 medium)": "100.00%",
        "engagement score 95 to 100: 6 partners (6 high)": "50.00%",
    }


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


def test_movers_show_the_greatest_rise_on_top_and_open_partners():
    frame = pd.DataFrame(
        [("P1", HOSTILE, 50.0, 55.0, 5.0), ("P2", "Beta", 50.0, 48.0, -2.0)],
        columns=["partner_id", "partner_name", "score_before", "score_now", "score_change"],
    ).assign(metric_points=0.0, weight_points=0.0, smoothing_points=0.0, guardrail_points=0.0)
    rise, fall = of_class(programme.movers(frame, "engagement"), "change-row")
    assert rise.title == (
        f"{HOSTILE}: 50.0 to 55.0; metrics +0.0, weights +0.0, smoothing and guardrail +0.0"
    )
    name, bar = rise.children
    assert name.children == HOSTILE, "Dash escapes text by itself"
    assert name.href == links.to_partner("P1", outcome="engagement")
    assert (bar.children, bar.className, bar.style) == (
        "+5.0", "change rise", {"--long": "100.00%"},
    )  # fmt: skip
    bar = fall.children[1]
    assert (bar.children, bar.className, bar.style) == (
        "-2.0", "change fall", {"--long": "40.00%"},
    )  # fmt: skip


def test_links_are_read_as_they_are_written():
    written = links.to("programme", segment="services", weeks_back=13, cell="Ünï / 100% & <b>")
    assert links.read(urlsplit(written).query) == {
        "programme-segment": "services",
        "programme-weeks_back": 13,
        "programme-cell": "Ünï / 100% & <b>",
    }
    for broken in ("", "?a=b64_%%%", "a=b64_e30x", "a=b64_/w==", "?a=1&b", "a=b64_\u00e9"):
        assert links.read(broken) == {}, broken


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
    assert "No partner with a score is left." in str(programme.cells(empty))
    assert not of_class(programme.cells(empty), "cell")
    figure = segments.scores(empty)
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
    running, coming = of_class(programme.forecast(frame), "bar-row")
    name, track, value, note = running.children
    assert (name.children, value.children) == ("2026 Q3 (running)", "1.00k")
    assert note.children == (
        "400 booked, 30 partners; 80% between 800 and 1.30k; open deals imply 900"
    )
    # The widest thing is the high end of the interval, with a little air.
    bar, whisker, diamond = track.children
    assert bar.style["width"] == bars.percent(1_000, 1_300 * 1.02)
    assert f"{programme.BOOKED} 0.00% 40.00%, {programme.TO_COME} 40.00%" in bar.style["background"]
    assert whisker.style == {
        "left": bars.percent(800, 1_300 * 1.02), "width": bars.percent(500, 1_300 * 1.02),
    }  # fmt: skip
    assert diamond.style["left"] == bars.percent(900, 1_300 * 1.02)
    name, track, value, note = coming.children
    assert (name.children, value.children) == ("2026 Q4", "1.20k")
    assert note.children == "0 booked, 30 partners"
    assert len(track.children) == 1, "what is not known is not drawn"


def test_revenue_of_a_release_without_forecasts_is_stacked_by_band():
    frame = pd.DataFrame(
        [("services", "low", 2, 100.0), ("services", "high", 1, 300.0),
         ("resale", "low", 1, 200.0)],
        columns=["segment", "revenue_band", "partners", "expected_revenue"],
    )  # fmt: skip
    first, second = of_class(programme.expected(frame), "bar-row")
    assert (first.children[0].children, first.children[2].children) == ("services", "400")
    assert first.title == "low 100 of 2 partners; high 300 of 1 partners"
    assert second.children[1].children[0].style["width"] == "50.00%"


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
