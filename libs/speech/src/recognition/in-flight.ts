interface Settle<T> {
  readonly resolve: (answer: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** Questions to another thread or process, by number, whose answers have not come yet. */
export class InFlight<T> {
  private readonly waiting = new Map<number, Settle<T>>();
  private lastId = 0;

  get size(): number {
    return this.waiting.size;
  }

  /** Gives the question a number and asks it. */
  ask(send: (id: number) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject });
      send(id);
    });
  }

  answered(id: number, answer: T): void {
    this.take(id)?.resolve(answer);
  }

  refused(id: number, reason: unknown): void {
    this.take(id)?.reject(reason);
  }

  /** There will be no answers any more. */
  refuseAll(reason: unknown): void {
    for (const id of [...this.waiting.keys()]) this.refused(id, reason);
  }

  private take(id: number): Settle<T> | undefined {
    const settle = this.waiting.get(id);
    this.waiting.delete(id);
    return settle;
  }
}
