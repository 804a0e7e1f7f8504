"""segment_operator and operator_n1: every segment run at all times, whichever craft is lost.

By the cross-flight rule (rules.md) a segment survives the loss of any one craft if and only if at
least two docked craft are covering it.  So both rules count stays of covering craft: one track for
"somebody aboard", two for "whichever craft is lost".
"""

from __future__ import annotations

from crossflight.planner.cover import Piece, Stay, shortfall, tracks
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit


def add(traffic: Traffic) -> None:
    """Both rules for every segment; terms unattended_segment_days and operator_n1_segment_days."""
    for segment in traffic.scenario.station.segments:
        stays = covering_stays(traffic, segment.name)
        unattended = shortfall(traffic, f"attended.{segment.name}", stays, 1)
        if traffic.binds("segment_operator"):
            traffic.model.add(unattended == 0)
        pieces = tracks(traffic, f"n1.{segment.name}", stays, 2)
        # Below two covering craft counts once where one is left and twice where none is.
        below_two = 2 * traffic.grain.n_days - sum(p.length for p in pieces)
        traffic.add_term("unattended_segment_days", unattended)
        traffic.add_term("operator_n1_segment_days", below_two - unattended)
        _bind(traffic, segment.name, pieces)


def operating_partners(traffic: Traffic, segment: str) -> set[str]:
    """Partners all of whose crew members can operate the segment."""
    partners = set()
    for partner in traffic.scenario.partners:
        crew = [p for p in traffic.scenario.people if not p.is_visitor and p.agency in partner.agencies]
        if crew and all(any(q.segment == segment and q.is_operator for q in p.qualifications) for p in crew):
            partners.add(partner.name)
    return partners


def covering_stays(traffic: Traffic, segment: str) -> list[Stay]:
    """Stays of the craft that have an operator of `segment` seated in them."""
    operators = operating_partners(traffic, segment)
    stays = []
    for v in traffic.rotations():
        covering = _covering(traffic, v, operators)
        if covering is not traffic.false:
            stays.append(Stay(v.name, v.count_from, v.undock, covering))
    return stays


def _covering(traffic: Traffic, v: Visit, operators: set[str]) -> Lit:
    with_operator = [x for x, p in v.patterns if any(p.get(o, 0) for o in operators)]
    if not with_operator:
        return traffic.false
    if len(with_operator) == len(v.patterns):
        return v.is_present
    covering = traffic.model.new_bool_var(f"{v.name}.covers")
    traffic.model.add(covering == sum(with_operator))
    return covering


def _bind(traffic: Traffic, segment: str, pieces: list[Piece]) -> None:
    """From the binding docking on, two tracks are full but for waived days."""
    if not traffic.binds("operator_n1"):
        return
    model, horizon = traffic.model, traffic.grain.n_days
    flight = str(traffic.setting("operator_n1").values.get("binds_from_docking_of", ""))
    first = next((v for v in traffic.visits if v.name == flight), None)
    waived = model.new_int_var(0, 2 * horizon, f"n1.{segment}.waived")
    if traffic.setting("operator_n1").severity == "hard":
        model.add(waived == 0)
    traffic.waiver_days.setdefault("operator_n1", []).append((segment, waived))
    if first is None or (first.known is not None and traffic.grain.day(first.known.launch_utc) < 0):
        model.add(sum(p.length for p in pieces) >= 2 * horizon - waived)
        return
    start: Expr = first.count_from
    lengths = []
    for i, p in enumerate(pieces):
        late = model.new_int_var(0, horizon, f"n1.{segment}.{i}.late")
        begin = model.new_int_var(0, horizon, f"n1.{segment}.{i}.late_begin")
        end = model.new_int_var(0, horizon, f"n1.{segment}.{i}.late_end")
        model.add_max_equality(begin, [p.begin, start])
        model.add_max_equality(end, [p.end, start])
        model.add(late == end - begin)
        lengths.append(late)
    model.add(sum(lengths) >= 2 * (horizon - start) - waived)
