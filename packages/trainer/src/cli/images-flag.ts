import { type Command, Option } from 'commander';

/** Adds `--images`, and the names that it had before, which work but are not shown. */
export function addImagesFlag(command: Command, description: string): Command {
  return command
    .option('--images <path>', description)
    .addOption(new Option('--data <path>').hideHelp())
    .addOption(new Option('--input <path>').hideHelp());
}

/** The flags of `addImagesFlag`; `imagesOf` tells which was given. */
export interface ImagesFlags {
  readonly images: string;
}
