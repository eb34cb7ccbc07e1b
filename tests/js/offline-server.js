// The server's side of the phone protocol, small and in memory, and a network that can do everything a network does.

import { chainOf, sha256hex } from "../../gis_core/static/gis_core/js/offline/chain.js";

const answer = (status, body = null, headers = {}) => {
  const text = body === null ? null : JSON.stringify(body);
  return new Response(text, {
    status,
    headers: { ...(text ? { "Content-Type": "application/json" } : {}), ...headers },
  });
};

export class Server {
  constructor() {
    Object.assign(this, {
      records: new Map(),
      files: new Map(),
      sequences: new Map(),
      kept: new Set(),
      decisions: new Map(),
      user: 7,
      log: [],
    });
    this.rejects = () => null;
    this.breaks = () => null;
    this.brokenChains = 0;
  }

  fetch = async (url, { method, headers = {}, body } = {}) => {
    const path = String(url).replace("/api/survey/", "");
    this.log.push(`${method} ${path}`);
    const broken = this.breaks(method, path);
    if (broken) return answer(broken, { title: "broken" });
    if (path === "session") return answer(200, { user: this.user });
    if (path === "reconcile") return this.reconcile(JSON.parse(body));
    if (path.startsWith("files/")) return this.file(method, path.slice(6), headers, body);
    if (/^records\/[^/]+$/.test(path)) return this.decided(JSON.parse(body).uuids);
    if (path.startsWith("records/")) return answer(200, this.receipt(path.split("/")[2]));
    return this.put(...path.split("/"), headers, body);
  };

  /** What the office said: `decisions` maps uuids to a state and a comment. */
  decided(uuids) {
    const known = uuids.filter((uuid) => this.records.has(uuid));
    const target = (uuid) => ({ state: "submitted", comment: "", is_final: false, ...this.decisions.get(uuid) });
    return answer(200, { records: known.map((uuid) => ({ uuid, version: 1, target: target(uuid) })) });
  }

  receipt(uuid) {
    const record = this.records.get(uuid);
    const wanted = (record.body.photos ?? []).map(({ sha256 }) => sha256);
    const missing = wanted.filter((sha256) => !this.files.get(sha256)?.complete);
    const state = missing.length ? "waiting" : "accepted";
    return { uuid, version: record.version, state, missing, damaged: [], merged: [], body_sha256: record.sha256 };
  }

  async put(kind, uuid, headers, text) {
    const sha256 = await sha256hex(text);
    const key = `${headers["Dongne-Device"]} ${headers["Dongne-Sequence"]}`;
    const known = this.sequences.get(key);
    if (known && known !== `${uuid} ${sha256}`) return answer(409, { code: "sequence_reused" });
    await this.chained(headers, kind, uuid, sha256);
    const problem = this.rejects(JSON.parse(text));
    if (problem) {
      this.sequences.set(key, `${uuid} ${sha256}`);
      this.kept.add(uuid);
      return answer(422, { problems: [{ field: "note", message: problem }], receipt: { uuid } });
    }
    const record = this.records.get(uuid);
    const version = Number(headers["If-Match"]?.match(/\d+/)?.[0] ?? 0);
    if (record && record.sha256 !== sha256) {
      if (!version) return answer(409, { current_sha256: record.sha256, version: record.version });
      if (version !== record.version) {
        const { body: current } = record;
        const difference = { note: { base: null, current: current.note, yours: JSON.parse(text).note } };
        return answer(412, { difference, current, merged: current, version: record.version });
      }
    }
    const isSame = record?.sha256 === sha256;
    const next = isSame ? record.version : (record?.version ?? 0) + 1;
    this.records.set(uuid, { body: JSON.parse(text), sha256, version: next });
    this.sequences.set(key, `${uuid} ${sha256}`);
    return answer(record ? 200 : 201, this.receipt(uuid));
  }

  async chained(headers, kind, uuid, sha256) {
    const device = headers["Dongne-Device"];
    this.heads ??= new Map();
    const sequence = Number(headers["Dongne-Sequence"]);
    const head = this.heads.get(device) ?? { sequence: 0, chain: "" };
    if (sequence <= head.sequence) return;
    if (sequence !== head.sequence + 1 || headers["Dongne-Previous"] !== head.chain) this.brokenChains += 1;
    this.heads.set(device, {
      sequence,
      chain: await chainOf(headers["Dongne-Previous"], sequence, kind, uuid, sha256),
    });
  }

  async file(method, sha256, headers, body) {
    const file = this.files.get(sha256) ?? { bytes: new Uint8Array(0), complete: false };
    const told = { "Upload-Offset": String(file.bytes.length), "Upload-Complete": file.complete ? "?1" : "?0" };
    if (method === "HEAD") return this.files.has(sha256) ? answer(200, null, told) : answer(404);
    if (Number(headers["Upload-Offset"]) !== file.bytes.length) return answer(409, {}, told);
    const bytes = new Uint8Array([...file.bytes, ...new Uint8Array(body)]);
    const isWhole = bytes.length >= Number(headers["Upload-Length"]);
    if (isWhole && (await sha256hex(bytes)) !== sha256) {
      this.files.delete(sha256);
      return answer(422, {});
    }
    this.files.set(sha256, { bytes, complete: isWhole });
    return answer(204, null, { "Upload-Offset": String(bytes.length), "Upload-Complete": isWhole ? "?1" : "?0" });
  }

  reconcile({ records, count }) {
    const missing = records
      .filter(({ uuid }) => !this.records.has(uuid) && !this.kept.has(uuid))
      .map(({ uuid }) => uuid);
    const facts = { agrees: missing.length === 0, device_count: count, server_count: this.records.size };
    return answer(200, { ...facts, missing, different: [], chain_agrees: true });
  }
}

/** Numbers from 0 to 1 that come again with the same seed. */
export function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Some requests never arrive, some answers never do, some requests arrive twice, some meet a broken server. */
export function faulty(fetch, random, share = 0.15) {
  return async (url, options) => {
    const luck = random();
    if (luck < share) throw new TypeError("network");
    if (luck < share * 2) {
      await fetch(url, options);
      throw new TypeError("network");
    }
    if (luck < share * 3) await fetch(url, options);
    if (luck < share * 3.5) return answer(503, { title: "later" });
    return fetch(url, options);
  };
}
