"""Types of `dbt` that the project uses."""


def type_string() -> str:
    return "varchar"
