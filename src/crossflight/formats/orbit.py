"""Files of orbits: what notation it is, and its element sets or its ephemeris.

Read: two-line element sets; OMM as keyword-value, XML or JSON; OEM as keyword-value or XML; each as it
is or as a gzip file.
"""

from __future__ import annotations

import re
from typing import Final

from crossflight.errors import InputError, SyntaxInputError
from crossflight.formats.oem import oem_kvn_ephemeris, oem_xml_ephemeris
from crossflight.formats.omm import omm_json_elements, omm_kvn_elements, omm_xml_elements
from crossflight.formats.orbit_source import Source, shown, unzipped
from crossflight.formats.tle import tle_elements
from crossflight.model.orbit import ElementSet, Ephemeris

_VERSION: Final = re.compile(r"[ \t]*CCSDS_([A-Z]{2,5})_VERS\b")
_XML_MESSAGE: Final = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(oem|omm|opm|ocm|cdm|aem|apm|tdm|rdm|html)\b")
_N_SNIFFED: Final = 20_000
_N_LINES_SNIFFED: Final = 200
_KNOWN: Final = "orbits are read from TLE, OMM (key-value, XML, JSON) and OEM (key-value, XML), gzip or not"


def read_orbit(data: bytes, file: str) -> tuple[ElementSet, ...] | Ephemeris:
    """The element sets or the ephemeris of a file, whatever its notation.

    Parameters
    ----------
    data
        Its bytes; a gzip file is unzipped, to the same limit of bytes as any other.
    file
        What errors call it by.

    Raises
    ------
    InputError
        If it is none of the notations, or what its reader refuses.
    """
    source = Source.of(unzipped(data, file), file)
    first = source.text.lstrip()[:1]
    if not first:
        raise source.error(SyntaxInputError, "the file is empty", 1, 1, hint=_KNOWN)
    if first == "<":
        return _read_xml(source)
    if first in ("[", "{"):
        return omm_json_elements(source)
    for number, line in enumerate(source.lines[:_N_LINES_SNIFFED], start=1):
        version = _VERSION.match(line)
        if version is not None:
            return _read_kvn(source, version[1], number)
        if line.startswith(("1 ", "2 ")):
            return tle_elements(source)
    raise _unknown(source)


def _read_kvn(source: Source, kind: str, line: int) -> tuple[ElementSet, ...] | Ephemeris:
    if kind == "OMM":
        return omm_kvn_elements(source)
    if kind == "OEM":
        return oem_kvn_ephemeris(source)
    raise _other_message(source, kind, line)


def _read_xml(source: Source) -> tuple[ElementSet, ...] | Ephemeris:
    found = _XML_MESSAGE.search(source.text, 0, _N_SNIFFED)
    kind = found[1].upper() if found else ""
    if kind == "OEM":
        return oem_xml_ephemeris(source)
    if kind in ("OMM", ""):  # "": its reader says what it is
        return omm_xml_elements(source)
    assert found is not None
    raise _other_message(source, kind, source.place(found.start())[0])


def _other_message(source: Source, kind: str, line: int) -> InputError:
    if kind == "HTML":
        message, hint = (
            "this is a web page, not an orbit",
            "was an error page saved? fetch the data themselves",
        )
    else:
        message, hint = f"this is a CCSDS {kind}, which is not read", _KNOWN
    return source.error(SyntaxInputError, message, line, 1, hint=hint)


def _unknown(source: Source) -> InputError:
    number, line = next((n, text) for n, text in enumerate(source.lines, start=1) if text.strip())
    if "OBJECT_NAME,OBJECT_ID," in line:
        return source.error(
            SyntaxInputError,
            "element sets as a table are not read",
            number,
            1,
            hint="fetch them as JSON, XML or TLE",
        )
    return source.error(
        SyntaxInputError, f"{shown(line.strip())} begins no file of orbits", number, 1, hint=_KNOWN
    )
