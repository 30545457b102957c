/** Renders a description of the registry: paragraphs, and bold between pairs of stars. Everything else is text. */
export function Prose({ text }: { readonly text: string }) {
  return text
    .split(/\n{2,}/)
    .map((paragraph, i) => (
      <p key={i}>{paragraph.split('**').map((part, j) => (j % 2 === 1 ? <b key={j}>{part}</b> : part))}</p>
    ));
}
