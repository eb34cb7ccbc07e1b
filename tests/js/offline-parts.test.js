import assert from "node:assert/strict";
import { test } from "node:test";
import { chainOf, digestHeader, sha256hex } from "../../gis_core/static/gis_core/js/offline/chain.js";
import { exportParts } from "../../gis_core/static/gis_core/js/offline/exporter.js";
import { accuracyWord, averaged } from "../../gis_core/static/gis_core/js/offline/fix.js";
import { backoff } from "../../gis_core/static/gis_core/js/offline/http.js";
import { installHint } from "../../gis_core/static/gis_core/js/offline/persist.js";
import { fitted } from "../../gis_core/static/gis_core/js/offline/photos.js";

test("the chain is the one the server computes", async () => {
  const body = await sha256hex('{"note":"빈집"}');
  assert.equal(body, "a1fc834b01dcfa5d141c4e08bb309cf4ad9b9e306cc8c9cb9dc79423a6970dba");
  const first = await chainOf("", 1, "visits", "00000000-0000-4000-8000-000000000001", body);
  assert.equal(first, "444eb0908fa015997c6b6e1ef7f05ee806b5eda0892a2858e49083c4a889cc40");
  assert.equal(
    await chainOf(first, 2, "visits", "00000000-0000-4000-8000-000000000002", body),
    "b8babe3820ba5018ef970de12dd8e996f13bd8106f59b68390ddc6f2b8c7dd5e",
  );
  assert.equal(digestHeader(await sha256hex("")), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
});

const from64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function decrypted(text, privateKey) {
  const file = JSON.parse(text);
  const secret = await crypto.subtle.decrypt({ name: "RSA-OAEP" }, privateKey, from64(file.wrapped_key));
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
  const content = await crypto.subtle.decrypt({ name: "AES-GCM", iv: from64(file.iv) }, key, from64(file.content));
  return JSON.parse(new TextDecoder().decode(content));
}

test("only the office can open an export, it is complete, and large ones come in parts", async () => {
  const options = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(options, true, ["encrypt", "decrypt"]);
  const key = { id: "office", public_jwk: await crypto.subtle.exportKey("jwk", pair.publicKey) };
  const head = { device: "11111111-0000-4000-8000-000000000000", label: "phone" };
  const entry = { kind: "visits", uuid: "u1", sequence: 1, previous: "", time: "t", if_match: null, body: "{}" };
  const files = ["one", "two", "three"].map((text) => {
    const bytes = new TextEncoder().encode(text.repeat(20_000)).buffer;
    return { sha256: text, bytes, size: bytes.byteLength };
  });
  const time = "2026-11-02T10:00:00.000+09:00";
  const parts = await exportParts({ key, user: 7, head, entries: [entry], files, time, part: 130_000 });
  assert.equal(parts.length, 2);
  assert.ok(!parts[0].text.includes("visits"));
  const opened = await Promise.all(parts.map(({ text }) => decrypted(text, pair.privateKey)));
  assert.deepEqual(opened[0].records, [entry]);
  assert.deepEqual(
    opened.flatMap((part) => part.files.map(({ sha256 }) => sha256)),
    ["one", "two", "three"],
  );
  assert.deepEqual(from64(opened[1].files[0].base64), new Uint8Array(files[2].bytes));
});

test("good positions are averaged and bad ones left out", () => {
  const at = (lon, accuracy_m) => ({ lon, lat: 35, accuracy_m, at: "t" });
  const mean = averaged([at(127, 10), at(127.0002, 10), at(128, 500)]);
  assert.ok(Math.abs(mean.lon - 127.0001) < 1e-9);
  assert.equal(averaged([at(127, 80), at(128, 500)]).accuracy_m, 80);
  assert.equal(averaged([]), null);
  assert.deepEqual([8, 25, 60, 900, null].map(accuracyWord), [
    "fix_exact",
    "fix_good",
    "fix_rough",
    "fix_poor",
    "fix_none",
  ]);
});

test("photos fit into 1600 pixels and small ones are not enlarged", () => {
  assert.deepEqual(fitted(4000, 3000), [1600, 1200]);
  assert.deepEqual(fitted(800, 600), [800, 600]);
  assert.deepEqual(fitted(1, 10_000), [1, 1600]);
});

test("attempts come ever later, at least as late as the server asked, at most five minutes", () => {
  assert.ok(backoff(1) <= 2000 && backoff(4) > backoff(1));
  assert.equal(backoff(1, "30"), 30_000);
  assert.ok(backoff(50) <= 300_000);
});

test("on an iPhone the home screen is asked for, even when an iPad calls itself a Mac", () => {
  assert.equal(installHint("Mozilla/5.0 (iPhone; CPU)", false, 5), "install_ios");
  assert.equal(installHint("Mozilla/5.0 (Macintosh; Intel)", false, 5), "install_ios");
  assert.equal(installHint("Mozilla/5.0 (Macintosh; Intel)", false, 0), null);
  assert.equal(installHint("Mozilla/5.0 (iPhone; CPU)", true, 5), null);
});
