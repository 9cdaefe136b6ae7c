-- One row per landed row that broke a gate of its contract, with every reason; it is never scored.
{{ config(incremental_strategy='append') }}

{{ quarantined('accounts', 'profiles') }}
union all
{{ quarantined('crm', 'activities') }}
union all
{{ quarantined('crm', 'deals') }}
union all
{{ quarantined('crm', 'leads') }}
union all
{{ quarantined('crm', 'partners') }}
union all
{{ quarantined('crm', 'requests') }}
union all
{{ quarantined('experiments', 'assignments') }}
union all
{{ quarantined('feedback', 'ratings') }}
union all
{{ quarantined('feedback', 'surveys') }}
union all
{{ quarantined('finance', 'bookings') }}
union all
{{ quarantined('learning', 'certifications') }}
union all
{{ quarantined('learning', 'enrollments') }}
union all
{{ quarantined('marketing', 'commitments') }}
union all
{{ quarantined('marketing', 'funds') }}
union all
{{ quarantined('marketing', 'touches') }}
union all
{{ quarantined('portal', 'events') }}
union all
{{ quarantined('portal', 'milestones') }}
union all
{{ quarantined('programme', 'disputes') }}
union all
{{ quarantined('programme', 'interventions') }}
