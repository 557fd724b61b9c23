import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BuildError } from './error.mjs';
import { nativeRoot } from './sources.mjs';

const run = promisify(execFile);

function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

async function compilerRun(toolchain, args) {
  try {
    const [file, ...rest] = toolchain.command;
    const { stderr } = await run(file, [...rest, ...args], { maxBuffer: 1 << 26 });
    if (stderr) process.stderr.write(stderr);
  } catch (error) {
    throw new BuildError(
      `${toolchain.command.join(' ')} failed:\n${error.stderr || error.message}`,
    );
  }
}

/** Hash over the flags and every file that the last compilation read; undefined when one is gone. */
function keyOf(flags, files) {
  try {
    return hashOf([flags.join(' '), ...files.map((file) => readFileSync(file))]);
  } catch {
    return undefined; // a header was renamed: compile again
  }
}

/** Files named in a make rule "object: a b \ c", system headers left out by -MMD. */
function dependencies(rule) {
  return rule
    .slice(rule.indexOf(':') + 1)
    .replaceAll('\\\n', ' ')
    .split(/(?<!\\)\s+/)
    .filter(Boolean)
    .map((path) => path.replaceAll('\\ ', ' '));
}

async function compileObject({ toolchain, report }, object, source, flags) {
  const manifest = `${object}.json`;
  const all = [toolchain.version, ...toolchain.compile, ...flags, source];
  if (existsSync(object) && existsSync(manifest)) {
    const last = JSON.parse(readFileSync(manifest, 'utf8'));
    if (last.key === keyOf(all, last.files)) return false;
  }
  report?.(`compile ${object}`);
  mkdirSync(dirname(object), { recursive: true });
  const rule = `${object}.d`;
  const args = [
    ...toolchain.compile,
    ...flags,
    '-MMD',
    '-MF',
    rule,
    '-c',
    source,
    '-o',
    `${object}.new`,
  ];
  await compilerRun(toolchain, args);
  const files = dependencies(readFileSync(rule, 'utf8'));
  renameSync(`${object}.new`, object);
  writeFileSync(manifest, JSON.stringify({ key: keyOf(all, files), files }));
  return true;
}

async function inParallel(jobs, tasks) {
  const queue = [...tasks];
  const results = [];
  const worker = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) results.push(await task());
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}

function objectsOf(settings, sources) {
  const objects = [];
  for (const source of sources) {
    const name = source.slice(0, -'.cpp'.length);
    const sets = name.endsWith('.kernels')
      ? Object.entries(settings.toolchain.sets).map(([set, flags]) => [
          `.${set}`,
          [`-DGENESIS_ISA=${set}`, ...flags],
        ])
      : [['', []]];
    for (const [suffix, flags] of sets) {
      const path = join(settings.folder, 'objects', `${name}${suffix}.o`);
      objects.push({ path, source: join(nativeRoot, source), flags });
    }
  }
  return objects;
}

/** Wide vectors first, because they compile slowest, so that the last compiler ends early. */
function slowestFirst(objects) {
  return [...objects].sort((a, b) => b.flags.length - a.flags.length);
}

async function link(settings, output, objects, flags) {
  const manifest = `${output}.json`;
  const key = hashOf([
    settings.toolchain.version,
    flags.join(' '),
    ...objects.map((object) => readFileSync(`${object.path}.json`)),
  ]);
  if (existsSync(output) && existsSync(manifest) && readFileSync(manifest, 'utf8') === key) return;
  const paths = objects.map((object) => object.path);
  await compilerRun(settings.toolchain, [...paths, ...flags, '-o', `${output}.new`]);
  renameSync(`${output}.new`, output);
  writeFileSync(manifest, key);
}

/**
 * Compiles `sources`, paths from native/ (only those whose text, headers or flags changed), and links the addon and one
 * program per file of `programs`. Returns the paths made.
 */
export async function compileAll({ sources, programs = [], addon, ...settings }) {
  const shared = objectsOf(settings, sources);
  const mains = objectsOf(settings, programs);
  const tasks = slowestFirst([...shared, ...mains]).map(
    (object) => () => compileObject(settings, object.path, object.source, object.flags),
  );
  await inParallel(settings.jobs, tasks);
  const made = [];
  if (addon) {
    made.push(join(settings.folder, addon));
    await link(settings, made[0], shared, settings.toolchain.addon);
  }
  for (const main of mains) {
    const program = join(settings.folder, basename(main.source, '.cpp') + (settings.suffix ?? ''));
    await link(settings, program, [...shared, main], settings.toolchain.program);
    made.push(program);
  }
  return made;
}
