/** Work that several callers of one process want at the same time is done once. */
export class InFlight<T, P> {
  readonly #running = new Map<string, Running<T, P>>();

  /**
   * Runs `start`, or joins the run of the same key that is under way. The run goes on while anyone waits for it; the last one to be
   * cancelled stops it.
   * @param watch handed the run's progress object, to look into.
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
      // A run that is being stopped is no one's to join; its end is waited for, so that it leaves nothing behind.
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
