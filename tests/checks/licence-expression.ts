/** Decides whether an SPDX licence expression is satisfied by a list of allowed licences. */

/** @throws Error if the text is not an SPDX expression, such as `SEE LICENSE IN file`. */
export function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  const result = either(tokens, allowed);
  if (tokens.length > 0) throw new Error(`${JSON.stringify(expression)} is not an SPDX expression`);
  return result;
}

// Each function consumes tokens from the front. AND binds tighter than OR.
function either(tokens: string[], allowed: ReadonlySet<string>): boolean {
  let result = both(tokens, allowed);
  while (take(tokens, 'OR')) result = both(tokens, allowed) || result;
  return result;
}

function both(tokens: string[], allowed: ReadonlySet<string>): boolean {
  let result = one(tokens, allowed);
  while (take(tokens, 'AND')) result = one(tokens, allowed) && result;
  return result;
}

function one(tokens: string[], allowed: ReadonlySet<string>): boolean {
  if (take(tokens, '(')) {
    const result = either(tokens, allowed);
    if (!take(tokens, ')')) throw new Error('a parenthesis is not closed');
    return result;
  }
  const id = tokens.shift();
  if (id === undefined || !/^[A-Za-z0-9.+:-]+$/.test(id) || /^(AND|OR|WITH)$/.test(id))
    throw new Error(`a licence is expected where ${JSON.stringify(id ?? 'the end')} stands`);
  // An exception grants more than the licence alone, but the list must allow it explicitly.
  return allowed.has(take(tokens, 'WITH') ? `${id} WITH ${tokens.shift()}` : id);
}

function take(tokens: string[], token: string): boolean {
  if (tokens[0] !== token) return false;
  tokens.shift();
  return true;
}
