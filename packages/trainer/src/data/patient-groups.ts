import { readFile } from 'node:fs/promises';
import { systemReason } from '@genesis/core/node';
import { TrainerError } from '../errors.js';
import { decodeText, parseCsv } from './csv.js';
import { baseKey } from './label-names.js';

/** What says whose a case is. */
export interface PatientRules {
  /** A regular expression over names of cases. */
  readonly patientPattern?: string;
  /** A table with the columns name and patient. */
  readonly patients?: string;
}

/**
 * The group of each case: its patient by the pattern or the table, else the group that it has.
 *
 * @throws TrainerError 'bad-config' for a pattern that is none, 'bad-data' when it or the table does not know a case.
 */
export async function patientGroups(
  cases: readonly { readonly name: string; readonly group: string }[],
  { patientPattern, patients }: PatientRules,
): Promise<string[]> {
  if (patients !== undefined) {
    const known = await readPatients(patients);
    return cases.map(({ name }) => {
      const patient = known.get(name) ?? known.get(baseKey(name));
      if (patient !== undefined) return `patient ${patient}`;
      throw new TrainerError('bad-data', `${patients} does not say whose the case ${name} is`, {
        file: patients,
      });
    });
  }
  if (patientPattern === undefined) return cases.map(({ group }) => group);
  const pattern = compile(patientPattern);
  return cases.map(({ name }) => {
    const found = pattern.exec(name);
    if (found) return `patient ${found[1] ?? found[0]}`;
    throw new TrainerError(
      'bad-data',
      `the pattern ${patientPattern} (--patient-pattern) finds no patient in the case ${name}`,
    );
  });
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw new TrainerError(
      'bad-config',
      `option 'patientPattern' is no regular expression: ${(cause as Error).message}`,
      { cause },
    );
  }
}

const NAME = /^(name|case|case[ _-]?id|id|image)$/i;
const PATIENT = /^(patient|patient[ _-]?id|subject|subject[ _-]?id)$/i;

/** Patients by the names of cases. */
async function readPatients(file: string): Promise<Map<string, string>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new TrainerError('bad-data', `cannot read ${file}: ${systemReason(cause)}`, {
      file,
      cause,
    });
  }
  const [header = [], ...rows] = parseCsv(decodeText(bytes));
  const name = header.findIndex((title) => NAME.test(title));
  const patient = header.findIndex((title) => PATIENT.test(title));
  if (name < 0 || patient < 0) {
    throw new TrainerError(
      'bad-data',
      `${file} has the columns ${header.join(', ')}, but a table of patients has name and patient`,
      { file },
    );
  }
  return new Map(rows.map((row) => [row[name], row[patient]]));
}
