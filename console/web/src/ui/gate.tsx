import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { messageOf } from '../api/problem.ts';
import { comeIn } from '../api/session.ts';

/** In place of every page, where looking needs the token too. */
export function Gate() {
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const id = useId();
  const queries = useQueryClient();
  const enter = async () => {
    setRefusal(undefined);
    try {
      await comeIn(typed.trim());
      await queries.invalidateQueries();
    } catch (error) {
      setRefusal(messageOf(error));
    }
  };
  return (
    <main className="gate">
      <h1>Citi Bike console</h1>
      <p className="prose">
        This console can be reached from other machines, so looking needs the token too. The first{' '}
        <code>citibike up</code> printed it; <code>citibike console-token create NAME</code> makes another.
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
          <p className="hint">Kept until this browser closes.</p>
        </div>
        {refusal && (
          <p role="alert" className="notice notice-bad">
            {refusal}
          </p>
        )}
        <div className="actions">
          <button type="submit" className="button button-primary" disabled={!typed.trim()}>
            Come in
          </button>
        </div>
      </form>
    </main>
  );
}
