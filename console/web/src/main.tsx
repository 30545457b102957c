import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { mayPass, refetchAfter } from './api/refetch-interval.ts';
import { App } from './app.tsx';
import { applyTheme, storedTheme } from './ui/theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/components.css';
import './styles/tables.css';
import './styles/previews.css';
import './styles/controls.css';
import './styles/charts.css';
import './styles/pages.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      refetchInterval: refetchAfter(false),
      retry: (count, error) => count < 2 && mayPass(error),
    },
  },
});

applyTheme(storedTheme());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
