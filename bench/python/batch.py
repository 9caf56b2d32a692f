"""What `layerloupe batch` does with the walkthrough preset, in Pillow, vectorised NumPy and multiprocessing.

usage: batch.py FOLDER OUT PROCESSES
For each photo in FOLDER a folder in OUT: a picture of every stage (enlarged to 512 pixels, with its name, its numbers,
its colour scale and its histogram, on a canvas of the size LayerLoupe draws), its array, the evolution figure and a
manifest with the hashes of all files; then one table, a contact sheet, and mean and standard deviation of every stage.
Pictures are PNG as Pillow writes it by default: files a third as large as LayerLoupe's, in more time.
"""

import csv
import hashlib
import io
import json
import multiprocessing
import os
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE = 64
KINDS = ["input", "conv2d", "pool2d", "flatten", "dense", "softmax"]
FONT = ImageFont.load_default()
# A scale of 256 colours; which ones makes no difference to the time.
SCALE = np.stack([np.linspace(68, 253, 256), np.linspace(1, 231, 256), np.linspace(84, 37, 256)], 1).astype(np.uint8)
WEIGHTS = None


def weights():
    global WEIGHTS
    if WEIGHTS is None:
        np.random.seed(0)
        WEIGHTS = 0.01 * np.random.randn((SIZE // 2) ** 2, 2)
    return WEIGHTS


def run(photo):
    grey = np.array(photo.resize((SIZE, SIZE), Image.BICUBIC)).mean(axis=2).astype(np.uint8)
    image = grey / 255.0
    padded = np.pad(image, 1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    box = (windows * (np.ones((3, 3)) / 9)).sum(axis=(2, 3))
    pooled = box.reshape(SIZE // 2, 2, SIZE // 2, 2).max(axis=(1, 3))
    flat = pooled.reshape(-1)
    logits = flat @ weights()
    exponentials = np.exp(logits - logits.max())
    return [image, box, pooled, flat, logits, exponentials / exponentials.sum()]


def coloured(tensor):
    low, high = tensor.min(), tensor.max()
    index = ((tensor - low) / (high - low or 1) * 255).astype(np.uint8)
    return SCALE[index]


def tile(tensor, side):
    picture = tensor if tensor.ndim == 2 else tensor[np.newaxis].repeat(max(1, tensor.size // 4), axis=0)
    return Image.fromarray(coloured(picture)).resize((side, side), Image.NEAREST)


def bars(tensor):
    """A vector is drawn as LayerLoupe draws it: a bar for each entry."""
    canvas = Image.new("RGB", (1250, 432) if tensor.size > 64 else (543, 212), "white")
    draw = ImageDraw.Draw(canvas)
    draw.text((28, 30), f"{tensor.shape} {tensor.dtype}", fill=(26, 26, 24), font=FONT)
    low, high = min(0, tensor.min()), max(0, tensor.max())
    height = canvas.height - 132
    zero = 72 + height * high / ((high - low) or 1)
    step = (canvas.width - 56) / tensor.size
    for i, value in enumerate(tensor):
        top = zero - value / ((high - low) or 1) * height
        draw.rectangle((28 + i * step, min(zero, top), 28 + (i + 1) * step - 1, max(zero, top)), fill=(58, 111, 196))
    text = f"min {tensor.min():.4g} max {tensor.max():.4g} mean {tensor.mean():.4g} std {tensor.std():.4g}"
    draw.text((28, canvas.height - 36), text, fill=(98, 98, 94), font=FONT)
    return canvas


def legend(canvas, draw, tensor, counts, left, top, height):
    bar = Image.fromarray(SCALE[::-1][:, np.newaxis]).resize((16, height), Image.NEAREST)
    canvas.paste(bar, (left, top))
    for i, length in enumerate(counts / counts.max() * 54):
        y = top + height - (i + 1) * height // 64
        draw.rectangle((left + 18, y, left + 18 + int(length), y + height // 64), fill=(158, 158, 154))
    draw.text((left, top - 14), f"{tensor.max():.4g}", fill=(98, 98, 94), font=FONT)
    draw.text((left, top + height + 4), f"{tensor.min():.4g}", fill=(98, 98, 94), font=FONT)


def histogram(tensor):
    return np.histogram(tensor, 64)[0] if tensor.size > 64 else None


def stage_picture(kind, tensor, counts):
    if tensor.ndim == 1:
        return bars(tensor)
    canvas = Image.new("RGB", (690, 642), "white")
    draw = ImageDraw.Draw(canvas)
    draw.text((28, 30), f"{kind} {tensor.shape} {tensor.dtype}", fill=(26, 26, 24), font=FONT)
    canvas.paste(tile(tensor, 512), (28, 72))
    legend(canvas, draw, tensor, counts, 568, 92, 472)
    text = f"min {tensor.min():.4g} max {tensor.max():.4g} mean {tensor.mean():.4g} std {tensor.std():.4g}"
    draw.text((28, 606), text, fill=(98, 98, 94), font=FONT)
    return canvas


def bins(draw, counts, left):
    for i, length in enumerate(counts / counts.max() * 32):
        draw.rectangle((left + i * 4, 404 - int(length), left + i * 4 + 3, 404), fill=(158, 158, 154))


def evolution(photo, stages, histograms):
    canvas = Image.new("RGB", (2248, 584), "white")
    draw = ImageDraw.Draw(canvas)
    canvas.paste(photo.resize((256, 192), Image.BOX), (28, 72))
    bins(draw, np.reshape(photo.histogram(), (3, 64, 4)).sum(axis=(0, 2)), 28)
    for i, (kind, tensor) in enumerate(zip(KINDS, stages)):
        left = 28 + (i + 1) * 310
        if histograms[i] is not None:
            bins(draw, histograms[i], left)
        draw.text((left, 40), f"{kind} {tensor.shape}", fill=(26, 26, 24), font=FONT)
        canvas.paste(tile(tensor, 256), (left, 72))
        canvas.paste(Image.fromarray(SCALE[np.newaxis]).resize((224, 12), Image.NEAREST), (left, 340))
        draw.text((left, 358), f"{tensor.min():.4g} to {tensor.max():.4g}", fill=(98, 98, 94), font=FONT)
    return canvas


def one(job):
    path, out = job
    with open(path, "rb") as file:
        data = file.read()
    photo = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    stages = run(photo)
    folder = os.path.join(out, os.path.basename(path))
    os.makedirs(folder)
    files = {}

    def save(name, write):
        buffer = io.BytesIO()
        write(buffer)
        files[name] = {"sha256": hashlib.sha256(buffer.getbuffer()).hexdigest(), "byteLength": len(buffer.getbuffer())}
        with open(os.path.join(folder, name), "wb") as file:
            file.write(buffer.getbuffer())

    statistics = []
    histograms = [histogram(tensor) for tensor in stages]
    for index, (kind, tensor) in enumerate(zip(KINDS, stages)):
        save(f"{index:02d}-{kind}.png", lambda to: stage_picture(kind, tensor, histograms[index]).save(to, "PNG"))
        save(f"{index:02d}-{kind}.npy", lambda to: np.save(to, tensor))
        statistics.append([tensor.min(), tensor.max(), tensor.mean(), tensor.std()])
    save("evolution.png", lambda to: evolution(photo, stages, histograms).save(to, "PNG"))
    with open(os.path.join(folder, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump({"sha256": hashlib.sha256(data).hexdigest(), "files": files, "stages": statistics}, file)
    photo.thumbnail((96, 96))
    return os.path.basename(path), statistics, stages, np.asarray(photo)


def main(source, out, processes):
    os.makedirs(out, exist_ok=True)
    jobs = [(os.path.join(source, name), out) for name in sorted(os.listdir(source))]
    count, means, squares = 0, [0] * 6, [0] * 6
    columns = 10
    sheet = Image.new("RGB", (columns * 112, -(-len(jobs) // columns) * 142), "white")
    with multiprocessing.Pool(processes) as pool, open(os.path.join(out, "summary.csv"), "w", newline="") as table:
        writer = csv.writer(table)
        for name, statistics, stages, small in pool.imap(one, jobs):
            writer.writerow([name, *np.ravel(statistics)])
            sheet.paste(Image.fromarray(small), (count % columns * 112, count // columns * 142))
            count += 1
            for i, tensor in enumerate(stages):
                difference = tensor - means[i]
                means[i] = means[i] + difference / count
                squares[i] = squares[i] + difference * (tensor - means[i])
    sheet.save(os.path.join(out, "contact-sheet.png"))
    for kind, mean, square in zip(KINDS, means, squares):
        np.save(os.path.join(out, f"{kind}-mean.npy"), mean)
        np.save(os.path.join(out, f"{kind}-std.npy"), np.sqrt(square / count))
        stage_picture(kind, np.asarray(mean), histogram(mean)).save(os.path.join(out, f"{kind}-mean.png"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
