"""Writes values of losses, metrics, optimisers and schedules, for the tests of @genesis/unet3d.

    python packages/unet3d/test/reference/losses.py packages/unet3d/test/fixtures

Needs torch, monai, scikit-learn, scipy, numpy. Seeded. Losses come with their gradient in the
prediction: MONAI's and PyTorch's are computed from logits, ours from probabilities, so the
gradient is taken after sigmoid or softmax, which the tests apply too.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from monai.losses import DiceCELoss, DiceLoss, FocalLoss, SSIMLoss
from monai.metrics import compute_hausdorff_distance
from sklearn.metrics import accuracy_score, roc_auc_score
from torch import nn

rng = np.random.default_rng(5)
torch.manual_seed(5)


def flat(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().double().numpy().ravel()]


def channels_last(tensor):
    return flat(tensor.permute(0, 2, 3, 4, 1))


def losses():
    shape = (2, 3, 4, 3)
    out = {"shape": [2, 3, 4, 3], "cases": {}}
    binary = torch.randn(2, 1, *shape[1:], dtype=torch.float64)
    mask = (torch.rand(2, 1, *shape[1:]) > 0.6).double()
    many = torch.randn(2, 3, *shape[1:], dtype=torch.float64)
    labels = torch.randint(0, 3, (2, 1, *shape[1:]))
    onehot = torch.zeros(2, 3, *shape[1:], dtype=torch.float64).scatter_(1, labels, 1.0)
    out["binary"] = {"logits": channels_last(binary), "target": channels_last(mask)}
    out["many"] = {"logits": channels_last(many), "target": channels_last(onehot)}

    def reference_dice(p, t):
        return 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1)

    sigmoid, softmax = torch.sigmoid, lambda z: torch.softmax(z, 1)
    monai = lambda **k: DiceLoss(smooth_nr=1, smooth_dr=1, **k)
    cases = {
        "mse": ("binary", lambda z, t: nn.functional.mse_loss(sigmoid(z), t)),
        "mae": ("binary", lambda z, t: nn.functional.l1_loss(sigmoid(z), t)),
        "diceReference": ("binary", lambda z, t: reference_dice(sigmoid(z), t)),
        "diceSample": ("binary", lambda z, t: monai(sigmoid=True)(z, t)),
        "diceMany": ("many", lambda z, t: monai(softmax=True, include_background=False)(z, t)),
        "diceManyBackground": ("many", lambda z, t: monai(softmax=True)(z, t)),
        "diceManyBatch": ("many", lambda z, t: monai(softmax=True, include_background=False, batch=True)(z, t)),
        "bce": ("binary", lambda z, t: nn.functional.binary_cross_entropy(sigmoid(z), t)),
        "ce": ("many", lambda z, t: nn.functional.cross_entropy(z, t)),
        "ceWeighted": ("many", lambda z, t: nn.functional.cross_entropy(z, t.argmax(1), weight=torch.tensor([0.5, 1.0, 3.0]).double())),
        "bceDice": (
            "binary",
            lambda z, t: 0.5 * nn.functional.binary_cross_entropy(sigmoid(z), t) + reference_dice(sigmoid(z), t),
        ),
        "ceDice": ("many", lambda z, t: DiceCELoss(softmax=True, include_background=False, smooth_nr=1, smooth_dr=1)(z, t)),
        "focal": ("binary", lambda z, t: FocalLoss()(z.float(), t.float())),
        "focalAlpha": ("binary", lambda z, t: FocalLoss(alpha=0.25, gamma=1.5)(z.float(), t.float())),
        "focalMany": ("many", lambda z, t: FocalLoss(use_softmax=True)(z.float(), t.float())),
        "focalManyAlpha": ("many", lambda z, t: FocalLoss(use_softmax=True, alpha=0.25)(z.float(), t.float())),
    }
    for name, (kind, loss) in cases.items():
        logits = {"binary": binary, "many": many}[kind].clone().requires_grad_()
        target = {"binary": mask, "many": onehot}[kind]
        value = loss(logits, target)
        value.backward()
        out["cases"][name] = {"kind": kind, "value": value.item(), "gradient": channels_last(logits.grad)}
    return out


def ssim():
    out = []
    for shape, window, channels in (((13, 12, 11), 11, 1), ((7, 8, 6), 5, 2)):
        x = torch.rand(2, channels, *shape, requires_grad=True)
        y = (x.detach() + 0.2 * torch.randn(2, channels, *shape)).clamp(0, 1)
        value = SSIMLoss(3, win_size=window)(x, y)
        value.backward()
        out.append(
            {
                "shape": [2, *shape, channels],
                "window": window,
                "prediction": channels_last(x),
                "target": channels_last(y),
                "value": value.item(),
                "gradient": channels_last(x.grad),
            }
        )
    return out


def metrics():
    out = {"masks": [], "auc": [], "accuracy": []}
    grid = np.stack(np.meshgrid(*[np.arange(n) for n in (9, 8, 7)], indexing="ij"), -1).astype(float)
    for centre_a, centre_b, radius, spacing in (
        ((4, 4, 3), (5, 3, 3), 2.6, (1, 1, 1)),
        ((3, 4, 3), (5, 4, 4), 3.1, (0.7, 1.3, 2.5)),
        ((0, 0, 0), (8, 7, 6), 1.5, (1, 2, 3)),
    ):
        target = (np.linalg.norm(grid - centre_a, axis=-1) < radius).astype(np.uint8)
        score = (1 / (1 + np.exp((np.linalg.norm(grid - centre_b, axis=-1) - radius) * 1.5))).astype(np.float32)
        pred = score > 0.5
        pair = [torch.from_numpy(m[None, None].astype(np.float32)) for m in (pred, target)]
        both, union = (pred & (target > 0)).sum(), (pred | (target > 0)).sum()
        ious = []
        for threshold in np.arange(0.5, 1.0, 0.05):
            p = score > np.float32(threshold)
            t = target > 0
            ious.append(np.mean([(p & t).sum() / (p | t).sum(), (~p & ~t).sum() / (~p | ~t).sum()]))
        hausdorff = lambda percentile: compute_hausdorff_distance(
            *pair, include_background=True, percentile=percentile, spacing=list(spacing)
        ).item()
        out["masks"].append(
            {
                "shape": list(target.shape),
                "spacing": list(spacing),
                "target": target.ravel().tolist(),
                "score": [float(v) for v in score.ravel()],
                "dice": float(2 * both / (pred.sum() + target.sum())),
                "iou": float(both / union),
                "meanIou": float(np.mean(ious)),
                "hausdorff95": hausdorff(95),
                "hausdorff": hausdorff(None),
            }
        )
    for levels in (1000, 5):
        y = rng.integers(0, 2, 60)
        s = np.round(rng.random(60) * levels) / levels + 0.2 * y
        out["auc"].append({"target": y.tolist(), "score": s.tolist(), "value": float(roc_auc_score(y, s))})
    y = rng.integers(0, 3, 40)
    s = rng.random((40, 3))
    out["accuracy"] = {
        "target": np.eye(3)[y].ravel().tolist(),
        "score": s.ravel().tolist(),
        "value": float(accuracy_score(y, s.argmax(1))),
    }
    return out


def optimizers():
    start, gradients = torch.randn(7), torch.randn(5, 7)
    out = {"start": flat(start), "gradients": flat(gradients), "cases": {}}
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1),
        "adamW": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1, betas=(0.8, 0.99), eps=1e-6),
    }
    for name, make in kinds.items():
        weight = start.clone().requires_grad_()
        optimizer = make([weight])
        for gradient in gradients:
            weight.grad = gradient.clone()
            optimizer.step()
        out["cases"][name] = flat(weight)
    clipped = [torch.randn(3, 2), torch.randn(4)]
    tensors = [g.clone().requires_grad_() for g in clipped]
    for tensor, gradient in zip(tensors, clipped):
        tensor.grad = gradient.clone()
    norm = nn.utils.clip_grad_norm_(tensors, 1.5)
    out["clip"] = {"before": [flat(g) for g in clipped], "after": [flat(t.grad) for t in tensors], "norm": norm.item()}
    return out


def schedules():
    def rates(scheduler, steps):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        schedule = scheduler(optimizer)
        out = []
        for _ in range(steps):
            out.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        return out

    lr = torch.optim.lr_scheduler
    return {
        "step": rates(lambda o: lr.StepLR(o, 4, 0.3), 12),
        "cosine": rates(lambda o: lr.CosineAnnealingLR(o, 10, 0.01), 11),
        "poly": rates(lambda o: lr.PolynomialLR(o, 10, 0.9), 12),
    }


fixtures = {
    "losses": losses(),
    "ssim": ssim(),
    "metrics": metrics(),
    "optimizers": optimizers(),
    "schedules": schedules(),
}
for name, content in fixtures.items():
    Path(sys.argv[1], f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
