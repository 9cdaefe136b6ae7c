-- Nobody is left without a word. One row per partner that has neither scores nor a reason.
select partners.partner_id, scorecards.status, scorecards.status_reason
from {{ ref('partners') }} as partners
left join {{ ref('partner_scorecards') }} as scorecards on partners.partner_id = scorecards.partner_id
where
    scorecards.partner_id is null
    or (
        (
            scorecards.revenue_score is null
            or scorecards.engagement_score is null
            or scorecards.status != 'published'
        )
        and coalesce(scorecards.status_reason, '') = ''
    )
