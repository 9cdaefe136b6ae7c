"""Questions of the page `governance`: what was checked, what drifts, who decided what."""

import pandas as pd

from dashboard.reader import Reader


def checks(reader: Reader) -> pd.DataFrame:
    """Checks of the run that made the release, by gate, severity and answer."""
    return reader.frame("""
        select gate, severity, status, count(*) as checks
        from marts.quality_checks
        where run_id = (select run_id from release.about)
        group by all
        order by gate, severity, status""")


def failed_checks(reader: Reader) -> pd.DataFrame:
    return reader.frame("""
        select gate, check_name, severity, status, expected, observed, remedy
        from marts.quality_checks
        where run_id = (select run_id from release.about) and status != 'passed'
        order by severity, gate, check_name""")


def source_drift(reader: Reader) -> pd.DataFrame:
    return reader.frame("""
        select source, week_start, verdict, records, usual_records, z
        from marts.drift_of_sources
        order by source, week_start""")


def metric_drift(reader: Reader) -> pd.DataFrame:
    """The last year of weekly levels of every metric, as distances from what is usual."""
    return reader.frame("""
        select metric, week_start, verdict, z
        from marts.drift_of_metrics
        order by metric, week_start""")


def population_drift(reader: Reader) -> pd.DataFrame:
    """How far each measure's distribution lies from that at approval, at the last look."""
    return reader.frame("""
        select measure, verdict, stability_index, chance_limit, week_start, reference_week
        from marts.drift_of_populations
        qualify row_number() over (
            partition by measure order by framework_version desc, week_start desc
        ) = 1
        order by stability_index desc nulls last, measure""")


def versions(reader: Reader) -> pd.DataFrame:
    return reader.frame("select * from marts.version_registry order by framework_version desc")


def decisions(reader: Reader) -> pd.DataFrame:
    return reader.frame("select * from marts.decisions order by decided_on desc, decision")


def reviews(reader: Reader) -> pd.DataFrame:
    """What is reviewed next."""
    return reader.frame("""
        select item_kind, item, owner, review_due, days_left
        from marts.review_calendar
        order by review_due, item_kind, item""")


def fairness(reader: Reader) -> pd.DataFrame:
    """What came of what was expected, by group of partners."""
    return reader.frame("""
        select outcome, attribute, group_name, verdict, partners, ratio, ratio_low, ratio_high
        from marts.fairness_of_outcomes
        where ratio is not null
        order by outcome, attribute, group_name""")


def set_aside(reader: Reader) -> pd.DataFrame:
    """Records that could not count, by source and reason."""
    return reader.frame("""
        select source_entity, state, reason, count(*) as records
        from marts.set_aside_records
        group by all
        order by records desc, source_entity, reason""")


def signals(reader: Reader) -> pd.DataFrame:
    """Partners that may have played for their score: questions, never verdicts."""
    return reader.frame("""
        select directory.partner_name, signals.signal, signals.about, signals.verdict,
            signals.records, signals.observed, signals.expected
        from marts.gaming_signals as signals
        inner join marts.partner_directory as directory using (partner_id)
        where signals.verdict not in ('as usual', 'insufficient')
        order by abs(signals.z) desc nulls last, partner_id, signal, about
        limit 100""")
