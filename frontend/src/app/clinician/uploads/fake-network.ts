/** What a spec answers to a request of XMLHttpRequest; null: the line breaks. */
export type Answer = { status: number; headers?: Record<string, string> } | null;

/** Stands in for XMLHttpRequest: each request is noted as `METHOD address` and answered by the spec; a body counts as sent first. */
export class FakeNetwork {
  readonly asked: string[] = [];
  private readonly real = globalThis.XMLHttpRequest;

  constructor(answer: (request: string) => Answer | Promise<Answer>) {
    const { asked } = this;
    class FakeXhr {
      readonly upload: { onprogress?: (event: object) => void } = {};
      onload: () => void = () => undefined;
      onerror: (event: object) => void = () => undefined;
      status = 0;
      readonly responseText = '';
      private request = '';
      private headers: Record<string, string> = {};

      open(method: string, url: string): void {
        this.request = `${method} ${url}`;
      }
      setRequestHeader(): void {}
      getResponseHeader(name: string): string | null {
        return this.headers[name] ?? null;
      }
      abort(): void {
        [this.onload, this.onerror] = [() => undefined, () => undefined];
      }
      send(body: Blob | null): void {
        asked.push(this.request);
        if (body) this.upload.onprogress?.({ lengthComputable: true, loaded: body.size });
        void Promise.resolve(answer(this.request)).then((given) => this.receive(given));
      }

      private receive(given: Answer): void {
        if (given === null) return this.onerror({});
        [this.status, this.headers] = [given.status, given.headers ?? {}];
        this.onload();
      }
    }
    globalThis.XMLHttpRequest = FakeXhr as unknown as typeof XMLHttpRequest;
  }

  restore(): void {
    globalThis.XMLHttpRequest = this.real;
  }
}
