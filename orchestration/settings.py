"""Where things lie and how a run is set: the one place that reads the environment.

Every setting is an environment variable `PARTNER_SCORING_<NAME>` and has a default that suits a
laptop. Nothing here touches the disk; stages receive a `Settings` and derive their paths from it.
"""

import os
from datetime import date, datetime
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """All settings of a run. Paths are absolute once loaded."""

    model_config = SettingsConfigDict(env_prefix="PARTNER_SCORING_", frozen=True)

    landing: Path = Field(PROJECT_DIR / "landing", description="folder that files arrive in")
    warehouse: Path = Field(PROJECT_DIR / "warehouse", description="folder that a run writes to")
    as_of: date | None = Field(None, description="last day to score; default: last complete week")
    known_at: datetime | None = Field(
        None, description="use only what had landed by then (UTC); default: everything"
    )
    reporting_currency: str = Field(
        "EUR", pattern="^[A-Z]{3}$", description="currency of every published amount"
    )
    full_refresh: bool = Field(False, description="build everything anew instead of adding to it")
    lineage: bool = Field(True, description="record column lineage (adds some seconds to a run)")
    memory_limit: str = Field("4GB", description="DuckDB memory limit")
    temp_limit: str = Field("20GB", description="most that DuckDB may spill to disk")
    threads: int = Field(2, ge=1, description="DuckDB threads")

    def model_post_init(self, _context: object) -> None:
        for name in ("landing", "warehouse"):
            object.__setattr__(self, name, Path(getattr(self, name)).expanduser().absolute())

    @property
    def working_database(self) -> Path:
        """The private database that the pipeline writes; readers never open it."""
        return self.warehouse / "working.duckdb"

    @property
    def target(self) -> str:
        """The target of profiles.yml: which engine builds."""
        return os.environ.get("DBT_TARGET") or "duckdb"

    @property
    def is_on_spark(self) -> bool:
        return self.target.startswith("spark")

    @property
    def lake(self) -> str:
        """Folder or URL of what landed, as Parquet, for an engine of its own (Spark)."""
        return os.environ.get("PARTNER_SCORING_LAKE") or str(self.warehouse / "lake")

    @property
    def spark_tables(self) -> str:
        """Folder or URL in which Spark keeps its tables, as `<schema>.db/<table>`."""
        given = os.environ.get("PARTNER_SCORING_SPARK_TABLES")
        return given or str(self.warehouse / "spark" / "tables")

    @property
    def spark_catalogue(self) -> Path:
        """Where a Spark session of this machine remembers its tables."""
        return self.warehouse / "spark" / "catalogue"

    @property
    def archive(self) -> Path:
        """Every byte that arrived, by its sha256."""
        return self.warehouse / "archive"

    @property
    def pseudonym_key(self) -> Path:
        """The secret of the pseudonyms; made once, readable by its owner only."""
        return self.warehouse / "secrets" / "pseudonym.key"

    @property
    def releases(self) -> Path:
        """One folder per release, and the pointer `current`."""
        return self.warehouse / "releases"

    @property
    def reviews(self) -> Path:
        """Packs for the quarterly review of the framework."""
        return self.warehouse / "reviews"

    @property
    def quality(self) -> Path:
        """The Great Expectations project and its data docs."""
        return self.warehouse / "quality"

    @property
    def dagster_home(self) -> Path:
        return self.warehouse / "dagster"

    @property
    def temp(self) -> Path:
        """Where DuckDB spills."""
        return self.warehouse / "temp"

    @property
    def dbt_target(self) -> Path:
        """Compiled SQL, manifest and logs of dbt."""
        return self.warehouse / "dbt"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that may write; names its holder."""
        return self.warehouse / "run.lock"

    def dbt_variables(self) -> dict[str, str]:
        """The variables of dbt_project.yml that this run sets to other than their default."""
        given = {}
        if self.as_of:
            given["as_of"] = self.as_of.isoformat()
        if self.known_at:
            given["known_at"] = self.known_at.isoformat(sep=" ")
        if self.reporting_currency != type(self).model_fields["reporting_currency"].default:
            given["reporting_currency"] = self.reporting_currency
        return given

    def _choices(self) -> dict[str, str]:
        chosen = {
            "as_of": self.as_of and self.as_of.isoformat(),
            "known_at": self.known_at and self.known_at.isoformat(),
            "reporting_currency": self.reporting_currency,
            "full_refresh": str(self.full_refresh),
            "lineage": str(self.lineage),
        }
        return {name: value for name, value in chosen.items() if value}

    def environment(self) -> dict[str, str]:
        """The variables that dbt and its profile read, and switches that keep tools quiet."""
        return {
            **os.environ,
            "DBT_PROFILES_DIR": str(PROJECT_DIR),
            "DBT_TARGET_PATH": str(self.dbt_target),
            "DBT_LOG_PATH": str(self.dbt_target / "logs"),
            "PARTNER_SCORING_LANDING": str(self.landing),
            "PARTNER_SCORING_WAREHOUSE": str(self.warehouse),
            "PARTNER_SCORING_DATABASE": str(self.working_database),
            "PARTNER_SCORING_MEMORY_LIMIT": self.memory_limit,
            "PARTNER_SCORING_TEMP": str(self.temp),
            "PARTNER_SCORING_LAKE": self.lake,
            "PARTNER_SCORING_SPARK_TABLES": self.spark_tables,
            "PARTNER_SCORING_SPARK_CATALOGUE": str(self.spark_catalogue),
            **{f"PARTNER_SCORING_{name.upper()}": value for name, value in self._choices().items()},
            "PARTNER_SCORING_TEMP_LIMIT": self.temp_limit,
            "PARTNER_SCORING_THREADS": str(self.threads),
            "DAGSTER_HOME": str(self.dagster_home),
            # One write for many events: a build makes over a thousand of them.
            "DAGSTER_EVENT_BATCH_SIZE": "50",
            "GX_ANALYTICS_ENABLED": "False",
            "DO_NOT_TRACK": "1",
        }
