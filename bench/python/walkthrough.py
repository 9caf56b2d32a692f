"""What LayerLoupe's `run` does with the walkthrough preset, the way the walkthrough writes it: Pillow, NumPy loops, matplotlib.

usage: walkthrough.py PHOTO FOLDER
Writes a picture and an array of every stage, the evolution figure and a manifest into FOLDER.
Stage pictures go through imsave (no axes, no legend), which is the cheapest way matplotlib has.
"""

import hashlib
import json
import os
import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageOps


def load(path, size=(64, 64)):
    photo = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    grey = np.array(photo.resize(size, Image.BICUBIC)).mean(axis=2).astype(np.uint8)
    return np.asarray(photo), (grey / 255.0)[..., np.newaxis]


def convolve(image, kernel):
    size = kernel.shape[0]
    padded = np.pad(image, ((size // 2,) * 2, (size // 2,) * 2, (0, 0)))
    result = np.zeros(image.shape)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            region = padded[row : row + size, column : column + size, 0]
            result[row, column, 0] = np.sum(region * kernel)
    return result


def max_pool(image, size=2):
    rows, columns, channels = image.shape[0] // size, image.shape[1] // size, image.shape[2]
    result = np.zeros((rows, columns, channels))
    for row in range(rows):
        for column in range(columns):
            window = image[row * size : (row + 1) * size, column * size : (column + 1) * size]
            result[row, column] = window.max(axis=(0, 1))
    return result


def main(path, folder):
    os.makedirs(folder, exist_ok=True)
    photo, x = load(path)
    np.random.seed(0)
    stages = []

    def keep(kind, compute):
        begin = time.perf_counter()
        tensor = compute()
        stages.append((kind, tensor, (time.perf_counter() - begin) * 1000))
        return tensor

    keep("input", lambda: x)
    x = keep("conv2d", lambda: convolve(x, np.ones((3, 3)) / 9))
    x = keep("pool2d", lambda: max_pool(x))
    x = keep("flatten", lambda: x.flatten())
    x = keep("dense", lambda: x @ (0.01 * np.random.randn(x.size, 2)))
    keep("softmax", lambda: np.exp(x - x.max()) / np.exp(x - x.max()).sum())

    described = []
    for index, (kind, tensor, milliseconds) in enumerate(stages):
        name = f"{index:02d}-{kind}"
        np.save(os.path.join(folder, name + ".npy"), tensor)
        picture = tensor[..., 0] if tensor.ndim == 3 else tensor[np.newaxis]
        plt.imsave(os.path.join(folder, name + ".png"), picture, cmap="gray" if kind == "input" else "viridis")
        described.append(
            {
                "index": index,
                "kind": kind,
                "shape": tensor.shape,
                "dtype": str(tensor.dtype),
                "min": tensor.min(),
                "max": tensor.max(),
                "mean": tensor.mean(),
                "std": tensor.std(),
                "milliseconds": milliseconds,
            }
        )

    figure, axes = plt.subplots(1, len(stages) + 1, figsize=(3 * (len(stages) + 1), 3))
    axes[0].imshow(photo)
    axes[0].set_title("original")
    for axis, (kind, tensor, _) in zip(axes[1:], stages):
        if tensor.ndim == 3:
            drawn = axis.imshow(tensor[..., 0], cmap="gray" if kind == "input" else "viridis")
            figure.colorbar(drawn, ax=axis)
        else:
            axis.bar(range(tensor.size), tensor)
        axis.set_title(f"{kind} {tensor.shape}")
    figure.savefig(os.path.join(folder, "evolution.png"))

    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(folder, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump({"image": os.path.basename(path), "sha256": digest, "stages": described}, file)


if __name__ == "__main__":
    main(*sys.argv[1:3])
