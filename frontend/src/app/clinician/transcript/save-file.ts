/** Hands a file to the browser's downloads. */
export function saveFile(document: Document, file: { url: string; fileName: string }): void {
  const link = document.createElement('a');
  link.href = file.url;
  link.download = file.fileName;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}

/** The same for bytes in memory; they are let go when the browser has taken them. */
export function saveBlob(document: Document, blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  saveFile(document, { url, fileName });
  // Safari reads the address only after the click's task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A title as the name of a file, without what systems refuse in one. */
export function fileNameOf(title: string, extension: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are among what is refused
  const name = title.replace(/[\u0000-\u001f<>:"/\\|?*]+/g, ' ').replace(/\s+/g, ' ').replace(/^[\s.]+|[\s.]+$/g, '').slice(0, 120);
  return `${name === '' ? 'Transcript' : name}.${extension}`;
}
