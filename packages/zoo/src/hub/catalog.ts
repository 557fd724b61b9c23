/** A model of this project that anybody may have. */
export interface CatalogModel {
  /** `zoo:NAME` names it. */
  readonly name: string;
  readonly title: string;
  /** Of the weights. */
  readonly license: string;
}

/** The models that this project publishes, as packages `@genesis/model-NAME`; their cards are in the folder `models` of its repository. */
export const catalog: readonly CatalogModel[] = [
  { name: 'genesis-ct-small', title: 'Genesis CT, small', license: 'CC-BY-4.0' },
];
