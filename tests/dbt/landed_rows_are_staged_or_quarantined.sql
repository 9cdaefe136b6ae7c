-- Every landed row became a staged row or a quarantined one. One row per entity that lost or gained some.
select source, entity, rows_landed, rows_staged, rows_quarantined
from {{ ref('source_status') }}
where rows_landed != rows_staged + rows_quarantined
