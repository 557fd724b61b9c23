import { defineConfig } from 'vite';

// Shared memory needs a page that is cross-origin isolated.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: '../../packages/transforms/build/playground',
    emptyOutDir: true,
  },
  server: { headers },
  preview: { headers },
});
