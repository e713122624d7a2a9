import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { METRICS } from '../../platform/observability/index.js';

/** What storage counts. */
@Injectable()
export class StorageMetrics {
  readonly storedBytes: Counter;
  readonly servedBytes: Counter;
  readonly uploads: Counter<'outcome'>;

  constructor(@Inject(METRICS) registry: Registry) {
    const registers = [registry];
    this.storedBytes = new Counter({ name: 'auscult_storage_stored_bytes_total', help: 'Bytes of audio in uploads that became whole', registers });
    this.servedBytes = new Counter({ name: 'auscult_storage_served_bytes_total', help: 'Bytes of audio sent to players and downloads', registers });
    this.uploads = new Counter({
      name: 'auscult_storage_uploads_total', help: 'Uploads by outcome: completed, refused, terminated, abandoned', labelNames: ['outcome'], registers,
    });
  }
}
