"""The words for what a plan is made of: IMDF's values, as a Korean official says them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Labels = dict[str, str | Promise]

UNIT_CATEGORY_LABELS: Labels = {
    "lobby": _("Civil-service hall"),
    "waitingroom": _("Waiting area"),
    "office": _("Office"),
    "conferenceroom": _("Meeting room"),
    "huddleroom": _("Counselling room"),
    "lounge": _("Shared space"),
    "recreation": _("Activity room"),
    "library": _("Book café"),
    "privatelounge": _("Staff rest room"),
    "mothersroom": _("Nursing room"),
    "kitchen": _("Kitchen"),
    "storage": _("Storage"),
    "serverroom": _("Server room"),
    "restroom": _("Toilet"),
    "restroom.female": _("Toilet, women"),
    "restroom.male": _("Toilet, men"),
    "restroom.wheelchair": _("Toilet, accessible"),
    "restroom.family": _("Toilet, family"),
    "restroom.unisex": _("Toilet, shared"),
    "walkway": _("Corridor"),
    "stairs": _("Stairs"),
    "elevator": _("Lift"),
    "terrace": _("Terrace"),
    "opentobelow": _("Open to below"),
    "nonpublic": _("Closed area"),
    "room": _("Room"),
    "unspecified": _("Not decided"),
    "auditorium": _("Auditorium"),
    "classroom": _("Classroom"),
    "fitnessroom": _("Fitness room"),
    "firstaid": _("First-aid room"),
    "foodservice": _("Canteen"),
    "laundryroom": _("Laundry"),
    "mailroom": _("Mail room"),
    "phoneroom": _("Phone room"),
    "shower": _("Shower"),
    "smokingarea": _("Smoking area"),
    "theater": _("Theatre"),
    "movietheater": _("Cinema"),
    "fieldofplay": _("Sports field"),
    "parking": _("Parking"),
    "platform": _("Platform"),
    "ramp": _("Ramp"),
    "steps": _("Steps"),
    "escalator": _("Escalator"),
    "movingwalkway": _("Moving walkway"),
    "footbridge": _("Footbridge"),
    "road": _("Road"),
    "vegetation": _("Planting"),
    "unenclosedarea": _("Open-air area"),
    "structure": _("Structure"),
    "column": _("Column"),
    "brick": _("Brick wall"),
    "concrete": _("Concrete wall"),
    "drywall": _("Light wall"),
    "glass": _("Glass wall"),
    "restroom.female.wheelchair": _("Toilet, women, accessible"),
    "restroom.male.wheelchair": _("Toilet, men, accessible"),
    "restroom.unisex.wheelchair": _("Toilet, shared, accessible"),
    "restroom.transgender": _("Toilet, all genders"),
    "restroom.transgender.wheelchair": _("Toilet, all genders, accessible"),
}

RESTRICTION_LABELS: Labels = {
    "": pgettext_lazy("restriction", "Open"),
    "employeesonly": pgettext_lazy("restriction", "Closed (staff only)"),
    "restricted": pgettext_lazy("restriction", "Restricted"),
}
# Colour and symbol, as map categories want them; chosen to differ for colour-blind eyes.
RESTRICTION_COLORS = {
    "": ("#009E73", "circle"),
    "employeesonly": ("#D55E00", "square"),
    "restricted": ("#7B3294", "triangle"),
}

OPENING_KIND_LABELS: Labels = {"door": _("Door"), "gap": _("Gap without a door")}

ACCESS_CONTROL_LABELS: Labels = {
    "": _("None"),
    "badgereader": _("Card reader"),
    "fingerprintreader": _("Fingerprint reader"),
    "guard": _("Guard"),
    "keyaccess": _("Key"),
    "passwordaccess": _("Door code"),
}

AFTER_HOURS_LABELS: Labels = {
    "": _("As its rooms need"),
    "open": pgettext_lazy("after hours", "Stays open"),
    "locked": pgettext_lazy("after hours", "Locked"),
}

FIXTURE_LABELS: Labels = {
    "counter": _("Counter"),
    "desk": _("Desks"),
    "bench": _("Bench"),
    "shutter": _("Shutter"),
    "furniture": _("Furniture"),
    "kiosk": _("Kiosk"),
    "equipment": _("Equipment"),
    "wall": _("Partition"),
    "obstruction": _("Obstruction"),
}

AMENITY_LABELS: Labels = {
    "information": _("Information"),
    "ticketing": _("Number tickets"),
    "atm": _("Cash machine"),
    "aed": _("Defibrillator"),
    "drinkingfountain": _("Drinking water"),
    "recyclingpoint": _("Recycling point"),
    "wastebin": _("Waste bin"),
    "photocopier": _("Photocopier"),
    "publicphone": _("Public phone"),
    "seating": _("Seating"),
    "strollerrental": _("Pushchairs"),
    "wheelchairrental": _("Wheelchairs"),
    "parking": _("Parking"),
    "bicycleparking": _("Bicycle parking"),
    "mailbox": _("Mailbox"),
    "locker": _("Lockers"),
    "unspecified": _("Not decided"),
}
