"""The quarterly review of the framework: a pack written from a release, for the people who decide.

A stage in plain Python: it reads one release and writes one page. What is due and what was decided
is stated in policy; nothing is decided here.
"""

from orchestration.review.pack import review_pack

__all__ = ["review_pack"]
