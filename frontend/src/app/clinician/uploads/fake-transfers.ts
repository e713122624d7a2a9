import { Transfers, type Transfer, type TransferRequest } from './transfers';

/** A file on its way that a spec moves by hand. */
export class FakeTransfer implements Transfer {
  paused = false;
  discarded = false;
  constructor(readonly request: TransferRequest) {}
  get events() {
    return this.request.events;
  }
  pause(): Promise<void> {
    this.paused = true;
    return Promise.resolve();
  }
  discard(): Promise<void> {
    this.discarded = true;
    return Promise.resolve();
  }
}

export class FakeTransfers extends Transfers {
  readonly begun: FakeTransfer[] = [];
  readonly discardedUrls: string[] = [];

  override begin(request: TransferRequest): Promise<Transfer> {
    const transfer = new FakeTransfer(request);
    this.begun.push(transfer);
    return Promise.resolve(transfer);
  }

  override discard(url: string): Promise<void> {
    this.discardedUrls.push(url);
    return Promise.resolve();
  }

  of(name: string): FakeTransfer {
    const transfer = this.begun.findLast((one) => one.request.name === name);
    if (!transfer) throw new Error(`${name} was not begun`);
    return transfer;
  }
}
