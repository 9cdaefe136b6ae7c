-- One row per metric that is shown to partners without a name or without words for them.
select metric
from {{ ref('partner_visibility') }}
where is_shown and (coalesce(trim(shown_name), '') = '' or coalesce(trim(in_words), '') = '')
