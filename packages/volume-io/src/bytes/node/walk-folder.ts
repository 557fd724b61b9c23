import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemReason } from '@genesis/core/node';
import type { FolderListing } from '../api.js';
import { isHidden } from '../names.js';
import { isInside } from './is-inside.js';

/**
 * The files of a folder and of all folders below. Links are followed wherever they lead, since only who owns the folder
 * can put one there: data sets kept by git-annex, DVC or datalad consist of links to files, and patients are linked from
 * other disks. (A file name inside a header is another matter, see FileSource.sibling.) No folder is listed twice, so that links
 * that go in circles end; a link to a folder that holds this one would bring in all that lies beside it, and is passed over. Throws
 * what the system says when the folder itself cannot be read.
 */
export async function walkFolder(root: string): Promise<FolderListing> {
  const walk = new Walk(await realpath(root));
  await walk.enter({ path: root, name: '', real: walk.root });
  await walk.followLinks();
  return walk.listing();
}

interface Place {
  readonly path: string;
  /** Relative to the folder listed; '' for itself. */
  readonly name: string;
  /** The path without links. */
  readonly real: string;
}

class Walk {
  private readonly names: string[] = [];
  private readonly missing: string[] = [];
  private readonly notes: string[] = [];
  /** Links that were met. They are followed last, so that a folder that lies here is listed as that. */
  private readonly links: { path: string; name: string }[] = [];
  /** Names of the folders listed, by their path without links. */
  private readonly seen = new Map<string, string>();

  constructor(readonly root: string) {}

  /** Lists a folder and the folders below that are no links. */
  async enter({ path, name, real }: Place): Promise<void> {
    const known = this.seen.get(real);
    if (known !== undefined) {
      this.notes.push(
        `The folder ${JSON.stringify(name)} is the same as ${JSON.stringify(known || '.')}, which is listed already; it was passed over.`,
      );
      return;
    }
    this.seen.set(real, name);
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (isHidden(entry.name)) continue;
      const below = {
        path: join(path, entry.name),
        name: name === '' ? entry.name : `${name}/${entry.name}`,
      };
      if (entry.isFile()) this.names.push(below.name);
      else if (entry.isSymbolicLink()) this.links.push(below);
      else if (entry.isDirectory()) await this.tryEnter({ ...below, real: join(real, entry.name) });
    }
  }

  /** Follows the links met, and those met on the way. */
  async followLinks(): Promise<void> {
    this.links.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const link of this.links) {
      const target = await this.targetOf(link);
      if (!target) this.missing.push(link.name);
      else if (target.isFile()) this.names.push(link.name);
      else if (target.isDirectory()) await this.followFolder(link);
    }
  }

  listing(): FolderListing {
    return { names: this.names.sort(), missing: this.missing.sort(), notes: this.notes };
  }

  /** What a link leads to; undefined where that is nowhere, a circle, or closed to us. */
  private async targetOf({ path }: { path: string }): Promise<Stats | undefined> {
    try {
      return await stat(path);
    } catch {
      return undefined;
    }
  }

  private async followFolder({ path, name }: { path: string; name: string }): Promise<void> {
    const real = await realpath(path);
    if (isInside(real, this.root) && real !== this.root) {
      this.notes.push(
        `The folder ${JSON.stringify(name)} is a link to ${real}, which holds the folder listed; it was passed over.`,
      );
      return;
    }
    if (!isInside(this.root, real) && !this.seen.has(real)) {
      this.notes.push(
        `The folder ${JSON.stringify(name)} is a link that leads out to ${real}; it was followed.`,
      );
    }
    await this.tryEnter({ path, name, real });
  }

  /** A folder below that cannot be read ends nothing. */
  private async tryEnter(place: Place): Promise<void> {
    try {
      await this.enter(place);
    } catch (error) {
      this.notes.push(
        `The folder ${JSON.stringify(place.name)} cannot be read: ${systemReason(error)}; it was passed over.`,
      );
    }
  }
}
