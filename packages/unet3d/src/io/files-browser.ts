import { UNet3dError } from '../errors.js';
import type { files as nodeFiles } from './files-node.js';

const refuse = (): never => {
  throw new UNet3dError(
    'no-file-system',
    'A browser has no file system: load a model from a URL and save it with indexeddb:// or downloads://.',
  );
};

/** Stands in for the file system where there is none. */
export const files: typeof nodeFiles = {
  join: refuse,
  read: refuse,
  write: refuse,
};
