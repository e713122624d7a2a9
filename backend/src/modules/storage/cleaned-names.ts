import type { ObjectMetadata } from './stored-object.entity.js';

const FILE_NAME_LENGTH = 200;
/**
 * Control characters, those that turn or hide text (a name must look in a list like what it is), and halves of a character,
 * which jsonb refuses.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The last part of a path, without control characters; null when nothing usable is left. Never used as a path on this machine. */
export function cleanFileName(name: string | null | undefined): string | null {
  const base = (name ?? '').replaceAll('\\', '/').split('/').at(-1) ?? '';
  const clean = base.replace(unprintable, '').trim();
  if (/^\.*$/.test(clean)) return null;
  return shorten(clean);
}

export function cleanTitle(title: string | null | undefined): string | null {
  const clean = (title ?? '').replace(unprintable, ' ').trim();
  return clean === '' ? null : clean;
}

/** A plain `type/subtype` in lower case, parameters dropped; null for anything else. */
export function cleanMediaType(mediaType: string | null | undefined): string | null {
  const essence = (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/.test(essence) ? essence : null;
}

export function cleanMetadata(said: ObjectMetadata): Required<ObjectMetadata> {
  return { fileName: cleanFileName(said.fileName), title: cleanTitle(said.title), mediaType: cleanMediaType(said.mediaType) };
}

/** Keeps the ending, which tells programs what the file is. */
function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= FILE_NAME_LENGTH) return name;
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  return characters.slice(0, FILE_NAME_LENGTH - ending.length).join('') + ending;
}
