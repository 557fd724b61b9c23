import type { ByteSource } from '../../bytes/api.js';
import { isZip } from '../../bytes/names.js';
import { ZipFolder } from '../../bytes/zip-folder.js';
import type { FormatReader } from '../common/api.js';
import { chooseStack } from './choose-stack.js';
import { openSeries } from './folder-reader.js';
import { openStack } from './open-stack.js';
import { readSeriesFile } from './series-file.js';
import { buildStacks } from './stack.js';

/** DICOM: one file, or a zip of files. */
export const dicomReader: FormatReader = {
  async open(source, opts) {
    if (isZip(await source.read(0, 4))) return openSeries(await ZipFolder.open(source), opts);
    const file = await readSeriesFile(source);
    const { stack, notes } = chooseStack(buildStacks([file]), opts.series, source.name);
    return openStack(stack, notes, { open: async () => borrowed(source) }, opts);
  },
};

/** A source that its caller closes. */
function borrowed(source: ByteSource): ByteSource {
  return {
    name: source.name,
    size: source.size,
    read: (start, length) => source.read(start, length),
    readInto: (start, target) => source.readInto(start, target),
    sibling: (name) => source.sibling(name),
    close: async () => {},
  };
}
