"""What the reports of the invented country tell, as SQL: for each level the figures of its rows, month by month."""

from warehouse.fields import FIELDS

# Of a khu/ấp h in the month (months since the plan began, `age`) with a season s.
HAMLET = {
    "people": "round(h.people * (1.06 + 0.002 * age))",
    "adults": "round(0.76 * h.people * (1.06 + 0.002 * age))",
    "households": "round(h.households * (1.06 + 0.002 * age))",
    "neighbourhoods": "greatest(2, h.households // 190)",
    "hamlet_teams": "active",
    "hamlet_team_members": "active * least(h.team_size, h.team_size - 3 + greatest(0, age - h.team_month) // 2)",
    "hamlet_team_trained": "active * round((h.team_size - 3) * grown(age, 0.95, h.middle))",
    "groups": "active * round(greatest(2, h.households // 190) * grown(age, 1.0, h.middle))",
    "households_assigned": "active * round(h.households * grown(age, 0.92, h.middle))",
    "households_visited": "active * round(h.households * grown(age, 0.8, h.middle))",
    "households_e_payment_account": "round(0.74 * reached)",
    "households_e_wallet": "round(0.58 * reached)",
    "households_mobile_money": "round(0.17 * reached)",
    "households_e_payment_any": "round(reached)",
    "people_online_service_account": "round(0.8 * h.people * grown(age + 5, 0.86, h.middle))",
    "households_online_service_account": "round(h.households * grown(age + 6, 0.93, h.middle))",
    "people_digital_signature": "round(0.8 * h.people * grown(age - 7, 0.5 * h.ceiling, h.middle))",
    "people_data_store": "round(0.8 * h.people * grown(age - 4, 0.6 * h.ceiling, h.middle))",
    "people_payment_account": "round(0.8 * h.people * grown(age + 4, 0.79, h.middle))",
}
_SHARES = {
    "guided_online_services": 0.012, "guided_online_shopping": 0.007, "guided_online_safety": 0.009,
    "guided_government_platforms": 0.006, "guided_mooc": 0.0024,
}  # fmt: skip
HAMLET |= {
    field: f"round({share} * h.people * season * (0.6 + 0.8 * chance(h.unit, age, '{field}')))"
    for field, share in _SHARES.items()
}
HAMLET |= {
    f"accounts_opened_{what}": f"round(greatest(0, {share} * (reached - before)))"
    for what, share in (("e_payment", 0.8), ("e_wallet", 0.6), ("mobile_money", 0.2))
}


def of_level(level: str) -> dict[str, str]:
    """The figures that a unit u of a level above the khu/ấp tells of itself: states that grow, sums that vary."""
    return {each.id: _told(each.id) for each in FIELDS.values() if each.level == level}


def _told(id: str) -> str:
    field = FIELDS[id]
    if field.kind == "text":
        return f"case when chance(u.unit, age, '{id}') < 0.3 then 'Tiếp tục đi từng ngõ, gõ từng nhà.' end"
    if field.kind == "flag":
        return f"(age >= 12 * chance(u.unit, 0, '{id}') - 6)::int"
    if field.kind == "flow":
        return f"floor(12 * season * chance(u.unit, age, '{id}'))"
    if field.part_of:  # never more than what it is a part of
        return f"floor(({_told(field.part_of)}) * grown(age + 8, 0.95, 8))"
    return f"floor(8 + 20 * chance(u.unit, 0, '{id}') + greatest(0, age) // 4)"
