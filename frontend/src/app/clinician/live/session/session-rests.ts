import { Injectable, inject } from '@angular/core';
import type { FrameSpool, LiveCommand, LiveCommandStore } from '@auscult/client';
import { LIVE_FRAME_MS } from '@auscult/contracts';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import type { IndexedDbFrameSpool } from '../spool/indexed-db-frame-spool';

/** Fewer frames than this (2 s) are what was on its way when the session ended. */
const FEWEST_FRAMES = 20;
/** A minute: so much more room than the session itself its rest may take while it is copied. */
const COPIED_AT_ONCE = 600;

/** Whether what was not sent before the end, in frames, becomes a session of its own. */
export const isRest = (unsent: number): boolean => unsent >= FEWEST_FRAMES;

/** A kept session with what is kept of it. */
export interface SessionParts {
  kept: KeptSession;
  spool: IndexedDbFrameSpool;
  commands: LiveCommandStore;
}

/** Makes a session of its own of what a device had not sent before its session ended elsewhere: sound that was recorded is never thrown away unheard. */
@Injectable({ providedIn: 'root' })
export class SessionRests {
  private readonly shelf = inject(SessionShelf);

  /**
   * Puts the rest on the shelf instead of the session. Each step may be repeated: should the browser die meanwhile, the same rest is made with the next page.
   * @param from the first frame that the ended session does not have
   */
  async separate({ kept, spool, commands }: SessionParts, from: number): Promise<SessionParts> {
    const rest = kept.rest ?? { id: crypto.randomUUID(), sender: crypto.randomUUID(), from: Math.max(from, spool.first) };
    await this.put({ ...kept, finishing: true, rest });
    const { id, sender } = rest;
    const apart: KeptSession = { ...without(kept), id, sender, finishing: true, known: false, title: titleOf(kept) };
    const parts: SessionParts = { kept: apart, spool: await this.shelf.spool(apart), commands: await this.shelf.commands(apart) };
    await copy(spool, rest.from, parts.spool);
    const isWhole = parts.spool.keeps() !== 'no-room';
    await parts.commands.save((await commands.load()).flatMap((command) => movedToRest(command, rest.from)));
    await this.put(apart);
    // Else the session stays, and the same rest is made of it again: what the server has of it then is not sent twice.
    if (isWhole) await this.shelf.remove(kept.id);
    return parts;
  }

  private async put(session: KeptSession): Promise<void> {
    if (!(await this.shelf.put(session))) throw new Error('The browser does not keep the session');
  }
}

/** Frames from number `from` on, as frames 0 and following; what is copied is forgotten where it was. */
async function copy(source: FrameSpool, from: number, target: IndexedDbFrameSpool): Promise<void> {
  while (from + target.next < source.next) {
    await target.append(target.next, await source.read(from + target.next, COPIED_AT_ONCE));
    if (target.keeps() !== 'no-room') await source.forgetBefore(from + target.next);
  }
}

/** What was said about the rest goes with it. */
function movedToRest(command: LiveCommand, from: number): LiveCommand[] {
  if (command.kind === 'mark') {
    const atMs = command.mark.atMs - from * LIVE_FRAME_MS;
    return atMs < 0 ? [] : [{ ...command, mark: { ...command.mark, atMs } }];
  }
  if (command.kind === 'forget') {
    const until = command.forget.until - from;
    return until <= 0 ? [] : [{ ...command, forget: { ...command.forget, until } }];
  }
  return [];
}

function without({ rest: _rest, heardAt: _heardAt, ...kept }: KeptSession): KeptSession {
  return kept;
}

const sessionTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const titleOf = ({ startedAt }: KeptSession): string => `Session of ${sessionTime.format(startedAt)}, the rest`;
