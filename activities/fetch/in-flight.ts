/** Shares work that several callers of one process request at the same time. */
export class InFlight<T, P> {
  readonly #running = new Map<string, Running<T, P>>();

  /**
   * Runs `start`, or joins a current run of the same key. The run continues while any caller waits. The cancellation of the last
   * caller stops it.
   * @param watch receives the progress object of the run.
   */
  async join(
    key: string,
    signal: AbortSignal,
    start: (signal: AbortSignal) => { readonly progress: P; readonly result: Promise<T> },
    watch: (progress: P) => void,
  ): Promise<T> {
    signal.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, start);
    running.waiting += 1;
    watch(running.progress);
    const cancelled = Promise.withResolvers<never>();
    const leave = () => {
      running.waiting -= 1;
      if (running.waiting > 0) {
        cancelled.reject(signal.reason);
        return;
      }
      // Callers cannot join a stopping run. They wait for its end, so that it leaves no files.
      this.#forget(key, running);
      running.controller.abort(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([running.result, cancelled.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      if (!signal.aborted) running.waiting -= 1;
    }
  }

  #start(
    key: string,
    start: (signal: AbortSignal) => { readonly progress: P; readonly result: Promise<T> },
  ): Running<T, P> {
    const controller = new AbortController();
    const running: Running<T, P> = { ...start(controller.signal), controller, waiting: 0 };
    this.#running.set(key, running);
    const forget = () => this.#forget(key, running);
    running.result.then(forget, forget);
    return running;
  }

  #forget(key: string, running: Running<T, P>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }
}

interface Running<T, P> {
  readonly progress: P;
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}
