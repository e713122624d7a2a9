/** What browsers offer for "which character is under this point"; older ones have the second. */
interface CaretDocument {
  caretPositionFromPoint?(x: number, y: number): { offsetNode: Node; offset: number } | null;
  caretRangeFromPoint?(x: number, y: number): Range | null;
}

/** Offset of the character under a point of the window, within an element that holds one text; null when it is not over it. */
export function offsetAtPoint(element: HTMLElement, x: number, y: number): number | null {
  const document = element.ownerDocument as unknown as CaretDocument;
  const position = document.caretPositionFromPoint?.(x, y);
  if (position) return element.contains(position.offsetNode) ? position.offset : null;
  const range = document.caretRangeFromPoint?.(x, y);
  return range && element.contains(range.startContainer) ? range.startOffset : null;
}

/** The text node of an element that holds one text. */
export function textNodeOf(element: Element): Text | null {
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE && (node.nodeValue ?? '').length > 0) return node as Text;
  }
  return null;
}
