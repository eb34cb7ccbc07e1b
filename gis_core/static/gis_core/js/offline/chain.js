// Hashes, and the chain that shows a server whether a device's records came whole and in order.
//
//   sha256hex(text | ArrayBuffer | Uint8Array) -> Promise<"64 hex digits">
//   chainOf(previous, sequence, kind, uuid, bodySha256) -> Promise<hex>   (as gis_core/offline/chain.py)
//   digestHeader(hex) -> the value of Content-Digest

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export async function sha256hex(content) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export function chainOf(previous, sequence, kind, uuid, bodySha256) {
  return sha256hex(`${previous}\n${sequence}\n${kind}\n${uuid}\n${bodySha256}`);
}

export function digestHeader(sha256) {
  const bytes = sha256.match(/../g).map((pair) => Number.parseInt(pair, 16));
  return `sha-256=:${btoa(String.fromCharCode(...bytes))}:`;
}
