// The genesis command as one of several ranks: says its process id in FOLDER/pid-RANK, and starts in FOLDER/cwd-RANK where
// there is such a folder. Arguments: FOLDER, then the command's.
//
// Convolutions are strict: the fast ones choose their algorithm by the size of the batch too, and round by some 5e-6.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeStatus, setPrecision } from '@genesis/tfjs-backend-native';

const [folder, ...args] = process.argv.slice(2);
const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK ?? 0;
writeFileSync(join(folder, `pid-${rank}`), String(process.pid));
if (nativeStatus().available) setPrecision('strict');
const own = join(folder, `cwd-${rank}`);
if (existsSync(own)) process.chdir(own);
process.argv.splice(2, process.argv.length, ...args);
await import('#src/cli/main.js');
