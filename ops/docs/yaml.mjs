const plainKey = /^[A-Za-z_$][\w.$-]*$/;

/** JSON as YAML in block style: objects and lists by lines, texts of several lines as they are, everything else as in JSON. */
export function toYaml(value, indent = '') {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((item) => `${indent}- ${entry(item, `${indent}  `).replace(/^\n\s*/, '')}`).join('');
  }
  if (isFilled(value)) {
    return Object.entries(value).map(([key, item]) => `${indent}${plainKey.test(key) ? key : JSON.stringify(key)}:${spaced(entry(item, `${indent}  `))}`).join('');
  }
  return `${indent}${JSON.stringify(value)}\n`;
}

const isFilled = (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0;
const spaced = (text) => (text.startsWith('\n') ? text : ` ${text}`);

function entry(value, indent) {
  if (isFilled(value)) return `\n${toYaml(value, indent)}`;
  if (typeof value === 'string' && value.includes('\n')) return `|-\n${value.split('\n').map((line) => (line === '' ? '' : indent + line)).join('\n')}\n`;
  return `${JSON.stringify(value)}\n`;
}
