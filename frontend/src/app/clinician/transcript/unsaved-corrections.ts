import { DestroyRef, Injectable, inject } from '@angular/core';
import { LeaveGuard } from '../../core/leave-guard';
import { Session } from '../../core/session';
import { UnfinishedWork, type WorkHolder } from '../../core/unfinished-work';
import { LineFocus } from './line-focus';
import { LostWords } from './lost-words';
import { TranscriptEdits, type Unsaved } from './transcript-edits';

/** How long leaving waits for what is being saved before it asks, in ms; on a line that works it takes a moment. */
const PATIENCE_MS = 3_000;

/** Corrections that would be lost with the page: told before it or the tab is left and before a sign-out, and afterwards when one was lost all the same. */
@Injectable()
export class UnsavedCorrections implements WorkHolder {
  private readonly edits = inject(TranscriptEdits);
  private readonly lines = inject(LineFocus);
  private readonly guard = inject(LeaveGuard);
  private readonly lost = inject(LostWords);
  private readonly user = inject(Session).user;
  private readonly authorId = this.user()?.id ?? null;
  private leaving: Promise<boolean> | null = null;
  /** Their author knows that they are lost. */
  private givenUp: readonly Unsaved[] = [];

  constructor() {
    this.guard.holds = () => this.atStake() !== '';
    const unregister = inject(UnfinishedWork).register(this);
    inject(DestroyRef).onDestroy(() => {
      unregister();
      void this.tellLost();
    });
  }

  /** Asked by the router. Another navigation meanwhile gets the same answer: one question is enough. */
  mayLeave(): Promise<boolean> {
    if (this.isSignedOut()) return Promise.resolve(true);
    this.leaving ??= this.askToLeave().finally(() => (this.leaving = null));
    return this.leaving;
  }

  async loss(): Promise<string> {
    await this.rest();
    return this.atStake();
  }

  discard(): Promise<void> {
    this.giveUp();
    return Promise.resolve();
  }

  private async askToLeave(): Promise<boolean> {
    await this.rest();
    const loss = this.atStake();
    if (loss === '' || this.isSignedOut()) return true;
    const agreed = await this.guard.ask({ title: 'Leave the transcript?', text: loss, confirmLabel: 'Leave anyway' });
    if (agreed) this.giveUp();
    return agreed;
  }

  /** Here or in another tab: nobody is there to answer. */
  private isSignedOut(): boolean {
    return this.user() === null;
  }

  /** What stands in the editor is saved as by leaving that, and what is being saved gets its time. */
  private async rest(): Promise<void> {
    this.lines.leaveEditor();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([this.edits.settled(), patience]);
    clearTimeout(timer);
  }

  /** As a sentence; empty when nothing would be lost. */
  private atStake(): string {
    const typed = this.lines.changed();
    const count = new Set([...this.edits.unsavedTexts().map(({ segmentId }) => segmentId), ...(typed === null ? [] : [typed])]).size;
    const unsaved = `${count === 1 ? 'One correction is' : `${count} corrections are`} not saved and will be lost.`;
    return [count > 0 ? unsaved : '', this.edits.busy ? 'A change is still being saved and may be lost.' : ''].filter(Boolean).join(' ');
  }

  private giveUp(): void {
    this.givenUp = this.edits.unsavedTexts();
    this.lines.forgetTyped();
  }

  private async tellLost(): Promise<void> {
    const typed = this.lines.typedWords();
    await this.edits.settled();
    // She was signed out elsewhere in the middle of it.
    if (typed !== null) this.lost.tell(typed, this.authorId);
    for (const unsaved of this.edits.unsavedTexts()) {
      if (!this.givenUp.includes(unsaved)) this.lost.tell(unsaved.mine.text ?? '', this.authorId);
    }
  }
}
