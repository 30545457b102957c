import { useId, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { goOut, readNeedsToken } from '../api/session.ts';
import { keepToken, useToken } from '../api/token.ts';
import { Dialog } from './dialog.tsx';

/** Where the token is given and taken back. */
export function TokenButton() {
  const token = useToken();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const id = useId();
  const queries = useQueryClient();
  const close = () => {
    setTyped('');
    setOpen(false);
  };
  const keep = () => {
    keepToken(typed.trim());
    void queries.invalidateQueries();
    close();
  };
  const forget = async () => {
    close();
    if (readNeedsToken) await goOut();
    else keepToken(undefined);
    await queries.invalidateQueries();
  };
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
        {token ? 'Token: given' : 'Token: none'}
      </button>
      {open && (
        <Dialog title="Token" onClose={close}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              keep();
            }}
          >
            <p className="prose">
              {readNeedsToken
                ? 'Looking and acting need it.'
                : 'Looking needs none on this machine; acting does.'}{' '}
              The first <code>citibike up</code> printed it. For acting it is kept in this tab alone, until
              the tab closes.
            </p>
            <div className="field">
              <label htmlFor={id}>Token</label>
              <input
                id={id}
                type="password"
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </div>
            <div className="actions">
              {(token || readNeedsToken) && (
                <button type="button" className="button" onClick={() => void forget()}>
                  Forget it
                </button>
              )}
              <button type="button" className="button" onClick={close}>
                Close
              </button>
              <button type="submit" className="button button-primary" disabled={!typed.trim()}>
                Keep it
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
