import { Injectable, signal } from '@angular/core';
import { textNodeOf } from './text-caret';

/** A stretch of one segment's text. */
export interface TextSpan {
  segmentId: string;
  from: number;
  to: number;
}

/** Names of the marks; their looks are in segment.component.css. */
export type MarkName = 'au-heard' | 'au-heard-about' | 'au-match' | 'au-match-current';

/**
 * Marks words in the segments' texts with the CSS Custom Highlight API: the text stays one node for each segment, where a
 * span around every word would make 30,000 elements of a three-hour transcript. A browser without it shows no word marks.
 */
@Injectable({ providedIn: 'root' })
export class TextMarks {
  private readonly elements = new Map<string, HTMLElement>();
  private readonly registry = typeof CSS !== 'undefined' && 'highlights' in CSS ? CSS.highlights : null;

  private readonly version = signal(0);
  /** Changes when texts appear or leave: marks have to be set again then. */
  readonly changes = this.version.asReadonly();

  /** Tells where a segment's text stands. */
  add(segmentId: string, element: HTMLElement): void {
    this.elements.set(segmentId, element);
    this.version.update((version) => version + 1);
  }

  remove(segmentId: string, element: HTMLElement): void {
    if (this.elements.get(segmentId) === element) this.elements.delete(segmentId);
  }

  element(segmentId: string): HTMLElement | undefined {
    return this.elements.get(segmentId);
  }

  /** Replaces all spans of one mark. */
  mark(name: MarkName, spans: readonly TextSpan[]): void {
    if (!this.registry) return;
    const ranges = spans.map((span) => this.range(span)).filter((range) => range !== null);
    if (ranges.length === 0) this.registry.delete(name);
    else this.registry.set(name, new Highlight(...ranges));
  }

  /** Null while the segment is not drawn, or its text has become another one. */
  range({ segmentId, from, to }: TextSpan): Range | null {
    const element = this.elements.get(segmentId);
    const node = element && textNodeOf(element);
    if (!node || to > node.length) return null;
    const range = new Range();
    range.setStart(node, from);
    range.setEnd(node, to);
    return range;
  }
}
