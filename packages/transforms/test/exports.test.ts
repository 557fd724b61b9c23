import * as transforms from '@genesis/transforms';
import test from 'ava';

test('the public names', (t) => {
  t.deepEqual(Object.keys(transforms).sort(), [
    'TransformsError',
    'batchMask',
    'bezierIntensity',
    'compose',
    'createBatchPool',
    'createRng',
    'createTask',
    'denoising',
    'flip',
    'genesis',
    'identity',
    'inPainting',
    'jigsaw',
    'kernelsInUse',
    'localShuffling',
    'maskedAutoencoding',
    'outPainting',
    'patchGrid',
    'patchMaskToVoxels',
    'patchShuffling',
    'permutationSet',
    'rngFromState',
    'rotation',
    'rotationClasses',
    'rubiksCube',
    'selectKernels',
    'singleInPainting',
    'taskNames',
  ]);
});
