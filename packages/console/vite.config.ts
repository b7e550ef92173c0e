import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { compressFolder } from './build/compress.ts'

/** What is served is compressed once, here, as well as it goes. */
const compressed: Plugin = { name: 'compressed', writeBundle: ({ dir }) => compressFolder(dir ?? 'dist') }

const config = defineConfig({
  base: '/console/',
  plugins: [react(), compressed],
  // A file inlined into a style or a script would need a policy with `data:`.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    chunkSizeWarningLimit: 1_000,
    // What every first load needs is one file: in forty they weigh more, each with its headers, than the code that they share.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
})

// biome-ignore lint/style/noDefaultExport: Vite reads it so
export default config
