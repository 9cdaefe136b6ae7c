-- One row per partner and measure of its last week: percentile, and observed / expected, among its peers.
with peer_standing as (
    select * from {{ ref('peer_standing') }}
)

select * from peer_standing
