/** Warns that the configuration restores a schedule. @param what what a person is about to do, as a verb in the third person. */
export function ManagedNotice({ what }: { readonly what: 'changes' | 'deletes' }) {
  return (
    <p className="notice notice-warn">
      This schedule is managed by <code>inputs/schedules.yaml</code>. <code>citibike schedules apply</code>{' '}
      and every <code>citibike up</code> {what === 'changes' ? 'overwrite a change' : 'create it again'}. Edit
      the file to keep it.
    </p>
  );
}
