// The unsent as encrypted files, which only the office's server can open: the way out when a phone never finds a
// network again. The format "dongne-unsent" is read by gis_core/offline.
//
//   exportParts({key: {id, public_jwk}, user, head, entries, files, time}) -> [{name, text}]
//   Files beyond some 40 MB go into further parts, because a phone cannot hold them twice.

const PART = 40_000_000;
const SLICE = 0x8000;

export function base64(content) {
  const bytes = new Uint8Array(content);
  let text = "";
  for (let at = 0; at < bytes.length; at += SLICE) text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(text);
}

export class NoKey extends Error {}

export async function exportParts({ key, user, head, entries, files, time, part = PART }) {
  if (!key) throw new NoKey("the pack with the office's key was never downloaded");
  const groups = [[]];
  let size = 0;
  for (const file of files) {
    if (size && size + file.size > part) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1).push(file);
    size += file.size;
  }
  const records = entries.map(({ kind, uuid, sequence, previous, time, if_match, resolves, body }) => {
    return { kind, uuid, sequence, previous, time, if_match, resolves, body };
  });
  const frame = { user, device: head.device, label: head.label, exported_at: time };
  const parts = [];
  for (const [number, group] of groups.entries()) {
    const content = { ...frame, records: number === 0 ? records : [], files: group.map(packed) };
    const name = `dongne-${time.slice(0, 10)}-${head.device.slice(0, 8)}-${number + 1}.json`;
    parts.push({ name, text: await encrypt(key, content) });
  }
  return parts;
}

const packed = ({ sha256, bytes }) => ({ sha256, base64: base64(bytes) });

async function encrypt(key, content) {
  const rsa = { name: "RSA-OAEP", hash: "SHA-256" };
  const { kty, n, e } = key.public_jwk;
  const office = await crypto.subtle.importKey("jwk", { kty, n, e }, rsa, false, ["encrypt"]);
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const aes = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(content));
  return JSON.stringify({
    format: "dongne-unsent",
    version: 1,
    key: key.id,
    wrapped_key: base64(await crypto.subtle.encrypt(rsa, office, secret)),
    iv: base64(iv),
    content: base64(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, aes, text)),
  });
}
