import { useId } from 'react';
import { keyOf, type Field, type Filled } from './fields.ts';

interface SchemaFormProps {
  readonly fields: readonly Field[];
  readonly filled: Filled;
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (filled: Filled) => void;
}

/** Renders a form for a workflow's input. Empty fields use the server's defaults, which the placeholders show. */
export function SchemaForm({ fields, filled, problems, onChange }: SchemaFormProps) {
  return (
    <div className="form-grid">
      {fields.map((field) =>
        field.kind === 'group' ? (
          <Group key={keyOf(field)} field={field} filled={filled} problems={problems} onChange={onChange} />
        ) : (
          <Input
            key={keyOf(field)}
            field={field}
            value={filled[keyOf(field)] ?? ''}
            problem={problems[keyOf(field)]}
            onChange={(value) => onChange({ ...filled, [keyOf(field)]: value })}
          />
        ),
      )}
    </div>
  );
}

function Group({
  field,
  ...rest
}: Omit<SchemaFormProps, 'fields'> & { readonly field: Extract<Field, { kind: 'group' }> }) {
  const form = <SchemaForm fields={field.fields} {...rest} />;
  const touched = field.fields.some((inner) => rest.filled[keyOf(inner)] || rest.problems[keyOf(inner)]);
  if (field.required) {
    return (
      <fieldset className="group">
        <legend>
          {field.path.at(-1)} <span className="hint">{field.title || field.description}</span>
        </legend>
        {form}
      </fieldset>
    );
  }
  return (
    <details className="group" open={touched || undefined}>
      <summary>
        {field.path.at(-1)} <span className="hint">{field.title || field.description || 'optional'}</span>
      </summary>
      {form}
    </details>
  );
}

interface InputProps {
  readonly field: Exclude<Field, { kind: 'group' }>;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

function Input({ field, value, problem, onChange }: InputProps) {
  const id = useId();
  const said = `${id}-said`;
  const common = {
    id,
    value,
    'aria-describedby': said,
    'aria-invalid': problem ? true : undefined,
    'aria-required': field.required || undefined,
  };
  const fallback = field.fallback === undefined ? '' : JSON.stringify(field.fallback).replaceAll('"', '');
  return (
    <div className={`field${field.kind === 'json' ? ' field-wide' : ''}`}>
      <label htmlFor={id}>
        {field.path.at(-1)}
        {field.required && <span className="required"> (required)</span>}
      </label>
      {field.kind === 'choice' || field.kind === 'flag' ? (
        <select {...common} onChange={(event) => onChange(event.target.value)}>
          <option value="">{fallback ? `default: ${fallback}` : 'not set'}</option>
          {(field.kind === 'flag' ? ['true', 'false'] : field.options).map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      ) : field.kind === 'json' ? (
        <textarea
          {...common}
          rows={2}
          placeholder={fallback}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          {...common}
          inputMode={field.kind === 'number' ? 'decimal' : 'text'}
          placeholder={fallback}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      <p id={said} className={problem ? 'hint hint-bad' : 'hint'}>
        {problem ?? hintOf(field)}
      </p>
    </div>
  );
}

function hintOf({ title, description, kind }: Field): string {
  return [title, description].filter(Boolean).join('; ') || (kind === 'json' ? 'as JSON' : '');
}
