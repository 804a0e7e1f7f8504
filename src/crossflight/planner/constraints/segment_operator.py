"""segment_operator and operator_n1: every segment run at all times, whichever craft is lost.

By the cross-flight rule (rules.md) a segment survives the loss of any one craft if and only if at
least two docked craft are covering it.  So both rules count stays of covering craft: one watch for
"somebody aboard", two for "whichever craft is lost".
"""

from __future__ import annotations

from crossflight.planner.cover import Stay, gaps, stay_of
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit


def add(traffic: Traffic) -> None:
    """Both rules for every segment; terms unattended_segment_days and operator_n1_segment_days."""
    for segment in traffic.scenario.station.segments:
        if segment.n_operators_min == 0:
            continue
        stays = covering_stays(traffic, segment.name)
        unattended = gaps(traffic, f"attended.{segment.name}", stays, 1)
        if traffic.binds("segment_operator"):
            traffic.model.add(unattended == 0)
        # Below two covering craft counts once where one is left and twice where none is.
        below_two = gaps(traffic, f"n1.{segment.name}", stays, 2)
        traffic.add_term("unattended_segment_days", unattended)
        traffic.add_term("operator_n1_segment_days", below_two - unattended)
        _bind(traffic, segment.name, stays, below_two)


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
    for line, visits in traffic.lines.items():
        for place, v in enumerate(visits):
            covering = _covering(traffic, v, operators)
            if covering is not traffic.false:
                always = all(any(p.get(o, 0) for o in operators) for _, p in v.patterns)
                stays.append(stay_of(v, covering, 1, line, place, int(always)))
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


def _bind(traffic: Traffic, segment: str, stays: list[Stay], below_two: Expr) -> None:
    """From the binding docking on no day is below two, but for waived days."""
    if not traffic.binds("operator_n1"):
        return
    model, horizon = traffic.model, traffic.grain.n_days
    flight = str(traffic.setting("operator_n1").values.get("binds_from_docking_of", ""))
    first = next((v for v in traffic.visits if v.name == flight), None)
    waived = model.new_int_var(0, 2 * horizon, f"n1.{segment}.waived")
    if traffic.setting("operator_n1").severity == "hard":
        model.add(waived == 0)
    traffic.waiver_days.setdefault("operator_n1", []).append((segment, waived))
    if first is None or first.origin == "docked":
        model.add(below_two <= waived)
        return
    since = model.new_int_var(0, horizon, f"n1.{segment}.since")
    model.add(since == first.count_from)
    ends = []
    for s in stays:
        end = model.new_int_var(0, horizon, f"n1.{segment}.{s.name}.end_since")
        model.add_max_equality(end, [s.end, since])
        ends.append(end)
    model.add(gaps(traffic, f"n1.{segment}.bound", stays, 2, since, ends) <= waived)
