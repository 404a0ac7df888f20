import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from '@/lib/router'
import { startTexts, type Texts } from '@/lib/i18n'
import type { Lang } from '@/lib/lang'
import { queryClient } from '@/lib/query'

/** Draws the site once its first texts are there. */
export async function start(lang: Lang, texts: Texts, site: ReactNode): Promise<void> {
  await startTexts(lang, texts)
  const root = document.getElementById('root')
  if (!root) throw new Error('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <Suspense>{site}</Suspense>
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  )
}
