"""Times SciPy's convolution and Pillow's resize from inside, so that starting Python does not count.

usage: kernels.py convolve HEIGHT WIDTH REPEATS | kernels.py resize WIDTH HEIGHT CHANNELS REPEATS
Prints one time in milliseconds a line.
"""

import sys
import time


def timed(repeats, work):
    work()
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        print((time.perf_counter() - begin) * 1000)


def convolve(height, width, repeats):
    import numpy as np
    from scipy import ndimage

    image = np.random.default_rng(0).random((height, width))
    kernel = np.ones((3, 3)) / 9
    timed(repeats, lambda: ndimage.convolve(image, kernel, mode="constant"))


def resize(width, height, channels, repeats):
    import numpy as np
    from PIL import Image

    shape = (height, width) if channels == 1 else (height, width, channels)
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))
    timed(repeats, lambda: photo.resize((64, 64), Image.BICUBIC))


if __name__ == "__main__":
    {"convolve": convolve, "resize": resize}[sys.argv[1]](*map(int, sys.argv[2:]))
