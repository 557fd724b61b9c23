"""Writes the weight files that the tests of @genesis/zoo read.

    python packages/zoo/test/reference/zoo_fixtures.py packages/zoo/test/fixtures
    python packages/zoo/test/reference/zoo_fixtures.py packages/zoo/test/fixtures --keras   (needs tensorflow 2.15)

Needs torch, numpy, safetensors, h5py. Seeded: the same tensors every time. The modules carry the
attribute names of the official PyTorch network at a width of two channels, saved as the official
training script saves them: {epoch, state_dict, optimizer_state_dict}, names prefixed by DataParallel.
expected.json holds shape, element type, sum and first values of every tensor.
"""

import io
import json
import pickle
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path


def checkpoint(torch, nn):
    torch.manual_seed(7)

    def unit(i, o):
        block = nn.Module()
        block.conv1 = nn.Conv3d(i, o, 3, padding=1)
        block.bn1 = nn.BatchNorm3d(o)
        return block

    def down(i, o):
        block = nn.Module()
        block.ops = nn.Sequential(unit(i, o // 2), unit(o // 2, o))
        return block

    network = nn.Module()
    network.down_tr64 = down(1, 4)
    network.down_tr128 = down(4, 8)
    up = nn.Module()
    up.up_conv = nn.ConvTranspose3d(8, 8, 2, stride=2)
    up.ops = nn.Sequential(unit(12, 4), unit(4, 4))
    network.up_tr64 = up
    network.out_tr = nn.Module()
    network.out_tr.final_conv = nn.Conv3d(4, 1, 1)
    parallel = nn.Module()
    parallel.module = network
    optimizer = torch.optim.SGD(network.parameters(), lr=1.0, momentum=0.9)
    for parameter in network.parameters():
        parameter.grad = torch.randn_like(parameter)
    optimizer.step()
    return {
        "epoch": 123,
        "state_dict": parallel.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
    }


class Call:
    """Pickles as a call of `function` with `arguments`."""

    def __init__(self, function, arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def pickle_of(value):
    return pickle.dumps(value, protocol=2)


def torch_zip(data_pkl, members=(), compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.writestr(zipfile.ZipInfo("archive/data.pkl"), data_pkl)
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = compression
            archive.writestr(info, content)
    return out.getvalue()


def malicious(torch, folder, good_zip, good_legacy):
    import builtins
    import os

    folder.mkdir(exist_ok=True)
    write = lambda name, data: (folder / name).write_bytes(data)
    system = Call(os.system, ("touch genesis-was-here",))
    write("os-system.pt", torch_zip(pickle_of({"state_dict": system})))
    nested = Call(getattr, (Call(builtins.__import__, ("os",)), "system"))
    write("nested-reduce.pt", torch_zip(pickle_of(OrderedDict(a=Call(builtins.eval, (nested,))))))
    header = b"".join(
        pickle_of(part)
        for part in (torch.serialization.MAGIC_NUMBER, 1001, {"little_endian": True})
    )
    write("legacy-os-system.pt", header + pickle_of({"state_dict": system}) + pickle_of([]))
    write("zip-slip.pt", torch_zip(pickle_of({}), [("../../genesis-was-here", b"x")]))
    write(
        "zip-bomb.pt",
        torch_zip(pickle_of({}), [("archive/data/0", bytes(60_000_000))], zipfile.ZIP_DEFLATED),
    )
    write("truncated.pt", good_zip[: len(good_zip) // 2])
    write("legacy-truncated.pt", good_legacy[: len(good_legacy) * 3 // 4])
    write("not-a-checkpoint.pt", pickle_of([1, 2, 3]))

    class Pid:
        pass

    def with_storage(count, shape, stride):
        """A float tensor over a storage of 16 bytes that claims `count` elements."""
        out = io.BytesIO()
        pickler = pickle.Pickler(out, protocol=2)
        marker = Pid()
        pickler.persistent_id = lambda value: (
            ("storage", torch.FloatStorage, "0", "cpu", count) if value is marker else None
        )
        arguments = (marker, 0, shape, stride, False, OrderedDict())
        pickler.dump({"w": Call(torch._utils._rebuild_tensor_v2, arguments)})
        return torch_zip(out.getvalue(), [("archive/data/0", bytes(16))])

    # An attack beside sound weights is refused as a whole.
    weights = {"w": torch.arange(6.0).reshape(2, 3)}
    buffer = io.BytesIO()
    torch.save({"state_dict": weights, "hook": system}, buffer)
    write("beside-weights.pt", buffer.getvalue())
    # A whole model instead of its weights: an object of a class that only its maker has.
    buffer = io.BytesIO()
    torch.save(torch.nn.Linear(2, 2), buffer)
    write("whole-model.pt", buffer.getvalue())

    def many_views(elements, views):
        """`views` tensors that each show all of one storage, which is packed to almost nothing."""
        out = io.BytesIO()
        pickler = pickle.Pickler(out, protocol=2)
        marker = Pid()
        pickler.persistent_id = lambda value: (
            ("storage", torch.FloatStorage, "0", "cpu", elements) if value is marker else None
        )
        arguments = (marker, 0, (elements,), (1,), False, OrderedDict())
        pickler.dump({f"w{n}": Call(torch._utils._rebuild_tensor_v2, arguments) for n in range(views)})
        return torch_zip(out.getvalue(), [("archive/data/0", bytes(4 * elements))], zipfile.ZIP_DEFLATED)

    write("many-views.pt", many_views(1 << 17, 200))
    write("wrong-size.pt", with_storage(400, (400,), (1,)))
    write("lying-shape.pt", with_storage(4, (1 << 40,), (0,)))
    write("outside-storage.pt", with_storage(4, (2, 2), (2, 3)))
    deep = b"\x80\x02" + b"}q\x00(X\x01\x00\x00\x00ah\x00u."
    write("endless.pt", torch_zip(deep))
    laughs = {}
    for _ in range(60):
        laughs = {"a": laughs, "b": laughs}
    write("billion-laughs.pt", torch_zip(pickle_of(laughs)))


def keras_files(folder):
    import os

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import numpy as np
    import tensorflow as tf

    expected = {}
    for order in ("channels_first", "channels_last"):
        tf.keras.utils.set_random_seed(11)
        axis = 1 if order == "channels_first" else -1
        shape = (1, 8, 8, 8) if order == "channels_first" else (8, 8, 8, 1)
        inputs = tf.keras.Input(shape)
        x = inputs
        for i, filters in enumerate((2, 4)):
            x = tf.keras.layers.Conv3D(filters, 3, padding="same", data_format=order, name=f"depth_{i}_conv")(x)
            x = tf.keras.layers.BatchNormalization(axis=axis, name=f"depth_{i}_bn")(x)
            x = tf.keras.layers.Activation("relu", name=f"depth_{i}_relu")(x)
        x = tf.keras.layers.Conv3D(1, 1, data_format=order, name="conv3d_1")(x)
        model = tf.keras.Model(inputs, x)
        model.save_weights(folder / f"keras_{order}.h5")
        expected[f"keras_{order}.h5"] = describe(
            {weight.name: weight.numpy() for weight in model.weights}, np
        )
    model.save(folder / "keras_model.h5")
    expected["keras_model.h5"] = expected["keras_channels_last.h5"]
    return expected


def describe(tensors, np):
    return {
        name: {
            "shape": list(value.shape),
            "sum": float(np.asarray(value, dtype=np.float64).sum()),
            "first": [float(v) for v in np.asarray(value, dtype=np.float64).ravel()[:4]],
        }
        for name, value in tensors.items()
    }


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    expected_path = folder / "expected.json"
    expected = json.loads(expected_path.read_text()) if expected_path.exists() else {}
    if "--keras" in sys.argv:
        expected.update(keras_files(folder))
    else:
        import numpy as np
        import safetensors.torch
        import torch
        from torch import nn

        saved = checkpoint(torch, nn)
        torch.save(saved, folder / "zip.pt")
        torch.save(saved, folder / "legacy.pt", _use_new_zipfile_serialization=False)
        state = {name: value.numpy() for name, value in saved["state_dict"].items()}
        expected["checkpoint"] = describe(state, np)
        base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
        kinds = {
            "transposed": base.t(),
            "slice": base[1:3, 2:5],
            "half": base.half() / 7,
            "bfloat16": base.bfloat16() / 7,
            "subnormal_half": torch.tensor([6e-8, -3e-5, 65504.0, -2.0]).half(),
            "int64": base.long() * 2**33,
            "bool": base > 10,
            "scalar": torch.tensor(2.5),
            "empty": torch.zeros(0, 3),
            "parameter": nn.Parameter(base.double()),
        }
        torch.save(kinds, folder / "kinds.pt")
        torch.save(kinds, folder / "kinds_legacy.pt", _use_new_zipfile_serialization=False)
        expected["kinds"] = describe(
            {k: v.detach().double().numpy() for k, v in kinds.items()}, np
        )
        plain = {k: v.detach().contiguous() for k, v in kinds.items()}
        safetensors.torch.save_file(plain, folder / "kinds.safetensors", {"origin": "fixture"})
        malicious(
            torch,
            folder / "malicious",
            (folder / "zip.pt").read_bytes(),
            (folder / "legacy.pt").read_bytes(),
        )
    expected_path.write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
