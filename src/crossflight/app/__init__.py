"""Use cases, one module each: the one door for the command line and for other programs.

``plan`` plans a scenario and writes the folder, ``check`` judges a plan, ``audit`` judges the
flown record, ``init`` begins a scenario.  ``document`` turns what they return into the JSON that
scripts read, ``picture`` into what the report draws.
"""
