{# Everything that lands, as <source>.<entity>: the list that a new source joins. dbt asks what a model
   refers to before it has read the contracts, so that this list cannot be made from them; the test
   `every_entity_with_a_contract_is_staged` finds what it leaves out. #}
{% macro landed_entities() %}
    {{ return([
        'accounts.profiles',
        'crm.activities',
        'crm.deals',
        'crm.leads',
        'crm.partners',
        'crm.requests',
        'experiments.assignments',
        'feedback.ratings',
        'feedback.surveys',
        'finance.bookings',
        'learning.certifications',
        'learning.enrollments',
        'marketing.commitments',
        'marketing.funds',
        'marketing.touches',
        'portal.events',
        'portal.milestones',
        'programme.disputes',
        'programme.interventions',
    ]) }}
{% endmacro %}

{# Sources whose records say what partners did: those with a model `activities_from_<source>`. #}
{% macro sources_of_activities() %}
    {{ return([
        'crm',
        'feedback',
        'finance',
        'learning',
        'marketing',
        'portal',
    ]) }}
{% endmacro %}
