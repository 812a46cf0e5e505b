// Which passes does a state tell anew, so that what is held of them is given up first?

/** `only`: these passes have changed; `within`: those whose id begins so; with neither the list is whole ([null]). */
export function rangesOf({ only, within }) {
  if (only) return only.map((id) => IDBKeyRange.only(id));
  return within ? within.map((start) => IDBKeyRange.bound(start, `${start}\uffff`)) : [null];
}
