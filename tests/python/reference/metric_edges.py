"""A hand-made programme of edge cases: what lands first, what lands late, and the weeks in between.

The scored week is the one from Monday, 30 June to Sunday, 6 July 2025. Times are UTC. Partners are
named after what they are for: `b_` stands for the border of a window, where a record comes at the
first moment of a Monday or the last of a Sunday.
"""

from datetime import date

AS_OF = "2025-07-06"
LAST = date(2025, 6, 30)
BEFORE = date(2025, 6, 23)

# The oldest weeks that count in the last week; the Sunday before each is a day too early.
#  4 weeks: from 9 June 2025     13 weeks: from 7 April 2025
# 26 weeks: from 6 January 2025  52 weeks: from 8 July 2024

# The last week of `ended`, whose contract ends on Wednesday.
END = date(2025, 5, 12)

# Late records are of Wednesday, 5 March 2025; 4 and 13 weeks with it end with these.
LATE = date(2025, 3, 3)
LATE_4 = date(2025, 3, 24)
LATE_13 = date(2025, 5, 26)

FIRST_LANDING = {
    "crm/partners": """
partner_id,partner_name,track,tier,region,country,industry,contract_signed_at,terminated_at,updated_at
nothing,Nothing,reseller,gold,,,,2024-05-08T09:00:00Z,,2025-01-01T00:00:00Z
one,One,reseller,gold,,,,2025-04-30T09:00:00Z,,2025-01-01T00:00:00Z
one_meeting,One meeting,reseller,gold,,,,2025-04-30T09:00:00Z,,2025-01-01T00:00:00Z
one_open_deal,One open deal,reseller,gold,,,,2025-04-30T09:00:00Z,,2025-01-01T00:00:00Z
b_profile,Border of a profile,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_rated,Border of a rating,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_lapsed,Rating a second too old,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_pace,Border of a milestone,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
b_onboarded,Border of onboarding,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
b_trained,Border of a course,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
b_certified,Border of a certification,reseller,silver,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
people,People with many certifications,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_touched,Border of meetings,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
capped,Meets every day,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_requests,Border of requests,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_promises,Border of commitments,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_portal,Border of the portal,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_campaigns,Border of campaigns,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_funds,Border of funds,reseller,gold,,,,2024-12-04T09:00:00Z,,2025-01-01T00:00:00Z
b_quarter,Border of the first quarter,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-01T00:00:00Z
b_leads,Border of leads,reseller,gold,,,,2024-12-04T09:00:00Z,,2025-01-01T00:00:00Z
b_approved,Border of approvals,reseller,gold,,,,2024-12-04T09:00:00Z,,2025-01-01T00:00:00Z
b_first_deal,Border of the first deal,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
b_early_deal,Approved before it signed,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
b_older_deal,Approved in the week before,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
b_wins,Border of wins,reseller,gold,,,,2024-05-01T09:00:00Z,,2025-01-01T00:00:00Z
b_booked,Border of bookings,reseller,gold,,,,2024-12-04T09:00:00Z,,2025-01-01T00:00:00Z
b_active,Border of activity,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_young,Thirteen weeks old,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
b_silent,Border of silence,reseller,gold,,,,2025-01-01T09:00:00Z,,2025-01-01T00:00:00Z
b_surveyed,Border of surveys,reseller,gold,,,,2024-12-04T09:00:00Z,,2025-01-01T00:00:00Z
brought,Brought something along,reseller,silver,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
ready,Onboarded before the contract,reseller,gold,,,,2025-04-09T09:00:00Z,,2025-01-01T00:00:00Z
ended,Ended,reseller,silver,,,,2025-02-05T09:00:00Z,2025-05-14T12:00:00Z,2025-05-14T12:00:00Z
late_profile,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_rating,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_milestone,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_last_milestone,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_course,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_certification,Late,reseller,silver,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_renewal,Late,reseller,silver,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_meeting,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_request,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_answer,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_promise,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_login,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_touch,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_claim,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_lead,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_deal,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_booking,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_survey,Late,reseller,gold,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
late_brought,Late,reseller,silver,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
later_contract,Corrected,reseller,silver,,,,2025-01-08T09:00:00Z,,2025-01-08T00:00:00Z
earlier_contract,Corrected,reseller,silver,,,,2025-02-05T09:00:00Z,,2025-01-08T00:00:00Z
""",
    "crm/activities": """
activity_id,partner_id,occurred_at,kind,direction
A1,one,2025-07-01T09:00:00Z,co_sell,mutual
A2,one_meeting,2025-07-01T09:00:00Z,meeting,mutual
A10,b_touched,2025-06-07T12:00:00Z,meeting,mutual
A11,b_touched,2025-06-08T23:59:59Z,meeting,mutual
A12,b_touched,2025-06-09T00:00:00Z,call,mutual
A13,b_touched,2025-07-06T23:59:59Z,meeting,mutual
A14,b_touched,2025-07-05T12:00:00Z,meeting,inbound
A15,b_touched,2025-07-07T00:00:00Z,meeting,mutual
A20,capped,2025-06-09T12:00:00Z,meeting,mutual
A21,capped,2025-06-10T12:00:00Z,meeting,mutual
A22,capped,2025-06-11T12:00:00Z,meeting,mutual
A23,capped,2025-06-12T12:00:00Z,meeting,mutual
A24,capped,2025-06-13T12:00:00Z,meeting,mutual
A25,capped,2025-06-16T12:00:00Z,meeting,mutual
A26,capped,2025-06-17T12:00:00Z,meeting,mutual
A27,capped,2025-06-18T12:00:00Z,meeting,mutual
A28,capped,2025-06-19T12:00:00Z,meeting,mutual
A29,capped,2025-06-20T12:00:00Z,meeting,mutual
A30,capped,2025-06-23T12:00:00Z,meeting,mutual
A31,capped,2025-06-30T12:00:00Z,meeting,mutual
A32,capped,2025-07-01T12:00:00Z,meeting,mutual
A40,b_quarter,2025-01-05T23:59:59Z,qbr,mutual
A41,b_quarter,2025-01-06T00:00:00Z,joint_planning,mutual
A42,b_quarter,2025-04-06T23:59:59Z,co_sell,mutual
A43,b_quarter,2025-04-07T00:00:00Z,qbr,mutual
A50,b_active,2025-04-06T23:59:59Z,meeting,mutual
A51,b_active,2025-04-07T00:00:00Z,meeting,mutual
A52,b_active,2025-07-07T00:00:00Z,meeting,mutual
A53,b_young,2025-04-06T23:59:59Z,meeting,mutual
A54,b_young,2025-04-07T00:00:00Z,meeting,mutual
A55,b_silent,2025-06-29T23:59:59Z,meeting,mutual
A56,b_silent,2025-07-07T00:00:00Z,meeting,mutual
A60,ended,2025-03-03T09:00:00Z,joint_planning,mutual
A61,ended,2025-05-16T09:00:00Z,qbr,mutual
A62,ended,2025-05-19T00:00:00Z,meeting,mutual
""",
    "crm/requests": """
request_id,partner_id,requested_at,responded_at
Q1,one,2025-07-01T09:00:00Z,2025-07-01T10:00:00Z
Q10,b_requests,2025-04-04T10:00:00Z,
Q11,b_requests,2025-04-04T23:59:59Z,
Q12,b_requests,2025-04-05T00:00:00Z,2025-04-07T00:00:00Z
Q13,b_requests,2025-07-04T23:59:58Z,2025-07-06T23:59:59Z
Q14,b_requests,2025-07-05T00:00:00Z,2025-07-05T01:00:00Z
Q20,ended,2025-05-15T09:00:00Z,2025-05-16T09:00:00Z
Q21,ended,2025-05-17T00:00:00Z,
Q30,late_answer,2025-03-05T09:00:00Z,
""",
    "crm/leads": """
lead_id,partner_id,account_key,submitted_at,accepted_at,rejected_at
L1,one,a,2025-07-01T09:00:00Z,2025-07-02T09:00:00Z,
L10,b_leads,a,2024-12-10T09:00:00Z,,2025-01-05T23:59:59Z
L11,b_leads,b,2024-12-10T09:00:00Z,,2025-01-06T00:00:00Z
L12,b_leads,c,2024-12-10T09:00:00Z,2025-04-06T12:00:00Z,
L13,b_leads,d,2024-12-10T09:00:00Z,2025-04-06T23:59:59Z,
L14,b_leads,e,2024-12-10T09:00:00Z,2025-04-07T00:00:00Z,
L15,b_leads,f,2024-12-10T09:00:00Z,2025-07-06T23:59:59Z,
L16,b_leads,g,2024-12-10T09:00:00Z,2025-07-07T00:00:00Z,
L20,ended,a,2025-05-12T09:00:00Z,2025-05-16T09:00:00Z,
L21,ended,b,2025-05-12T09:00:00Z,,2025-05-19T00:00:00Z
""",
    "crm/deals": """
deal_id,partner_id,account_key,registered_at,approved_at,rejected_at,qualified_at,closed_at,outcome,amount,currency
D1,one,a,2025-06-24T09:00:00Z,2025-07-01T09:00:00Z,,,2025-07-04T09:00:00Z,won,9000,EUR
D2,one_open_deal,a,2025-07-01T09:00:00Z,,,2025-07-01T09:00:00Z,,open,9000,EUR
D10,b_approved,a,2024-12-10T09:00:00Z,2025-01-05T23:59:59Z,,,,open,1000,EUR
D11,b_approved,b,2024-12-10T09:00:00Z,2025-01-06T00:00:00Z,,,,open,1000,EUR
D12,b_approved,c,2024-12-10T09:00:00Z,,2025-07-06T23:59:59Z,,,open,1000,EUR
D13,b_approved,d,2024-12-10T09:00:00Z,,2025-07-07T00:00:00Z,,,open,1000,EUR
D20,b_first_deal,a,2025-04-10T09:00:00Z,2025-06-30T00:00:00Z,,,,open,1000,EUR
D21,b_early_deal,a,2025-04-07T00:00:00Z,2025-04-07T00:00:00Z,,,,open,1000,EUR
D22,b_older_deal,a,2025-04-06T09:00:00Z,2025-04-06T23:59:59Z,,,,open,1000,EUR
D30,b_wins,a,2024-06-27T09:00:00Z,,,,2024-07-07T23:59:59Z,won,100000,EUR
D31,b_wins,b,2024-06-18T09:00:00Z,,,,2024-07-08T00:00:00Z,won,10000,EUR
D32,b_wins,c,2025-05-27T09:00:00Z,,,,2025-07-06T23:59:59Z,won,30000,EUR
D33,b_wins,d,2024-06-18T09:00:00Z,,,,2024-07-07T23:59:59Z,lost,1000,EUR
D34,b_wins,e,2024-06-18T09:00:00Z,,,,2024-07-08T00:00:00Z,lost,1000,EUR
D35,b_wins,f,2025-05-01T09:00:00Z,,,2025-05-02T09:00:00Z,2025-07-07T00:00:00Z,lost,1000,EUR
D40,brought,a,2025-02-03T09:00:00Z,,,2025-03-03T09:00:00Z,,open,5000,EUR
D41,brought,b,2025-03-06T09:00:00Z,,,2025-03-10T09:00:00Z,2025-05-05T09:00:00Z,won,12000,EUR
D42,brought,c,2025-02-03T09:00:00Z,,,2025-03-03T09:00:00Z,2025-04-06T23:59:59Z,won,70000,EUR
D43,brought,d,2025-02-03T09:00:00Z,,,2025-03-03T09:00:00Z,2025-04-06T23:59:59Z,lost,5000,EUR
D50,ended,a,2025-04-16T09:00:00Z,2025-05-05T09:00:00Z,,,2025-05-16T09:00:00Z,won,8000,EUR
D51,ended,b,2025-04-16T09:00:00Z,,,2025-05-05T09:00:00Z,2025-05-19T00:00:00Z,lost,8000,EUR
D52,ended,c,2025-04-16T09:00:00Z,,2025-05-19T00:00:00Z,,,open,8000,EUR
D60,late_deal,a,2025-02-03T09:00:00Z,,,2025-02-05T09:00:00Z,,open,5000,EUR
""",
    "portal/events": """
event_id,partner_id,occurred_at,event
E1,one,2025-07-01T09:00:00Z,login
E10,b_portal,2025-06-07T12:00:00Z,login
E11,b_portal,2025-06-08T23:59:59Z,login
E12,b_portal,2025-06-09T00:00:00Z,login
E13,b_portal,2025-06-09T23:59:59Z,login
E14,b_portal,2025-07-06T23:59:59Z,login
E15,b_portal,2025-07-07T00:00:00Z,login
E20,ended,2025-05-16T09:00:00Z,login
E21,ended,2025-05-19T00:00:00Z,login
""",
    "portal/milestones": """
milestone_id,partner_id,milestone,reached_at
M1,one,portal_access,2025-07-01T09:00:00Z
M10,b_pace,portal_access,2025-05-04T23:59:59Z
M11,b_pace,first_training,2025-05-05T00:00:00Z
M20,b_onboarded,contract_signed,2025-04-09T09:00:00Z
M21,b_onboarded,portal_access,2025-04-10T09:00:00Z
M22,b_onboarded,first_training,2025-04-11T09:00:00Z
M23,b_onboarded,certification,2025-04-14T09:00:00Z
M24,b_onboarded,joint_plan,2025-04-15T09:00:00Z
M25,b_onboarded,first_lead,2025-04-16T09:00:00Z
M26,b_onboarded,first_deal_registered,2025-06-30T00:00:00Z
M30,brought,contract_signed,2025-03-03T09:00:00Z
M31,brought,portal_access,2025-04-06T23:59:59Z
M40,ready,contract_signed,2025-03-03T09:00:00Z
M41,ready,portal_access,2025-03-03T09:00:00Z
M42,ready,first_training,2025-03-03T09:00:00Z
M43,ready,certification,2025-03-03T09:00:00Z
M44,ready,joint_plan,2025-03-03T09:00:00Z
M45,ready,first_lead,2025-03-03T09:00:00Z
M46,ready,first_deal_registered,2025-03-10T09:00:00Z
M50,ended,contract_signed,2025-02-05T09:00:00Z
M51,ended,portal_access,2025-05-18T23:59:59Z
M52,ended,first_training,2025-05-19T00:00:00Z
M60,late_milestone,contract_signed,2025-01-08T09:00:00Z
M70,late_last_milestone,contract_signed,2025-01-08T09:00:00Z
M71,late_last_milestone,portal_access,2025-01-08T09:00:00Z
M72,late_last_milestone,first_training,2025-01-08T09:00:00Z
M73,late_last_milestone,certification,2025-01-08T09:00:00Z
M74,late_last_milestone,joint_plan,2025-01-08T09:00:00Z
M75,late_last_milestone,first_lead,2025-01-08T09:00:00Z
""",
    "learning/enrollments": """
enrollment_id,partner_id,course_id,assigned_at,completed_at,passed
T1,one,a,2025-06-30T09:00:00Z,2025-07-01T09:00:00Z,true
T10,b_trained,a,2025-06-29T23:59:59Z,2025-07-06T23:59:59Z,true
T11,b_trained,b,2025-06-30T00:00:00Z,2025-07-07T00:00:00Z,true
T20,brought,a,2025-03-03T09:00:00Z,2025-04-06T23:59:59Z,true
T21,brought,b,2025-03-03T09:00:00Z,2025-04-07T00:00:00Z,true
T22,brought,c,2025-04-06T23:59:59Z,,
T30,ended,a,2025-03-03T09:00:00Z,2025-05-16T09:00:00Z,true
T31,ended,b,2025-03-03T09:00:00Z,2025-05-19T00:00:00Z,true
T40,late_course,a,2025-02-03T09:00:00Z,2025-02-05T09:00:00Z,true
""",
    "learning/certifications": """
certification_id,partner_id,learner_id,certification,awarded_at,expires_at
C1,one,ann,sales,2025-07-01T09:00:00Z,
C10,b_certified,ann,sales,2025-06-29T23:59:59Z,
C11,b_certified,bob,sales,2025-06-30T00:00:00Z,
C12,b_certified,cleo,sales,2025-07-06T23:59:59Z,
C13,b_certified,dan,sales,2025-02-03T09:00:00Z,2025-07-06T23:59:59Z
C14,b_certified,eve,sales,2025-02-03T09:00:00Z,2025-07-07T00:00:00Z
C15,b_certified,fay,sales,2025-07-07T00:00:00Z,
C20,people,ann,sales,2025-02-03T09:00:00Z,2025-06-25T09:00:00Z
C21,people,ann,delivery,2025-03-03T09:00:00Z,2025-07-02T09:00:00Z
C22,people,bob,sales,2025-02-03T09:00:00Z,
C23,people,bob,sales,2025-02-03T09:00:00Z,
C24,people,,sales,2025-02-03T09:00:00Z,
C25,people,,sales,2025-02-03T09:00:00Z,
C30,brought,ann,sales,2024-06-08T23:59:59Z,2025-06-08T23:59:59Z
C31,brought,bob,sales,2025-04-06T23:59:59Z,
C32,brought,cleo,sales,2024-03-03T09:00:00Z,2025-03-03T09:00:00Z
C40,ended,ann,sales,2025-03-03T09:00:00Z,2025-05-19T00:00:00Z
C41,ended,bob,sales,2025-03-03T09:00:00Z,
C42,ended,cleo,sales,2025-05-19T00:00:00Z,
C50,late_renewal,ann,sales,2025-02-05T09:00:00Z,2025-04-02T09:00:00Z
C60,later_contract,ann,sales,2025-01-15T09:00:00Z,
C61,earlier_contract,ann,sales,2025-01-15T09:00:00Z,
""",
    "marketing/commitments": """
commitment_id,partner_id,plan_id,committed_at,due_at,delivered_at
K1,one,p,2025-06-30T09:00:00Z,2025-07-02T09:00:00Z,2025-07-01T09:00:00Z
K10,b_promises,p,2025-03-03T09:00:00Z,2025-04-06T12:00:00Z,
K11,b_promises,p,2025-03-03T09:00:00Z,2025-04-06T23:59:59Z,
K12,b_promises,p,2025-03-03T09:00:00Z,2025-04-07T00:00:00Z,2025-04-07T00:00:00Z
K13,b_promises,p,2025-03-03T09:00:00Z,2025-07-06T23:59:58Z,2025-07-06T23:59:59Z
K14,b_promises,p,2025-03-03T09:00:00Z,2025-07-07T00:00:00Z,2025-07-01T09:00:00Z
K20,ended,p,2025-03-03T09:00:00Z,2025-05-16T12:00:00Z,2025-05-16T09:00:00Z
K21,ended,p,2025-03-03T09:00:00Z,2025-05-19T00:00:00Z,
""",
    "marketing/funds": """
fund_id,partner_id,purpose,allocated_at,period_end,allocated_amount,claimed_at,claimed_amount,currency
F1,one,marketing,2025-06-30T09:00:00Z,2025-12-31T00:00:00Z,1000,2025-07-01T09:00:00Z,400,EUR
F10,b_funds,marketing,2025-01-05T23:59:59Z,2025-12-31T00:00:00Z,1000,2025-01-06T00:00:00Z,100,EUR
F11,b_funds,marketing,2025-01-06T00:00:00Z,2025-12-31T00:00:00Z,2000,2025-07-06T23:59:59Z,300,EUR
F12,b_funds,marketing,2025-07-07T00:00:00Z,2025-12-31T00:00:00Z,4000,2025-07-07T00:00:00Z,4000,EUR
F20,ended,marketing,2025-03-03T09:00:00Z,2025-12-31T00:00:00Z,1000,2025-05-16T09:00:00Z,250,EUR
F21,ended,marketing,2025-05-19T00:00:00Z,2025-12-31T00:00:00Z,1000,2025-05-19T00:00:00Z,1000,EUR
F30,late_claim,marketing,2025-01-15T09:00:00Z,2025-12-31T00:00:00Z,1000,,,EUR
""",
    "marketing/touches": """
touch_id,partner_id,campaign_id,kind,occurred_at
H1,one,c,webinar,2025-07-01T09:00:00Z
H10,b_campaigns,c,webinar,2025-04-06T23:59:59Z
H11,b_campaigns,c,webinar,2025-04-07T00:00:00Z
H12,b_campaigns,c,webinar,2025-04-13T23:59:59Z
H13,b_campaigns,c,webinar,2025-07-06T23:59:59Z
H14,b_campaigns,c,webinar,2025-07-07T00:00:00Z
H20,ended,c,webinar,2025-05-16T09:00:00Z
H21,ended,c,webinar,2025-05-19T00:00:00Z
""",
    "finance/bookings": """
booking_id,partner_id,booked_at,amount,currency,product_line,sourcing
B1,one,2025-07-01T09:00:00Z,3000,EUR,core,sourced
B10,b_booked,2025-01-05T23:59:59Z,1000,EUR,core,sourced
B11,b_booked,2025-01-06T00:00:00Z,2000,EUR,core,sourced
B12,b_booked,2025-04-06T23:59:59Z,4000,EUR,core,sourced
B13,b_booked,2025-04-07T00:00:00Z,8000,EUR,core,sourced
B14,b_booked,2025-07-06T23:59:59Z,16000,EUR,core,sourced
B15,b_booked,2025-07-07T00:00:00Z,32000,EUR,core,sourced
B20,ended,2025-05-16T09:00:00Z,7000,EUR,core,sourced
B21,ended,2025-05-19T00:00:00Z,9000,EUR,core,sourced
B30,later_contract,2025-01-15T09:00:00Z,5000,EUR,core,sourced
B31,earlier_contract,2025-01-15T09:00:00Z,5000,EUR,core,sourced
""",
    "feedback/ratings": """
rating_id,partner_id,rater_id,rated_at,dimension,rating
R1,one,ann,2025-07-01T09:00:00Z,strategic_fit,5
R10,b_rated,ann,2025-01-08T00:00:00Z,strategic_fit,4
R11,b_rated,bob,2025-01-08T00:00:00Z,strategic_fit,2
R12,b_rated,ann,2025-07-07T00:00:00Z,strategic_fit,1
R13,b_lapsed,ann,2025-01-07T23:59:59Z,strategic_fit,4
R14,b_lapsed,bob,2025-01-07T23:59:59Z,strategic_fit,3
R20,ended,ann,2025-03-03T09:00:00Z,strategic_fit,4
R21,ended,bob,2025-05-16T09:00:00Z,strategic_fit,5
R22,ended,ann,2025-05-19T00:00:00Z,strategic_fit,1
R30,late_rating,ann,2025-02-05T09:00:00Z,strategic_fit,4
""",
    "feedback/surveys": """
response_id,partner_id,submitted_at,score
S1,one,2025-07-01T09:00:00Z,4
S10,b_surveyed,2025-01-05T23:59:59Z,1
S11,b_surveyed,2025-01-06T00:00:00Z,3
S12,b_surveyed,2025-07-06T23:59:59Z,4
S13,b_surveyed,2025-07-07T00:00:00Z,5
S20,ended,2025-05-16T09:00:00Z,3
S21,ended,2025-05-19T00:00:00Z,5
S30,late_survey,2025-01-15T09:00:00Z,4
""",
    "accounts/profiles": """
profile_id,partner_id,profiled_at,matched_accounts,icp_accounts,reachable_accounts,compatible_accounts,channel_rubric
X1,one,2025-07-01T09:00:00Z,40,10,25,30,2
X10,b_profile,2025-06-29T23:59:59Z,40,10,25,30,2
X11,b_profile,2025-07-06T23:59:59Z,50,20,60,5,3
X12,b_profile,2025-07-07T00:00:00Z,100,100,100,100,4
X20,brought,2024-01-10T09:00:00Z,20,4,10,6,1
X30,ended,2025-05-16T09:00:00Z,40,10,25,30,2
X31,ended,2025-05-19T00:00:00Z,100,100,100,100,4
X40,late_profile,2025-01-15T09:00:00Z,20,10,30,10,1
X41,late_profile,2025-05-07T09:00:00Z,10,2,40,1,3
""",
}

SECOND_LANDING = {
    "crm/partners": """
partner_id,partner_name,track,tier,region,country,industry,contract_signed_at,terminated_at,updated_at
later_contract,Corrected,reseller,silver,,,,2025-02-05T09:00:00Z,,2025-07-06T00:00:00Z
earlier_contract,Corrected,reseller,silver,,,,2025-01-08T09:00:00Z,,2025-07-06T00:00:00Z
""",
    "crm/activities": """
activity_id,partner_id,occurred_at,kind,direction
A100,late_meeting,2025-03-05T09:00:00Z,co_sell,mutual
A101,ended,2025-05-19T00:00:00Z,qbr,mutual
""",
    "crm/requests": """
request_id,partner_id,requested_at,responded_at
Q100,late_request,2025-03-05T09:00:00Z,2025-03-06T09:00:00Z
Q30,late_answer,2025-03-05T09:00:00Z,2025-03-06T09:00:00Z
""",
    "crm/leads": """
lead_id,partner_id,account_key,submitted_at,accepted_at,rejected_at
L100,late_lead,a,2025-03-03T09:00:00Z,2025-03-05T09:00:00Z,
""",
    "crm/deals": """
deal_id,partner_id,account_key,registered_at,approved_at,rejected_at,qualified_at,closed_at,outcome,amount,currency
D100,late_deal,b,2025-02-03T09:00:00Z,2025-03-05T09:00:00Z,,2025-03-05T09:00:00Z,2025-04-02T09:00:00Z,won,10000,EUR
""",
    "portal/events": """
event_id,partner_id,occurred_at,event
E100,late_login,2025-03-05T09:00:00Z,login
""",
    "portal/milestones": """
milestone_id,partner_id,milestone,reached_at
M100,late_milestone,portal_access,2025-03-05T09:00:00Z
M101,late_last_milestone,first_deal_registered,2025-03-05T09:00:00Z
""",
    "learning/enrollments": """
enrollment_id,partner_id,course_id,assigned_at,completed_at,passed
T100,late_course,b,2025-03-05T09:00:00Z,2025-03-19T09:00:00Z,true
T101,late_brought,a,2024-12-02T09:00:00Z,2024-12-16T09:00:00Z,true
""",
    "learning/certifications": """
certification_id,partner_id,learner_id,certification,awarded_at,expires_at
C100,late_certification,ann,sales,2025-03-05T09:00:00Z,2025-04-30T09:00:00Z
C101,late_renewal,ann,sales,2025-03-05T09:00:00Z,2025-04-30T09:00:00Z
C102,late_brought,ann,sales,2024-12-02T09:00:00Z,
""",
    "marketing/commitments": """
commitment_id,partner_id,plan_id,committed_at,due_at,delivered_at
K100,late_promise,p,2025-02-03T09:00:00Z,2025-03-05T09:00:00Z,2025-03-04T09:00:00Z
""",
    "marketing/funds": """
fund_id,partner_id,purpose,allocated_at,period_end,allocated_amount,claimed_at,claimed_amount,currency
F30,late_claim,marketing,2025-01-15T09:00:00Z,2025-12-31T00:00:00Z,1000,2025-03-05T09:00:00Z,600,EUR
""",
    "marketing/touches": """
touch_id,partner_id,campaign_id,kind,occurred_at
H100,late_touch,c,webinar,2025-03-05T09:00:00Z
""",
    "finance/bookings": """
booking_id,partner_id,booked_at,amount,currency,product_line,sourcing
B100,late_booking,2025-03-05T09:00:00Z,5000,EUR,core,sourced
B101,ended,2025-05-19T00:00:00Z,5000,EUR,core,sourced
""",
    "feedback/ratings": """
rating_id,partner_id,rater_id,rated_at,dimension,rating
R100,late_rating,bob,2025-03-05T09:00:00Z,strategic_fit,2
""",
    "feedback/surveys": """
response_id,partner_id,submitted_at,score
S100,late_survey,2025-03-05T09:00:00Z,2
""",
    "accounts/profiles": """
profile_id,partner_id,profiled_at,matched_accounts,icp_accounts,reachable_accounts,compatible_accounts,channel_rubric
X100,late_profile,2025-03-05T09:00:00Z,40,10,25,30,2
""",
}
