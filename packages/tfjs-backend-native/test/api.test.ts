import { GENESIS_KERNELS } from '@genesis/core/kernels';
import * as native from '@genesis/tfjs-backend-native';
import { getKernel } from '@tensorflow/tfjs-core';
import test from 'ava';

test('the public names', (t) => {
  t.deepEqual(Object.keys(native).sort(), [
    'NativeSettingError',
    'NativeUnavailableError',
    'nativeMemory',
    'nativeStatus',
    'registerNativeBackend',
    'setInstructionSet',
    'setNumThreads',
    'setPrecision',
    'startNativeProfile',
    'stopNativeProfile',
    'trimNativeMemory',
  ]);
});

test('it has every kernel of the contract', (t) => {
  native.registerNativeBackend();
  for (const name of GENESIS_KERNELS) t.not(getKernel(name, 'native'), undefined, name);
});

test('settings are reported and refused by name', (t) => {
  const before = native.nativeStatus();
  t.true(before.available);
  t.true(['avx512', 'avx2', 'base'].includes(before.isa));
  native.setNumThreads(1);
  native.setPrecision('strict');
  t.like(native.nativeStatus(), { threads: 1, precision: 'strict' });
  native.setNumThreads(before.threads);
  native.setPrecision('fast');
  t.like(native.nativeStatus(), { threads: before.threads, precision: 'fast' });
  for (const count of [0, -1, 1.5, Number.NaN, 257]) {
    t.throws(() => native.setNumThreads(count), { code: 'native-setting' });
  }
  t.throws(() => native.setPrecision('sloppy' as never), { code: 'native-setting' });
  t.throws(() => native.setInstructionSet('mmx' as never), { code: 'native-setting' });
});
