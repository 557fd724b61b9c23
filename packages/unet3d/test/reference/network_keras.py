"""Writes what the reference's Keras network gives, for the tests of @genesis/unet3d.

    python packages/unet3d/test/reference/network_keras.py packages/unet3d/test/fixtures
    python packages/unet3d/test/reference/network_keras.py OUT --full
    node packages/unet3d/test/reference/full-size.mjs OUT [native|cpu|webgpu|tensorflow]

Needs tensorflow 2.15, numpy, safetensors. Seeded. A network of the reference's structure and layer
names with a smaller width: convolution, batch normalisation (epsilon 1e-3, momentum 0.99),
ReLU; max-pool 2; up-sampling by repetition; concatenation (upsampled, skip); 1x1x1 convolution,
sigmoid. TensorFlow convolves on a processor only with channels last; the weights of a model with
channels first have the same shapes and names, which the script asserts.
The learning rate is small because in a network this narrow a single ReLU input that rounding moves
across zero changes the weights by 1e-3 in ten steps at a rate of 0.1, in any two implementations.
With --full: width 32, four levels, 64x64x32, weights as Keras 2 `.h5` files of both channel orders.
"""

import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

layers = tf.keras.layers


def network(width, levels, order):
    axis = 1 if order == "channels_first" else -1
    x = inputs = tf.keras.Input((1, None, None, None) if axis == 1 else (None, None, None, 1))
    count = 0

    def unit(x, filters):
        nonlocal count
        x = layers.Conv3D(filters, 3, padding="same", data_format=order, name=f"depth_{count}_conv")(x)
        x = layers.BatchNormalization(axis=axis, name=f"depth_{count}_bn")(x)
        count += 1
        return layers.Activation("relu", name=f"depth_{count - 1}_relu")(x)

    skips = []
    for level in range(levels):
        x = unit(unit(x, width * 2**level), width * 2 ** (level + 1))
        skips.append(x)
        if level < levels - 1:
            x = layers.MaxPooling3D(2, data_format=order)(x)
    for level in reversed(range(levels - 1)):
        x = layers.UpSampling3D(2, data_format=order)(x)
        x = layers.Concatenate(axis=axis)([x, skips[level]])
        x = unit(unit(x, width * 2 ** (level + 1)), width * 2 ** (level + 1))
    x = layers.Conv3D(1, 1, data_format=order, name="conv3d_1")(x)
    return tf.keras.Model(inputs, layers.Activation("sigmoid")(x))


def weights(model):
    return {weight.name: np.ascontiguousarray(weight.numpy()) for weight in model.weights}


folder = Path(sys.argv[1])
full = "--full" in sys.argv
width, levels, batch = (32, 4, 1) if full else (2, 3, 2)
sizes = [(64, 64, 32), (32, 48, 64)] if full else [(16, 8, 8), (4, 12, 8)]
folder.mkdir(parents=True, exist_ok=True)
tf.keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)
model = network(width, levels, "channels_last")
first = network(width, levels, "channels_first")
assert {w.name: w.shape for w in model.weights} == {w.name: w.shape for w in first.weights}
for weight in model.weights:
    low, high = (0.5, 1.5) if "gamma" in weight.name or "variance" in weight.name else (-0.5, 0.5)
    if "kernel" not in weight.name:
        weight.assign(rng.uniform(low, high, weight.shape))
save_file(weights(model), folder / "keras_step0.safetensors")
if full:
    first.set_weights(model.get_weights())
    for order, one in (("first", first), ("last", model)):
        one.save_weights(folder / f"keras_channels_{order}.h5")

data = {}
for i, shape in enumerate(sizes):
    data[f"x{i}"] = rng.random((batch, *shape, 1), dtype=np.float32)
    data[f"eval{i}"] = model(data[f"x{i}"], training=False).numpy()
data["x"] = rng.random((batch, *sizes[0], 1), dtype=np.float32)
data["y"] = rng.random((batch, *sizes[0], 1), dtype=np.float32)
optimizer = tf.keras.optimizers.SGD(0.02, momentum=0.9)
losses = []
for step in range(1, 11):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(data["x"], training=True) - data["y"]))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights))
    losses.append(float(loss))
    if step in (1, 10):
        save_file(weights(model), folder / f"keras_step{step}.safetensors")
data["losses"] = np.array(losses, dtype=np.float32)
data["eval_after"] = model(data["x0"], training=False).numpy()
save_file(data, folder / "keras_data.safetensors")
