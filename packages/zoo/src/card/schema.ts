import { z } from 'zod';
import { CARD_FILE, MODEL_PACKAGE_FORMAT, type ModelFacts, type PublishedModel } from './api.js';

// What ends up on a terminal and on pages: no control characters, line breaks in long texts alone.
const line = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^\P{Cc}*$/u, 'it must be one line of text');
const paragraph = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .regex(/^(\P{Cc}|\n)*$/u, 'it must be plain text');
const count = z.int().min(0);
const sha256 = z.string().regex(/^[\da-f]{64}$/, 'it must be a SHA-256 in hexadecimal');
const path = z
  .string()
  .max(200)
  .regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'it must be a path inside the package');

/** The fields that a person fills in; `object` decides what becomes of unknown ones. */
const facts = (object: typeof z.object) => ({
  name: z
    .string()
    .max(64)
    .regex(/^[a-z\d]+(-[a-z\d]+)*$/, "it must be small letters and digits, with '-' between words"),
  version: z
    .string()
    .max(64)
    .regex(/^\d+\.\d+\.\d+(-[\dA-Za-z.-]+)?$/, 'it must be a version such as 1.0.0'),
  title: line,
  description: paragraph,
  license: line,
  modality: z.array(line).min(1),
  data: z
    .array(
      object({
        name: line,
        license: line,
        url: z.url({ protocol: /^https?$/ }),
        volumes: z.int().min(1),
        patients: z.int().min(1).optional(),
        modality: line.optional(),
        citation: line.optional(),
        note: paragraph.optional(),
      }),
    )
    .min(1),
  benefits: z
    .array(
      object({
        task: line,
        labels: count.optional(),
        metric: line,
        without: z.number(),
        with: z.number(),
        interval: z.tuple([z.number(), z.number()]).optional(),
        p: z.number().min(0).max(1).optional(),
        seeds: z.int().min(1).optional(),
        verdict: z.enum(['helps', 'no difference', 'harms', 'undecided']),
        note: paragraph.optional(),
      }),
    )
    .default([]),
  limitations: z.array(paragraph).min(1),
  intendedUse: paragraph,
  citation: paragraph,
});

/** What a person says of a model. */
export const factsSchema: z.ZodType<ModelFacts> = z.strictObject(
  facts(z.strictObject as typeof z.object),
);

/** The whole card. */
export const publishedSchema: z.ZodType<PublishedModel> = z
  .object({
    ...facts(z.object),
    format: z.literal(MODEL_PACKAGE_FORMAT),
    medicalDevice: z.literal(false),
    model: z.looseObject({ kind: line, network: z.looseObject({}) }),
    intensities: z.array(line).min(1),
    parameters: z.int().min(1),
    precision: z.enum(['float16', 'float32']),
    recipe: z.object({
      command: z.enum(['pretrain', 'finetune']),
      options: z.record(z.string(), z.unknown()),
      sha256,
    }),
    training: z.object({
      epochs: count,
      steps: count,
      minutes: z.number().min(0),
      volumes: z.object({ train: count, validation: count }),
      best: z.object({ epoch: count, values: z.record(line, z.number()) }),
      engine: line,
      versions: z.record(line, line),
      curve: z
        .array(
          z.object({ epoch: count, step: count, training: z.number(), validation: z.number() }),
        )
        .max(32),
      start: line.optional(),
    }),
    weights: path,
    curve: path.optional(),
    pictures: z.array(
      z.object({
        title: line,
        pictures: z.array(z.object({ name: line, path })).min(1),
      }),
    ),
    files: z.array(z.object({ path, bytes: z.int().min(0), sha256 })).min(1),
  })
  .superRefine((card, context) => {
    const paths = new Set(card.files.map((file) => file.path));
    const used = [
      card.weights,
      ...(card.curve === undefined ? [] : [card.curve]),
      ...card.pictures.flatMap(({ pictures }) => pictures.map((one) => one.path)),
    ];
    for (const one of used) {
      if (!paths.has(one)) context.addIssue(`'${one}' is not among the files`);
    }
    if (paths.size < card.files.length) context.addIssue('a file is listed twice');
    const made = [CARD_FILE, 'README.md', 'package.json'].find((name) => paths.has(name));
    if (made !== undefined) context.addIssue(`'${made}' cannot be among the files`);
  });
