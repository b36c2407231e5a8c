"""Records Fixtures/training: PyTorch's Adam and learning-rate schedules.

    adam.safetensors       50 steps of Adam (0.9, 0.999, eps 1e-8) on three problems in float64 and
                           float32; learning rate 1e-3 for steps 0..24, 1e-4 for steps 25..49
    schedules.safetensors  learning rates of ReduceLROnPlateau, OneCycleLR and CosineAnnealingLR

Adam, for problem in (quadratic, rosenbrock, scales) and precision in (float64, float32):

    <problem>.<precision>.start [n]           parameters before step 0
    <problem>.<precision>.gradients [50, n]   gradient used by step i
    <problem>.<precision>.losses [50]         loss before step i (not for `scales`)
    <problem>.<precision>.parameters [50, n]  parameters after step i
    <problem>.<precision>.first_moment, .second_moment [n]   after the last step
    quadratic.matrix [n, n], quadratic.vector [n]            f = p.A p/2 - b.p
    learning_rates [50]

`rosenbrock` is sum_i 10 (p_{i+1} - p_i^2)^2 + (1 - p_i)^2 over i = 0..n-2. `scales` has no loss:
its gradients are random numbers times 10^-12 ... 10^6, some of them zero, so that the place of
eps (outside the root) and the bias corrections show.
"""

import numpy as np
import torch

from recording import Recorder

STEPS, DROP = 50, 25
PACKAGES = ["torch", "numpy"]


def rosenbrock(p):
    return (10 * (p[1:] - p[:-1] ** 2) ** 2 + (1 - p[:-1]) ** 2).sum()


def adam_trajectory(start, dtype, loss=None, gradients=None):
    """Steps by the gradient of `loss`, or by given gradients."""
    parameter = torch.tensor(start, dtype=dtype, requires_grad=True)
    optimiser = torch.optim.Adam(
        [parameter], lr=1e-3, betas=(0.9, 0.999), eps=1e-8, foreach=False, fused=False)
    start = parameter.detach().numpy().copy()
    result = {"start": start, "gradients": [], "losses": [], "parameters": []}
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = 1e-3 if step < DROP else 1e-4
        optimiser.zero_grad()
        if loss is None:
            parameter.grad = torch.tensor(gradients[step], dtype=dtype)
        else:
            value = loss(parameter)
            value.backward()
            result["losses"].append(value.detach().numpy().copy())
        result["gradients"].append(parameter.grad.numpy().copy())
        optimiser.step()
        result["parameters"].append(parameter.detach().numpy().copy())
    state = optimiser.state[parameter]
    result = {name: np.array(value) for name, value in result.items() if len(value)}
    return result | {
        "first_moment": state["exp_avg"].numpy(), "second_moment": state["exp_avg_sq"].numpy()}


def record_adam(recorder, seed=2000):
    random = np.random.default_rng(seed)
    n = 6
    root = random.standard_normal((n, n))
    matrix, vector = root @ root.T / n + 0.1 * np.eye(n), random.standard_normal(n)
    tensors = {
        "quadratic.matrix": matrix, "quadratic.vector": vector,
        "learning_rates": np.where(np.arange(STEPS) < DROP, 1e-3, 1e-4),
    }
    starts = {name: random.standard_normal(n) for name in ("quadratic", "rosenbrock", "scales")}
    exponents = random.integers(-12, 7, (STEPS, n)).astype(np.float64)
    given = random.standard_normal((STEPS, n)) * 10.0**exponents
    given[random.random((STEPS, n)) < 0.2] = 0
    given[:, 0] = 1e-10 * random.standard_normal(STEPS)
    given[:, 1] = 0
    for dtype in (torch.float64, torch.float32):
        a, b = torch.tensor(matrix, dtype=dtype), torch.tensor(vector, dtype=dtype)
        trajectories = {
            "quadratic": adam_trajectory(
                starts["quadratic"], dtype, loss=lambda p: 0.5 * p @ (a @ p) - b @ p),
            "rosenbrock": adam_trajectory(starts["rosenbrock"], dtype, loss=rosenbrock),
            "scales": adam_trajectory(starts["scales"], dtype, gradients=given),
        }
        precision = str(dtype).removeprefix("torch.")
        for problem, trajectory in trajectories.items():
            for name, value in trajectory.items():
                tensors[f"{problem}.{precision}.{name}"] = value
    conventions = (
        "m := b1 m + (1 - b1) g; v := b2 v + (1 - b2) g^2; "
        "p := p - lr/(1 - b1^t) m/(sqrt(v)/sqrt(1 - b2^t) + eps), t = 1, 2, ...")
    recorder.save(
        "adam", tensors, dict(beta1="0.9", beta2="0.999", eps="1e-8", steps=str(STEPS)), seed=seed,
        conventions=conventions,
        tolerance="given the recorded gradients: relative L2 1e-14 in float64, 1e-6 in float32")


def plateau(metrics, start):
    """Learning rate after each metric has been reported."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=start)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, mode="min", factor=0.1, patience=5, threshold=1e-4, threshold_mode="rel")
    rates = []
    for metric in metrics:
        schedule.step(metric)
        rates.append(optimiser.param_groups[0]["lr"])
    return np.array(rates)


def stepped_rates(make_schedule, count, start=1e-3):
    """Learning rate and Adam's first beta in force at steps 0..count-1."""
    optimiser = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=start)
    schedule = make_schedule(optimiser)
    rates, betas = [], []
    for step in range(count):
        rates.append(optimiser.param_groups[0]["lr"])
        betas.append(optimiser.param_groups[0]["betas"][0])
        optimiser.step()
        if step + 1 < count:
            schedule.step()
    return np.array(rates), np.array(betas)


def plateau_metrics(random):
    """Metric sequences: noisy decay, a constant, and improvements near the threshold."""
    epochs = np.arange(80)
    edge = [1.0]
    for factor in [0.99995] * 8 + [0.9998] * 4 + [0.99991] * 9 + [0.99989] * 7 + [1.0] * 12:
        edge.append(edge[-1] * factor)
    return {
        "noisy": (20 * np.exp(-epochs / 9) + 1 + 0.15 * random.standard_normal(80), 1e-3),
        "constant": (np.full(60, 2.5), 1e-3),
        "threshold": (np.array(edge), 1e-2),
    }


def record_schedules(recorder, seed=2100):
    random = np.random.default_rng(seed)
    tensors = {}
    for name, (metrics, start) in plateau_metrics(random).items():
        tensors[f"plateau.{name}.metrics"] = metrics
        tensors[f"plateau.{name}.start"] = np.array([start])
        tensors[f"plateau.{name}.rates"] = plateau(metrics.tolist(), start)
    schedulers = torch.optim.lr_scheduler
    for total in (10, 101, 1000):
        for momentum in (False, True):
            rates, betas = stepped_rates(
                lambda optimiser: schedulers.OneCycleLR(
                    optimiser, max_lr=3e-3, total_steps=total, anneal_strategy="cos",
                    cycle_momentum=momentum), total)
            if momentum:
                tensors[f"one_cycle.{total}.cycled_beta1"] = betas
            else:
                tensors[f"one_cycle.{total}.rates"] = rates
    for total, floor in ((50, 0.0), (50, 1e-5), (7, 1e-6)):
        rates, _ = stepped_rates(
            lambda optimiser: schedulers.CosineAnnealingLR(optimiser, T_max=total, eta_min=floor),
            total + 1)
        tensors[f"cosine.{total}.{floor:g}.rates"] = rates
    metadata = {
        "plateau": "mode min, factor 0.1, patience 5, threshold 1e-4 relative, cooldown 0, "
        "min_lr 0, eps 1e-8 (a reduction by less than eps is not made)",
        "one_cycle": "max_lr 3e-3, pct_start 0.3, div_factor 25, final_div_factor 1e4, cosine, "
        "two phases",
        "cosine": "start 1e-3; named by T_max and eta_min; T_max + 1 rates",
    }
    recorder.save(
        "schedules", tensors, metadata, seed=seed,
        conventions="rates[i] is in force at step i; plateau: after metric i has been reported",
        tolerance="relative L2: 1e-14; PyTorch computes the cosine schedule by recurrence, 1e-13")


def main():
    torch.set_num_threads(1)
    recorder = Recorder(
        "training", __file__, PACKAGES, ["OptimiserFixtureTests"], __doc__.split("\n")[0])
    record_adam(recorder)
    record_schedules(recorder)


if __name__ == "__main__":
    main()
