interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; undefined where the total is unknown. */
  readonly share?: number | undefined;
  readonly text?: string;
}

export function ProgressBar({ label, share, text }: ProgressBarProps) {
  const known = share === undefined ? {} : { value: Math.min(1, Math.max(0, share)) };
  return (
    <span className="progress">
      <progress max={1} {...known} aria-label={label} />
      {text && <span className="num">{text}</span>}
    </span>
  );
}
