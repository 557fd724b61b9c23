/** A browser has no zoo folder; the name is for the message. */
export function zooPath(file: string, directory?: string): string {
  return directory === undefined ? file : `${directory}/${file}`;
}

/** Rejects: a browser has no zoo folder. */
export function readZooFile(): Promise<Uint8Array> {
  return Promise.reject(new Error('a browser has no folder for the zoo'));
}
