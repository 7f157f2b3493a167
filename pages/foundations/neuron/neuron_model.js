// The arithmetic of one neuron, as core/foundations/neuron.py has it.

const NEURON_ACTIVATIONS = {
  sigmoid: { symbol: "σ", of: (z) => 1 / (1 + Math.exp(-z)) },
  tanh: { symbol: "tanh", of: Math.tanh },
  identity: { symbol: "", of: (z) => z },
  step: { symbol: "step", of: (z) => (z > 0 ? 1 : 0) },
};

function neuronModel({ activation, targets, arrays }) {
  const { of, symbol } = NEURON_ACTIVATIONS[activation];
  const { data: points } = arrays.points;
  const { data: labels } = arrays.labels;
  const [low, high] = targets;
  const sum = (p, x1, x2) => p[0] * x1 + p[1] * x2 + p[2];
  const entropy = (z, y) => {
    const s = y ? -z : z; // softplus(s), without overflow
    return Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s)));
  };
  const squared = (z, y) => (of(z) - (y ? high : low)) ** 2;
  const loss = activation === "sigmoid" ? entropy : squared;

  /** The mean loss over all examples. */
  const mean = (p) => {
    let total = 0;
    for (let i = 0; i < labels.length; i += 1) {
      total += loss(sum(p, points[2 * i], points[2 * i + 1]), labels[i]);
    }
    return total / labels.length;
  };
  const score = (p) => {
    let right = 0;
    for (let i = 0; i < labels.length; i += 1) {
      right += sum(p, points[2 * i], points[2 * i + 1]) > 0 === labels[i] > 0;
    }
    return { loss: mean(p), right: right / labels.length };
  };
  return { activation, symbol, of, sum, loss, mean, score, targets };
}

function neuronNumber(value, digits = 2) {
  if (Math.abs(value) >= 1e4) return value.toExponential(1).replaceAll("-", "−");
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? (0).toFixed(digits) : text).replace("-", "−");
}

/** The neuron's formula filled with the live numbers, and what its answer costs. */
function neuronFormula(model, p, [x1, x2], label) {
  const z = model.sum(p, x1, x2);
  const a = model.of(z);
  const [w1, w2, b, n1, n2] = [...p, x1, x2].map((value) => neuronNumber(value));
  const wrapped = (text) => (text.startsWith("−") ? `(${text})` : text);
  const parts = [`${w1} · ${wrapped(n1)}`, `${wrapped(w2)} · ${wrapped(n2)}`, wrapped(b)];
  const first = `z = w₁·x₁ + w₂·x₂ + b = ${parts.join(" + ")} = ${neuronNumber(z)}`;
  const answer = `a = ${neuronWritten(model.activation, z)} = ${neuronNumber(a, 3)}`;
  return [first, `${answer}   →   ${neuronVerdict(model, z, a, label)}`];
}

function neuronWritten(activation, z) {
  const value = neuronNumber(z);
  if (activation === "sigmoid") return `σ(z) = 1 / (1 + exp(${neuronNumber(-z)}))`;
  if (activation === "identity") return "z";
  return activation === "tanh" ? `tanh(${value})` : `step(${value})`;
}

function neuronVerdict(model, z, a, label) {
  const says = `says class ${z > 0 ? 1 : 0}`;
  if (label === null) return `${says} at this place`;
  const truth = z > 0 === label > 0 ? "right" : `but it is class ${label}`;
  const cost = neuronNumber(model.loss(z, label));
  const target = neuronNumber(model.targets[label], 0);
  const written =
    model.activation === "sigmoid"
      ? label ? "−ln a" : "−ln(1 − a)"
      : `(a − ${target.startsWith("−") ? `(${target})` : target})²`;
  return `${says}, ${truth}; loss ${written} = ${cost}`;
}
