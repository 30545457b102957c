import { useId, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { messageOf } from '../api/problem.ts';
import { checkToken, signOut, readNeedsToken } from '../api/sign-in.ts';
import { keepToken, useToken } from '../api/token.ts';
import { Dialog } from './dialog.tsx';

/** Lets the user enter or forget the token. */
export function TokenButton() {
  const token = useToken();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const id = useId();
  const queries = useQueryClient();
  const [rejection, setRejection] = useState<string>();
  const [name, setName] = useState<string>();
  const [isChecking, setChecking] = useState(false);
  const close = () => {
    setTyped('');
    setRejection(undefined);
    setName(undefined);
    setOpen(false);
  };
  const check = async () => {
    setRejection(undefined);
    setName(undefined);
    setChecking(true);
    try {
      setName(await checkToken(typed.trim()));
      setTyped('');
      void queries.invalidateQueries();
    } catch (error) {
      setRejection(messageOf(error));
    } finally {
      setChecking(false);
    }
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
              void check();
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
            {rejection && (
              <p role="alert" className="notice notice-bad">
                {rejection}
              </p>
            )}
            {name && (
              <p role="status" className="notice notice-good">
                The token <b>{name}</b> is valid. This tab can act now.
              </p>
            )}
            <div className="actions">
              {(token || readNeedsToken) && (
                <button type="button" className="button" onClick={() => void forget()}>
                  Forget token
                </button>
              )}
              <button type="button" className="button" onClick={close}>
                Close
              </button>
              <button type="submit" className="button button-primary" disabled={!typed.trim() || isChecking}>
                {isChecking ? 'Checking …' : 'Check and save'}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
