// What a phone keeps for one person: a database of its own per user, so that a shared phone mixes nobody's records.
//
//   openStore(userId) -> store
//   store.userId
//   store.get(table, key), store.all(table)
//   store.write({put: [[table, row]…], remove: [[table, key]…], expect: [[table, key, rev]…]})
//       all of it or nothing; throws StaleWrite when a row's `rev` (0: not there) is no longer the expected one.
//       Every row put gets `rev` one higher than the stored row's.
//   store.close()
//
// Tables: records (key uuid), files (key sha256: what is known of a photo), bytes (key sha256: the photo, apart, so that
// counting photos does not load them; an ArrayBuffer, because iOS loses Blobs), meta (key key).

import { openDB } from "../../../vendor/idb.js";
import { isFull, spare } from "./room.js";

export const KEYS = { records: "uuid", files: "sha256", bytes: "sha256", meta: "key" };
const TABLES = Object.keys(KEYS);

export class StaleWrite extends Error {
  name = "StaleWrite";
}

export const databaseName = (userId) => `dongne-offline-${userId}`;

export async function openStore(userId) {
  const database = await openDB(databaseName(userId), 1, {
    upgrade(db) {
      for (const [table, keyPath] of Object.entries(KEYS)) db.createObjectStore(table, { keyPath });
    },
    // A newer version of the app in another tab may need this connection closed to change the tables.
    blocking: () => database.close(),
  });
  return new Store(userId, database);
}

class Store {
  constructor(userId, database) {
    this.userId = userId;
    this.database = database;
  }

  get(table, key) {
    return this.database.get(table, key);
  }

  all(table) {
    return this.database.getAll(table);
  }

  /** On a full phone what is small (a text, a receipt) takes the place of the spare room; a photo is refused. */
  async write(change) {
    try {
      await this.#write(change);
    } catch (error) {
      const isLarge = change.put?.some(([table]) => table === "bytes");
      if (!isFull(error) || isLarge || !(await spare.give())) throw error;
      await this.#write(change);
    }
  }

  async #write({ put = [], remove = [], expect = [] }) {
    // strict: "saved" is said to a person only once it is on the disk, not in a buffer a flat battery takes along.
    const transaction = this.database.transaction(TABLES, "readwrite", { durability: "strict" });
    const done = transaction.done;
    done.catch(() => {});
    try {
      await this.#fill(transaction, put, remove, expect);
    } catch (error) {
      // What was put before it must not stay by itself.
      if (!transaction.error) transaction.abort();
      throw error;
    }
    await done;
  }

  async #fill(transaction, put, remove, expect) {
    const settled = [];
    const wait = (request) => {
      // Each fails when one does; the one that is waited for below is enough to know.
      request.catch(() => {});
      settled.push(request);
    };
    for (const [table, key, rev] of expect) {
      const now = await transaction.objectStore(table).get(key);
      if ((now?.rev ?? 0) !== rev) throw new StaleWrite(`${table} ${key}`);
    }
    for (const [table, row] of put) {
      const rows = transaction.objectStore(table);
      const before = table === "bytes" ? null : await rows.get(row[KEYS[table]]);
      wait(rows.put({ ...row, rev: (before?.rev ?? 0) + 1 }));
    }
    for (const [table, key] of remove) wait(transaction.objectStore(table).delete(key));
    // The first to fail says why; the transaction then only says that it was broken off.
    await Promise.all(settled);
  }

  close() {
    this.database.close();
  }
}
