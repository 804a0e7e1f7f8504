"""What people use up in a repair: counted where a check has found it short."""

from __future__ import annotations

import math
from typing import Final

from crossflight.model import Commodity
from crossflight.planner.replan_task import Stock
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Visit

_GRAMS: Final = 1000


class Supplies:
    """The stocks of a traffic model."""

    def __init__(self, of: Traffic) -> None:
        self._of = of
        self._lived_by: dict[str, Expr] = {}

    def last(self, stock: Stock) -> None:
        """What has docked before an instant lasts until then, the reserve left."""
        m = self._of
        s, model, grain = m.scenario, m.model, m.grain
        c = next(c for c in s.commodities if c.name == stock.commodity)
        day = grain.day(stock.at_utc)
        reserve_kg = c.reserve_days * self._nominal_kg(c)
        since = s.from_utc.days_since(grain.day0)
        used_kg = c.per_day_kg * (stock.at_utc.days_since(grain.day0) - since) + stock.part_day_kg
        supply: Expr = math.floor((c.stock_kg - reserve_kg - used_kg) * _GRAMS) + self._from_reserve(c, day)
        use: Expr = 0
        for v in m.visits:
            kg = v.vehicle.upmass_kg.get(c.name, 0.0)
            if kg and v.origin != "docked":
                hours = stock.at_utc.s_since(grain.day0) / 3600 - v.clock.dock.last
                by = model.new_bool_var(f"{v.name}.brings.{c.name}.{day}")
                model.add(v.launch <= math.floor(hours / 24 - 1e-9)).only_enforce_if(by)
                model.add_implication(by, v.is_present)
                supply += math.floor(kg * _GRAMS) * by
        for v in m.crewed():
            use += self._lived(v, day) * math.ceil(c.per_person_day_kg * _GRAMS)
        model.add(supply >= use)

    def _nominal_kg(self, c: Commodity) -> float:
        """What the nominal crew and the station use in a day."""
        return sum(self._of.scenario.station.n_crew_nominal.values()) * c.per_person_day_kg + c.per_day_kg

    def _from_reserve(self, c: Commodity, day: int) -> Expr:
        """Grams of its reserve that are used, each day's nominal use being a day of a waiver."""
        nominal = self._nominal_kg(c)
        leave = self._of.value("consumables", "leave_days", c.reserve_days)
        most = math.floor(max(0.0, c.reserve_days - leave) * nominal * _GRAMS)
        if most == 0:
            return 0
        used = self._of.model.new_int_var(0, most, f"{c.name}.reserve.{day}")
        days = self._of.model.new_int_var(0, math.ceil(c.reserve_days), f"{c.name}.reserve.{day}.days")
        self._of.model.add(days * math.floor(nominal * _GRAMS) >= used)
        self._of.waiver_days.setdefault("consumables", []).append((c.name, days))
        return used

    def _lived(self, v: Visit, day: int) -> Expr:
        """Person-days lived by whoever comes up in a visit until 00:00 of a day."""
        name, model = f"{v.name}.lived.{day}", self._of.model
        if name in self._lived_by:
            return self._lived_by[name]
        most = max(v.n_aboard_max, 1) * max(day, 0)
        lived = model.new_int_var(0, most, name)
        end = model.new_int_var(-10_000, day, f"{name}.until")
        model.add_min_equality(end, [v.undock + v.clock.away_offset, day])
        begin: Expr = 0
        if v.origin != "docked":
            begin = model.new_int_var(0, day, f"{name}.since")
            model.add_min_equality(begin, [v.dock_first + 1, day])
        for x, pattern in v.patterns:
            n = sum(pattern.values()) + v.n_visitors
            model.add(lived >= n * (end - begin)).only_enforce_if(x)
        self._lived_by[name] = lived
        return lived
