-- One row per reason for which a partner may contest a number: what to send, and by when it is answered.
with reasons as (
    select * from {{ ref('dispute_reasons') }}
)

select reason_code, meaning, what_to_send, owner, answer_days
from reasons
