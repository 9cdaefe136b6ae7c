-- A dispute must never fall out because nobody planned for its code: `other` stands for what policy does not list.
-- One row when it is missing.
select 'other' as missing
from {{ ref('score_horizon') }}
where not exists (select reasons.reason_code from {{ ref('dispute_reasons') }} as reasons where reasons.reason_code = 'other')
