import { useId, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { signOut, readNeedsToken } from '../api/sign-in.ts';
import { keepToken, useToken } from '../api/token.ts';
import { Dialog } from './dialog.tsx';

/** Lets the user enter or forget the token. */
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
    if (readNeedsToken) await signOut();
    else keepToken(undefined);
    await queries.invalidateQueries();
  };
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
        {token ? 'Token: set' : 'Token: none'}
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
                ? 'Reading and acting need a token.'
                : 'On this machine only actions need a token.'}{' '}
              The first <code>citibike up</code> printed one. This tab keeps it until you close the tab.
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
                  Forget token
                </button>
              )}
              <button type="button" className="button" onClick={close}>
                Close
              </button>
              <button type="submit" className="button button-primary" disabled={!typed.trim()}>
                Save
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
