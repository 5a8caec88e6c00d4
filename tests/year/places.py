"""Where Bangladesh posts people, and the far corners of time: country, state and IANA zone, as facts."""

from datetime import date, timedelta
from functools import cache

import holidays

Place = tuple[str, str | None, str]

_ASIA: tuple[Place, ...] = (
    ("BD", None, "Asia/Dhaka"),
    ("SA", None, "Asia/Riyadh"),
    ("AE", None, "Asia/Dubai"),
    ("QA", None, "Asia/Qatar"),
    ("KW", None, "Asia/Kuwait"),
    ("OM", None, "Asia/Muscat"),
    ("BH", None, "Asia/Bahrain"),
    ("JO", None, "Asia/Amman"),
    ("LB", None, "Asia/Beirut"),
    ("IQ", None, "Asia/Baghdad"),
    ("IR", None, "Asia/Tehran"),
    ("TR", None, "Europe/Istanbul"),
    ("UZ", None, "Asia/Tashkent"),
    ("AF", None, "Asia/Kabul"),
    ("PK", None, "Asia/Karachi"),
    ("IN", "WB", "Asia/Kolkata"),
    ("IN", "TR", "Asia/Kolkata"),
    ("NP", None, "Asia/Kathmandu"),
    ("BT", None, "Asia/Thimphu"),
    ("LK", None, "Asia/Colombo"),
    ("MV", None, "Indian/Maldives"),
    ("MM", None, "Asia/Yangon"),
    ("TH", None, "Asia/Bangkok"),
    ("MY", "14", "Asia/Kuala_Lumpur"),
    ("MY", "01", "Asia/Kuala_Lumpur"),
    ("MY", "02", "Asia/Kuala_Lumpur"),
    ("MY", "03", "Asia/Kuala_Lumpur"),
    ("MY", "11", "Asia/Kuala_Lumpur"),
    ("MY", "12", "Asia/Kuching"),
    ("SG", None, "Asia/Singapore"),
    ("BN", None, "Asia/Brunei"),
    ("ID", None, "Asia/Jakarta"),
    ("PH", None, "Asia/Manila"),
    ("VN", None, "Asia/Ho_Chi_Minh"),
    ("CN", None, "Asia/Shanghai"),
    ("HK", None, "Asia/Hong_Kong"),
    ("KR", None, "Asia/Seoul"),
    ("JP", None, "Asia/Tokyo"),
)
_AFRICA: tuple[Place, ...] = (
    ("EG", None, "Africa/Cairo"),
    ("LY", None, "Africa/Tripoli"),
    ("DZ", None, "Africa/Algiers"),
    ("MA", None, "Africa/Casablanca"),
    ("SD", None, "Africa/Khartoum"),
    ("ET", None, "Africa/Addis_Ababa"),
    ("KE", None, "Africa/Nairobi"),
    ("NG", None, "Africa/Lagos"),
    ("ZA", None, "Africa/Johannesburg"),
    ("MU", None, "Indian/Mauritius"),
)
_EUROPE: tuple[Place, ...] = (
    ("GB", "ENG", "Europe/London"),
    ("GB", "SCT", "Europe/London"),
    ("IE", None, "Europe/Dublin"),
    ("FR", None, "Europe/Paris"),
    ("DE", "BE", "Europe/Berlin"),
    ("NL", None, "Europe/Amsterdam"),
    ("BE", None, "Europe/Brussels"),
    ("CH", "GE", "Europe/Zurich"),
    ("AT", None, "Europe/Vienna"),
    ("IT", None, "Europe/Rome"),
    ("ES", None, "Europe/Madrid"),
    ("PT", None, "Europe/Lisbon"),
    ("GR", None, "Europe/Athens"),
    ("PL", None, "Europe/Warsaw"),
    ("RO", None, "Europe/Bucharest"),
    ("SE", None, "Europe/Stockholm"),
    ("DK", None, "Europe/Copenhagen"),
    ("RU", None, "Europe/Moscow"),
    ("CY", None, "Asia/Nicosia"),
)
_AMERICA: tuple[Place, ...] = (
    ("US", "DC", "America/New_York"),
    ("US", "CA", "America/Los_Angeles"),
    ("US", "FL", "America/New_York"),
    ("US", "HI", "Pacific/Honolulu"),
    ("CA", "ON", "America/Toronto"),
    ("MX", None, "America/Mexico_City"),
    ("BR", "DF", "America/Sao_Paulo"),
    ("CL", None, "America/Santiago"),
    ("PY", None, "America/Asuncion"),
    ("AR", None, "America/Argentina/Buenos_Aires"),
)
_OCEANIA: tuple[Place, ...] = (
    ("AU", "ACT", "Australia/Sydney"),
    ("AU", "NSW", "Australia/Lord_Howe"),
    ("NZ", None, "Pacific/Auckland"),
    ("NZ", "CIT", "Pacific/Chatham"),
    ("WS", None, "Pacific/Apia"),
    ("KI", None, "Pacific/Kiritimati"),
    ("FJ", None, "Pacific/Fiji"),
)
PLACES = _ASIA + _AFRICA + _EUROPE + _AMERICA + _OCEANIA

LOS_ANGELES: Place = ("US", "CA", "America/Los_Angeles")
HONOLULU: Place = ("US", "HI", "Pacific/Honolulu")
TOKYO: Place = ("JP", None, "Asia/Tokyo")
AUCKLAND: Place = ("NZ", None, "Pacific/Auckland")
APIA: Place = ("WS", None, "Pacific/Apia")
KIRITIMATI: Place = ("KI", None, "Pacific/Kiritimati")
OVER_THE_DATE_LINE: tuple[tuple[Place, Place], ...] = (
    (LOS_ANGELES, TOKYO),
    (TOKYO, LOS_ANGELES),
    (HONOLULU, AUCKLAND),
    (AUCKLAND, HONOLULU),
    (APIA, HONOLULU),
    (HONOLULU, APIA),
    (KIRITIMATI, LOS_ANGELES),
    (HONOLULU, KIRITIMATI),
)


@cache
def weekend_of(country: str, subdivision: str | None) -> frozenset[int]:
    """ISO weekdays of the weekend in September 2026, as the holidays package tells them."""
    calendar = holidays.country_holidays(country, subdiv=subdivision, years=2026)
    week = (date(2026, 9, 7) + timedelta(days=n) for n in range(7))
    return frozenset(day.isoweekday() for day in week if calendar.is_weekend(day))
