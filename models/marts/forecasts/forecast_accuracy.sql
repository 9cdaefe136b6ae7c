-- One row per dimension (and single partners) and predictor: how far off forecasts of past quarters were in all.
select * from {{ ref('forecast_errors') }}
