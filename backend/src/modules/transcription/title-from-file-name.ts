import { acceptedExtensions } from '@auscult/contracts';

const MAX_TITLE_LENGTH = 200;

/**
 * A title from what a file was called: its last path part without control characters and without a known extension. The name
 * is only ever shown; no path is made of it.
 */
export function titleFromFileName(fileName: string | null): string {
  const base = (fileName ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = withoutExtension(base.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' '));
  const title = clean.replace(/[\s_]+/g, ' ').trim().slice(0, MAX_TITLE_LENGTH).trim().replace(/[\uD800-\uDBFF]$/, '');
  return /[\p{L}\p{N}]/u.test(title) ? title : 'Recording';
}

function withoutExtension(name: string): string {
  const lower = name.trimEnd().toLowerCase();
  const extension = acceptedExtensions.find((known) => lower.endsWith(known));
  return extension ? name.trimEnd().slice(0, -extension.length) : name;
}
