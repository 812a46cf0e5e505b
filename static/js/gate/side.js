// Is this page one of a dress rehearsal? Its cards are others than the festival's, and neither side takes the other's.
export const rehearsal = Boolean(globalThis.document?.querySelector('meta[name="rehearsal"]'));
