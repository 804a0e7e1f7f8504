"""Names for people: what a scenario writes as an identifier, as one says it.

A name that somebody has written with a capital, a space or a script of its own stays as it is.
"""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_N_ACRONYM = 4  # letters: docking systems as short as that are acronyms (idss, cbm)


def spoken(name: str) -> str:
    """``soyuz-ms`` as Soyuz MS, ``ksc-39a`` as KSC 39A, ``htv-x`` as HTV-X; Bird Rock as Bird Rock."""
    if not _IDENTIFIER.fullmatch(name):
        return name
    words = [_word(word) for word in name.split("-")]
    joint = "-" if len(words) > 1 and len(words[-1]) == 1 and words[-1].isalpha() else " "
    return " ".join(words[:-1]) + joint + words[-1] if len(words) > 1 else words[0]


def flight_name(vehicle_type: str, name: str) -> str:
    """A flight with its craft: MS-22 as Soyuz MS-22, Crew-5 as Crew-5 (Crew Dragon); unnamed, its type."""
    kind = spoken(vehicle_type)
    if not name:
        return kind
    words = kind.split()
    if words[-1] == name.split("-")[0]:
        return " ".join([*words[:-1], name])
    return name if name.startswith(kind) else f"{name} ({kind})"


def pad_name(name: str) -> str:
    """``baikonur-31`` as Baikonur, pad 31; a place without a number as it is spoken."""
    site, _, number = name.rpartition("-")
    has_number = any(c.isdigit() for c in number) and _IDENTIFIER.fullmatch(name)
    return f"{spoken(site)}, pad {number.upper()}" if site and has_number else spoken(name)


def system_name(name: str) -> str:
    """``idss`` as IDSS; ``probe-drogue`` is a word."""
    return name.upper() if _IDENTIFIER.fullmatch(name) and len(name) <= _N_ACRONYM else name


def _word(word: str) -> str:
    is_acronym = not set(word) & set("aeiouy") or any(c.isdigit() for c in word) or len(word) == 1
    return word.upper() if is_acronym else word.capitalize()
