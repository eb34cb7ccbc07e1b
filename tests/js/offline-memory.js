// A phone's store in memory, with the interface of js/offline/store.js; `crash` makes the next write fail half-way.

const KEYS = { records: "uuid", files: "sha256", bytes: "sha256", meta: "key" };

export class MemoryStore {
  constructor(userId = 7) {
    this.userId = userId;
    this.tables = { records: new Map(), files: new Map(), bytes: new Map(), meta: new Map() };
    this.crash = false;
  }

  async get(table, key) {
    return structuredClone(this.tables[table].get(key));
  }

  async all(table) {
    return structuredClone([...this.tables[table].values()]);
  }

  async write({ put = [], remove = [], expect = [] }) {
    for (const [table, key, rev] of expect) {
      if ((this.tables[table].get(key)?.rev ?? 0) !== rev) {
        throw Object.assign(new Error("stale"), { name: "StaleWrite" });
      }
    }
    if (this.crash) {
      this.crash = false;
      throw new Error("the tab was closed");
    }
    for (const [table, row] of put) {
      const key = row[KEYS[table]];
      this.tables[table].set(key, structuredClone({ ...row, rev: (this.tables[table].get(key)?.rev ?? 0) + 1 }));
    }
    for (const [table, key] of remove) this.tables[table].delete(key);
  }
}
