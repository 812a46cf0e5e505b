// Who of the readable list has not come today, delegation by delegation? Pure: from what the lead's device holds.

/** `lines`: the readable list; `inside`: codes of the people who are in. Delegations with somebody missing, by name. */
export function missingOf(lines, inside) {
  const units = new Map();
  for (const line of lines) {
    if (line.t !== "family" && line.t !== "delegation") continue; // whoever has a badge of their own stands beside
    const members = line.members ?? [];
    if (!members.length) continue;
    if (!units.has(line.unit)) units.set(line.unit, { unit: line.unit, away: 0, of: 0, groups: [] });
    const unit = units.get(line.unit);
    const away = members.filter((member) => !inside.has(member.c)).length;
    unit.away += away;
    unit.of += members.length;
    if (away) unit.groups.push({ name: line.t === "family" ? line.name : "", away, of: members.length });
  }
  const byName = (one, two) => one.localeCompare(two, "vi");
  const found = [...units.values()].filter((unit) => unit.away).sort((one, two) => byName(one.unit, two.unit));
  for (const unit of found) unit.groups.sort((one, two) => (!one.name - !two.name) || byName(one.name, two.name));
  return found;
}

/** Of the keys of admissions, "person|purpose|window": who came in on this festival day. */
export function insideOn(keys, day) {
  const found = new Set();
  for (const key of keys) {
    const [person, purpose, window] = key.split("|");
    if (purpose === "entry" && window === day) found.add(person);
  }
  return found;
}
