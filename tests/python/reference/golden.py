"""Hand-made programmes: partners on all sources, and one partner on bookings alone. The partner
`heartbeat` has a record of every source in the last days, so that none of them is broken.

The scored week is the one from Monday, 24 February 2025 to Sunday, 2 March 2025. Times are UTC.
"""

import shutil
from pathlib import Path

from tests.python.pipeline.running import Programme
from tests.python.reference.policy import SEEDS, Policy

AS_OF = "2025-03-02"
# Bookings are fresh for 30 days; ten weeks later they are not.
LATER = "2025-05-04"

PARTNERS = """
partner_id,partner_name,track,tier,region,country,industry,contract_signed_at,terminated_at,updated_at
new,New,reseller,silver,EMEA,DE,Retail,2025-02-12T09:00:00Z,,2025-02-12T09:00:00Z
ramping,Ramping,referral,gold,EMEA,DE,Retail,2024-12-16T08:00:00Z,,2024-12-16T08:00:00Z
mature,Mature,reseller,gold,EMEA,DE,Retail,2024-01-01T09:00:00Z,,2024-01-01T09:00:00Z
silent,Silent,services,registered,EMEA,DE,Retail,2024-06-03T09:00:00Z,,2024-06-03T09:00:00Z
dirty,Dirty,reseller,silver,EMEA,DE,Retail,2024-11-04T09:00:00Z,,2024-11-04T09:00:00Z
terminated,Terminated,reseller,silver,EMEA,DE,Retail,2024-09-02T09:00:00Z,2025-01-15T12:00:00Z,2025-01-15T12:00:00Z
tierless,Tierless,technology,,EMEA,DE,Retail,2024-07-01T09:00:00Z,,2024-07-01T09:00:00Z
diamond,Diamond,technology,diamond,EMEA,DE,Retail,2024-07-01T09:00:00Z,,2024-07-01T09:00:00Z
late,Late,reseller,gold,EMEA,DE,Retail,2025-04-01T09:00:00Z,,2025-02-20T09:00:00Z
unprofiled,Unprofiled,reseller,gold,EMEA,DE,Retail,2024-07-01T09:00:00Z,,2024-07-01T09:00:00Z
one_rater,One rater,services,silver,EMEA,DE,Retail,2024-07-01T09:00:00Z,,2024-07-01T09:00:00Z
expired,Expired,services,silver,EMEA,DE,Retail,2024-07-01T09:00:00Z,,2024-07-01T09:00:00Z
lapsed,Lapsed,services,gold,EMEA,DE,Retail,2024-01-15T09:00:00Z,,2024-01-15T09:00:00Z
unmatched,Unmatched,technology,silver,EMEA,DE,Retail,2024-07-01T09:00:00Z,,2024-07-01T09:00:00Z
heartbeat,Heartbeat,technology,silver,LATAM,BR,public-sector,2024-07-01T09:00:00Z,,2024-07-01T09:00:00Z
"""

FILES = {
    "crm/partners": PARTNERS,
    "crm/activities": """
activity_id,partner_id,occurred_at,kind,direction
A1,new,2025-02-18T10:00:00Z,meeting,mutual
A2,new,2025-02-18T15:00:00Z,call,mutual
A3,new,2025-02-19T10:00:00Z,call,inbound
A4,mature,2024-02-05T10:00:00Z,joint_planning,mutual
A5,mature,2024-03-11T10:00:00Z,co_sell,mutual
A6,mature,2024-04-10T10:00:00Z,qbr,mutual
A7,dirty,2025-02-25T10:00:00Z,meeting,mutual
A8,dirty,yesterday,meeting,mutual
A9,dirty,2025-02-27T10:00:00Z,lunch,mutual
A10,terminated,2025-01-14T10:00:00Z,meeting,mutual
A11,terminated,2025-02-11T10:00:00Z,meeting,mutual
A12,diamond,2025-02-11T10:00:00Z,meeting,mutual
A13,ramping,2025-01-07T10:00:00Z,co_sell,outbound
A14,heartbeat,2025-02-28T10:00:00Z,email,outbound
""",
    "crm/requests": """
request_id,partner_id,requested_at,responded_at
Q1,ramping,2025-02-03T10:00:00Z,2025-02-05T10:00:00Z
Q2,ramping,2025-02-10T10:00:00Z,2025-02-12T10:00:01Z
Q3,ramping,2025-02-17T10:00:00Z,
Q4,ramping,2025-03-01T10:00:00Z,2025-03-01T11:00:00Z
Q5,heartbeat,2025-02-28T10:00:00Z,
""",
    "crm/leads": """
lead_id,partner_id,account_key,submitted_at,accepted_at,rejected_at
L1,ramping,a,2025-01-06T10:00:00Z,2025-01-08T10:00:00Z,
L2,ramping,b,2025-01-20T10:00:00Z,2025-01-22T10:00:00Z,
L3,ramping,c,2025-02-03T10:00:00Z,,2025-02-05T10:00:00Z
L4,ramping,d,2025-02-24T10:00:00Z,2025-03-03T10:00:00Z,
L5,heartbeat,e,2025-02-28T10:00:00Z,,
""",
    "crm/deals": """
deal_id,partner_id,account_key,registered_at,approved_at,rejected_at,qualified_at,closed_at,outcome,amount,currency
D1,mature,a,2024-10-01T09:00:00Z,2024-10-03T09:00:00Z,,2024-10-10T09:00:00Z,2024-12-10T09:00:00Z,won,20000,EUR
D2,mature,b,2024-11-01T09:00:00Z,2024-11-03T09:00:00Z,,2024-11-10T09:00:00Z,2025-01-15T09:00:00Z,lost,30000,EUR
D3,mature,c,2025-01-10T09:00:00Z,2025-01-12T09:00:00Z,,2025-01-20T09:00:00Z,,open,40000,EUR
D4,heartbeat,d,2025-02-28T09:00:00Z,,,,,open,1000,EUR
""",
    "portal/events": """
event_id,partner_id,occurred_at,event
E1,new,2025-02-25T08:00:00Z,login
E2,new,2025-02-25T18:00:00Z,content_download
E3,heartbeat,2025-02-28T18:00:00Z,login
""",
    "portal/milestones": """
milestone_id,partner_id,milestone,reached_at
M1,new,contract_signed,2025-02-12T09:00:00Z
M2,new,portal_access,2025-02-14T09:00:00Z
M3,mature,contract_signed,2024-01-01T09:00:00Z
M4,mature,portal_access,2024-01-05T09:00:00Z
M5,mature,first_training,2024-01-20T09:00:00Z
M6,mature,certification,2024-03-01T09:00:00Z
M7,mature,joint_plan,2024-02-05T09:00:00Z
M8,mature,first_lead,2024-03-20T09:00:00Z
M9,mature,first_deal_registered,2024-10-01T09:00:00Z
M10,mature,first_deal_won,2024-12-10T09:00:00Z
M11,ramping,contract_signed,2024-12-16T09:00:00Z
M12,ramping,contract_signed,2024-12-17T09:00:00Z
M13,heartbeat,portal_access,2025-02-28T09:00:00Z
""",
    "learning/enrollments": """
enrollment_id,partner_id,course_id,assigned_at,completed_at,passed
T1,ramping,one,2024-12-20T09:00:00Z,2025-01-10T09:00:00Z,true
T2,ramping,two,2024-12-20T09:00:00Z,2025-01-10T09:00:00Z,true
T3,ramping,three,2024-12-20T09:00:00Z,2025-01-10T09:00:00Z,true
T4,ramping,four,2024-12-20T09:00:00Z,2025-01-10T09:00:00Z,false
T5,heartbeat,four,2025-02-28T09:00:00Z,,
""",
    "learning/certifications": """
certification_id,partner_id,certification,awarded_at,expires_at
C1,lapsed,sales,2024-02-01T09:00:00Z,2025-02-01T09:00:00Z
C2,lapsed,sales,2024-05-01T09:00:00Z,2026-05-01T09:00:00Z
C3,tierless,sales,2024-08-01T09:00:00Z,
C4,heartbeat,sales,2025-02-28T09:00:00Z,
""",
    "marketing/commitments": """
commitment_id,partner_id,plan_id,committed_at,due_at,delivered_at
K1,unprofiled,p,2024-12-01T09:00:00Z,2025-01-15T09:00:00Z,2025-01-10T09:00:00Z
K2,unprofiled,p,2024-12-01T09:00:00Z,2025-01-16T09:00:00Z,2025-01-17T09:00:00Z
K3,unprofiled,p,2024-12-01T09:00:00Z,2025-03-16T09:00:00Z,2025-02-01T09:00:00Z
K4,heartbeat,p,2025-02-28T09:00:00Z,2025-06-30T09:00:00Z,
""",
    "marketing/funds": """
fund_id,partner_id,purpose,allocated_at,period_end,allocated_amount,claimed_at,claimed_amount,currency
F1,unprofiled,marketing,2025-01-06T09:00:00Z,2025-06-30T00:00:00Z,1000,2025-02-06T09:00:00Z,300,EUR
F2,unprofiled,marketing,2025-01-06T09:00:00Z,2025-06-30T00:00:00Z,1000,,,EUR
""",
    "marketing/touches": """
touch_id,partner_id,campaign_id,kind,occurred_at
H1,unprofiled,c,webinar,2025-02-03T09:00:00Z
H2,unprofiled,c,webinar,2025-02-04T09:00:00Z
H3,unprofiled,c,webinar,2025-02-18T09:00:00Z
H4,heartbeat,c,webinar,2025-02-28T09:00:00Z
""",
    "finance/bookings": """
booking_id,partner_id,booked_at,amount,currency,product_line,sourcing
B1,mature,2024-11-28T09:00:00Z,20000,EUR,core,sourced
B2,mature,2025-02-10T09:00:00Z,5000,EUR,core,sourced
B3,mature,2025-02-11T09:00:00Z,9000,EUR,core,influenced
B4,dirty,2025-02-11T09:00:00Z,"1,234",EUR,core,sourced
B5,dirty,2025-02-12T09:00:00Z,2000,EUR,core,sourced
B6,heartbeat,2025-02-28T09:00:00Z,100,EUR,core,influenced
""",
    "feedback/ratings": """
rating_id,partner_id,rater_id,rated_at,dimension,rating
R1,mature,ann,2024-12-02T09:00:00Z,strategic_fit,2
R2,mature,ann,2025-02-03T09:00:00Z,strategic_fit,4
R3,mature,bob,2025-02-04T09:00:00Z,strategic_fit,5
R4,one_rater,ann,2025-02-03T09:00:00Z,strategic_fit,5
R5,one_rater,ann,2025-02-04T09:00:00Z,strategic_fit,5
R6,expired,ann,2024-08-20T09:00:00Z,strategic_fit,4
R7,expired,bob,2024-08-21T09:00:00Z,strategic_fit,3
R8,dirty,bob,2025-02-04T09:00:00Z,strategic_fit,9
R9,dirty,ann,2025-02-04T09:00:00Z,strategic_fit,4
R10,heartbeat,ann,2025-02-28T09:00:00Z,strategic_fit,4
""",
    "feedback/surveys": """
response_id,partner_id,submitted_at,score
S1,lapsed,2025-01-10T09:00:00Z,5
S2,lapsed,2025-01-11T09:00:00Z,2
S3,heartbeat,2025-02-28T09:00:00Z,3
""",
    "accounts/profiles": """
profile_id,partner_id,profiled_at,matched_accounts,icp_accounts,reachable_accounts,compatible_accounts,channel_rubric
X1,mature,2024-01-10T09:00:00Z,10,1,5,1,0
X2,mature,2024-07-10T09:00:00Z,60,30,80,18,3
X3,unmatched,2024-07-10T09:00:00Z,0,3,40,0,2
X4,heartbeat,2025-02-28T09:00:00Z,50,10,40,10,2
""",
}

ONLY_BOOKINGS = {
    "crm/partners": """
partner_id,partner_name,track,tier,region,country,industry,contract_signed_at,updated_at
only,Only,reseller,gold,EMEA,DE,Retail,2025-01-06T09:00:00Z,2025-01-06T09:00:00Z
""",
    "finance/bookings": """
booking_id,partner_id,booked_at,amount,currency,product_line,sourcing
B1,only,2025-02-24T09:00:00Z,90000,EUR,core,sourced
""",
}


def build(programme: Programme, files: dict[str, str], as_of: str = AS_OF) -> Programme:
    for entity, text in files.items():
        programme.write(f"{entity}/all.csv", text.lstrip("\n"))
    programme.land()
    programme.build(as_of=as_of)
    return programme


SECOND_VERSION = {
    # Wednesday of the week of 2 December 2024: blended in over eight weeks.
    "framework_versions": ("1990-01-01", "2024-12-04"),
    # The last knots are in other weeks than those of the first version.
    "layer_weights": (",39,", ",52,"),
    "metric_anchors": ("days_since_active,60,7,1", "days_since_active,90,10,2"),
    "metric_priors": ("deal_win_rate,0.25,6", "deal_win_rate,0.3,2"),
    "metric_weights": ("engagement,collaboration_days,0.24", "engagement,collaboration_days,0.5"),
    "score_bands": ("revenue,medium,35", "revenue,medium,25"),
    "stability_rules": ("engagement_half_life,4", "engagement_half_life,6"),
}


def with_second_version(folder: Path) -> Policy:
    """The project's policy in a folder of its own, and a second version that differs everywhere."""
    shutil.copytree(SEEDS, folder)
    for name, (old, new) in SECOND_VERSION.items():
        table = folder / f"{name}.csv"
        header, *lines = table.read_text(encoding="utf-8").splitlines()
        first = [line for line in lines if line.startswith("1,")]
        second = ["2" + line[1:].replace(old, new) for line in first]
        assert any(new in line for line in second), name
        table.write_text("\n".join([header, *first, *second]) + "\n", encoding="utf-8")
    return Policy(folder)
