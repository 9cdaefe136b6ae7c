"""Settings of Apache Superset over the releases of a warehouse: local, read-only, hardened.

Superset reads this (`SUPERSET_CONFIG_PATH`); it runs in an environment of its own, without the
project. `PARTNER_SCORING_WAREHOUSE` is the warehouse, `SUPERSET_HOME` where Superset keeps its
users and dashboards, `SUPERSET_SECRET_KEY` what signs sessions (by default a file there).
"""

import logging
import os
import secrets
from pathlib import Path
from typing import Any

HOME = Path(os.environ["SUPERSET_HOME"]).absolute()
RELEASES = Path(os.environ["PARTNER_SCORING_WAREHOUSE"]).absolute() / "releases"
DATABASE = "partner_scoring.duckdb"

# The settings for readers of docs/releases.md; a test holds both lists together.
HARDENING = {
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "memory_limit": "1GB",
    "threads": "2",
    "lock_configuration": "true",
}


def _secret() -> str:
    if given := os.environ.get("SUPERSET_SECRET_KEY"):
        return given
    path = HOME / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(42))
    return path.read_text()


SECRET_KEY = _secret()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"


def DB_CONNECTION_MUTATOR(
    uri: Any, params: dict[str, Any], username: str | None, security_manager: Any, source: Any
) -> tuple[Any, dict[str, Any]]:
    """Whatever a DuckDB database of Superset says it is, it is the release that is served now.

    The pointer is followed here, for every query, and no connection outlives its query: one that
    is kept goes on showing the release that it opened.
    """
    if uri.drivername.startswith("duckdb"):
        # `resolve` is one look at the pointer: the path is that of a release and stays whole.
        path = (RELEASES / "current").resolve(strict=True) / DATABASE
        uri = uri.set(database=str(path), query={})
        params["connect_args"] = {"read_only": True, "config": dict(HARDENING)}
    return uri, params


# Nothing is kept: a chart says what the release says that is served when it is drawn. A query over
# these marts takes milliseconds.
CACHE_CONFIG = DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

# Nothing leaves the machine: no map tiles, no fonts, no tracking (SCARF_ANALYTICS=false besides).
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
FEATURE_FLAGS = {"ENABLE_TEMPLATE_PROCESSING": False}
# Uploads write; a release is only read.
UPLOAD_EXTENSIONS: set[str] = set()
logging.getLogger("superset").setLevel(logging.WARNING)
