-- One row per dispute: what a partner contests, by when it is answered and how it ended.
select * from {{ ref('contested_metrics') }}
