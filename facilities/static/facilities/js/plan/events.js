// Who wants to hear what. A handler that fails must not keep the others from hearing.

export class Events {
  #handlers = new Map();

  on(name, handler) {
    if (!this.#handlers.has(name)) this.#handlers.set(name, new Set());
    this.#handlers.get(name).add(handler);
  }

  emit(name, detail) {
    for (const handler of this.#handlers.get(name) ?? []) {
      try {
        handler(detail);
      } catch (error) {
        // Told to the console as any uncaught error is, but after the others have heard.
        setTimeout(() => {
          throw error;
        });
      }
    }
  }
}
