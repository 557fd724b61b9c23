import type { Command } from 'commander';
import { tasksOf } from '../../tasks/registry.js';
import { addTrainingCommand } from '../training.js';

export function addPretrain(program: Command): void {
  const command = program
    .command('pretrain')
    .description('Train a network to restore deformed crops of unlabelled volumes');
  addTrainingCommand(command, tasksOf('pretrain'), [
    'genesis pretrain --images scans --out runs/pre --max-minutes 60',
    'genesis pretrain --out runs/pre --resume',
  ]);
}
