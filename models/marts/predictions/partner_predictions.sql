-- One row per partner: what is expected of it from its last scored week on, or what is missing for that.
select * from {{ ref('current_predictions') }}
