"""Makes the reference values of the augmentation tests, beside itself: librosa 0.11, in double precision.

In single precision librosa adds up phases of 100,000 radians, whose last digits are hundredths. The sound is made here, from
formulas. Values are raw little-endian float32.
"""
import os
import numpy as np
import librosa

here = os.path.dirname(os.path.abspath(__file__))


def save(name, values):
    np.ascontiguousarray(values, dtype="<f4").tofile(os.path.join(here, name))


# A gliding harmonic tone below 3 kHz with a pause: what the filters of two resamplers agree on.
t = np.arange(8000) / 16000
pitch = 2 * np.pi * np.cumsum(150 + 60 * np.sin(5 * t)) / 16000
x = sum(np.sin(k * pitch) / k for k in range(1, 14)) * np.hanning(len(t)) * 0.2
x[4000:5500] = 0
x = x.astype("<f4").astype(np.float64)
save("augment_input.f32", x)

for rate in [0.8, 1, 1.25, 2.9]:
    save(f"time_stretch_{rate}.f32", librosa.effects.time_stretch(x, rate=rate))
for steps in [-4, 2.5, 4]:
    save(f"pitch_shift_{steps}.f32", librosa.effects.pitch_shift(x, sr=16000, n_steps=steps))
