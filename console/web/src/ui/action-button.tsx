import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { messageOf } from '../api/problem.ts';
import { keepToken, useToken } from '../api/token.ts';
import { Dialog } from './dialog.tsx';
import { announce } from './notice.tsx';

interface ActionButtonProps {
  readonly label: string;
  readonly title: string;
  /** Tells the user what will happen. */
  readonly consequence: ReactNode;
  /** Performs the action and returns what to tell the user; undefined if the next page says it. */
  readonly act: (reason: string) => Promise<ReactNode>;
  /** Asks for a reason, which the audit records. */
  readonly withReason?: boolean;
  readonly danger?: boolean;
  readonly primary?: boolean;
  readonly disabled?: boolean;
}

/**
 * Asks for confirmation, a reason and a missing token, performs an action and tells the outcome. The page tells it if the action removes
 * the button with its dialog.
 */
export function ActionButton(props: ActionButtonProps) {
  const [open, setOpen] = useState(false);
  const look = props.danger ? ' button-danger' : props.primary ? ' button-primary' : '';
  return (
    <>
      <button
        type="button"
        className={`button${look}`}
        disabled={props.disabled}
        onClick={() => setOpen(true)}
      >
        {props.label}
      </button>
      {open && <Confirmation {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

type Stage =
  | { readonly name: 'asking'; readonly error?: string }
  | { readonly name: 'acting' }
  | { readonly name: 'done'; readonly said: ReactNode };

function Confirmation({
  label,
  title,
  consequence,
  act,
  withReason = false,
  danger = false,
  onClose,
}: ActionButtonProps & { readonly onClose: () => void }) {
  const [stage, setStage] = useState<Stage>({ name: 'asking' });
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const token = useToken();
  const queries = useQueryClient();
  const ids = { reason: useId(), token: useId() };
  const isOpen = useRef(true);
  const unread = useRef<ReactNode>(undefined);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
      if (unread.current !== undefined) announce(unread.current);
    };
  }, []);
  const close = () => {
    unread.current = undefined;
    onClose();
  };

  const confirm = async () => {
    if (typed) keepToken(typed.trim());
    setStage({ name: 'acting' });
    try {
      const said = await act(reason.trim());
      if (isOpen.current) unread.current = said;
      else if (said !== undefined) announce(said);
      setStage({ name: 'done', said });
      await queries.invalidateQueries();
    } catch (error) {
      if (!isOpen.current) announce(messageOf(error), true);
      setStage({ name: 'asking', error: messageOf(error) });
    }
  };

  if (stage.name === 'done') {
    return (
      <Dialog title={title} onClose={close}>
        <div role="status" className="notice notice-good">
          {stage.said}
        </div>
        <div className="actions">
          <button type="button" className="button button-primary" onClick={close} autoFocus>
            Close
          </button>
        </div>
      </Dialog>
    );
  }
  const busy = stage.name === 'acting';
  const incomplete = (withReason && !reason.trim()) || (!token && !typed.trim());
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <div className="prose">{consequence}</div>
        {withReason && (
          <div className="field">
            <label htmlFor={ids.reason}>Reason</label>
            <input
              id={ids.reason}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          </div>
        )}
        {!token && (
          <div className="field">
            <label htmlFor={ids.token}>Token</label>
            <input
              id={ids.token}
              type="password"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <p className="hint">
              The first <code>citibike up</code> printed the token. This tab keeps it until you close the tab.
            </p>
          </div>
        )}
        {stage.name === 'asking' && stage.error && (
          <p role="alert" className="notice notice-bad">
            {stage.error}
          </p>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          <button
            type="submit"
            className={`button ${danger ? 'button-danger' : 'button-primary'}`}
            disabled={busy || incomplete}
          >
            {busy ? 'Working …' : label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
