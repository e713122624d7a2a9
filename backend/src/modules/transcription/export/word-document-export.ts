import { AlignmentType, Document, Footer, HeadingLevel, Packer, PageNumber, Paragraph, TextRun } from 'docx';
import { clock, dateAndTime } from './clock.js';
import { type ExportedTranscript, nameOf, oneLine } from './exported-transcript.js';

const GRAY = '5F6B76';
/** Sizes are half points, distances twentieths of a point, as the format has them. */
const paragraphStyles = [
  { id: 'Facts', name: 'Facts', basedOn: 'Normal', run: { color: GRAY, size: 20 }, paragraph: { spacing: { after: 360 } } },
  {
    id: 'Speaker', name: 'Speaker', basedOn: 'Normal', next: 'Utterance',
    run: { bold: true, size: 22 }, paragraph: { spacing: { before: 240, after: 40 }, keepNext: true },
  },
  { id: 'Utterance', name: 'Utterance', basedOn: 'Normal', run: { size: 22 }, paragraph: { spacing: { after: 80, line: 300 } } },
];

/**
 * A Word document: title, date and length, then who spoke when. Neighboring segments of one speaker stand under one name. The
 * library builds the document in memory: about as much as the text itself times twenty.
 */
export async function wordDocumentExport(transcript: ExportedTranscript): Promise<Buffer> {
  const { recording } = transcript;
  const title = clean(recording.title);
  const length = recording.durationMs === null ? '' : `, ${clock(recording.durationMs)}`;
  const children = [
    new Paragraph({ text: title, heading: HeadingLevel.TITLE }),
    new Paragraph({ text: `${dateAndTime(recording.createdAt)}${length}`, style: 'Facts' }),
    ...(await body(transcript)),
  ];
  const document = new Document({
    title,
    creator: 'Auscult',
    styles: { default: { document: { run: { font: 'Calibri' } } }, paragraphStyles },
    sections: [{ footers: { default: pageNumbers() }, children }],
  });
  return Packer.toBuffer(document);
}

async function body({ speakers, pages }: ExportedTranscript): Promise<Paragraph[]> {
  const paragraphs: Paragraph[] = [];
  let speaking: string | undefined;
  for await (const page of pages) {
    for (const segment of page) {
      if (segment.speakerId !== speaking) paragraphs.push(new Paragraph({ text: clean(nameOf(speakers, segment)), style: 'Speaker' }));
      speaking = segment.speakerId;
      const time = new TextRun({ text: `[${clock(segment.startMs)}]  `, color: GRAY, size: 18 });
      paragraphs.push(new Paragraph({ style: 'Utterance', children: [time, new TextRun(clean(segment.text))] }));
    }
  }
  return paragraphs;
}

function pageNumbers(): Footer {
  const children = [new TextRun({ children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES], color: GRAY, size: 18 })];
  return new Footer({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children })] });
}

/** One line of characters that XML 1.0 allows; the library escapes markup but writes a control character as it is. */
function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  return oneLine(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, ''));
}
