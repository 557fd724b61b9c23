import type { PickleGlobal } from './pickle/values.js';

/** Modules whose functions run code, reach the system or fetch things. No network or training script saves a call of them. */
const REFUSED_MODULES = new Set([
  ...['os', 'posix', 'nt', 'sys', 'subprocess', 'pty', 'shutil', 'ctypes'],
  ...['importlib', 'runpy', 'marshal', 'pickle', '_pickle', 'cPickle', 'operator', '_operator'],
  ...['pdb', 'bdb', 'timeit', 'asyncio', 'pip', 'webbrowser'],
  ...['socket', 'urllib', 'urllib2', 'http', 'httplib', 'requests', 'ftplib', 'smtplib'],
]);

/** Of Python's own names, those that only hold values. */
const VALUE_BUILTINS = new Set([
  ...['set', 'frozenset', 'list', 'dict', 'tuple', 'int', 'long', 'float', 'bool', 'complex'],
  ...['str', 'unicode', 'bytes', 'bytearray', 'object', 'slice', 'range', 'xrange', 'getattr'],
  ...['Exception', 'ValueError', 'RuntimeError', 'KeyError', 'property', 'type'],
]);

/**
 * Whether only an attack calls this. The reader runs nothing in any case: it refuses such a file as a whole instead of leaving the
 * call aside, because nobody should go on to open it with another reader.
 */
export function isAttack({ module, name }: PickleGlobal): boolean {
  const top = module.split('.')[0];
  if (top === 'builtins' || top === '__builtin__') return !VALUE_BUILTINS.has(name.split('.')[0]);
  return (
    REFUSED_MODULES.has(top) ||
    /^torch\.(hub|utils\.(cpp_extension|_?model_zoo))|^numpy\.testing/.test(module)
  );
}
