// The verdict for ears and hands: a sound, a vibration, one spoken word; each can be turned off on this phone (senses.js).
// Needs one tap before (the browser's rule).
import { on } from "./senses.js";

const SOUNDS = { good: [[880, 0.12], [1320, 0.18]], warn: [[620, 0.16], [620, 0.16]], bad: [[240, 0.45]], note: [[740, 0.1]] };
const BUZZES = { good: [60], warn: [90, 80, 90], bad: [400], note: [30] };
let audio = null;

export function unlock() {
  const Audio = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (Audio) audio ??= new Audio();
  audio?.resume?.();
}

export function signal(tone, word) {
  if (on("buzz")) navigator.vibrate?.(BUZZES[tone]);
  if (audio && on("sound")) {
    let at = audio.currentTime + 0.01;
    for (const [pitch, seconds] of SOUNDS[tone]) {
      const voice = audio.createOscillator();
      const loudness = audio.createGain();
      voice.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.35, at);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + seconds);
      voice.connect(loudness).connect(audio.destination);
      voice.start(at);
      voice.stop(at + seconds);
      at += seconds + 0.05;
    }
  }
  const speech = globalThis.speechSynthesis;
  if (!speech || !word || !on("voice")) return;
  speech.cancel();
  const said = new SpeechSynthesisUtterance(word);
  said.lang = document.documentElement.lang === "en" ? "en-US" : "vi-VN";
  said.rate = 1.1;
  speech.speak(said);
}
