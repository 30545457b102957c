/** Builds the console's pages into `dist`, which console/api serves. Nothing is inlined: the content security policy allows 'self' alone. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { loadSettings } from '../../settings.ts';

export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    // One file of what pages share loads faster than a dozen small ones.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } } },
  },
  // `npx vite console/web` serves the sources and hands /api on to the console of the running stack.
  server:
    command === 'serve'
      ? {
          proxy: {
            '/api': { target: `http://127.0.0.1:${loadSettings().ports.console}`, changeOrigin: true },
          },
        }
      : {},
}));
