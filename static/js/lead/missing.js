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

/** Who has arrived on this festival day, by the rule of festival/checkin/presence.py: let in for any purpose of entering, in
    the day's window or within the day, or once for the whole festival by then. `admitted`: [["person|purpose|window", {at}], …];
    `purposes`: as the server tells them. */
export function arrivedOn(admitted, purposes, day) {
  const entering = new Set(["entry", ...purposes.filter((each) => each.kind === "entry").map((each) => each.code)]);
  const begins = Date.parse(day) - 4 * 3600_000; // 3 in the morning in Vietnam
  const ends = begins + 24 * 3600_000;
  const found = new Set();
  for (const [key, { at }] of admitted) {
    const [person, purpose, window] = key.split("|");
    if (!at || !entering.has(purpose)) continue;
    if (window === day || (at >= begins && at < ends) || (window === "-" && at < ends)) found.add(person);
  }
  return found;
}
