"""What a room is used for, as far as its Korean or English name says."""

import re
from typing import Final

# The first that is found in the name, in this order, decides: "직원 휴게실" is a rest room, not a staff office.
_WORDS: Final = (
    ("restroom.wheelchair", r"장애인.*(화장실|변소)|(accessible|disabled|barrier.?free) (toilet|wc|restroom)"),
    (
        "restroom.female",
        r"여(자|성)?\s*[)(]?\s*(화장실|변소)|화장실\s*[(（]?\s*여|women'?s|ladies|\bfemale (toilet|wc|restroom)",
    ),
    (
        "restroom.male",
        r"남(자|성)?\s*[)(]?\s*(화장실|변소)|화장실\s*[(（]?\s*남|\bmen'?s\b|gents|\bmale (toilet|wc|restroom)",
    ),
    ("restroom", r"화장실|변소|toilet|\bwc\b|\bw\.c\b|restroom|lavatory|bathroom|powder"),
    ("shower", r"샤워|목욕|욕실|\bbath\b|shower"),
    ("elevator", r"승강기|엘리베이터|엘레베이터|리프트|elevator|\blift\b|\be\.?/?v\b|\bel\b"),
    ("escalator", r"에스컬레이터|escalator"),
    ("stairs", r"계단|stair"),
    ("ramp", r"경사로|램프|\bramp\b"),
    ("parking", r"주차|차고|garage|parking"),
    ("mothersroom", r"수유|모유|유아|nursing|mother"),
    ("firstaid", r"의무실|보건|응급|first.?aid"),
    ("serverroom", r"서버|전산|통신|server|telecom|\bmdf\b|\bidf\b"),
    (
        "nonpublic",
        r"기계실|전기실|발전기|방재실|설비|물탱크|저수조|공조|보일러|펌프|샤프트|\b(ps|eps|tps|ad|ds)\b"
        r"|shaft|duct|mechanical|electrical|\butil|boiler|plant room",
    ),
    ("storage", r"창고|서고|보관|자재|비품|수납|준비실|storage|store|closet|\bclo\b|w\.?i\.?c\b|archive|cabinet"),
    ("mailroom", r"문서수발|우편|mail ?room"),
    ("waitingroom", r"대기|waiting"),
    ("privatelounge", r"직원.*(휴게|쉼터)|숙직|당직|탈의|갱의|staff (lounge|rest)|break ?room|locker|changing"),
    ("kitchen", r"탕비|주방|조리|부엌|kitchen|pantry"),
    ("laundryroom", r"세탁|laundry"),
    ("smokingarea", r"흡연|smoking"),
    ("library", r"북\s*카페|도서|문고|책|열람|library|book|reading"),
    ("foodservice", r"식당|카페|canteen|cafeteria|dining|restaurant|\bcaf[eé]"),
    ("huddleroom", r"상담|consult|counsel"),
    ("conferenceroom", r"회의|세미나|meeting|conference|seminar|board ?room"),
    ("auditorium", r"강당|공연|auditorium|assembly"),
    ("classroom", r"교육|강의|교실|학습|배움|class|lecture|training"),
    ("fitnessroom", r"체력|헬스|운동|요가|체육|fitness|\bgym"),
    ("lounge", r"사랑방|나눔|공유|쉼터|휴게|라운지|주민.*(공간|방)|다목적|lounge|commun|multi.?purpose|living"),
    ("recreation", r"프로그램|동아리|문화|취미|노래|악기|탁구|놀이|공작|recreation|activity|hobby"),
    ("lobby", r"민원|로비|현관|홀\b|lobby|foyer|entrance|entry|reception|vestibule"),
    ("walkway", r"복도|통로|방풍|corridor|passage|hallway|\bhall\b|walkway"),
    (
        "office",
        r"사무|집무|동장|면장|읍장|소장|팀장|팀\b|행정|복지|총무|산업|중대|예비군|office|study|director|manager",
    ),
    ("terrace", r"테라스|발코니|베란다|옥상|데크|terrace|balcony|deck|patio|porch|veranda"),
    ("opentobelow", r"보이드|오픈|open to below|\bvoid\b|\bopen\b"),
    ("column", r"기둥|\bcolumn\b"),
    ("room", r"bedroom|침실|거실|안방"),
)
_PATTERNS: Final = tuple((category, re.compile(words, re.IGNORECASE)) for category, words in _WORDS)


def guess_category(name: str) -> str | None:
    """The IMDF unit category that a room's name speaks of; None when it says nothing known."""
    return next((category for category, words in _PATTERNS if words.search(name)), None)
