import { type Command, Option } from 'commander';
import { layoutNames } from '../data/layouts/api.js';

/** Adds `--images`, and the names that it had before, which work but are not shown. */
export function addImagesFlag(command: Command, description: string): Command {
  return command
    .option('--images <path>', description)
    .addOption(new Option('--data <path>').hideHelp())
    .addOption(new Option('--input <path>').hideHelp());
}

/** `--layout`: how a dataset lies on disk. */
export function layoutOption(): Option {
  return new Option('--layout <name>', 'how the dataset lies on disk; auto: as it looks')
    .choices(['auto', ...layoutNames])
    .default('auto');
}

/** The flags of `addImagesFlag`; `imagesOf` tells which was given. */
export interface ImagesFlags {
  readonly images: string;
}
