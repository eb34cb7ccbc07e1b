// The line in which edits wait for the server: one at a time, in order, each with a token of its own, none lost.

// No network, signed out, a server that is busy or broken: the edit itself may be fine.
const RETRYABLE = new Set([0, 401, 408, 429, 500, 502, 503, 504]);

export class SendQueue {
  /**
   * `send(job)` posts a job and resolves to the server's answer, or throws an Error with `status` (0: no network) and
   * `answer`. Handlers: `answered(answer, job)`, `refused(error, job)` (the job is out of the line), `changed()`.
   */
  constructor({ send, newToken, answered, refused, changed = () => {} }) {
    Object.assign(this, { send, newToken, answered, refused, changed });
    this.jobs = [];
    this.state = "idle";
    this.failure = null;
  }

  get size() {
    return this.jobs.length;
  }

  /** Put a job in line. Its token is given once and stays, so that sending it twice does its work once. */
  push(job) {
    const waiting = { ...job, token: job.token ?? this.newToken() };
    this.jobs.push(waiting);
    this.changed();
    this.#run();
    return waiting;
  }

  /** Send on what stopped at a failure. */
  retry() {
    if (this.state !== "stopped") return;
    this.state = "idle";
    this.failure = null;
    this.#run();
  }

  /** Give up what is waiting behind a failure; returns the jobs given up. */
  discard() {
    if (this.state !== "stopped") return [];
    const given = this.jobs;
    this.jobs = [];
    this.state = "idle";
    this.failure = null;
    this.changed();
    return given;
  }

  async #run() {
    if (this.state !== "idle") return;
    while (this.jobs.length) {
      this.state = "sending";
      this.changed();
      const [job] = this.jobs;
      const [answer, error] = await this.send(job).then(
        (found) => [found, null],
        (failed) => [null, failed],
      );
      if (error && RETRYABLE.has(error.status)) {
        this.#stop(error);
        return;
      }
      this.jobs.shift();
      if (error) this.refused(error, job);
      else this.answered(answer, job);
    }
    this.state = "idle";
    this.changed();
  }

  #stop(error) {
    this.state = "stopped";
    this.failure = error;
    this.changed();
  }
}
