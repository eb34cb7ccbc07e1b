"""The Indoor Mapping Data Format 1.0.0 (OGC 20-094): its words, and ours for them.

The lists are those of the standard's "Categories" and "Reference". Other lists in circulation add values that IMDF
does not have (corridor, staircase, cafe, copier, ...): they are not valid.
"""

from typing import Final

from facilities.plan.document import AMENITY_CATEGORIES

VERSION: Final = "1.0.0"
# What IMDF has no place for goes into the member "dongne" of a feature's properties, which this extension declares.
EXTENSION: Final = "imdf:extension:dongne:plan#1.0.0"
OWN: Final = "dongne"

FEATURE_TYPES: Final = (
    "address",
    "amenity",
    "anchor",
    "building",
    "detail",
    "fixture",
    "footprint",
    "geofence",
    "kiosk",
    "level",
    "occupant",
    "opening",
    "relationship",
    "section",
    "unit",
    "venue",
)
REQUIRED_FILES: Final = ("manifest.json", "address.geojson", "venue.geojson")

UNITS: Final = frozenset(
    """auditorium brick classroom column concrete conferenceroom drywall elevator escalator fieldofplay firstaid
    fitnessroom foodservice footbridge glass huddleroom kitchen laboratory library lobby lounge mailroom mothersroom
    movietheater movingwalkway nonpublic office opentobelow parking phoneroom platform privatelounge ramp recreation
    restroom restroom.family restroom.female restroom.female.wheelchair restroom.male restroom.male.wheelchair
    restroom.transgender restroom.transgender.wheelchair restroom.unisex restroom.unisex.wheelchair
    restroom.wheelchair road room serverroom shower smokingarea stairs steps storage structure terrace theater
    unenclosedarea unspecified vegetation waitingroom walkway walkway.island wood""".split()
)
FIXTURES: Final = frozenset(
    """baggagecarousel boardinggate.desk checkin.desk checkin.kiosk desk equipment furniture immigration.desk
    inspection.desk obstruction securityequipment stage vegetation wall""".split()
)
AMENITIES: Final = frozenset(
    """amphitheater animalreliefarea arrivalgate atm babychanging baggagecarousel baggagecarousel.intl baggagecarts
    baggageclaim baggageclaim.oversize baggagerecheck baggagestorage boardinggate boardinggate.aircraft
    boardinggate.bus boardinggate.ferry boardinggate.train bus bus.muni bus.national businesscenter cabin caregiver
    carrental cashier changemachine checkin checkin.desk checkin.desk.oversizebaggage checkin.desk.transfer
    checkin.selfservice childplayarea coinlocker copymachine defibrillator drinkingfountain eatingdrinking elevator
    emergencyshelter entry escalator exhibit faregate faregate.oversized fieldofplay fieldofplay.americanfootball
    fieldofplay.baseball fieldofplay.basketball fieldofplay.fieldhockey fieldofplay.icehockey fieldofplay.rugby
    fieldofplay.soccer fieldofplay.softball fieldofplay.tennis fieldofplay.trackfield fieldofplay.volleyball
    firealarmpullstation fireextinguisher firstaid fittingroom foodservice gatearea groundtransportation guestservices
    handsanitizerstation healthscreening hoteling immigration information information.bid information.carrental
    information.hotel information.mufid information.mufid.arrivals information.mufid.departures information.transit
    landmark library limo lostandfound mailbox meditation meetingpoint mobilityrescue mothersroom movingwalkway
    paidarea parkandride parking parking.bicycle parking.compact parking.ev parking.longterm parking.motorcycle
    parking.shortterm parking.waitingarea payphone pedestriancrossing peoplemover phone phone.emergency photobooth
    platform police powerchargingstation prayerroom prayerroom.buddhism prayerroom.christianity prayerroom.hinduism
    prayerroom.islam prayerroom.islam.female prayerroom.islam.male prayerroom.judaism prayerroom.shintoism
    prayerroom.sikh prayerroom.taoic privatelounge productreturn rail.muni rail.national ramp reception.desk
    recreation restroom restroom.family restroom.female restroom.female.wheelchair restroom.male
    restroom.male.wheelchair restroom.transgender restroom.transgender.wheelchair restroom.unisex
    restroom.unisex.wheelchair restroom.wheelchair rideshare seat seating security security.checkpoint
    security.inspection service shower shuttle sleepbox smokingarea stairs storage strollerrental studentadmissions
    studentservices swimmingpool swimmingpool.children swimmingpool.family taxi ticketing ticketing.airline
    ticketing.bus ticketing.bus.muni ticketing.bus.national ticketing.rail ticketing.rail.muni
    ticketing.rail.national ticketing.shuttle traintrack transit unspecified valet vendingmachine
    vendingmachine.trainticket wheelchairassist wifi yoga""".split()
)
BUILDINGS: Final = frozenset({"parking", "transit", "transit.bus", "transit.train", "unspecified"})
FOOTPRINTS: Final = frozenset({"aerial", "ground", "subterranean"})
LEVELS: Final = frozenset(
    """arrivals arrivals.domestic arrivals.intl departures departures.domestic departures.intl parking transit
    unspecified""".split()
)
OPENINGS: Final = frozenset(
    "automobile bicycle emergencyexit pedestrian pedestrian.principal pedestrian.transit service".split()
)
RELATIONSHIPS: Final = frozenset("elevator escalator movingwalkway ramp stairs traversal traversal.path".split())
VENUES: Final = frozenset(
    """airport airport.intl aquarium businesscampus casino communitycenter conventioncenter governmentfacility
    healthcarefacility hotel museum parkingfacility resort retailstore shoppingcenter stadium stripmall theater
    themepark trainstation transitstation university""".split()
)
RESTRICTED: Final = frozenset({"employeesonly", "restricted"})
ACCESS_CONTROL: Final = frozenset(
    """badgereader fingerprintreader guard keyaccess outofservice passwordaccess retinascanner
    voicerecognition""".split()
)
ACCESSIBILITY: Final = frozenset(
    """assisted.listening braille hearing hearingloop signlanginterpreter tactilepaving tdd trs volume
    wheelchair""".split()
)
DOOR_TYPES: Final = frozenset(
    """movablepartition open revolving shutter sliding swinging turnstile turnstile.fullheight
    turnstile.waistheight""".split()
)
DOOR_MATERIALS: Final = frozenset({"wood", "glass", "metal", "gate"})

# Ours that IMDF lacks, and what comes nearest. Kiosks are features of their own in IMDF, not fixtures.
_UNIT_OUT: Final = {"laundryroom": "room"}
_FIXTURE_OUT: Final = {"counter": "furniture", "bench": "furniture", "shutter": "obstruction", "kiosk": "kiosk"}
_AMENITY_OUT: Final = {
    "aed": "defibrillator",
    "recyclingpoint": "unspecified",
    "wastebin": "unspecified",
    "photocopier": "copymachine",
    "publicphone": "payphone",
    "wheelchairrental": "wheelchairassist",
    "bicycleparking": "parking.bicycle",
    "locker": "coinlocker",
}

# IMDF's that we lack. What is in neither list and not ours becomes "unspecified", and is told.
_UNIT_IN: Final = {"laboratory": "room", "walkway.island": "walkway", "wood": "structure"}
_FIXTURE_IN: Final = {
    "boardinggate.desk": "counter",
    "checkin.desk": "counter",
    "checkin.kiosk": "kiosk",
    "immigration.desk": "counter",
    "inspection.desk": "counter",
    "baggagecarousel": "equipment",
    "securityequipment": "equipment",
    "stage": "furniture",
    "vegetation": "furniture",
}
_AMENITY_IN: Final = {
    "defibrillator": "aed",
    "copymachine": "photocopier",
    "payphone": "publicphone",
    "phone": "publicphone",
    "phone.emergency": "publicphone",
    "wheelchairassist": "wheelchairrental",
    "parking.bicycle": "bicycleparking",
    "coinlocker": "locker",
    "baggagestorage": "locker",
    "seat": "seating",
    "guestservices": "information",
    "reception.desk": "information",
}


def unit_out(category: str) -> str:
    return _UNIT_OUT.get(category, category)


def fixture_out(category: str) -> str:
    return _FIXTURE_OUT.get(category, category)


def amenity_out(category: str) -> str:
    return _AMENITY_OUT.get(category, category)


def unit_in(category: object) -> object:
    """Our category for IMDF's; a value that neither has comes back as it is."""
    return _UNIT_IN.get(category, category) if isinstance(category, str) else category


def fixture_in(category: object) -> object:
    return _FIXTURE_IN.get(category, category) if isinstance(category, str) else category


def amenity_in(category: object) -> object:
    """As ``unit_in``; of "information.transit" and the like the first word is enough."""
    if not isinstance(category, str) or category in AMENITY_CATEGORIES:
        return category
    whole = _AMENITY_IN.get(category)
    first = category.split(".")[0]
    return whole or (first if first in AMENITY_CATEGORIES else category)
