import { defineConfig } from 'vite'

/** The console: `npm run build:console` writes admin/dist, which the server serves at /admin/. */
export default defineConfig(({ command }) => ({
  base: '/admin/',
  logLevel: 'warn',
  // Whatever NODE_ENV an install or a test has: what is built is what is served.
  ...(command === 'build' && {
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { development: false } },
  }),
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The first page waits for react-admin, MUI and React whatever one does: about 300 kB compressed.
    chunkSizeWarningLimit: 1_200,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    // 'use client' at the head of MUI's files says nothing to a console that has no server half.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  // `npx vite admin` beside a running server: pages from the sources, data from the server.
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:3000' } },
}))
