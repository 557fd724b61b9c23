"""Checks in Python what make-exports.mjs has made: ONNX, PyTorch, safetensors, MONAI bundle.

    node packages/trainer/test/reference/make-exports.mjs FOLDER
    python packages/trainer/test/reference/check_exports.py FOLDER

Needs onnx, onnxruntime, torch, safetensors, monai, pytorch-ignite, nibabel, scipy, dynamic-network-architectures. Prints a line for each
model: Dice (the lowest of all classes) of predict.py in float32 and in halves and of MONAI to `genesis predict`, and the largest
difference between PyTorch and onnxruntime. Fails where Dice of predict.py is below 0.9999.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import onnx
import onnxruntime
import torch
from monai.bundle import ConfigParser
from safetensors.torch import load_file

torch.set_num_threads(1)


def labels(path):
    image = nib.load(path)
    return np.asanyarray(image.dataobj), image.affine


def dice(ours, theirs):
    (a, affine), (b, other) = labels(ours), labels(theirs)
    assert np.allclose(affine, other, atol=1e-4), (affine, other)
    values = np.union1d(a, b)
    return min(2 * np.sum((a == v) & (b == v)) / (np.sum(a == v) + np.sum(b == v)) for v in values)


def run_predict(folder, kind, images):
    out = folder / f"{kind}.nii.gz"
    subprocess.run([sys.executable, folder / kind / "predict.py", *images, out], check=True)
    return dice(folder / "labels" / "scan.nii.gz", out)


def run_bundle(folder):
    bundle = folder / "bundle"
    command = ["-m", "monai.bundle", "run", "--bundle_root", ".", "--dataset_dir", "../images", "--output_dir", "out"]
    files = ["--config_file", "configs/inference.json", "--meta_file", "configs/metadata.json"]
    done = subprocess.run([sys.executable, *command, *files], cwd=bundle, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    (found,) = (bundle / "out").glob("*_seg.nii.gz")
    return dice(folder / "labels" / "scan.nii.gz", found)


def torch_model(folder):
    """The network with the weights of the .pt, loaded strictly, and the same of the .safetensors."""
    config = json.loads((folder / "bundle" / "configs" / "inference.json").read_text())["network_def"]
    state = torch.load(folder / "pytorch" / "model.pt", weights_only=True)
    again = load_file(folder / "safetensors" / "model.safetensors")
    assert list(state) and set(state) == set(again) and all(torch.equal(state[n], again[n]) for n in state)
    if config["_target_"].startswith("scripts."):
        path = folder / "pytorch" / "network.py"
        spec = importlib.util.spec_from_file_location("network", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.load(folder / "pytorch" / "genesis.json", folder / "pytorch" / "model.pt")
    model = ConfigParser({"imports": ["$import torch"], "net": config}).get_parsed_content("net")
    model.load_state_dict(state, strict=True)
    return model.eval()


worst, most = 1, 0
for folder in sorted(path.parent for path in Path(sys.argv[1]).glob("*/onnx")):
    model = onnx.load(folder / "onnx" / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    described = json.loads({one.key: one.value for one in model.metadata_props}["genesis"])
    assert described == json.loads((folder / "onnx" / "genesis.json").read_text())
    session = onnxruntime.InferenceSession(folder / "onnx" / "model.onnx")
    multiple = described["multiple"]
    x = torch.rand(2, described["inputs"][0]["shape"][1], 2 * multiple, 3 * multiple, 4 * multiple)
    with torch.no_grad():
        ours = torch.softmax(torch_model(folder)(x), 1).numpy()
    difference = np.abs(session.run(None, {"input": x.numpy()})[0] - ours).max()
    images = sorted((folder / "images").glob("*.nii.gz"))
    exact = run_predict(folder, "onnx", images)
    print(
        f"{folder.name}: predict.py {exact:.6f}, in halves {run_predict(folder, 'half', images):.4f}, "
        f"MONAI {run_bundle(folder):.4f}, PyTorch and onnxruntime differ by {difference:.1e}",
        flush=True,
    )
    worst = min(worst, exact)
    most = max(most, difference)
assert worst >= 0.9999 and most < 1e-4
