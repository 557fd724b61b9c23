import type { Command } from 'commander';
import { parseCount, parseTriple } from '../flags.js';

interface PhantomFlags {
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly shape?: [number, number, number];
  readonly labels?: boolean;
}

export function addPhantom(program: Command): void {
  program
    .command('phantom')
    .description('Write procedural chest CTs to try things out with')
    .requiredOption('--out <dir>', 'folder')
    .option('--count <n>', 'number of patients', parseCount, 8)
    .option('--seed <n>', 'first patient', parseCount, 0)
    .option('--shape <x,y,z>', 'voxels (default: 128,128,96)', parseTriple)
    .option('--labels', 'write label maps too: images/ and labels/ under --out')
    .action(async (flags: PhantomFlags) => {
      const { phantom } = await import('../../api/phantom.js');
      await phantom({
        ...flags,
        onVolume: (path, done, total) => process.stdout.write(`${done}/${total} ${path}\n`),
      });
    });
}
