import { readFileSync } from 'node:fs';
import * as unet3d from '@genesis/unet3d';
import test from 'ava';

const { exports } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { exports: Record<string, unknown> };

test('the public names are these', (t) => {
  t.snapshot(Object.keys(unet3d).sort());
});

test('each part has an entry of its own, and together they are the whole but its errors', async (t) => {
  const parts = Object.keys(exports).filter((path) => /^\.\/[a-z]+$/.test(path));
  const whole = new Map<string, unknown>(Object.entries(unet3d));
  const names: string[] = [];
  for (const path of parts) {
    const part = (await import(`@genesis/unet3d/${path.slice(2)}`)) as Record<string, unknown>;
    t.snapshot(Object.keys(part).sort(), path);
    for (const name of Object.keys(part)) {
      t.is(part[name], whole.get(name), name);
      names.push(name);
    }
  }
  const errors = ['EngineUnavailableError', 'OptionError', 'UNet3dError', 'WebGpuError'];
  t.deepEqual([...names, ...errors].sort(), [...whole.keys()].sort());
});
