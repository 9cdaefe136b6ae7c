"""What the ledger says of an entity's deliveries: volume, empty, rejected and quarantined files.

A delivery is the files of an entity that one batch landed. The values of its rows are judged in
`arrival`; whether a single file can be trusted was judged when it landed.
"""

from datetime import datetime

from orchestration.contracts import Contract
from orchestration.database import literal
from orchestration.quality.checks import (
    ACCEPTED_SHARE,
    FORGIVEN_ROWS,
    Check,
    make,
    percent,
)

LEDGER = "landing.files"
EARLIER_BATCHES = 4
"""Fewer earlier deliveries give no usual volume to compare with."""
RECENT_BATCHES = 60
"""Deliveries that make the usual volume, eight weeks of daily ones: a programme that grew is
compared with its own lately."""
UNFAMILIAR = 4
"""How much wider the bounds are until a day of the week has been seen often enough: a Sunday has
a seventh of the usual activity of a working day, and nothing is wrong with it. Deliveries that
landed on one and the same day, as a backlog does, teach nothing about its day of the week."""
CHANCE = 3
"""Standard deviations of a count (its square root) that chance explains: in a small programme
twice the usual number of rows means nothing."""
NOT_APPLICABLE = "not applicable: the programme has no such source"
REDELIVER = "deliver a corrected file under the same name"
DISMISS = "`partner-scoring dismiss FILE --reason …`"
QUARANTINE_REMEDY = f"{REDELIVER.capitalize()}, or {DISMISS}."
MISPLACED_REMEDY = f"Move each as is said of it: it is answered once it has landed; or {DISMISS}."


_FIRST_REJECT = """(
    select 'line ' || rejects.line_number || ' of ' || delivery.path || ': ' || rejects.reason
    from landing.rejects as rejects inner join delivery using (file_id)
    order by file_id, line_number limit 1
)"""


def about_deliveries(contract: Contract) -> list[Check]:
    """The checks of an entity that read the ledger only."""
    return [
        _volume(contract),
        _no_empty_file(contract),
        _rejected_lines(contract),
        quarantined(contract.table, "quarantined_files", "every file of it could be trusted"),
    ]


def ledger(contract: Contract, known_at: datetime | None, has_seen: bool) -> str:
    """The ledger of an entity as common table expressions."""
    return f"""ledger as (
    select * from {LEDGER}
    where source = {literal(contract.source)} and entity = {literal(contract.entity)}
        and {known("loaded_at", known_at)}
),
delivery as (
    select * from ledger
    where status = 'landed'
        and batch_id = (select max(batch_id) from ledger where status = 'landed')
),
batches as (
    select batch_id, sum(rows_landed) as rows, cast(min(loaded_at) as date) as loaded_on
    from ledger where status = 'landed' group by batch_id
),
newest as (
    select * from batches where batch_id = (select max(batch_id) from batches)
),
earlier as (
    select
        batches.rows,
        case
            when isodow(batches.loaded_on) = isodow(newest.loaded_on) then batches.loaded_on
        end as alike_on
    from batches inner join newest on batches.batch_id < newest.batch_id
    order by batches.batch_id desc limit {RECENT_BATCHES}
),
usual as (
    select
        count(*) as batches,
        count(distinct alike_on) >= {EARLIER_BATCHES} as is_familiar,
        case
            when count(distinct alike_on) >= {EARLIER_BATCHES}
                then median(rows) filter (where alike_on is not null)
            else median(rows)
        end as rows
    from earlier
),
{waiting(known_at, has_seen)}"""


def known(loaded_at: str, known_at: datetime | None) -> str:
    """SQL that is true of what had landed by `known_at`."""
    return f"{loaded_at} <= timestamp '{known_at}'" if known_at else "true"


def waiting(known_at: datetime | None, has_seen: bool) -> str:
    """Quarantined files that nothing has answered: not dismissed, and neither replaced nor moved.

    A file is replaced when another of its name landed later, or when what lies under its name now
    (`landing.seen`, where landing has made it) had landed before under another one. It was moved
    when its bytes landed later in whichever folder, as those of a wrong folder do.
    """
    replaced = ""
    if has_seen:
        replaced = """
        and path not in (
            select seen.path from landing.seen as seen
            inner join ledger as known using (source, entity, sha256)
            where known.status = 'landed' and seen.path is not null
        )"""
    return f"""waiting as (
    select path, reason, remedy from ledger
    where status = 'quarantined'
        and not exists (
            select 1 from ledger as later
            where later.path = ledger.path and later.status = 'landed'
                and later.file_id > ledger.file_id
        )
        and not exists (
            select 1 from {LEDGER} as moved
            where moved.sha256 = ledger.sha256 and moved.status = 'landed'
                and moved.file_id > ledger.file_id and {known("moved.loaded_at", known_at)}
        ){replaced}
)"""


def unless_absent(words: str) -> str:
    """SQL of the words, or that there is no such source where the raw table is empty."""
    return f"case when (select rows from held) = 0 then {literal(NOT_APPLICABLE)} else {words} end"


def _volume(contract: Contract) -> Check:
    least, most = contract.volume["least"], contract.volume["most"]
    newest, usual = "(select rows from newest)", "(select rows from usual)"
    enough = f"(select batches >= {EARLIER_BATCHES} from usual)"
    ratio = f"{newest} / {usual}::double"
    chance = f"abs({newest} - {usual}) <= {CHANCE} * sqrt({usual})"
    unfamiliar = (
        f"(not (select is_familiar from usual) and {ratio} "
        f"between {least / UNFAMILIAR} and {most * UNFAMILIAR})"
    )
    return make(
        "arrival",
        contract.table,
        "volume",
        value=f"case when not {enough} or {chance} or {unfamiliar} then 1 else {ratio} end",
        least=least,
        most=most,
        words=unless_absent(
            f"case when not {enough} then 'not enough history' "
            f"else {{evaluated}} || ' rows; usual are ' || format('{{:.0f}}', {usual}) end"
        ),
        evaluated=newest,
        expected=f"the newest delivery has {least:g} to {most:g} times the usual number of rows "
        f"(median of at least {EARLIER_BATCHES} earlier ones, of this day of the week where there "
        f"are as many; else bounds {UNFAMILIAR} times as wide), or differs by chance only",
        remedy=f"Ask the owner ({contract.owner}) whether the export is whole; {REDELIVER}. If "
        "the programme has changed so much, set `volume` in the contract.",
    )


def _no_empty_file(contract: Contract) -> Check:
    return make(
        "arrival",
        contract.table,
        "empty_files",
        value="{unexpected}",
        most=0,
        words="{unexpected} || ' of ' || {evaluated} || ' files without a row' || coalesce((select "
        "': ' || string_agg(path, ', ' order by path) from delivery where rows_landed = 0), '')",
        unexpected="(select count(*) from delivery where rows_landed = 0)",
        evaluated="(select count(*) from delivery)",
        expected="no file of the newest delivery is empty (an empty delivery)",
        remedy="Deliver the file again with its rows. Had the source nothing to say, go on without "
        f"it: {DISMISS}.",
    )


def _rejected_lines(contract: Contract) -> Check:
    return make(
        "arrival",
        contract.table,
        "rejected_lines",
        value=ACCEPTED_SHARE,
        least=1 - contract.tolerated_share,
        words=unless_absent(
            "{unexpected} || ' of ' || {evaluated} || ' lines of the newest delivery rejected' || "
            f"coalesce('; the first is ' || {_FIRST_REJECT}, '')"
        ),
        unexpected="(select coalesce(sum(lines_rejected), 0) from delivery)",
        evaluated="(select coalesce(sum(rows_landed + lines_rejected), 0) from delivery)",
        expected=f"at least {percent(1 - contract.tolerated_share)} of the lines of the newest "
        f"delivery fit their file's structure ({FORGIVEN_ROWS} or fewer are forgiven)",
        remedy=f"Look at the lines in landing.rejects, mend the export and {REDELIVER}.",
    )


def quarantined(relation: str, about: str, expected: str, remedy: str = QUARANTINE_REMEDY) -> Check:
    listed = (
        "path || ': ' || coalesce(reason, 'no reason given') || "
        "coalesce('. ' || rtrim(remedy, '.'), '')"
    )
    return make(
        "arrival",
        relation,
        about,
        value="{unexpected}",
        most=0,
        words=f"(select coalesce(string_agg({listed}, '; ' order by path), 'none') from waiting)",
        unexpected="(select count(*) from waiting)",
        expected=f"{expected}: no quarantined file is unanswered",
        remedy=remedy,
    )
