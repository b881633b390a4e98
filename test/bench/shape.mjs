/**
 * The code that lays out the rows of our own statement as our answer, as one would write it by hand. It is found out
 * from an answer and the rows it was made of, so that it follows the statement wherever that goes.
 */

/** All values within a row, each with the expression that reads it. */
function* valuesIn(value, expression) {
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) {
    for (const [key, inner] of Object.entries(value)) {
      yield* valuesIn(inner, Array.isArray(value) ? `${expression}[${key}]` : `${expression}[${JSON.stringify(key)}]`);
    }
  } else {
    yield expression;
  }
}

/** How a value in a row becomes one in an answer. */
const WAYS = [(read) => read, (read) => `(${read} && new Date(${read}).toISOString())`];

const under = (value, path) => path.reduce((inner, key) => inner?.[key], value);

function isSame(read, rows, wanted) {
  try {
    // oxlint-disable-next-line no-new-func -- the expression was put together above, from names of columns
    const of = new Function('r', `return ${read}`);
    return rows.every((row, i) => of(row) === wanted[i]);
  } catch {
    return false;
  }
}

function expressionFor(path, rows, nodes, reads) {
  const wanted = nodes.map((node) => under(node, path));
  for (const way of WAYS) {
    const found = reads.map(way).find((read) => isSame(read, rows, wanted));
    if (found) return found;
  }
  return undefined;
}

/** A page may come as rows, or as one row that holds it as JSON, parsed or as text. */
const ROWS_OF = [
  'rows => rows',
  ...['rows[0][Object.keys(rows[0])[0]]', 'JSON.parse(rows[0][Object.keys(rows[0])[0]])'].map(
    (one) => `rows => ${one}`,
  ),
  'rows => Object.values(rows[0])[0].nodes ?? Object.values(rows[0])[0].rows',
];

function pageIn(rowsOf, { rows, nodes }) {
  // oxlint-disable-next-line no-new-func -- one of the constants above
  const page = new Function(`return ${rowsOf}`)()(rows);
  if (!Array.isArray(page) || page.length < nodes.length)
    throw new Error('the statement gives no rows that could be the page');
  return page.slice(0, nodes.length);
}

function layout(rowsOf, samples) {
  const shown = samples.flatMap((sample) => pageIn(rowsOf, sample));
  const nodes = samples.flatMap((sample) => sample.nodes);
  const reads = [...new Set(shown.flatMap((row) => [...valuesIn(row, 'r')]))];
  const write = (node, path) => {
    const parts = Object.keys(node).map((key) => {
      const inner = node[key];
      const at = [...path, key];
      if (inner !== null && typeof inner === 'object') return `${key}: ${write(inner, at)}`;
      const read = expressionFor(at, shown, nodes, reads);
      if (!read) throw new Error(`nothing in the rows is ${at.join('.')}`);
      return `${key}: ${read}`;
    });
    return `{ ${parts.join(', ')} }`;
  };
  return `exports.rowsOf = ${rowsOf};\nexports.nodeOf = r => (${write(nodes[0], [])});\n`;
}

/**
 * The source of that code, out of rows and the nodes that ours made of them, once or several times.
 * @throws when an answer holds what the rows do not
 */
export function shapeOf(samples) {
  let reason;
  for (const rowsOf of ROWS_OF) {
    try {
      return layout(rowsOf, samples);
    } catch (error) {
      // Why the rows did not do says more than that they are not a text that holds rows.
      if (rowsOf === ROWS_OF[0] || error.message.startsWith('nothing in the rows')) reason = error;
    }
  }
  throw reason;
}
