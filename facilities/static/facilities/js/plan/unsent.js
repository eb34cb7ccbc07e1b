// Edits that the server has not answered yet, kept in the tab's storage, so that a reload does not lose them.

const PREFIX = "dongne.plan";

export class Unsent {
  /** `storage` is sessionStorage or anything like it. Who signs in next in this tab does not send for the one before. */
  constructor(storage, user, plan) {
    this.storage = storage;
    this.key = `${PREFIX}.${user}.${plan}`;
  }

  keep(jobs) {
    try {
      if (jobs.length) this.storage.setItem(this.key, JSON.stringify(jobs));
      else this.storage.removeItem(this.key);
    } catch {
      // A full storage must not stop the work: the line itself still holds it.
    }
  }

  /** What an earlier page left unsent. */
  find() {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }
}
