"""Makes real_clips.json beside itself: means and deviations of the report's features on a few recordings of
../shared/corpora/ravdess (one of them stereo), by librosa 0.11, torchaudio 2.11 and scikit-image 0.26. No recording is stored.

Usage: make_real_clips.py RAVDESS_FOLDER
"""
import json
import os
import sys
import torch

torch.version.cuda = "13.0"  # the wheels of torch and torchaudio may differ in CUDA's minor number; no GPU is used
import librosa
import numpy as np
import skimage.transform
import soundfile as sf
import torchaudio

CLIPS = ["Actor_01/03-01-05-02-02-02-01.flac", "Actor_04/03-01-02-01-01-01-04.flac", "Actor_09/03-01-07-01-01-02-09.flac"]
mel = torchaudio.transforms.MelSpectrogram(16000, n_fft=1024, hop_length=256, n_mels=64, f_max=10000)


def waveform(path):
    x, rate = sf.read(path, dtype="float32", always_2d=True)
    w = torchaudio.transforms.Resample(rate, 16000)(torch.from_numpy(x.T.copy())).mean(0)
    return (w - w.mean()) / w.std()


def features(w):
    y = w.numpy()
    spectral = np.concatenate([
        librosa.feature.zero_crossing_rate(y, frame_length=512, hop_length=160),
        librosa.feature.chroma_stft(y=y, sr=16000, n_fft=512, hop_length=160),
        librosa.feature.mfcc(y=y, sr=16000, n_mfcc=13, n_fft=512, hop_length=160),
        librosa.feature.rms(y=y, frame_length=512, hop_length=160),
    ]).astype("d")
    m = torch.log(mel(w) + 1e-6)
    m = (m - m.min()) / (m.max() - m.min())
    image = skimage.transform.resize(m.numpy(), (64, 64), anti_aliasing=True, mode="reflect").astype("d")
    return {
        "mean": spectral.mean(1).tolist(), "deviation": spectral.std(1).tolist(), "last": spectral[:, -1].tolist(),
        "rows": image.mean(1).tolist(), "columns": image.mean(0).tolist(),
    }


folder = sys.argv[1]
stereo = sorted(
    os.path.relpath(os.path.join(d, f), folder)
    for d, _, files in os.walk(folder) for f in files if f.endswith(".flac") and sf.info(os.path.join(d, f)).channels == 2)
answers = []
for name in CLIPS + stereo[:1]:
    w = waveform(os.path.join(folder, name))
    fixed = torch.nn.functional.pad(w, (0, max(0, 48000 - len(w))))[:48000]
    answers.append({
        "file": name, "samples": len(w), "fixed": features(fixed),
        "padded": features(torch.nn.functional.pad(w, (0, 20000)))})
rounded = json.loads(json.dumps(answers), parse_float=lambda text: float(f"{float(text):.7g}"))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "real_clips.json"), "w") as out:
    json.dump(rounded, out, separators=(",", ":"))
    out.write("\n")
