import {
  copyStrided,
  cStrides,
  type DType,
  dtypeOf,
  isCOrder,
  isDType,
  sizeOf,
  type TypedArray,
  toCOrder,
  viewAs,
  zeros,
  zerosLike,
} from '@genesis/core';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';

/** An array of any rank and layout: axes permuted, mirrored, with gaps. */
const layouts = fc
  .array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 5 })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      order: fc.shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length },
      ),
      mirrored: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      gap: fc.integer({ min: 1, max: 3 }),
      lead: fc.integer({ min: 0, max: 5 }),
    }),
  );

interface Drawn {
  readonly shape: number[];
  readonly order: number[];
  readonly mirrored: boolean[];
  readonly gap: number;
  readonly lead: number;
}

function strided({ shape, order, mirrored, gap, lead }: Drawn) {
  const stride = new Array<number>(shape.length);
  let step = gap;
  for (const axis of order) {
    stride[axis] = step;
    step *= Math.max(1, shape[axis]);
  }
  let offset = lead;
  mirrored.forEach((isMirrored, axis) => {
    if (!isMirrored) return;
    offset += stride[axis] * Math.max(0, shape[axis] - 1);
    stride[axis] = -stride[axis];
  });
  const data = Float32Array.from({ length: lead + step + gap }, (_, n) => n + 1);
  return ndarray(data, shape, stride, offset);
}

/** Element by element, by the definition of a strided array. */
function* elements(shape: readonly number[]): Generator<number[]> {
  const count = sizeOf(shape);
  for (let n = 0; n < count; n++) {
    let rest = n;
    const index = new Array<number>(shape.length);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    yield index;
  }
}

test('a copy between any two layouts has every element in its place and touches no other', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(layouts, layouts, (from, into) => {
        const source = strided(from);
        const target = strided({ ...into, ...sameRank(from, into) });
        target.data.fill(-1);
        copyStrided(source.data, source, target.data, target, from.shape);
        for (const index of elements(from.shape)) {
          if (target.get(...index) !== source.get(...index)) return false;
        }
        return target.data.filter((value) => value !== -1).length === sizeOf(from.shape);
      }),
      { seed: 1, numRuns: 600 },
    ),
  );
});

/** The shape of `from` with what can be kept of the other's layout. */
function sameRank(from: Drawn, into: Drawn): Drawn {
  const axes = from.shape.map((_, axis) => axis);
  const order = [
    ...into.order.filter((axis) => axis < axes.length),
    ...axes.filter((a) => !into.order.includes(a)),
  ];
  return {
    ...into,
    shape: from.shape,
    order,
    mirrored: axes.map((a) => into.mirrored[a] ?? false),
  };
}

test('large copies go by blocks and by tiles to the same end', (t) => {
  const shape = [33, 20, 47];
  const source = ndarray(
    Int16Array.from({ length: sizeOf(shape) }, (_, n) => n % 30011),
    shape,
  );
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
  ]) {
    const view = source.transpose(...order);
    const out = toCOrder(view);
    let wrong = 0;
    let n = 0;
    for (const index of elements(view.shape)) if (out[n++] !== view.get(...index)) wrong++;
    t.is(wrong, 0);
  }
});

test('elements in C order are given as a view, others as a copy of the same type', (t) => {
  const data = Float64Array.from({ length: 24 }, (_, n) => n);
  const whole = ndarray(data, [2, 3, 4]);
  t.is(toCOrder(whole), data);
  const second = toCOrder(whole.pick(1));
  t.is(second.buffer, data.buffer);
  t.deepEqual([...second], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
  const turned = toCOrder(whole.pick(0).transpose(1, 0));
  t.true(turned instanceof Float64Array);
  t.deepEqual([...turned], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
  const wide = BigInt64Array.of(1n, 2n, 3n, 4n);
  t.deepEqual(
    toCOrder({ data: wide, shape: [2, 2], stride: [1, 2], offset: 0 }),
    [1n, 3n, 2n, 4n].reduce((out, value, n) => {
      out[n] = value;
      return out;
    }, new BigInt64Array(4)),
  );
});

test('strides of axes of one element do not matter', (t) => {
  t.deepEqual(cStrides([2, 3, 4]), [12, 4, 1]);
  t.true(isCOrder([1, 3, 1], [99, 1, -5]));
  t.false(isCOrder([2, 3], [1, 2]));
  t.is(sizeOf([]), 1);
});

test('element types by name: an array of each, and back', (t) => {
  const sizes: Record<DType, number> = {
    int8: 1,
    uint8: 1,
    int16: 2,
    uint16: 2,
    int32: 4,
    uint32: 4,
    int64: 8,
    uint64: 8,
    float32: 4,
    float64: 8,
  };
  for (const name of Object.keys(sizes) as DType[]) {
    t.true(isDType(name));
    const made: TypedArray = zeros(name, 3);
    t.is(made.length, 3);
    t.is(made.BYTES_PER_ELEMENT, sizes[name]);
    t.is(dtypeOf(made), name);
    t.is(zerosLike(made, 5).constructor, made.constructor);
  }
  t.is(dtypeOf(new Uint8ClampedArray(1)), 'uint8');
  t.is(dtypeOf(Buffer.alloc(1)), 'uint8');
  for (const other of ['float16', 'constructor', 3, undefined]) t.false(isDType(other));
});

test('bytes seen as elements share their memory; a remainder is left out', (t) => {
  const bytes = new Uint8Array(16).subarray(4, 15);
  const view = viewAs('int32', bytes);
  t.is(view.length, 2);
  view[1] = -1;
  t.deepEqual([...bytes.subarray(4, 8)], [255, 255, 255, 255]);
});

test('a copy of nothing, and of axes that stand for nothing', (t) => {
  const target = new Float32Array(2).fill(9);
  const layout = { offset: 0, stride: [1, 1, 1] };
  copyStrided(new Float32Array(2), layout, target, layout, [2, 0, 1]);
  t.deepEqual([...target], [9, 9]);
  copyStrided(
    Float32Array.of(4, 5),
    { offset: 1, stride: [] },
    target,
    { offset: 0, stride: [] },
    [],
  );
  t.deepEqual([...target], [5, 9]);
});
