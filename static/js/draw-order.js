// What do the numbers typed at the meeting make so far, also where each entry draws its session first? Pure.

/**
 * `lines`: [{ session, number }] as typed, in the order of the page; `sessions`: the keys there are, [""] where numbers go
 * through all. Answers for each session its places from 1 (the index of the line that has it, or null) and the lines that have
 * drawn it and wait for a number; `wrong`: lines whose number cannot be.
 */
export function drawnOrder(lines, sessions) {
  const wrong = new Set();
  const boards = new Map();
  for (const session of sessions) {
    const own = [...lines.keys()].filter((at) => lines[at].session === session);
    const places = own.map(() => null);
    const waiting = [];
    for (const at of own) {
      const typed = lines[at].number.trim();
      const number = Number(typed);
      if (!typed) waiting.push(at);
      else if (!Number.isInteger(number) || number < 1 || number > own.length || places[number - 1] !== null) wrong.add(at);
      else places[number - 1] = at;
    }
    boards.set(session, { places, waiting });
  }
  lines.forEach((line, at) => { if (line.number.trim() && !boards.has(line.session)) wrong.add(at); });
  return { boards, wrong };
}
