// Which bytes are hashed and signed? RFC 8785 for the values a mutation may hold, as festival/core/canonical.py:
// objects, arrays, strings, booleans, null and whole numbers.

export function canonical(value) {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError(`not a whole number: ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`not a JSON value: ${typeof value}`);
}

/** The bytes of a mutation that its digest and signature stand for. */
export function signedBytes(wire, deviceCode) {
  const { v, mid, seq, kind, subject, body, base_version = null, wall_ms, offset_ms = 0, prev_hash = null } = wire;
  return new TextEncoder().encode(
    canonical({ base_version, body, device: deviceCode, kind, mid, offset_ms, prev_hash, seq, subject, v, wall_ms }),
  );
}

export async function digest(bytes) {
  return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** UUID version 7 (RFC 9562): the time makes it pleasant to read, never the order of anything. */
export function uuid7(ms = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, rest = ms; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
