"""What a tool of a reader asks of Superset over HTTP: charts' data, and SQL of SQL Lab."""

import http.cookiejar
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

USER, PASSWORD = "admin", "only for this test"


@dataclass
class Client:
    """Signed in by `sign_in`. `base` is the address of the server."""

    base: str
    token: str = ""
    csrf: str = ""
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
    )

    def call(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of a GET, or of a POST where there is a body."""
        headers = {"Content-Type": "application/json", "Referer": self.base}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.csrf:
            headers["X-CSRFToken"] = self.csrf
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers=headers)
        try:
            with self.opener.open(request, timeout=120) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            return error.code, json.loads(text) if text.startswith("{") else text

    def sign_in(self) -> "Client":
        words = {"username": USER, "password": PASSWORD, "provider": "db", "refresh": False}
        self.token = self.call("/api/v1/security/login", words)[1]["access_token"]
        self.csrf = self.call("/api/v1/security/csrf_token/")[1]["result"]
        return self

    def named(self, kind: str, column: str) -> dict[str, int]:
        """Ids of datasets, charts or databases by name."""
        found = self.call(f"/api/v1/{kind}/?q=(page_size:100)")[1]["result"]
        return {each[column]: each["id"] for each in found}

    def data(self, dataset: int, metrics: list[str], by: list[str], where: str) -> list[dict]:
        """What a chart over a dataset shows; AssertionError if it shows an error."""
        status, answer = self.call(
            "/api/v1/chart/data",
            {
                "datasource": {"id": dataset, "type": "table"},
                "queries": [
                    {"metrics": metrics, "columns": by, "extras": {"where": where}, "filters": []}
                ],
                "result_format": "json",
                "result_type": "full",
            },
        )
        assert status == 200, (status, answer)
        return answer["result"][0]["data"]

    def sql(self, database: int, statement: str) -> tuple[int, Any]:
        """A statement typed into SQL Lab."""
        return self.call(
            "/api/v1/sqllab/execute/",
            {"database_id": database, "sql": statement, "schema": "marts", "runAsync": False},
        )
