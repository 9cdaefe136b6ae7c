{# What open deals say of a forecast, from columns open_deals, pipeline_implied, low_80 and high_80. #}
{% macro pipeline_verdict() -%}
    case
        when forecast_revenue is null then 'no forecast'
        when open_deals = 0 then 'no open deals'
        when pipeline_implied is null then 'no history of pipelines'
        when high_80 is null then 'no interval'
        when pipeline_implied > high_80 then 'pipeline above'
        when pipeline_implied < low_80 then 'pipeline below'
        else 'agrees'
    end
{%- endmacro %}

{# How much of a forecast is booked or likely to be won from open deals (0 to 1), and what is left to find. #}
{% macro covered_share() -%}
    case when forecast_revenue > 0 then round(least(booked_revenue + pipeline_weighted, forecast_revenue) / forecast_revenue, 9) end
{%- endmacro %}

{% macro forecast_gap() -%}
    case when forecast_revenue is not null then round(greatest(forecast_revenue - booked_revenue - pipeline_weighted, 0), 2) end
{%- endmacro %}
