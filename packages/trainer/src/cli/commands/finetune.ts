import type { Command } from 'commander';
import { tasksOf } from '../../tasks/registry.js';
import { addTrainingCommand } from '../training.js';

export function addFinetune(program: Command): void {
  const command = program
    .command('finetune')
    .description(
      'Train a segmentation or classification network, from pre-trained weights or from none',
    );
  addTrainingCommand(command, tasksOf('finetune'), [
    'genesis finetune --task segmentation --images images --labels labels \\',
    '    --init runs/pre --out runs/seg',
    'genesis finetune --out runs/seg --resume',
  ]);
}
