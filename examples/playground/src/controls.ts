/** A group of controls under a heading. */
export function group(parent: HTMLElement, title: string): HTMLFieldSetElement {
  const fieldset = document.createElement('fieldset');
  const legend = document.createElement('legend');
  legend.textContent = title;
  fieldset.append(legend);
  parent.append(fieldset);
  return fieldset;
}

/** A group that opens and closes, with a switch. */
export interface FoldOpts {
  id: string;
  title: string;
  isOn: boolean;
  isOpen: boolean;
  turn(isOn: boolean): void;
  fold(isOpen: boolean): void;
}

/** A group of controls that opens and closes, and that a switch turns on and off. */
export function fold(parent: HTMLElement, opts: FoldOpts): HTMLElement {
  const details = document.createElement('details');
  details.open = opts.isOpen;
  details.classList.toggle('on', opts.isOn);
  const summary = document.createElement('summary');
  const toggle = document.createElement('input');
  Object.assign(toggle, { type: 'checkbox', id: opts.id, checked: opts.isOn });
  toggle.setAttribute('aria-label', opts.title);
  toggle.addEventListener('change', () => opts.turn(toggle.checked));
  const text = document.createElement('span');
  text.textContent = opts.title;
  summary.append(text, toggle);
  details.append(summary);
  details.addEventListener('toggle', () => opts.fold(details.open));
  parent.append(details);
  return details;
}

function row(parent: HTMLElement, label: string, element: 'label' | 'div'): HTMLElement {
  const line = document.createElement(element);
  line.className = 'row';
  const text = document.createElement('span');
  text.textContent = label;
  line.append(text);
  parent.append(line);
  return line;
}

export interface SliderOpts {
  id: string;
  label: string;
  min: number;
  max: number;
  step?: number;
  value: number;
  change(value: number): void;
}

export function slider(parent: HTMLElement, opts: SliderOpts): void {
  const { id, label, min, max, step = 1, value, change } = opts;
  const line = row(parent, label, 'label');
  const input = document.createElement('input');
  const output = document.createElement('output');
  Object.assign(input, { type: 'range', id, min, max, step });
  input.value = String(value);
  const show = (): void => {
    output.value = step < 1 ? input.valueAsNumber.toFixed(2) : input.value;
  };
  show();
  input.addEventListener('input', () => {
    show();
    change(input.valueAsNumber);
  });
  line.append(input, output);
}

export interface ChoiceOpts<T extends string> {
  id: string;
  label: string;
  values: readonly T[];
  pressed(value: T): boolean;
  choose(value: T): void;
}

/** A row of buttons, some of them pressed. */
export function choice<T extends string>(parent: HTMLElement, opts: ChoiceOpts<T>): void {
  const line = row(parent, opts.label, 'div');
  const buttons = document.createElement('div');
  buttons.className = 'choices';
  for (const value of opts.values) {
    const button = document.createElement('button');
    button.type = 'button';
    button.id = `${opts.id}-${value}`;
    button.textContent = value;
    button.setAttribute('aria-pressed', String(opts.pressed(value)));
    button.addEventListener('click', () => opts.choose(value));
    buttons.append(button);
  }
  line.append(buttons);
}

export function action(parent: HTMLElement, id: string, label: string, run: () => void): void {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', id, textContent: label, className: 'main' });
  button.addEventListener('click', run);
  parent.append(button);
}
