import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { messageOf } from '../api/problem.ts';
import { signIn } from '../api/sign-in.ts';

/** Asks for the token in place of every page, where reading needs one. */
export function Gate() {
  const [typed, setTyped] = useState('');
  const [rejection, setRejection] = useState<string>();
  const id = useId();
  const queries = useQueryClient();
  const enter = async () => {
    setRejection(undefined);
    try {
      await signIn(typed.trim());
      await queries.invalidateQueries();
    } catch (error) {
      setRejection(messageOf(error));
    }
  };
  return (
    <main className="gate">
      <h1>Citi Bike console</h1>
      <p className="prose">
        This console is reachable from other machines, so reading needs a token too. The first{' '}
        <code>citibike up</code> printed one. To create another, run{' '}
        <code>citibike console-token create NAME</code>.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <div className="field">
          <label htmlFor={id}>Token</label>
          <input
            id={id}
            type="password"
            autoComplete="off"
            autoFocus
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p className="hint">The browser keeps it until you close it.</p>
        </div>
        {rejection && (
          <p role="alert" className="notice notice-bad">
            {rejection}
          </p>
        )}
        <div className="actions">
          <button type="submit" className="button button-primary" disabled={!typed.trim()}>
            Sign in
          </button>
        </div>
      </form>
    </main>
  );
}
