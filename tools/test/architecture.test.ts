import { existsSync } from 'node:fs';
import test from 'ava';
import { missingThings } from './named-things.js';
import { readText, root } from './repository.js';

const page = 'docs/architecture.md';

test('what the page on the architecture names is there', (t) => {
  t.true(existsSync(`${root}/${page}`), `${page} is missing`);
  t.deepEqual(missingThings(readText(page), root), []);
});

for (const other of ['CONTRIBUTING.md', 'SECURITY.md']) {
  test(`paths that ${other} names are there`, (t) => {
    const missing = missingThings(readText(other), root).filter((token) =>
      /^(packages|tools|examples)\//.test(token),
    );
    t.deepEqual(missing, []);
  });
}

const zoo = 'packages/zoo/src/weights';

for (const [text, wanted] of [
  [`\`${zoo}/read-weights.ts\` holds \`readWeights\` and \`detectWeightFormat()\`.`, []],
  [`\`${zoo}/read-weights.ts#readWeights\``, []],
  [`\`${zoo}/{h5,safetensors}.ts\`, \`packages/*/src/index.ts\`, \`@genesis/core/node\``, []],
  ['`GenesisError` anywhere; `a command --flag`, `42`', []],
  [`\`${zoo}/gone.ts\``, [`${zoo}/gone.ts`]],
  [`\`${zoo}/{h5,gone}.ts\``, [`${zoo}/{h5,gone}.ts`]],
  [`\`${zoo}/gone-*.ts\``, [`${zoo}/gone-*.ts`]],
  [`\`${zoo}/read-weights.ts\` holds \`readNothing\``, ['readNothing']],
  [`\`${zoo}/read-weights.ts#readNothing\``, [`${zoo}/read-weights.ts#readNothing`]],
  [`\`${zoo}/read-weights.ts\` does not hold \`encodeSafetensors\``, ['encodeSafetensors']],
  [`- \`${zoo}/h5.ts\`\n- \`encodeSafetensors\` stands in another item`, []],
  ['`@genesis/nothing`, `@genesis/core/nothing`', ['@genesis/nothing', '@genesis/core/nothing']],
] as const) {
  test(`names of a page are looked for: ${text}`, (t) => {
    t.deepEqual(missingThings(text, root), [...wanted]);
  });
}
