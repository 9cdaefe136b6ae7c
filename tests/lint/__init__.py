"""What dbt brings to Jinja, as far as SQL needs it to be linted without dbt."""
