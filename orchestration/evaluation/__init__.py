"""Scores held against what happened: reports, challengers, and weights as drafts for people.

Reads the working database and writes files of its own. No score, no policy and no release depends
on anything here.
"""

from orchestration.evaluation.onboarding import Design
from orchestration.evaluation.proposal import Draft, Refused, propose
from orchestration.evaluation.proposal import write as write_draft
from orchestration.evaluation.report import evaluate as write_report

__all__ = ["Design", "Draft", "Refused", "propose", "write_draft", "write_report"]
