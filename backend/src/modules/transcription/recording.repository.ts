import type { Page, RecordingQuery } from '@auscult/contracts';
import { type FilterQuery, LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../platform/http/index.js';
import { Recording } from './recording.entity.js';

/** A transcribing row without a sign of life for so long has lost its worker and, most likely, its job. */
const LOST_AFTER_MS = 20_000;

/** Finds recordings. Whoever acts for a person asks here first: what is missing and what is another's look the same. */
@Injectable()
export class RecordingRepository {
  constructor(private readonly em: EntityManager) {}

  /** @throws ProblemError `not-found` */
  async owned(ownerId: string, id: string): Promise<Recording> {
    return found(await this.em.findOne(Recording, { id, ownerId }));
  }

  /** As `owned`, with the row locked until the transaction ends. */
  async ownedForUpdate(ownerId: string, id: string): Promise<Recording> {
    return found(await this.em.findOne(Recording, { id, ownerId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }));
  }

  /** As `owned`, with the waveform. */
  async ownedWithWaveform(ownerId: string, id: string): Promise<Recording> {
    return found(await this.em.findOne(Recording, { id, ownerId }, { populate: ['waveformPeaks'], refresh: true }));
  }

  /** The row as the worker sees it, locked; null when it was deleted. */
  forUpdate(id: string): Promise<Recording | null> {
    return this.em.findOne(Recording, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** The locked row if this run still holds it; null tells the run to stop. */
  ofRun(id: string, runId: string): Promise<Recording | null> {
    const held = { id, runId, status: 'transcribing' as const };
    return this.em.findOne(Recording, held, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** As `ofRun`, of the second hearing. */
  ofSecondPass(id: string, runId: string): Promise<Recording | null> {
    const held = { id, secondPass: { runId, state: 'running' as const } };
    return this.em.findOne(Recording, held, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** Newest first. */
  async page(ownerId: string, { page, pageSize, search, status }: RecordingQuery): Promise<Page<Recording>> {
    const where: FilterQuery<Recording> = { ownerId };
    if (search) where.title = { $ilike: `%${search.replace(/[\\%_]/g, '\\$&')}%` };
    if (status) where.status = status;
    const [items, total] = await this.em.findAndCount(Recording, where, {
      orderBy: { createdAt: 'desc', id: 'asc' }, limit: pageSize, offset: (page - 1) * pageSize,
    });
    return { items, total, page, pageSize };
  }

  /** Ids of recordings that wait, or whose worker died. */
  async unattended(now: Date): Promise<string[]> {
    const lost = heartbeatsOfTheDead(now).map((heartbeatAt) => ({ status: 'transcribing' as const, heartbeatAt }));
    const rows = await this.em.find(Recording, { $or: [{ status: 'queued' }, ...lost] }, { fields: ['id'], orderBy: { createdAt: 'asc' } });
    return rows.map((row) => row.id);
  }

  /** Ids of recordings whose second hearing waits, or lost its worker. */
  async unattendedSecondPasses(now: Date): Promise<string[]> {
    const lost = heartbeatsOfTheDead(now).map((heartbeatAt) => ({ secondPass: { state: 'running' as const, heartbeatAt } }));
    const wanted = { $or: [{ secondPass: { state: 'queued' as const } }, ...lost] };
    const rows = await this.em.find(Recording, wanted, { fields: ['id'], orderBy: { completedAt: 'asc' } });
    return rows.map((row) => row.id);
  }
}

/** Too old, or by a clock that was ahead. */
function heartbeatsOfTheDead(now: Date): [{ $lt: Date }, { $gt: Date }] {
  return [{ $lt: new Date(now.getTime() - LOST_AFTER_MS) }, { $gt: new Date(now.getTime() + LOST_AFTER_MS) }];
}

function found(recording: Recording | null): Recording {
  if (!recording) throw new ProblemError('not-found');
  return recording;
}
