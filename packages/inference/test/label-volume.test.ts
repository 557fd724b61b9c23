import { labelVolume, referenceNetwork, type SegmentationCard } from '@genesis/inference';
import { createVolume, encodeVolume, readHeader, readVolume, type Vec3 } from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';

test('a label map says the space that the image said: codes of sform and qform, and the place', async (t) => {
  const shape: Vec3 = [4, 3, 2];
  const bytes = await encodeVolume(
    createVolume(new Int16Array(24), {
      shape,
      affine: [-2, 0, 0, 9, 0, 3, 0, -8, 0, 0, 4, 7, 0, 0, 0, 1],
    }),
    'nifti1',
  );
  new DataView(bytes.buffer).setInt16(254, 4, true);
  const image = await readVolume(bytes);
  const classes = ndarray(new Uint8Array(24).fill(1), [...shape]);
  const card: SegmentationCard = {
    version: 1,
    kind: 'segmentation',
    network: referenceNetwork,
    crop: [8, 8, 8],
    preparation: { orientation: 'native', normalization: 'zscore', nonFinite: 'error' },
    classes: [
      { value: 0, name: 'background' },
      { value: 5, name: 'organ' },
    ],
  };
  const labels = labelVolume({ classes, affine: image.affine }, card, image);
  const written = await readHeader(await encodeVolume(labels, 'nifti1'));
  t.is(written.fields.sform_code, 4);
  t.is(written.fields.qform_code, 1);
  t.deepEqual(written.affine, image.affine);
  t.is(labels.data.get(1, 1, 1), 5);
});
