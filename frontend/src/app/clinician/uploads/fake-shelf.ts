import type { ShelvedUpload } from './upload-shelf';

/** The shelf without a database. */
export class FakeShelf {
  readonly kept = new Map<string, ShelvedUpload>();
  of = async (userId: string) => [...this.kept.values()].filter((upload) => upload.userId === userId);
  put = async (upload: ShelvedUpload) => void this.kept.set(upload.id, { ...upload });
  setUrl = async (id: string, url: string | null) => this.change(id, { url });
  setSentWhole = async (id: string, sentWhole: boolean) => this.change(id, { sentWhole });
  remove = async (id: string) => void this.kept.delete(id);

  private change(id: string, change: Partial<ShelvedUpload>): void {
    const upload = this.kept.get(id);
    if (upload) this.kept.set(id, { ...upload, ...change });
  }
}
