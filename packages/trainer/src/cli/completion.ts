import type { Command, Option } from 'commander';
import { choicesOf } from './add-options.js';

/** Shells that are known. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** A script for a shell, made from the commands and options that the program has. Values without a list are completed as files. */
export function completionScript(program: Command, shell: (typeof shells)[number]): string {
  const name = program.name();
  switch (shell) {
    case 'bash':
      return bash(program, name);
    case 'zsh':
      // zsh runs scripts of bash here.
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(program, name)}`;
    case 'fish':
      return fish(program, name);
  }
}

/** The options of a command and of its own commands, each once. */
function shown(command: Command): readonly Option[] {
  const all = [command, ...command.commands].flatMap((one) => one.createHelp().visibleOptions(one));
  return [...new Map(all.map((option) => [option.long, option])).values()];
}

/** What may stand after a command that is no option: names of its own commands, choices of its arguments. */
function places({ commands, registeredArguments }: Command): readonly string[] {
  const choices = registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return [...commands.map((one) => one.name()), ...choices];
}

function bash(program: Command, name: string): string {
  const words = program.commands.map((command) => command.name());
  const cases = program.commands.map((command) => {
    const options = shown(command);
    const flags = options.flatMap(({ long, short }) => [long, short].filter((one) => one));
    const values = options.flatMap((option) => {
      if (!option.required && !option.optional) return [];
      // What has no list is completed as a file.
      return [`        ${option.long}) words='${choicesOf(option).join(' ')}' ;;`];
    });
    return `    ${command.name()})
      case "$before" in
${values.join('\n')}
        *) words='${[...flags, ...places(command)].join(' ')}' ;;
      esac ;;`;
  });
  return `# Completion of ${name} for bash.
_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${words.join(' ')} --help --version' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _${name} ${name}
`;
}

function fish(program: Command, name: string): string {
  const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = [`# Completion of ${name} for fish.`];
  for (const command of program.commands) {
    lines.push(
      `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name()} -d ${quoted(command.description())}`,
    );
    const after = `-n '__fish_seen_subcommand_from ${command.name()}'`;
    for (const option of shown(command)) {
      const long = option.long?.replace(/^--/, '');
      if (long === undefined) continue;
      const choices = choicesOf(option);
      const value =
        choices.length > 0
          ? ` -x -a ${quoted(choices.join(' '))}`
          : option.required || option.optional
            ? ' -r'
            : '';
      lines.push(
        `complete -c ${name} ${after} -l ${long}${value} -d ${quoted(option.description)}`,
      );
    }
    const words = places(command);
    if (words.length > 0)
      lines.push(`complete -c ${name} ${after} -f -a ${quoted(words.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}
