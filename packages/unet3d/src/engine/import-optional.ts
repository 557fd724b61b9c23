import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Imports a package that need not be there: from beside this package, or else from the node_modules
 * of the folder that the environment variable GENESIS_PEERS names.
 * @throws Error with the reason when it is not installed or does not load.
 */
export async function importOptional<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (error) {
    if (!isMissing(error, name)) throw doesNotLoad(name, error);
  }
  const folder = process.env.GENESIS_PEERS;
  const install = `(npm install ${name})`;
  if (!folder) throw new Error(`the package ${name} is not installed ${install}`);
  try {
    const path = createRequire(resolve(folder, 'package.json')).resolve(name);
    return (await import(pathToFileURL(path).href)) as T;
  } catch (error) {
    if (!isMissing(error, name)) throw doesNotLoad(name, error);
    throw new Error(
      `the package ${name} is installed neither beside @genesis/unet3d nor in GENESIS_PEERS=${folder} ${install}`,
    );
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: string; message: string };
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') && message.includes(`'${name}'`);
}

function doesNotLoad(name: string, error: unknown): Error {
  const [firstLine] = String((error as Error).message).split('\n');
  return new Error(`the package ${name} is installed but does not load: ${firstLine}`, {
    cause: error,
  });
}
