/** What happens to one file on its way; each may be called many times, except `done`, `gone` and `failed`, which end it. */
export interface TransferEvents {
  /** The upload has an address of its own and can be resumed there. */
  created(url: string): void;
  /** Bytes that the server has or is receiving. */
  progress(sentBytes: number): void;
  /** The line is down; another attempt follows by itself. */
  interrupted(): void;
  /** `uploadId` is the recording's id. */
  done(uploadId: string): void;
  /** Gone on with at its address, which the server does not know any more: deleted since it was whole, or given up. */
  gone(): void;
  /** A ProblemError where the server said why; an UnreachableError after many attempts in vain. */
  failed(error: unknown): void;
}

export interface TransferRequest {
  file: File;
  name: string;
  type: string;
  /** Where to go on; null begins anew. */
  url: string | null;
  events: TransferEvents;
}

export interface Transfer {
  /** Stops sending; what the server has stays there. */
  pause(): Promise<void>;
  /** Stops and removes what the server has. */
  discard(): Promise<void>;
}

/** Sends files resumably. */
export abstract class Transfers {
  abstract begin(request: TransferRequest): Promise<Transfer>;
  /** Removes an unfinished upload that nobody is sending. */
  abstract discard(url: string): Promise<void>;
}
