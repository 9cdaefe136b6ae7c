"""Reviews: the quarterly one of the framework, and the business review of one partner.

A stage in plain Python: it reads one release and writes one page. What is due and what was decided
is stated in policy; nothing is decided here.
"""

from orchestration.review.business import NoSuchPartner, business_review
from orchestration.review.pack import review_pack

__all__ = ["NoSuchPartner", "business_review", "review_pack"]
