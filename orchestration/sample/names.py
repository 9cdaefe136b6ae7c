"""The words of the sample programme: names of companies, places, courses, reasons.

Vocabularies that the landing contract fixes are repeated here in the order that codes use; a test
compares them with the contract. No figure belongs here.
"""

KINDS = ("meeting", "call", "email", "joint_planning", "co_sell", "qbr")
DIRECTIONS = ("inbound", "outbound", "mutual")
OUTCOMES = ("open", "won", "lost")
PORTAL_EVENTS = (
    "login", "content_download", "deal_registration", "support_case", "training_launch",
    "fund_request",
)  # fmt: skip
PORTAL_SHARES = (0.55, 0.22, 0.05, 0.06, 0.09, 0.03)
MILESTONES = (
    "contract_signed", "portal_access", "first_training", "certification", "joint_plan",
    "first_lead", "first_deal_registered", "first_deal_won",
)  # fmt: skip
COURSES = (
    "product-foundations", "sales-essentials", "solution-design", "implementation",
    "security-basics", "account-mapping",
)  # fmt: skip
CERTIFICATIONS = ("sales-professional", "solution-architect", "implementation-specialist")
TOUCH_KINDS = ("webinar", "event", "email_campaign", "content_syndication", "co_branded_page")
TOUCH_SHARES = (0.25, 0.10, 0.40, 0.15, 0.10)
PURPOSES = ("marketing", "training", "enablement")
PURPOSE_SHARES = (0.6, 0.2, 0.2)
PRODUCT_LINES = ("platform", "analytics", "security", "services")
PRODUCT_SHARES = (0.45, 0.25, 0.18, 0.12)
SOURCING = ("sourced", "influenced")
DIMENSIONS = ("strategic_fit",)
RATING_NOTES = (
    "No shared customers so far.", "Sells a competing product in parts.", "Fits in some segments.",
    "Same buyers, complementary offer.", "Joint value proposition proven with customers.",
)  # fmt: skip
COMMENTS = (
    "Quick answers, thank you.", "The project started late, but ended well.",
    "We waited two weeks for a quote.", "Good consultants, knows our business",
    "Please call back before the renewal.", 'They said "next week", three times.',
    "Training was clear, the handover less so.", "Alles bestens, gerne wieder.",
)  # fmt: skip
INTERVENTIONS = (
    "executive_call", "joint_planning_session", "enablement_plan", "portal_walkthrough",
    "account_mapping_workshop", "deal_desk_review",
)  # fmt: skip
INTERVENTION_NOTES = (
    "Agreed on three accounts to start with.", "Contact has left; new one named.",
    "Will come back after the quarter.", "Two people booked for the next course.",
)  # fmt: skip
DISPUTED_METRICS = (
    "accepted_leads", "sourced_revenue", "response_within_sla_rate", "certified_headcount",
    "deal_approval_rate",
)  # fmt: skip
DISPUTE_REASONS = ("missing_record", "wrong_partner", "wrong_amount", "wrong_date")
RESOLUTIONS = ("upheld", "corrected", "rejected")
ARMS = ("control", "coached")

COUNTRIES: tuple[tuple[str, ...], ...] = (
    ("Germany", "United Kingdom", "France", "Netherlands", "Spain", "Sweden"),
    ("United States", "Canada"),
    ("Japan", "Australia", "Singapore", "India"),
    ("Brazil", "Mexico", "Chile"),
)  # by region
COUNTRY_NAMES = tuple(country for region in COUNTRIES for country in region)
POUND_COUNTRY = "United Kingdom"
OFFSET_HOURS = (2, -5, 8, -3)  # by region; fixed, as exports with a fixed zone have it
INDUSTRIES = (
    "manufacturing", "retail", "financial-services", "healthcare", "public-sector", "software",
    "logistics", "energy",
)  # fmt: skip

FIRST_WORDS = (
    "Alder", "Beacon", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Iris", "Juniper",
    "Keystone", "Lumen", "Meridian", "Northwind", "Orchard", "Pioneer", "Quarry", "Ridge",
    "Summit", "Tidal", "Umbra", "Vantage", "Willow", "Zenith", "Müller", "Núñez", "O'Brien",
)  # fmt: skip
SECOND_WORDS = (
    "Systems", "Consulting", "Networks", "Analytics", "Digital", "Solutions", "Cloud", "Data",
    "Integrators", "Technologies", "Advisory", "Software", "Partners", "& Sons", "Labs",
)  # fmt: skip
LEGAL_FORMS: tuple[tuple[str, ...], ...] = (
    ("GmbH", "Ltd", "SAS", "BV", "AB"),
    ("Inc", "LLC", ", Inc."),
    ("KK", "Pty Ltd", "Pte Ltd"),
    ("Ltda", "SA de CV", "SpA"),
)  # by region
