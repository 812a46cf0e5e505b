// Which elements of the gate's page do its scripts write to? By their ids in templates/checkin/gate.html.
const IDS = [
  "by-hand-pad", "by-hand-photo", "camera-choice", "held-pass",
  "start", "start-words", "start-button", "camera", "camera-words", "no-camera", "no-camera-words", "verdict", "verdict-mark",
  "verdict-word", "verdict-name", "verdict-unit", "verdict-sign", "verdict-text", "verdict-people", "verdict-count", "verdict-all",
  "verdict-level", "verdict-buttons", "verdict-time", "by-hand", "by-hand-form", "by-hand-code", "by-hand-text", "by-hand-old", "by-hand-error",
  "by-hand-said", "by-hand-found", "purpose", "network", "age", "level-saved", "level-received", "level-booked", "refused", "station",
  "rehearsal", "history", "history-list", "torch", "revoked", "enrol-again",
  "view", "way", "way-in", "way-out", "verdict-number", "senses", "why", "why-form", "why-title", "why-hint", "why-usual", "why-text", "why-people",
  "why-count", "why-error", "why-send",
];

export const $ = (id) => document.getElementById(id);
export const parts = Object.fromEntries(IDS.map((id) => [id, $(id)]));

/** made("button", {type: "button", …}): an element with its properties. */
export const made = (tag, given) => Object.assign(document.createElement(tag), given);
