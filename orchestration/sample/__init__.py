"""A seeded generator of a believable partner programme: the files that would land, and the truth.

It knows the landing contract and nothing of the pipeline; the pipeline knows nothing of it. Traits
of partners cause what they do, so scores can be checked against what is true.
"""

from orchestration.sample.generation import SampleSummary, generate
from orchestration.sample.next_day import generate_next_day

__all__ = ["SampleSummary", "generate", "generate_next_day"]
