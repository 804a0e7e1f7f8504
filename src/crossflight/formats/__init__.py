"""Files of other programs: bytes to plain tables and orbits and back, calendars.

Tables of CSV and XLSX files come out as text cells (:mod:`~crossflight.formats.table`), dates as
:class:`~crossflight.formats.dates.When`, a manifest as its events with the row and column of each
(:mod:`~crossflight.formats.manifest`).  What the names in it stand for is not known here.  Orbits
(:mod:`~crossflight.formats.orbit`) are read from TLE, OMM and OEM in all their notations.
"""
