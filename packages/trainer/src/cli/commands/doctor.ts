import type { Command } from 'commander';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Show which engines can be used on this machine, and why others cannot')
    .option('--json', 'print JSON')
    .action(async (flags: { json?: boolean }) => {
      const { doctor } = await import('../../api/doctor.js');
      const found = await doctor();
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
        return;
      }
      const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
      const facts = [
        ['genesis', found.versions.genesis],
        ['node', `${found.versions.node}, ${found.versions.system}`],
        ['tfjs', found.versions.tfjs],
        ['processor', `${found.cpu.model}, ${found.cpu.cores} cores`],
        ['memory', `${gib(found.memory.free)} free of ${gib(found.memory.total)}`],
      ];
      const lines = facts.map(([name, value]) => `${name.padEnd(16)}${value}`);
      lines.push('', 'engines');
      for (const { name, usable, summary } of found.engines) {
        lines.push(`  ${usable ? '✓' : '✗'} ${name.padEnd(16)}${summary}`);
      }
      lines.push('', `auto takes ${found.auto}`);
      if (found.advice !== undefined) lines.push(found.advice);
      const { usable, library, reason } = found.mpi;
      lines.push(
        '',
        'several processes',
        `  ${usable ? '✓' : '✗'} ${'mpi'.padEnd(16)}${library ?? reason}`,
      );
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
