"""Writes the PyTorch checkpoints of many makers that the tests of @genesis/zoo read, beside what PyTorch itself reads from them.

    python packages/zoo/test/reference/checkpoint_fixtures.py packages/zoo/test/fixtures/checkpoints

Needs torch (2.15) and numpy. Seeded: the same tensors every time. expected.json holds, for each file, the tensors that a reader must
find (type, shape, all values) and the names of the entries that it must skip.
"""

import argparse
import collections
import datetime
import enum
import json
import pathlib
import pickle
import sys
import warnings

import numpy as np
import torch
from torch import nn

warnings.simplefilter("ignore")
OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
expected = {}


def values(tensor):
    wide = tensor.detach()
    wide = wide.double() if wide.is_floating_point() else wide
    numbers = wide.reshape(-1).tolist()
    # JSON has no NaN and no infinity.
    return [v if np.isfinite(float(v)) else str(v) for v in map(float, numbers)]


def save(name, content, tensors, skipped, metadata=None, **opts):
    torch.save(content, OUT / name, **opts)
    expected[name] = {
        "tensors": {k: {"shape": list(v.shape), "values": values(v)} for k, v in tensors.items()},
        "skipped": sorted(skipped),
        "metadata": metadata or {},
    }


torch.manual_seed(5)
base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 7
bytes_ = torch.arange(256, dtype=torch.int32).to(torch.uint8)

# Every kind of tensor that torch.load(weights_only=True) takes and that is an array of numbers.
readable = collections.OrderedDict(
    expanded=torch.tensor([1.5]).expand(5),
    expanded_rows=base[:1].expand(3, 6),
    windows=torch.arange(6.0).unfold(0, 3, 1),
    uint16=torch.tensor([0, 1, 65535], dtype=torch.uint16),
    uint32=torch.tensor([0, 1, 4294967295], dtype=torch.uint32),
    uint64=torch.tensor([0, 1, 9007199254740991], dtype=torch.uint64),
    float8_e4m3fn=bytes_.view(torch.float8_e4m3fn),
    float8_e5m2=bytes_.clone().view(torch.float8_e5m2),
    float8_e4m3fnuz=bytes_.clone().view(torch.float8_e4m3fnuz),
    float8_e5m2fnuz=bytes_.clone().view(torch.float8_e5m2fnuz),
    float8_e8m0fnu=bytes_.clone().view(torch.float8_e8m0fnu),
    bfloat16=base.bfloat16(),
    half=base.half(),
    empty=torch.zeros(0, 3),
    empty_expanded=torch.zeros(1, 0).expand(4, 0),
    scalar=torch.tensor(2.5),
    scalar_int=torch.tensor(7),
    offset_view=base[1:3, 2:5],
    offset_scalar=base[2, 3],
    transposed=base.t(),
    strided=base[::2, ::3],
    channels_last=torch.arange(48.0).reshape(1, 2, 4, 3, 2).to(memory_format=torch.channels_last_3d),
    bool=base > 1,
    parameter=nn.Parameter(base.double()),
    frozen=nn.Parameter(torch.tensor([3, 4]), requires_grad=False),
    buffer=nn.Buffer(torch.tensor([8.0])),
)
attributed = nn.Parameter(torch.tensor([1.0, 2.0]))
attributed.init_scale = 0.5
readable["parameter_with_attribute"] = attributed
readable["tied"] = readable["parameter"]
marked = torch.tensor([5.0, 6.0])
marked.note = "a tensor with an attribute"
readable["tensor_with_attribute"] = marked

# Kinds that no network of ours can use.
unusable = collections.OrderedDict(
    complex64=torch.zeros(2, dtype=torch.complex64),
    complex128=torch.zeros(2, dtype=torch.complex128),
    conjugated=torch.complex(torch.ones(2), torch.ones(2)).conj(),
    negated=torch.complex(torch.ones(2), torch.ones(2)).conj().imag,
    sparse=torch.eye(3).to_sparse(),
    sparse_csr=torch.eye(3).to_sparse_csr(),
    quantized=torch.quantize_per_tensor(base, 0.1, 10, torch.quint8),
    quantized_channels=torch.quantize_per_channel(
        base, torch.full((4,), 0.1), torch.zeros(4), 0, torch.qint8
    ),
    meta=torch.zeros(2, 3, device="meta"),
    wide=torch.zeros(1).expand(1000, 1000),
)
zip_only = {"complex32": torch.zeros(2, dtype=torch.complex32), "bits8": bytes_.view(torch.bits8)}

save("tensors.pt", readable, readable, [])
# PyTorch writes its newer types into legacy files, but cannot read them back.
old = {k: v for k, v in readable.items() if v.dtype not in torch.storage._new_dtypes()}
save("tensors_legacy.pt", old, old, [], _use_new_zipfile_serialization=False)
weight = {"weight": base}
save("unusable.pt", {**weight, **unusable, **zip_only}, weight, [*unusable, *zip_only])
save(
    "unusable_legacy.pt",
    {**weight, **unusable},
    weight,
    unusable,
    _use_new_zipfile_serialization=False,
)

state = collections.OrderedDict([("encoder.weight", base.clone()), ("encoder.bias", base[0].clone())])
state._metadata = {"": {"version": 1}}
for protocol in (2, 3, 4, 5):
    save(f"protocol{protocol}.pt", {"state_dict": state}, state, [], pickle_protocol=protocol)
    save(
        f"protocol{protocol}_legacy.pt",
        {"state_dict": state},
        state,
        [],
        pickle_protocol=protocol,
        _use_new_zipfile_serialization=False,
    )


def nnunet():
    """The keys and kinds of values that nnUNetTrainer.save_checkpoint of nnU-Net v2 writes."""
    parameters = [nn.Parameter(t.clone()) for t in state.values()]
    optimizer = torch.optim.SGD(parameters, lr=0.01, momentum=0.99, nesterov=True)
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    plans = {
        "dataset_name": "Dataset004_Hippocampus",
        "original_median_spacing_after_transp": [1.0, 1.0, 1.0],
        "configurations": {"3d_fullres": {"patch_size": np.array([40, 56, 40]), "batch_dice": False}},
        "foreground_intensity_properties_per_channel": {"0": {"mean": np.float64(22.0), "std": np.float32(7)}},
        "label_manager": None,
    }
    return {
        "network_weights": state,
        "optimizer_state": optimizer.state_dict(),
        "grad_scaler_state": {"scale": 65536.0, "growth_factor": 2.0, "_growth_tracker": 0},
        "logging": {
            "mean_fg_dice": [np.float64(0.8), np.float64(0.81)],
            "ema_fg_dice": [np.float64(0.8)],
            "dice_per_class_or_region": [[np.float64(0.8), np.float64(np.nan)]],
            "train_losses": [np.float32(-0.5)],
            "val_losses": [np.float32(-0.4)],
            "lrs": [0.01],
            "epoch_start_timestamps": [1.7e9],
            "epoch_end_timestamps": [1.7e9 + 5],
        },
        "_best_ema": np.float64(0.8),
        "current_epoch": 250,
        "init_args": {
            "plans": plans,
            "configuration": "3d_fullres",
            "fold": 0,
            "dataset_json": {"labels": {"background": 0, "Anterior": 1}, "numTraining": 260},
            "device": torch.device("cuda:0"),
        },
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": (0, 1, 2),
    }


skipped = ["optimizer_state", "grad_scaler_state", "logging", "_best_ema", "init_args"]
save(
    "nnunet.pth",
    nnunet(),
    state,
    [*skipped, "inference_allowed_mirroring_axes"],
    {"current_epoch": "250", "trainer_name": "nnUNetTrainer"},
)


class Phase(enum.Enum):
    FIT = "fit"


class Config(dict):
    """A dictionary of a class of its own, as configuration libraries have them."""


Phase.__module__ = Config.__module__ = "some_project.settings"
module = type(sys)("some_project.settings")
module.Phase, module.Config = Phase, Config
sys.modules.update({"some_project": type(sys)("some_project"), "some_project.settings": module})
foreign = {
    "args": argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("runs/a")),
    "config": Config(lr=0.1, nested=Config(depth=3)),
    "phase": Phase.FIT,
    "started": datetime.datetime(2024, 5, 6, 7, 8),
    "random": np.random.default_rng(0).bit_generator.state,
    "array": np.arange(3),
    "number": np.float32(0.5),
    "integer": np.int64(3),
    "dtype": np.dtype("float32"),
    "torch_dtype": torch.float16,
    "counter": collections.Counter({30: 1}),
    "default": collections.defaultdict(list, a=[1]),
    "ordered": collections.OrderedDict(a=1),
    "set": {1, 2},
    "frozen": frozenset([1]),
    "complex": 1 + 2j,
    "size": base.size(),
    "loss": torch.tensor(0.25),
    "module": nn.ReLU(),
}
plain = {"epoch": 3, "model": "unet3d", "best": 0.5, "amp": True, "none": None}
plain.update(bytes=b"abc", layout=torch.strided)
texts = {"epoch": "3", "model": "unet3d", "best": "0.5", "amp": "true", "bytes": "abc", "layout": "torch.strided"}
for suffix, legacy in (("", False), ("_legacy", True)):
    save(
        f"foreign{suffix}.pt",
        {**plain, **foreign, "state_dict": state},
        state,
        foreign,
        texts,
        _use_new_zipfile_serialization=not legacy,
    )
# The same objects among the tensors instead of beside them; dictionaries are looked into.
inside = {k: v for k, v in foreign.items() if k not in ("loss", "counter", "default", "ordered", "random")}
save(
    "foreign_inside.pt",
    {"state_dict": {**inside, **state}},
    state,
    inside,
)

# Lightning: names begin with the attribute of the module, settings are objects of its own class.
lightning = {f"net._orig_mod.{k}": v for k, v in state.items()}
save(
    "lightning.ckpt",
    {
        "epoch": 2,
        "pytorch-lightning_version": "2.4.0",
        "state_dict": collections.OrderedDict(lightning),
        "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint{'monitor': 'val'}": {"best_model_score": torch.tensor(0.9)}},
        "optimizer_states": [{"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 0.1}]}],
        "lr_schedulers": [{"milestones": collections.Counter({30: 1})}],
        "hparams_name": "kwargs",
        "hyper_parameters": Config(width=4),
    },
    lightning,
    ["loops", "callbacks", "optimizer_states", "lr_schedulers", "hyper_parameters"],
    {"epoch": "2", "pytorch-lightning_version": "2.4.0", "hparams_name": "kwargs"},
)

# Sections inside sections.
other = {"encoder.weight": base + 1}
nested = {
    "model_inside.pt": ({"state_dict": {"model": state, "ema": other}, "epoch": 1}, ["state_dict.ema"], {"epoch": "1"}),
    "state_dict_inside.pt": ({"model": {"state_dict": state, "step": 9}}, [], {"model.step": "9"}),
    "net.pt": ({"net": state, "optimizer": {"state": {0: base}}}, ["optimizer"], {}),
    "empty_section.pt": ({"state_dict": {}, "model": state}, [], {}),
    "model_text.pt": ({"model": "unet3d", "state_dict": state}, [], {"model": "unet3d"}),
    "model_json.pt": (
        {"model": json.dumps({"network": 3}), "model_state_dict": state},
        [],
        {"model": '{"network": 3}'},
    ),
    # torch.save((model.state_dict(), step), …), and what lists checkpoints.
    "in_a_tuple.pt": ((7, state, {"lr": 0.1}), [], {}),
    "in_a_list.pt": ([{"epoch": 3}, {"state_dict": state, "note": "x"}], [], {"note": "x"}),
    "model_class.pt": ({"model": Config, "network": state}, ["model"], {}),
}
for name, (content, names, metadata) in nested.items():
    save(name, content, state, names, metadata)
odd = {"student": state, "teacher": other}
save(
    "unknown_sections.pt",
    odd,
    {f"{outer}.{k}": v for outer, inner in odd.items() for k, v in inner.items()},
    [],
)

for name in expected:
    strict = not any(word in name for word in ("foreign", "nnunet", "lightning", "model_class"))
    if strict and "protocol" not in name:
        torch.load(OUT / name, weights_only=True)
    torch.load(OUT / name, weights_only=False)
(OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
