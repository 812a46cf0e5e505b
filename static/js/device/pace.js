// How often does a device talk with the server? Seconds; each pause is made up to a third longer or shorter, or all phones would
// ask at once.
export const EVERY_S = {
  idle: 3, // nothing special: deliver what waits
  failed: 3, // after a failure, doubled with each further one
  longest: 20,
  state: 15, // ask what is new
  condition: 60, // say how the device is
  gate: 10, // ask what is new at a gate: who came in by another gate is known so much later
};
