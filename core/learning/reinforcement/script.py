"""The run on the page as a short script that anybody can take home."""

from textwrap import dedent, indent

from core import scripts
from core.learning.reinforcement.grid_agents import BATCH_SIZE, MEMORY, STEPS_PER_UPDATE, SYNC
from core.learning.reinforcement.grid_world import MAX_STEPS
from core.learning.reinforcement.model import Config


def script(config: Config, record: int) -> str:
    """Plain Python that learns as the page did, up to `record`, and prints the mean error."""
    planned = config.method == "value_iteration"
    learning = _sweeps(record) if planned else _walk(config, record)
    parts = _world(config), "\n" + learning, _judged()
    return scripts.program("An agent in a grid world.", config, record, *parts)


def _world(config: Config) -> str:
    world = config.world
    return dedent(f'''\
        WIDTH, CELLS = {world.n_columns}, "{world.cells}"
        SLIP, STEP_COST = {config.slip}, {config.step_cost}
        COIN, GAMMA = {config.coin}, {config.discount}
        MOVES = [(-1, 0), (0, 1), (1, 0), (0, -1)]
        FREE = [s for s, letter in enumerate(CELLS) if letter not in "wgp"]


        def moved(s, a):
            row, column = s // WIDTH + MOVES[a][0], s % WIDTH + MOVES[a][1]
            inside = 0 <= row < len(CELLS) // WIDTH and 0 <= column < WIDTH
            after = row * WIDTH + column
            return after if inside and CELLS[after] != "w" else s


        def reward(s, after):
            paid = {{"g": 1.0, "p": -1.0, "c": COIN}}.get(CELLS[after], 0.0)
            return (paid if after != s else 0.0) - STEP_COST


        def sweep(values):
            q = np.zeros((len(CELLS), 4))
            for s in FREE:
                for a in range(4):
                    for turn, p in ((0, 1 - SLIP), (1, SLIP / 2), (3, SLIP / 2)):
                        after = moved(s, (a + turn) % 4)
                        q[s, a] += p * (reward(s, after) + GAMMA * values[after])
            return q
        ''')


def _sweeps(record: int) -> str:
    return dedent(f"""\
        q = np.zeros((len(CELLS), 4))
        for _ in range({record}):
            q = sweep(q.max(axis=1))
        """)


def _walk(config: Config, record: int) -> str:
    sarsa = config.method == "sarsa"
    chosen = "choice(after, luck)" if sarsa else "None"
    follows = "q[after][following]" if sarsa else "max(q[after])"
    start = "FREE[int(luck[3] * len(FREE))]" if config.anywhere else 'CELLS.index("s")'
    loop = dedent(f"""\
        def choice(s, luck):
            if luck[1] < {config.epsilon}:
                return int(luck[2] * 4)
            return q[s].index(max(q[s]))


        s = a = age = n_steps = 0
        for record in range({record}):
            rng = np.random.default_rng(({config.seed}, n_steps))
            for luck in rng.random(({config.steps_per_record}, 4)).tolist():
                if age == 0:
                    s = {start}
                    a = choice(s, luck)
                turn = 0 if luck[0] >= SLIP else 1 if luck[0] < SLIP / 2 else 3
                after = moved(s, (a + turn) % 4)
                r, over = reward(s, after), CELLS[after] in "gp"
                following = {chosen}
                target = r if over else r + GAMMA * {follows}
        {{update}}
                s, age, n_steps = after, age + 1, n_steps + 1
                if over or age >= {MAX_STEPS}:
                    s, age = CELLS.index("s"), 0
                a = {"following" if sarsa else "choice(s, luck)"}
        """)
    deep = config.method == "dqn"
    update = _deep_update() if deep else _table_update(config)
    begin = _network(config) if deep else _table()
    return begin + loop.replace("{update}", indent(update, " " * 8).rstrip())


def _table() -> str:
    return dedent("""\
        q = [[0.0] * 4 for _ in CELLS]
        visits = [[0] * 4 for _ in CELLS]


        """)


def _table_update(config: Config) -> str:
    fall = " * float(visits[s][a]) ** -0.7" if config.falling else ""
    return dedent(f"""\
        visits[s][a] += 1
        q[s][a] += {config.learning_rate}{fall} * (target - q[s][a])
        """)


def _network(config: Config) -> str:
    h = config.n_hidden
    return dedent(f"""\
        torch.manual_seed({config.seed})
        n = len(CELLS)
        network = nn.Sequential(nn.Linear(n, {h}), nn.ReLU(), nn.Linear({h}, 4))
        optimizer = torch.optim.Adam(network.parameters(), lr={config.network_rate})
        memory, rewards = torch.zeros({MEMORY}, 3, dtype=torch.long), torch.zeros({MEMORY})
        is_end = torch.tensor([letter in "gp" for letter in CELLS])
        n_updates = 0


        def table():
            with torch.no_grad():
                return network(torch.eye(n))


        q = table().tolist()


        """)


def _deep_update() -> str:
    return dedent(f"""\
        memory[n_steps % {MEMORY}] = torch.tensor([s, a, after])
        rewards[n_steps % {MEMORY}] = r
        if (n_steps + 1) % {STEPS_PER_UPDATE} == 0 and n_steps >= {BATCH_SIZE}:
            if n_updates % {SYNC} == 0:
                aim = table()
            rows = torch.from_numpy(rng.integers(min(n_steps + 1, {MEMORY}), size={BATCH_SIZE}))
            states, actions, nexts = memory[rows].unbind(1)
            best = aim[nexts].max(dim=1).values
            targets = rewards[rows] + GAMMA * best * ~is_end[nexts]
            answers = network(F.one_hot(states, n).float())
            optimizer.zero_grad()
            F.smooth_l1_loss(answers.gather(1, actions[:, None])[:, 0], targets).backward()
            optimizer.step()
            n_updates += 1
            q = table().tolist()
        """)


def _judged() -> str:
    return dedent("""\
        true = np.zeros((len(CELLS), 4))
        while np.abs(true - (true := sweep(true.max(axis=1)))).max() > 1e-9:
            pass
        apart = np.abs(np.array(q).max(axis=1) - true.max(axis=1))[FREE]
        for s in FREE:
            print(f"row {s // WIDTH + 1}, column {s % WIDTH + 1}: {'^>v<'[int(np.argmax(q[s]))]}")
        print(f"mean error: {apart.mean():.6f}")
        """).rstrip()
