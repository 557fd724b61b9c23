export { deflate, inflate } from './node/compression.js';
export { openPath } from './node/open-path.js';
export { writeFiles } from './node/write-files.js';
