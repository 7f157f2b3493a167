// CartPole's motion, as core/learning/cart_pole.py has it; a browser test compares both.

function cartpoleStep([x, v, angle, spin], action) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const push = ((action ? 10 : -10) + 0.05 * spin ** 2 * sin) / 1.1;
  const turn = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - (0.1 * cos ** 2) / 1.1));
  const speedup = push - (0.05 * turn * cos) / 1.1;
  return [x + 0.02 * v, v + 0.02 * speedup, angle + 0.02 * spin, spin + 0.02 * turn];
}

function cartpoleFallen([x, , angle]) {
  return Math.abs(x) > 2.4 || Math.abs(angle) > (12 * 2 * Math.PI) / 360;
}
