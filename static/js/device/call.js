// What counts as an answer of our server? Only one that is read whole and carries the server's time: a captive portal's
// friendly "200" is not one, and a lost answer is "unknown".
import { observe, offsetMs } from "./clock.js";
import { device } from "./enrol.js";
import { status } from "./status.js";

const TIMEOUT_MS = 20000;
const GZIP_FROM = 2048;

export class NoAnswer extends Error {}

export async function call(identity, method, address, content) {
  const headers = { Authorization: `Bearer ${identity.token}` };
  let body;
  if (content) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(content);
    if (body.length > GZIP_FROM && globalThis.CompressionStream) {
      headers["Content-Encoding"] = "gzip";
      body = await new Response(new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
    }
  }
  const sent = Date.now();
  let answer, told;
  try {
    answer = await fetch(address, { method, headers, body, cache: "no-store", redirect: "error", credentials: "omit", signal: AbortSignal.timeout(TIMEOUT_MS) });
    told = await answer.json();
  } catch {
    throw new NoAnswer("network");
  }
  const mine = identity.code === (await device())?.code;
  if (answer.status === 401) { status.unauthorised ||= mine; throw new NoAnswer("unauthorised"); }
  if (!answer.ok || typeof told?.server_ms !== "number") throw new NoAnswer(String(answer.status));
  const received = Date.now();
  await observe(sent, received, told.server_ms);
  Object.assign(status, { online: true, unauthorised: status.unauthorised && !mine, lastContact: received, offsetMs: offsetMs() });
  return told;
}
