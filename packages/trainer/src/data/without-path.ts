import { basename } from 'node:path';

/** A message without the file name at its beginning, which may be written in another way than ours. */
export function withoutPath(message: string, path: string): string {
  const end = message.indexOf(`${basename(path)}: `);
  return end < 0 ? message : message.slice(end + basename(path).length + 2);
}
